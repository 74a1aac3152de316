import { safeName, ThroughlineError } from '@throughline/core';
import { type Stage, sql } from '@throughline/engine';
import { z } from 'zod';

const config = z.strictObject({ partner: z.string().min(1) });

/** Takes the records of a partner out of what a frozen release keeps of whom it counted. */
export const forgetCountedStage: Stage<z.infer<typeof config>> = {
  name: 'freeze',
  version: 'forget-1',
  config,
  writes: ['frozen'],
  secrets: [],
  governs: () => [],
  run: async ({ config: { partner }, previous, output }) => {
    const before = previous('frozen');
    if (before === undefined) throw new ThroughlineError('ARTIFACT_MISSING', { kind: safeName('frozen') });
    await output('frozen').table(
      'counted',
      sql`SELECT * FROM ${before.table('counted')} WHERE partner <> ${partner}`,
    );
  },
};
