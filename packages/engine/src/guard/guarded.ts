import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  type ErrorCode,
  type ErrorDetails,
  errorCodes,
  type SafeName,
  safeName,
  ThroughlineError,
} from '@throughline/core';
import { openOrdinary } from '../files/ordinary.js';
import { limited } from './limited.js';
import type { Ending, Start } from './task.js';

/** What a task may use. */
export type GuardLimits = {
  readonly megabytes: number;
  readonly seconds: number;
};

export type Guarded = {
  /** Where the module lies that exports `task`; a file URL of our own code. */
  readonly module: URL;
  readonly job: unknown;
  readonly file: { readonly name: string; readonly path: string };
  readonly limits: GuardLimits;
};

/** From `src` or `dist`: a process of its own runs what was built. */
const CHILD = fileURLToPath(new URL('../../dist/guard/child.js', import.meta.url));

/** What Node and our libraries take before the first byte is read. */
const BASE_MEGABYTES = 200;

/**
 * Runs a task on a file in a child process under limits: time by the clock; memory by V8's heap limit and, on Linux,
 * by RLIMIT_DATA. The child gets the open file as its standard input, an empty environment and no path.
 *
 * @returns what the task writes, in pieces; complete only if the iteration ends without an error.
 * @throws ThroughlineError EXTRACT_MISSING, EXTRACT_REFUSED (no ordinary file), EXTRACT_OVER_LIMIT,
 *   EXTRACT_MALFORMED, and whatever ThroughlineError the task throws.
 */
export async function* guarded(asked: Guarded): AsyncGenerator<Uint8Array> {
  const name = safeName(asked.file.name);
  const refusal = { missing: 'EXTRACT_MISSING', refused: 'EXTRACT_REFUSED', name } as const;
  const { fd, bytes, close } = await openOrdinary(asked.file.path, refusal);
  try {
    const child = started(asked.limits, fd);
    const end = endOf(child, asked.limits);
    try {
      child.send({ module: asked.module.href, job: asked.job, bytes } satisfies Start, () => undefined);
      for await (const piece of child.stdout ?? []) yield piece;
      requireDone(await end, name);
    } finally {
      child.kill('SIGKILL');
    }
  } finally {
    close();
  }
}

function started({ megabytes }: GuardLimits, descriptor: number): ChildProcess {
  const node = [process.execPath, `--max-old-space-size=${megabytes}`, CHILD];
  const { command, args } = limited((megabytes + BASE_MEGABYTES) * 1024 ** 2, node);
  return spawn(command, args, { stdio: [descriptor, 'pipe', 'ignore', 'ipc'], env: {} });
}

type End = Ending | { readonly ending: 'killed'; readonly limit: 'time' | 'memory' };

function endOf(child: ChildProcess, { seconds }: GuardLimits): Promise<End> {
  return new Promise((resolve) => {
    let told: Ending | undefined;
    const clock = setTimeout(() => {
      resolve({ ending: 'killed', limit: 'time' });
      child.kill('SIGKILL');
    }, seconds * 1000);
    child.on('message', (message) => {
      told = message as Ending;
    });
    child.on('error', () => resolve({ ending: 'failed', memory: false }));
    // A process that is killed without a word has run out of memory: V8 aborts, or the kernel refuses.
    child.on('close', (_, signal) => {
      clearTimeout(clock);
      const silent: End =
        signal === null ? { ending: 'failed', memory: false } : { ending: 'killed', limit: 'memory' };
      resolve(told ?? silent);
    });
  });
}

function requireDone(end: End, name: SafeName): void {
  if (end.ending === 'done') return;
  if (end.ending === 'killed') {
    throw new ThroughlineError('EXTRACT_OVER_LIMIT', { extract: name, limit: safeName(end.limit) });
  }
  if (end.ending === 'failed') {
    if (end.memory)
      throw new ThroughlineError('EXTRACT_OVER_LIMIT', { extract: name, limit: safeName('memory') });
    throw new ThroughlineError('EXTRACT_MALFORMED', { extract: name });
  }
  throw new ThroughlineError(codeOf(end.code), { ...detailsOf(end.details), extract: name });
}

const codeOf = (code: string): ErrorCode =>
  Object.hasOwn(errorCodes, code) ? (code as ErrorCode) : 'EXTRACT_MALFORMED';

/** What comes from a process that read a hostile file is made safe once more. */
function detailsOf(details: Readonly<Record<string, unknown>>): ErrorDetails {
  return Object.fromEntries(
    Object.entries(details).map(([key, value]): [string, ErrorDetails[string]] => {
      if (typeof value === 'number' || typeof value === 'boolean') return [key, value];
      return [
        key,
        Array.isArray(value) ? value.map((each) => safeName(String(each))) : safeName(String(value)),
      ];
    }),
  );
}
