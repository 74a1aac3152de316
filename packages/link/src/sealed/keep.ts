import { type Session, type Sql, sql } from '@throughline/engine';
import { type Comparison, MISSING } from '../compare/comparisons.js';
import type { PerLevel } from '../estimate/patterns.js';
import { classOf, type SealedVerdict, type WeighedPair } from './decide.js';
import type { Expected } from './expected.js';
import type { Doubt } from './pass-yield.js';

const PAIRS = {
  a: 'INTEGER',
  b: 'INTEGER',
  place: 'INTEGER',
  levels: 'VARCHAR',
  weight: 'DOUBLE',
  probability: 'DOUBLE',
  class: 'VARCHAR',
  verdict: 'VARCHAR',
} as const;

type Decided = {
  readonly pairs: readonly WeighedPair[];
  readonly verdicts: readonly SealedVerdict[];
  readonly threshold: number;
};

/** Makes table `sealed_pairs`: every pair of persons that met, by its records. */
export async function keepPairs(session: Session, decided: Decided): Promise<void> {
  const { pairs, verdicts, threshold } = decided;
  await session.append('sealed pairs', { name: 'sealed_pairs', schema: PAIRS }, [
    [
      pairs.map(({ a, b }) => Math.min(a, b)),
      pairs.map(({ a, b }) => Math.max(a, b)),
      pairs.map(({ pass }) => pass),
      pairs.map(({ levels }) => levelsInDigits(levels)),
      pairs.map(({ weight }) => weight),
      pairs.map(({ probability }) => probability),
      pairs.map((pair) => classOf(pair, threshold)),
      [...verdicts],
    ],
  ]);
}

/** No comparison has more than ten levels. */
const levelsInDigits = (levels: Uint8Array): string =>
  [...levels].map((level) => (level === MISSING ? '-' : level)).join('');

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
  precision: 'DOUBLE',
  precision_low: 'DOUBLE',
  precision_high: 'DOUBLE',
  recall: 'DOUBLE',
  recall_low: 'DOUBLE',
  recall_high: 'DOUBLE',
} as const;

export type ExpectedBetween = Expected & { readonly left: number; readonly right: number };

/** Makes table `expected_between`, of pairs of sources. */
export async function keepExpected(session: Session, between: readonly ExpectedBetween[]): Promise<void> {
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

const sourceName = (table: 'one' | 'other'): Sql =>
  table === 'one' ? sql`one.partner || '/' || one.space` : sql`other.partner || '/' || other.space`;

const HEALTH = {
  severity: 'VARCHAR',
  finding: 'VARCHAR',
  comparisons: 'VARCHAR',
  level: 'VARCHAR',
  pass: 'VARCHAR',
  value: 'DOUBLE',
} as const;

/** Makes table `health`: what is doubtful about the model and the passes. */
export async function keepHealth(session: Session, findings: readonly Doubt[]): Promise<void> {
  await session.append('health', { name: 'health', schema: HEALTH }, [
    [
      findings.map(({ severity }) => severity),
      findings.map(({ finding }) => finding),
      findings.map(({ comparisons }) => comparisons.join(' ')),
      findings.map(({ level }) => level),
      findings.map(({ pass }) => pass),
      findings.map(({ value }) => value),
    ],
  ]);
}

/** Table `compared` of the artifact. */
export const comparedRows = (): Sql =>
  sql`SELECT one.record_id AS record_id_a, other.record_id AS record_id_b, pass, levels, weight, probability, verdict
      FROM sealed_pairs JOIN sealed_passes USING (place)
      JOIN records one ON one.record = a JOIN records other ON other.record = b`;

/** Table `weights` of the artifact. */
export const weightRows = (): Sql =>
  sql`SELECT least(${sourceName('one')}, ${sourceName('other')}) AS source_a,
        greatest(${sourceName('one')}, ${sourceName('other')}) AS source_b,
        CAST(floor(weight) AS INTEGER) AS weight, class, count(*) AS pairs
      FROM sealed_pairs JOIN records one ON one.record = a JOIN records other ON other.record = b GROUP BY ALL`;

/** Table `expected` of the artifact. */
export const expectedRows = (): Sql =>
  sql`SELECT ${sourceName('one')} AS source_a, ${sourceName('other')} AS source_b,
        expected_between.* EXCLUDE ("left", "right")
      FROM expected_between JOIN sources one ON one.source = "left" JOIN sources other ON other.source = "right"`;
