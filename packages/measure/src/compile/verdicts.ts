import { ident, type Sql, sql, sqlJoin } from '@throughline/engine';
import { partnersIn, type Scope } from '../definition/measure.js';
import type { Events } from '../definition/vocabulary.js';

/** How a yes is reached: sums of `sure`, `likely`, `lower`, `upper` of a tally. */
type Reaching = {
  readonly people: string;
  readonly tally: string;
  readonly atLeast: number;
  readonly otherwise: 'no' | 'unknown';
  readonly unsent: Sql;
};

/**
 * Whether a child was enrolled in a school system that does not send a source which school systems send: then nothing
 * found says nothing. A source that no school sends, such as a programme's, covers everybody.
 */
export function isUnsent({ role }: Events, { partners }: Scope): Sql {
  const sending = partnersIn(partners, role);
  const schools = partnersIn(partners, 'enrolment');
  const silent = schools.filter((school) => !sending.includes(school));
  if (silent.length === 0 || !sending.every((partner) => schools.includes(partner))) return sql`false`;
  return sql`person_id IN (SELECT person_id FROM spans WHERE partner IN (${sqlJoin(silent.map((each) => sql`${each}`))}))`;
}

/**
 * Yes from so many on; unknown where open rows could make it so many; else what the definition says: a child of whom
 * nothing is found is `no` where the source is complete, `unknown` where it is not.
 */
export function reached({ people, tally, atLeast, otherwise, unsent }: Reaching): Sql {
  const enough = (column: string) => sql`coalesce(${ident(column)}, 0) >= ${atLeast}::BIGINT`;
  return sql`
    SELECT person_id,
      CASE WHEN ${enough('lower')} THEN 'yes' WHEN ${enough('upper')} OR ${unsent} THEN 'unknown' ELSE ${otherwise}::VARCHAR END AS verdict,
      CASE WHEN ${enough('sure')} THEN 'exact' WHEN ${enough('likely')} THEN 'probable' WHEN ${enough('lower')} THEN 'weak' END AS basis
    FROM ${ident(people)} LEFT JOIN ${ident(tally)} USING (person_id)`;
}

export type Band = { readonly from: number; readonly below: number | undefined };

/** Bounds of each band, the last one open. */
export const bandsOf = <Named extends { readonly from: number }>(
  bands: readonly Named[],
): readonly (Named & Band)[] => bands.map((band, index) => ({ ...band, below: bands[index + 1]?.from }));

const within = (value: Sql, { from, below }: Band): Sql =>
  below === undefined
    ? sql`${value} >= ${from}::BIGINT`
    : sql`(${value} >= ${from}::BIGINT AND ${value} < ${below}::BIGINT)`;

/** The band that a number lies in, as SQL; bands cover every number from 0. */
export function bandOf(value: Sql, bands: readonly (Band & { readonly name: string })[]): Sql {
  return bands.reduceRight<Sql>(
    (rest, band) => sql`CASE WHEN ${within(value, band)} THEN ${band.name}::VARCHAR ELSE ${rest} END`,
    sql`NULL::VARCHAR`,
  );
}

/**
 * One row a person: its band, `unknown` where open rows could move it to another, and the kind of link that it rests
 * on: the strongest that puts the child into the same band. `firm` is the band without weak links, for joins with
 * outcomes.
 */
export function banded(
  { people, tally, unsent }: Pick<Reaching, 'people' | 'tally' | 'unsent'>,
  bands: readonly (Band & { readonly name: string })[],
): Sql {
  const band = (column: string) => bandOf(sql`coalesce(${ident(column)}, 0)`, bands);
  return sql`
    SELECT person_id, CASE WHEN low = high THEN low ELSE 'unknown' END AS band,
      CASE WHEN low = high THEN likely ELSE 'unknown' END AS firm,
      CASE WHEN low = surely THEN 'exact' WHEN low = likely THEN 'probable' ELSE 'weak' END AS basis
    FROM (
      SELECT person_id, ${band('lower')} AS low,
        CASE WHEN ${unsent} THEN ${bands.at(-1)?.name ?? ''}::VARCHAR ELSE ${band('upper')} END AS high, ${band('sure')} AS surely, ${band('likely')} AS likely
      FROM ${ident(people)} LEFT JOIN ${ident(tally)} USING (person_id)
    )`;
}

/** The verdicts of one band among a table of `person_id`, `band`, `basis`. */
export const inBand = (banded: string, band: string): Sql => sql`
  SELECT person_id,
    CASE band WHEN ${band} THEN 'yes' WHEN 'unknown' THEN 'unknown' ELSE 'no' END AS verdict,
    CASE WHEN band = ${band} THEN basis END AS basis
  FROM ${ident(banded)}`;
