import type { Emit } from '@throughline/core';
import { exists, readText, writeDurably } from '@throughline/engine';
import { z } from 'zod';
import { parsedFile } from '../holds/hold-records.js';

/** How long each pass of the last linkage took; a note beside the artifacts, since equal inputs take unequal times. */
const passTimes = z.array(
  z.strictObject({
    kind: z.enum(['tokens', 'sealed']),
    pass: z.string(),
    ms: z.number().nonnegative(),
  }),
);
export type PassTimes = z.infer<typeof passTimes>;

const STEP = /^(sealed )?pass (.+)$/;

/** Passes every event on, and keeps the times of passes. */
export function timingPasses(emit: Emit): { readonly emit: Emit; readonly times: () => PassTimes } {
  const times: PassTimes = [];
  return {
    emit: (event) => {
      const named = event.event === 'step.done' && event.stage === 'link' ? STEP.exec(event.step) : null;
      if (named !== null && event.event === 'step.done') {
        const kind = named[1] === undefined ? 'tokens' : 'sealed';
        times.push({ kind, pass: named[2] ?? '', ms: event.ms });
      }
      emit(event);
    },
    times: () => times,
  };
}

export const writePassTimes = (path: string, times: PassTimes): Promise<void> =>
  writeDurably(path, `${JSON.stringify(times, undefined, 2)}\n`);

/** None where the links were made elsewhere. @throws ThroughlineError CONFIG_UNREADABLE, CONFIG_INVALID */
export const readPassTimes = async (path: string): Promise<PassTimes> =>
  (await exists(path)) ? parsedFile(await readText(path), passTimes, 'pass-times.json') : [];
