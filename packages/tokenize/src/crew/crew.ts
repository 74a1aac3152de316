import { Worker } from 'node:worker_threads';
import type { ColumnBatch } from '@throughline/engine';

/** One who works on batches of records, here or in a thread, and erases the keys that it has derived. */
export type Hand<Answer> = {
  readonly answer: (batch: ColumnBatch) => Answer;
  /** The buffers of an answer that a thread hands over rather than copies. */
  readonly buffers: (answer: Answer) => ArrayBuffer[];
  readonly erase: () => void;
};

export type Job<Work, Answer> = {
  /** Plain values, so that a thread can be given them. */
  readonly work: Work;
  readonly hand: (work: Work) => Hand<Answer>;
  /** The module that calls `serve` with the same hand. */
  readonly script: URL;
};

/** Those who work: batches given to them come back in any order, each to whoever gave it. */
export type Crew<Answer> = {
  readonly ask: (batch: ColumnBatch) => Promise<Answer>;
  readonly dismiss: () => Promise<void>;
};

/** Works in this thread where there is but one, in as many threads as asked otherwise: records do not depend on one another. */
export function crewOf<Work, Answer>(job: Job<Work, Answer>, threads: number): Crew<Answer> {
  if (threads > 1) return threadsOf(job, threads);
  const hand = job.hand(job.work);
  return { ask: async (batch) => hand.answer(batch), dismiss: async () => hand.erase() };
}

/** Each batch with its answer, in the order of the batches; so many are asked at once. */
export async function* answersInOrder<Answer>(
  batches: AsyncIterable<ColumnBatch>,
  { ask }: Pick<Crew<Answer>, 'ask'>,
  atOnce: number,
): AsyncGenerator<{ readonly batch: ColumnBatch; readonly answer: Answer }> {
  const waiting: Promise<{ batch: ColumnBatch; answer: Answer }>[] = [];
  for await (const batch of batches) {
    const asked = ask(batch).then((answer) => ({ batch, answer }));
    // Whoever takes it from the queue hears of a failure; until then it is nobody's.
    asked.catch(() => undefined);
    waiting.push(asked);
    const first = waiting.length >= atOnce ? waiting.shift() : undefined;
    if (first !== undefined) yield await first;
  }
  for (const asked of waiting) yield await asked;
}

function threadsOf<Work, Answer>(job: Job<Work, Answer>, threads: number): Crew<Answer> {
  const workers = Array.from({ length: threads }, () => threadOf(job));
  let next = 0;
  return {
    ask: (batch) => {
      const worker = workers[next % threads];
      next += 1;
      return worker === undefined
        ? Promise.reject(new RangeError('crew: a thread expected'))
        : worker.ask(batch);
    },
    dismiss: async () => {
      await Promise.all(workers.map(({ end }) => end()));
    },
  };
}

type Waiting<Answer> = { readonly done: (answer: Answer) => void; readonly failed: (error: Error) => void };

/** A thread answers in the order in which it was asked. */
function threadOf<Work, Answer>({ script, work }: Job<Work, Answer>) {
  const worker = new Worker(script, { workerData: work });
  const waiting: Waiting<Answer>[] = [];
  worker.on('message', (answer: Answer) => waiting.shift()?.done(answer));
  worker.on('error', (error: Error) => {
    for (const each of waiting.splice(0)) each.failed(error);
  });
  return {
    ask: (batch: ColumnBatch): Promise<Answer> =>
      new Promise((done, failed) => {
        waiting.push({ done, failed });
        worker.postMessage(batch);
      }),
    end: () => worker.terminate(),
  };
}
