import { safeName, ThroughlineError } from '@throughline/core';
import {
  type OutputArtifact,
  type ReadArtifact,
  type Sql,
  type Stage,
  type StageContext,
  sql,
} from '@throughline/engine';
import { z } from 'zod';

const forgetting = {
  name: 'households',
  writes: ['households'],
  irreplaceable: ['households'],
  secrets: [],
} as const;

/** Persons of whom some other partner has a record, be it one that is withdrawn. */
export const personsKnownElsewhere = (people: ReadArtifact<'people'>, partner: string): Sql =>
  sql`SELECT person_id FROM ${people.table('people')} WHERE partner <> ${partner}
      UNION SELECT person_id FROM ${people.table('tombstones')} WHERE partner <> ${partner}`;

const config = z.strictObject({ partner: z.string().min(1) });

/**
 * Takes the persons whom a partner alone knows out of the household index, tombstones too, and whoever is then left alone.
 * Ids stay issued. It bears the name of the stage whose output it replaces, so that the log reads on.
 */
export const forgetHouseholdsStage: Stage<z.infer<typeof config>> = {
  ...forgetting,
  version: 'forget-1',
  config,
  governs: () => [],
  run: async ({ config: { partner }, previous, inputs, output }) => {
    const [before, people] = [earlier({ previous }), inputs('people')[0]];
    if (people === undefined) throw new ThroughlineError('ARTIFACT_MISSING', { kind: safeName('people') });
    const known = personsKnownElsewhere(people, partner);
    const members = sql`SELECT * FROM ${before.table('members')} WHERE person_id IN (${known})`;
    const households = output('households');
    await households.table(
      'members',
      sql`SELECT * FROM (${members}) SEMI JOIN (
            SELECT household_id FROM (${members}) GROUP BY household_id HAVING count(*) > 1) USING (household_id)`,
    );
    await households.table(
      'tombstones',
      sql`SELECT * FROM ${before.table('tombstones')} WHERE person_id IN (${known})`,
    );
    await households.table('history', sql`SELECT * FROM ${before.table('history')}`);
    await households.table('counter', sql`SELECT * FROM ${before.table('counter')}`);
    await households.table('standing', NO_STANDING);
  },
};

const NO_STANDING = sql`SELECT '' AS standing, 0::BIGINT AS persons WHERE false`;

/**
 * Empties the household index where nobody asks for one any more: no row about a person stays. How many ids were issued
 * stays, so that none is ever given again.
 */
export const emptyHouseholdsStage: Stage<Record<string, never>> = {
  ...forgetting,
  version: 'empty-1',
  config: z.strictObject({}),
  governs: () => [],
  run: async ({ previous, output }) => {
    const before = earlier({ previous });
    const households = output('households');
    await emptied(households, before);
    await households.table('counter', sql`SELECT * FROM ${before.table('counter')}`);
  },
};

async function emptied(
  households: OutputArtifact<'households'>,
  before: ReadArtifact<'households'>,
): Promise<void> {
  for (const name of ['members', 'history', 'tombstones', 'standing'] as const)
    await households.table(name, sql`SELECT * FROM ${before.table(name)} WHERE false`);
}

/** @throws ThroughlineError ARTIFACT_MISSING */
function earlier({ previous }: Pick<StageContext<unknown>, 'previous'>): ReadArtifact<'households'> {
  const before = previous('households');
  if (before === undefined) throw new ThroughlineError('ARTIFACT_MISSING', { kind: safeName('households') });
  return before;
}
