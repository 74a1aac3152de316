import { parentPort, workerData } from 'node:worker_threads';
import type { ColumnBatch } from '@throughline/engine';
import { type SealWork, sealerOf } from './crew.js';
import { sealBatch } from './encode.js';

/** What a thread of the crew runs: it seals the batches that it is sent, one after the other. */
const work: SealWork = workerData;
const sealer = sealerOf(work);
const port = parentPort;
port?.on('message', (batch: ColumnBatch) => {
  const slots = sealBatch(sealer, work.sealing.passes.length, batch);
  port.postMessage(slots, [slots.buffer]);
});
