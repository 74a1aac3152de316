import { Worker } from 'node:worker_threads';
import type { Sealing } from '@throughline/agreement';
import type { ColumnBatch } from '@throughline/engine';
import { deriveKeys, type LinkageTerms } from '../keys/derive.js';
import { type Sealer, seal1 } from '../seal1/seal1.js';
import { type SealBatch, sealBatch } from './encode.js';

/** What a sealer is made of; plain values, so that a thread can be given them. */
export type SealWork = {
  readonly sealing: Sealing;
  readonly decoys: number;
  readonly terms: LinkageTerms;
  readonly root: Uint8Array;
  readonly recordKey: Uint8Array;
};

/** Those who seal: batches given to them come back in any order, each to whoever gave it. */
export type Crew = { readonly seal: SealBatch; readonly dismiss: () => Promise<void> };

/** The sealer of some work, which erases the keys that it has derived. */
export function sealerOf({ sealing, decoys, terms, root, recordKey }: SealWork): Sealer {
  const [keys, own] = [deriveKeys(root, terms), deriveKeys(recordKey, terms)];
  const sealer = seal1({ sealing, decoys, keys, own });
  return {
    ...sealer,
    erase: () => {
      for (const each of [sealer, keys, own]) each.erase();
    },
  };
}

/**
 * Seals in this thread where there is but one, in as many threads as asked otherwise: sealing is nine tenths of the
 * stage, and records do not depend on one another.
 */
export function crewOf(work: SealWork, threads: number): Crew {
  if (threads > 1) return threadsOf(work, threads);
  const sealer = sealerOf(work);
  const passes = work.sealing.passes.length;
  return {
    seal: async (batch) => sealBatch(sealer, passes, batch),
    dismiss: async () => sealer.erase(),
  };
}

function threadsOf(work: SealWork, threads: number): Crew {
  const workers = Array.from({ length: threads }, () => threadOf(work));
  let next = 0;
  return {
    seal: (batch) => {
      const worker = workers[next % threads];
      next += 1;
      return worker === undefined
        ? Promise.reject(new RangeError('crew: a thread expected'))
        : worker.seal(batch);
    },
    dismiss: async () => {
      await Promise.all(workers.map(({ end }) => end()));
    },
  };
}

type Waiting = { readonly done: (slots: Uint8Array) => void; readonly failed: (error: Error) => void };

/** A thread answers in the order in which it was asked. */
function threadOf(work: SealWork) {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: work });
  const waiting: Waiting[] = [];
  worker.on('message', (slots: Uint8Array) => waiting.shift()?.done(slots));
  worker.on('error', (error: Error) => {
    for (const each of waiting.splice(0)) each.failed(error);
  });
  return {
    seal: (batch: ColumnBatch): Promise<Uint8Array> =>
      new Promise((done, failed) => {
        waiting.push({ done, failed });
        worker.postMessage(batch);
      }),
    end: () => worker.terminate(),
  };
}
