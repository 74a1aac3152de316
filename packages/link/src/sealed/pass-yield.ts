import { type Session, type Sql, sql } from '@throughline/engine';
import type { Comparison, ComparisonName } from '@throughline/model';
import type { FindingName, HealthFinding } from '../estimate/health.js';
import type { SealedPass } from './slots.js';

/** What is doubtful about the model, or about a pass. */
export type Doubt = Omit<HealthFinding, 'finding' | 'words'> & {
  readonly finding: FindingName | 'pass finds households';
  readonly pass: string | null;
};

/** Fewer pairs tell nothing about a pass. */
const LEAST_PAIRS = 30;
/** From this share on, a pass mostly brings brothers and sisters together. */
const MOST_HOUSEHOLDS = 0.5;

/**
 * Table `sealed_passes`: what each pass brought together. `alone`: pairs that no other pass did, and of them those
 * that were linked; `households`: pairs who share a household, or a surname where no household is compared, and whose
 * first names have nothing in common. Reads `pair_sums`.
 */
const passYields = (comparisons: readonly Comparison[], meetings: Sql): Sql =>
  sql`WITH met AS (
        SELECT passes, ${siblings(comparisons)} AS siblings, count(*) AS pairs FROM ${meetings} GROUP BY ALL
      ), linked AS (
        SELECT place, sum(pairs) AS pairs FROM pair_sums WHERE alone AND verdict = 'linked' GROUP BY place
      )
      SELECT place, any_value(listed.pass) AS pass, CAST(coalesce(sum(met.pairs), 0) AS BIGINT) AS pairs,
        CAST(coalesce(sum(met.pairs) FILTER (bit_count(passes) = 1), 0) AS BIGINT) AS alone,
        CAST(coalesce(any_value(linked.pairs), 0) AS BIGINT) AS linked_alone,
        CAST(coalesce(sum(met.pairs) FILTER (siblings), 0) AS BIGINT) AS households
      FROM listed_passes AS listed LEFT JOIN met ON (met.passes >> listed.place) & 1 = 1 LEFT JOIN linked USING (place)
      GROUP BY place`;

/** In digits of levels; a comparison that is not made is never equal. */
function siblings(comparisons: readonly Comparison[]): Sql {
  const digit = (name: ComparisonName): Sql =>
    sql`substr(levels, ${comparisons.findIndex((each) => each.name === name) + 1}::BIGINT, 1)`;
  const differs = (comparisons.find(({ name }) => name === 'first')?.levels.length ?? 0) - 1;
  const compared = comparisons.some(({ name }) => name === 'household');
  const shared = compared ? sql`${digit('household')} IN ('0', '1')` : sql`${digit('last')} = '0'`;
  return sql`coalesce(${digit('first')} = ${String(differs)} AND ${shared}, false)`;
}

const LISTED = { place: 'INTEGER', pass: 'VARCHAR' } as const;

/** Makes table `sealed_passes`, from all meetings and the sums of pairs. @returns what is doubtful of passes. */
export async function keepPasses(
  session: Session,
  {
    passes,
    comparisons,
    meetings,
  }: {
    readonly passes: readonly SealedPass[];
    readonly comparisons: readonly Comparison[];
    readonly meetings: Sql;
  },
): Promise<Doubt[]> {
  await session.append('listed passes', { name: 'listed_passes', schema: LISTED }, [
    [passes.map(({ place }) => place), passes.map(({ name }) => name)],
  ]);
  await session.make('sealed passes', 'sealed_passes', passYields(comparisons, meetings));
  const rows = await session.rows(
    'sealed passes',
    sql`SELECT pass, pairs, households FROM sealed_passes ORDER BY place`,
  );
  return rows.flatMap((row): Doubt[] => {
    const [pairs, households] = [Number(row['pairs']), Number(row['households'])];
    if (pairs < LEAST_PAIRS || households < MOST_HOUSEHOLDS * pairs) return [];
    return [
      {
        severity: 'warn',
        finding: 'pass finds households',
        comparisons: ['first', 'household'],
        level: null,
        pass: String(row['pass']),
        value: households / pairs,
      },
    ];
  });
}

/** Where nothing is sealed there is no pass. */
export const noPasses = (): Sql =>
  sql`SELECT 0::INTEGER AS place, '' AS pass, 0::BIGINT AS pairs, 0::BIGINT AS alone, 0::BIGINT AS linked_alone,
        0::BIGINT AS households WHERE false`;
