import { fstatSync, readSync, writeSync } from 'node:fs';
import { ThroughlineError } from '@throughline/core';
import type { Ending, GuardedSource, GuardedTask, Start } from './task.js';

const INPUT = 0;
const OUTPUT = 1;
const PIECE = 1 << 18;

const source: GuardedSource = {
  descriptor: INPUT,
  bytes: fstatSync(INPUT).size,
  read: bytesAt,
  pieces: function* pieces() {
    for (let offset = 0; ; ) {
      const piece = bytesAt(offset, PIECE);
      if (piece.length === 0) return;
      offset += piece.length;
      yield piece;
    }
  },
};

function bytesAt(offset: number, length: number): Uint8Array {
  const buffer = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const got = readSync(INPUT, buffer, filled, length - filled, offset + filled);
    if (got === 0) break;
    filled += got;
  }
  return buffer.subarray(0, filled);
}

/** Waits for the parent to take it: a pipe of our own is written without Node's queue in between. */
function write(bytes: Uint8Array | string): void {
  const whole = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes;
  for (let from = 0; from < whole.length; ) from += writtenOf(whole.subarray(from));
}

function writtenOf(bytes: Uint8Array): number {
  try {
    return writeSync(OUTPUT, bytes);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EAGAIN') throw thrown;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    return 0;
  }
}

function endingOf(thrown: unknown): Ending {
  if (thrown instanceof ThroughlineError) {
    return { ending: 'refused', code: thrown.code, details: thrown.details };
  }
  // A parser's words repeat what it read.
  const isMemory =
    thrown instanceof RangeError && /allocation|array (?:buffer )?length/i.test(thrown.message);
  return { ending: 'failed', memory: isMemory };
}

const tell = (ending: Ending): void => {
  if (process.connected) process.send?.(ending, undefined, undefined, () => process.disconnect());
};

// A parser may fail in a promise that nobody awaits any more.
process.once('uncaughtException', (thrown) => tell(endingOf(thrown)));

process.once('message', async (start: Start) => {
  let ending: Ending = { ending: 'done' };
  try {
    const { task } = (await import(start.module)) as { readonly task: GuardedTask };
    await task(start.job, { source, write });
  } catch (thrown) {
    ending = endingOf(thrown);
  }
  tell(ending);
});
