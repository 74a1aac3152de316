import { expectedColumns } from '@throughline/core';
import { type Session, type Sql, sql } from '@throughline/engine';
import { type Comparison, type Expected, expectedOf, type PerLevel } from '@throughline/model';
import { type FoundTables, tonightsName } from '../night/findings.js';
import type { Doubt } from './pass-yield.js';

/**
 * Makes table `tonight_pairs`: every pair of persons that met, by its records, what it weighs, and what became of it; and
 * `pair_sums`, counts and sums of all pairs.
 */
export async function makeSealedPairs(session: Session, all: Sql): Promise<number> {
  const made = await session.make('sealed pairs', tonightsName('pairs'), tonightsPairs());
  await session.make('sums of pairs', 'pair_sums', pairSums(all));
  return made;
}

const tonightsPairs = (): Sql =>
  sql`SELECT record_id_a, record_id_b, met."left", met."right", met.place, passes, met.levels, weight,
        coalesce(tonight_judged.probability, weights.probability) AS probability,
        coalesce(tonight_judged.class, weights.class) AS class,
        coalesce(verdict, if(x = y, 'together', 'no')) AS verdict, coalesce(agreeing, 0) AS agreeing
      FROM met JOIN pattern_weights weights
        ON met."left" = weights."left" AND met."right" = weights."right" AND met.levels = weights.levels
      LEFT JOIN tonight_judged USING (record_id_a, record_id_b)`;

/** Whether a pair of persons is of one: tokens have joined it, or its weight. */
export const isLinked = sql`verdict IN ('together', 'linked')`;

/** Probabilities are added up in units of 10^-12: sums of fractions come out otherwise with every order of the rows. */
export const UNIT = 1e12;
export const inUnits = (value: Sql): Sql => sql`CAST(round(${value} * ${UNIT}) AS BIGINT)`;

/** `alone`: pairs whose records meet in one pass only. */
const pairSums = (all: Sql): Sql =>
  sql`SELECT "left", "right", place, class, verdict, bit_count(passes) = 1 AS alone, CAST(floor(weight) AS INTEGER) AS weight,
        count(*) AS pairs, sum(${inUnits(sql`probability`)}) AS matches, sum(${inUnits(sql`probability * (1 - probability)`)}) AS variance
      FROM ${all} GROUP BY ALL`;

const MODEL = {
  position: 'INTEGER',
  comparison: 'VARCHAR',
  place: 'INTEGER',
  level: 'VARCHAR',
  m: 'DOUBLE',
  u: 'DOUBLE',
  weight: 'DOUBLE',
} as const;

export type Model = {
  readonly comparisons: readonly Comparison[];
  readonly m: PerLevel;
  /** Of pairs of persons who have nothing to do with each other. */
  readonly u: PerLevel;
};

/** Makes table `model`. */
export async function keepModel(session: Session, { comparisons, m, u }: Model): Promise<void> {
  const rows = comparisons.flatMap(({ name, levels }, comparison) =>
    levels.map((level, place) => {
      const [ofSame = 0, ofOthers = 0] = [m[comparison]?.[place], u[comparison]?.[place]];
      return {
        position: comparison,
        name,
        place,
        level,
        m: ofSame,
        u: ofOthers,
        weight: Math.log2(ofSame / ofOthers),
      };
    }),
  );
  await session.append('model', { name: 'model', schema: MODEL }, [
    [
      rows.map(({ position }) => position),
      rows.map(({ name }) => name),
      rows.map(({ place }) => place),
      rows.map(({ level }) => level),
      rows.map((row) => row.m),
      rows.map((row) => row.u),
      rows.map(({ weight }) => weight),
    ],
  ]);
}

const EXPECTED = {
  left: 'INTEGER',
  right: 'INTEGER',
  pairs: 'BIGINT',
  matches: 'DOUBLE',
  links: 'BIGINT',
  ...expectedColumns,
} as const;

type ExpectedBetween = Expected & { readonly left: number; readonly right: number };

