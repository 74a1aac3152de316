import { type Session, type Sql, sql } from '@throughline/engine';
import { type Comparison, type Grounds, groundsOf } from '@throughline/model';
import { LEAST_ODDS } from './judge.js';
import { readMetPatterns } from './met.js';
import { levelsOfDigits, type SealedModel, weighedBy } from './model.js';

const WEIGHTS = {
  left: 'INTEGER',
  right: 'INTEGER',
  levels: 'VARCHAR',
  weight: 'DOUBLE',
  odds: 'DOUBLE',
  probability: 'DOUBLE',
  plausible: 'BOOLEAN',
  class: 'VARCHAR',
  first: 'VARCHAR',
  namesAlone: 'BOOLEAN',
} as const;

type LoneClass = (probability: number, grounds: Grounds) => string;

/**
 * Makes table `pattern_weights`: what each pattern of two sources weighs under a model, and what becomes of a pair that
 * shows it and has no rival.
 */
export async function makeWeights(
  session: Session,
  {
    comparisons,
    model,
    classOf,
  }: {
    readonly comparisons: readonly Comparison[];
    readonly model: SealedModel;
    readonly classOf: LoneClass;
  },
): Promise<void> {
  const weigh = weighedBy(model);
  const rows = (await readMetPatterns(session)).map(({ left, right, levels }) => {
    const read = levelsOfDigits(levels);
    const { weight, odds } = weigh(left, right, read);
    const probability = Number.isFinite(odds) ? odds / (1 + odds) : 1;
    const grounds = groundsOf(comparisons, read);
    const plausible = odds >= LEAST_ODDS;
    return {
      left,
      right,
      levels,
      weight,
      odds: Math.min(odds, Number.MAX_VALUE),
      probability,
      plausible,
      ...grounds,
      class: plausible ? classOf(probability, grounds) : 'no',
    };
  });
  await session.append('weights of patterns', { name: 'pattern_weights', schema: WEIGHTS }, [
    (Object.keys(WEIGHTS) as (keyof typeof WEIGHTS)[]).map((name) => rows.map((row) => row[name])),
  ]);
}

/** Pairs of records asked about, x and y, that could be a link, or of whom owners have said something. */
export const plausibleRecords = (): Sql =>
  sql`SELECT a AS x, b AS y FROM compared JOIN patterns USING (pattern)
      JOIN records one ON one.record = a JOIN records other ON other.record = b
      JOIN pattern_weights weights ON weights.levels = patterns.levels
        AND weights."left" = least(one.source, other.source) AND weights."right" = greatest(one.source, other.source)
      WHERE plausible
      UNION ALL SELECT a AS x, b AS y FROM said`;
