import { CANARY_RECORDS, safeName, ThroughlineError } from '@throughline/core';
import { type ReadArtifact, type Session, type Sql, sql, sqlJoin } from '@throughline/engine';

type Known = {
  readonly people: ReadArtifact<'people'>;
  /** What each partner that has planted some tells the desk. */
  readonly canaries: readonly ReadArtifact<'canaries'>[];
};

/**
 * The people without canaries, who do not exist. As many as the index says that a partner has planted must be known, and
 * be among its records: one more or less, and somebody who does not exist would be counted.
 *
 * @throws ThroughlineError CANARIES_UNACCOUNTED with the partner.
 */
export async function peopleWithoutCanaries(session: Session, { people, canaries }: Known): Promise<Sql> {
  const planted = plantedBy(people);
  for (const partner of new Set([...planted.keys(), ...canaries.map(({ of }) => of)])) {
    const told = canaries.filter(({ of }) => of === partner);
    const found = await foundAmong(session, people, told);
    if (told.length === 1 && found === planted.get(partner) && found === rowsOf(told)) continue;
    throw new ThroughlineError('CANARIES_UNACCOUNTED', { partner: safeName(partner) });
  }
  const rows = people.table('people');
  if (canaries.length === 0) return rows;
  const all = canaries.map((each) => sql`SELECT record_id FROM ${each.table('canaries')}`);
  return sql`(SELECT people.* FROM ${rows} AS people ANTI JOIN (${sqlJoin(all, sql` UNION ALL `)}) AS canaries USING (record_id))`;
}

const plantedBy = ({ manifest }: ReadArtifact<'people'>): Map<string, number> =>
  new Map(
    manifest.counts.flatMap(({ name, by, value }) =>
      name === CANARY_RECORDS ? [[by?.['partner'] ?? '', value] as const] : [],
    ),
  );

const rowsOf = (told: readonly ReadArtifact<'canaries'>[]): number =>
  told.reduce((sum, { manifest }) => sum + (manifest.tables[0]?.rows ?? 0), 0);

async function foundAmong(
  session: Session,
  people: ReadArtifact<'people'>,
  told: readonly ReadArtifact<'canaries'>[],
): Promise<number> {
  const [only] = told;
  if (only === undefined) return 0;
  const [row] = await session.rows(
    'canaries',
    sql`SELECT count(*) AS found FROM ${people.table('people')} AS people SEMI JOIN ${only.table('canaries')} AS canaries USING (record_id)
        WHERE people.partner = ${only.of}`,
  );
  return Number(row?.['found'] ?? 0);
}
