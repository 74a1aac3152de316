import { safeName, ThroughlineError } from '@throughline/core';
import { type Stage, sql } from '@throughline/engine';
import { z } from 'zod';
import { canaryCounts } from '../receive/canary-counts.js';

const config = z.strictObject({ partner: z.string().min(1) });

/**
 * Takes the records of a partner out of the people index, tombstones too. Ids of persons stay issued, so that
 * nobody is ever given one again. It bears the name of the stage whose output it replaces, so that the log reads on.
 */
export const forgetPeopleStage: Stage<z.infer<typeof config>> = {
  name: 'link',
  version: 'forget-1',
  config,
  writes: ['people'],
  irreplaceable: ['people'],
  secrets: [],
  governs: () => [],
  run: async ({ config: { partner }, previous, output }) => {
    const before = previous('people');
    if (before === undefined) throw new ThroughlineError('ARTIFACT_MISSING', { kind: safeName('people') });
    const people = output('people');
    for (const { name, by, value } of canaryCounts(before)) {
      if (by?.['partner'] !== partner) people.count(name, value, by);
    }
    await people.table('people', sql`SELECT * FROM ${before.table('people')} WHERE partner <> ${partner}`);
    await people.table(
      'tombstones',
      sql`SELECT * FROM ${before.table('tombstones')} WHERE partner <> ${partner}`,
    );
    await people.table(
      'certainty',
      sql`SELECT certainty.* FROM ${before.table('certainty')} AS certainty
          SEMI JOIN (SELECT record_id FROM ${before.table('people')} WHERE partner <> ${partner}) AS left_over USING (record_id)`,
    );
    await people.table('history', sql`SELECT * FROM ${before.table('history')}`);
    await people.table('counter', sql`SELECT * FROM ${before.table('counter')}`);
  },
};
