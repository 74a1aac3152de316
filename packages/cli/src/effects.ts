import { delimiter } from 'node:path';
import type { Emit } from '@throughline/core';
import type { StageEffects } from '@throughline/engine';
import { terminalProgress } from './terminal/progress.js';

/** Everything that the outside world does for a command; tests bring their own. */
export type Effects = {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly emit: Emit;
  readonly now: () => Date;
  readonly elapsed: () => number;
  /** The most memory that the process has had so far. */
  readonly peakBytes: () => number;
  /** Waits so many milliseconds. */
  readonly pause: (ms: number) => Promise<void>;
  readonly processId: number;
  readonly userId: number | undefined;
  readonly workingFolder: string;
  readonly host: Host;
};

/** What a process runs on. */
export type Host = {
  /** Of Node, such as 20.19.0. */
  readonly node: string;
  /** What Node was told beside the command: flags, and NODE_OPTIONS. */
  readonly nodeOptions: readonly string[];
  /** The folders in which the system looks for programs. */
  readonly programs: readonly string[];
  /** The root of the system's files. */
  readonly root: string;
};

export type LogFormat = 'auto' | 'terminal' | 'json' | 'none';

/** The effects of a real process. */
export async function processEffects(format: LogFormat): Promise<Effects> {
  return {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    emit: await renderer(format),
    now: () => new Date(),
    elapsed: () => performance.now(),
    peakBytes: () => process.resourceUsage().maxRSS * 1024,
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    processId: process.pid,
    userId: process.getuid?.(),
    workingFolder: process.cwd(),
    host: {
      node: process.versions.node,
      nodeOptions: [...process.execArgv, ...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/)].filter(
        (option) => option !== '',
      ),
      programs: (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== ''),
      root: '/',
    },
  };
}

async function renderer(format: LogFormat): Promise<Emit> {
  if (format === 'none') return () => undefined;
  const terminal = format === 'terminal' || (format === 'auto' && process.stderr.isTTY);
  if (terminal) return terminalProgress(process.stderr);
  const { jsonLines } = await import('./terminal/json-lines.js');
  return jsonLines();
}

export const SOFTWARE = 'throughline 0.1.0';

/** What a stage is given of the outside world. */
export const stageEffects = (effects: Effects): StageEffects => ({
  emit: effects.emit,
  now: effects.now,
  elapsed: () => Math.round(effects.elapsed()),
  software: SOFTWARE,
  userId: effects.userId,
});
