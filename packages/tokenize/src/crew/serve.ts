import { parentPort, workerData } from 'node:worker_threads';
import type { ColumnBatch } from '@throughline/engine';
import type { Hand } from './crew.js';

/** What a thread of a crew runs: it answers the batches that it is sent, one after the other. */
export function serve<Work, Answer>(hand: (work: Work) => Hand<Answer>): void {
  const own = hand(workerData);
  const port = parentPort;
  port?.on('message', (batch: ColumnBatch) => {
    const answer = own.answer(batch);
    port.postMessage(answer, own.buffers(answer));
  });
}