/** Makes table `expected_between`, of pairs of sources. */
export async function keepExpected(session: Session): Promise<void> {
  const between = await expectedBetween(session);
  await session.append('expected', { name: 'expected_between', schema: EXPECTED }, [
    [
      between.map(({ left }) => left),
      between.map(({ right }) => right),
      between.map(({ pairs }) => pairs),
      between.map(({ matches }) => matches),
      between.map(({ links }) => links),
      ...(['precision', 'recall'] as const).flatMap((of) => [
        between.map((each) => each[of].value),
        between.map((each) => each[of].low),
        between.map((each) => each[of].high),
      ]),
    ],
  ]);
}

const added = (value: Sql, where: Sql): Sql =>
  sql`CAST(coalesce(sum(${value}) FILTER (${where}), 0) AS DOUBLE) / ${UNIT}`;

async function expectedBetween(session: Session): Promise<ExpectedBetween[]> {
  const [all, linked] = [sql`true`, isLinked];
  const rows = await session.rows(
    'expected',
    sql`SELECT "left", "right", CAST(sum(pairs) AS BIGINT) AS pairs,
          CAST(coalesce(sum(pairs) FILTER (${linked}), 0) AS BIGINT) AS links,
          ${added(sql`matches`, all)} AS matches, ${added(sql`variance`, all)} AS variance,
          ${added(sql`matches`, linked)} AS right_links, ${added(sql`variance`, linked)} AS link_variance
        FROM pair_sums GROUP BY ALL ORDER BY ALL`,
  );
  return rows.map((row) => ({
    left: Number(row['left']),
    right: Number(row['right']),
    ...expectedOf(
      { count: Number(row['pairs']), sum: Number(row['matches']), variance: Number(row['variance']) },
      {
        count: Number(row['links']),
        sum: Number(row['right_links']),
        variance: Number(row['link_variance']),
      },
    ),
  }));
}

const sourceName = (table: 'one' | 'other'): Sql =>
  table === 'one' ? sql`one.partner || '/' || one.space` : sql`other.partner || '/' || other.space`;
const sourceNames = (): Sql =>
  sql`JOIN sources one ON one.source = "left" JOIN sources other ON other.source = "right"`;

const HEALTH = {
  severity: 'VARCHAR',
  finding: 'VARCHAR',
  comparisons: 'VARCHAR',
  level: 'VARCHAR',
  pass: 'VARCHAR',
  value: 'DOUBLE',
} as const;

/** Makes table `health`: what is doubtful about the model and the passes. */
export async function keepHealth(session: Session, doubts: readonly Doubt[]): Promise<void> {
  await session.append('health', { name: 'health', schema: HEALTH }, [
    [
      doubts.map(({ severity }) => severity),
      doubts.map(({ finding }) => finding),
      doubts.map(({ comparisons }) => comparisons.join(' ')),
      doubts.map(({ level }) => level),
      doubts.map(({ pass }) => pass),
      doubts.map(({ value }) => value),
    ],
  ]);
}

/** Table `compared` of the artifact, from table `pairs`. */
export const comparedRows = ({ pairs }: Pick<FoundTables, 'pairs'>): Sql =>
  sql`SELECT record_id_a, record_id_b, pass, levels, weight, probability, verdict
      FROM ${pairs} JOIN sealed_passes USING (place)`;

/** Table `weights` of the artifact. */
export const weightRows = (): Sql =>
  sql`SELECT least(${sourceName('one')}, ${sourceName('other')}) AS source_a,
        greatest(${sourceName('one')}, ${sourceName('other')}) AS source_b,
        weight, class, CAST(sum(pairs) AS BIGINT) AS pairs
      FROM pair_sums ${sourceNames()} GROUP BY ALL`;

/** Table `expected` of the artifact. */
export const expectedRows = (): Sql =>
  sql`SELECT ${sourceName('one')} AS source_a, ${sourceName('other')} AS source_b,
        expected_between.* EXCLUDE ("left", "right")
      FROM expected_between ${sourceNames()}`;
