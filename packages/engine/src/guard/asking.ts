import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bytesOfSize } from '@throughline/core';
import type { Answer, QuestionLimits, ReadOnlyLimits, Unanswered } from '../database/questions.js';
import { limited } from './limited.js';

/** Where questions of strangers run. */
export type Asker = {
  readonly ask: (question: string, limits: QuestionLimits) => Promise<Answer | Unanswered>;
  readonly close: () => void;
};

/** What goes to the process, and what comes back from it. */
export type Opening = { readonly path: string; readonly limits: ReadOnlyLimits };
export type Question = {
  readonly number: number;
  readonly question: string;
  readonly limits: QuestionLimits;
};
export type Said =
  | { readonly ready: true }
  | { readonly number: number; readonly answer: Answer | Unanswered };

/** From `src` or `dist`: a process of its own runs what was built. */
const CHILD = fileURLToPath(new URL('../../dist/guard/asking-child.js', import.meta.url));

/** DuckDB ends most questions by itself; what it does not end in this time more is ended with its process. */
const GRACE_MS = 400;

/** Undefined where the process ended, perhaps because of another question. */
type Settled = Answer | Unanswered | undefined;
type Waiting = (answer: Settled) => void;
type Running = {
  readonly child: ChildProcess;
  readonly ready: Promise<void>;
  readonly waiting: Map<number, Waiting>;
};

/**
 * A process of its own for questions about a DuckDB file. Some calls of DuckDB, such as a `repeat` to gigabytes, neither heed
 * an interrupt nor its memory limit: they would stop everybody's pages. Here they stop nobody, and end with the process, by
 * the clock and, on Linux, by RLIMIT_DATA; the next question starts another.
 */
export function askerOf(opening: Opening): Asker {
  let running: Running | undefined;
  let asked = 0;
  const forget = (ended: Running): void => {
    if (running === ended) running = undefined;
  };
  const askOnce = async (question: string, limits: QuestionLimits): Promise<Settled> => {
    running ??= started(opening, forget);
    const current = running;
    await current.ready;
    asked += 1;
    return answered(current, { number: asked, question, limits }, forget);
  };
  return {
    ask: async (question, limits) =>
      (await askOnce(question, limits)) ?? (await askOnce(question, limits)) ?? ENDED,
    close: () => {
      running?.child.kill('SIGKILL');
    },
  };
}

function answered(running: Running, question: Question, forget: Forgetting): Promise<Settled> {
  const { child, waiting } = running;
  return new Promise((resolve) => {
    const alarm = setTimeout(() => {
      // Nothing more is asked of a process that is about to end.
      forget(running);
      settle({ refused: 'too-long', words: '' });
      child.kill('SIGKILL');
    }, question.limits.ms + GRACE_MS);
    const settle: Waiting = (answer) => {
      clearTimeout(alarm);
      waiting.delete(question.number);
      resolve(answer);
    };
    waiting.set(question.number, settle);
    if (child.connected) child.send(question, (failed) => (failed === null ? undefined : settle(undefined)));
    else settle(undefined);
  });
}

/** A process that ends in the middle of its only question has used more than it was given. */
const ENDED: Unanswered = { refused: 'too-large', words: '' };

type Forgetting = (ended: Running) => void;

function started(opening: Opening, forget: Forgetting): Running {
  const child = spawned(opening.limits);
  const waiting = new Map<number, Waiting>();
  const ready = new Promise<void>((resolve) => {
    child.on('message', (said: Said) => {
      if ('ready' in said) resolve();
      else waiting.get(said.number)?.(said.answer);
    });
    child.once('exit', () => {
      forget(running);
      resolve();
      // Of several, nobody knows whose the fault was: each is asked once more.
      const isAlone = waiting.size === 1;
      for (const settle of [...waiting.values()]) settle(isAlone ? ENDED : undefined);
    });
    child.once('error', () => resolve());
  });
  const running: Running = { child, ready, waiting };
  child.send(opening, () => undefined);
  return running;
}

/** What Node takes beside DuckDB, in bytes. */
const OF_NODE = 1024 ** 3;

/** What DuckDB may have, as much again beside it, and what Node takes. */
function spawned({ memory }: ReadOnlyLimits): ChildProcess {
  const { command, args } = limited(2 * bytesOfSize(memory) + OF_NODE, [process.execPath, CHILD]);
  return spawn(command, args, {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: {},
    serialization: 'advanced',
  });
}
