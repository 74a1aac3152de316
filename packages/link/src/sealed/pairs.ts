import { type Session, type Sql, sql } from '@throughline/engine';
import type { Clusters } from '../cluster/clusters.js';
import { NO_INTEGERS, readIntegers } from '../columns/integers.js';
import { AGREED, joinAgreed, readOthers, readUnmet } from './agreed.js';
import { classOf, joinSealed, type SealedVerdict, type WeighedPair } from './decide.js';
import { judged } from './judge.js';
import type { SealedModel } from './model.js';

/*
 * Which pairs are decided one by one. A pair that tokens have joined and that has no rival is not: it comes out as its own
 * weight says, which the table of patterns has. Nor is one that no evidence could make a link.
 */

const sides = sql`met."left" = weights."left" AND met."right" = weights."right" AND met.levels = weights.levels`;

/** Table `weighed`: pairs of persons asked about, by their records, with what their patterns weigh. */
const weighedPairs = (): Sql =>
  sql`SELECT met."left", met."right", one.record AS x, other.record AS y, first.record AS a, second.record AS b,
        weights.levels, weights.weight, weights.odds, weights.probability, weights.plausible, weights.first,
        weights."namesAlone" AS names_alone,
        said.same AS same
      FROM met JOIN records first ON first.record_id = record_id_a JOIN records second ON second.record_id = record_id_b
      JOIN records one ON one.record_id = met.x JOIN records other ON other.record_id = met.y
      JOIN pattern_weights weights ON ${sides} LEFT JOIN said ON said.a = first.record AND said.b = second.record`;

/** Table `rivals`: those that are judged, since they have a rival or tokens have not joined them. */
const rivals = (): Sql =>
  sql`WITH possible AS (SELECT * FROM weighed WHERE plausible OR same IS NOT NULL),
        of_x AS (SELECT "left", "right", x, count(*) AS xs FROM possible GROUP BY ALL),
        of_y AS (SELECT "left", "right", y, count(*) AS ys FROM possible GROUP BY ALL)
      SELECT possible.*, xs > 1 OR ys > 1 OR x <> y OR same IS NOT NULL AS asked
      FROM possible JOIN of_x USING ("left", "right", x) JOIN of_y USING ("left", "right", y)`;

/** Unlikely pairs of one component: that they met and said no counts against joining their persons. */
const againstPairs = (): Sql =>
  sql`SELECT weighed.* FROM weighed JOIN components one ON one.record = x JOIN components other ON other.record = y
      WHERE NOT plausible AND same IS NULL AND x <> y AND one.person = other.person`;

type Columns = {
  readonly integers: readonly Int32Array[];
  readonly weight: Float64Array;
  readonly odds: Float64Array;
};

const LIKENESS = ['equal', 'alike', 'missing', 'differs'] as const;

/**
 * Reads pairs in order: integers are left, right, x, y, a, b, likeness of first names, what was said, and whether
 * nothing but names agrees.
 */
async function readPairs(session: Session, from: Sql): Promise<Columns> {
  const integers = await readIntegers(session, {
    step: 'pairs to judge',
    select: sql`SELECT "left", "right", x, y, a, b,
        CASE first WHEN 'equal' THEN 0 WHEN 'alike' THEN 1 WHEN 'missing' THEN 2 ELSE 3 END::INTEGER AS first, coalesce(same, -1)::INTEGER AS same,
        names_alone::INTEGER AS names_alone
      FROM (${from}) ORDER BY "left", "right", x, y`,
  });
  const [weight, odds] = [[] as number[], [] as number[]];
  for await (const [weights = [], those = []] of session.columns(
    'pairs to judge',
    sql`SELECT weight, odds FROM (${from}) ORDER BY "left", "right", x, y`,
  )) {
    for (const each of weights) weight.push(Number(each));
    for (const each of those) odds.push(Number(each));
  }
  return { integers, weight: Float64Array.from(weight), odds: Float64Array.from(odds) };
}

const at = (column: Int32Array | undefined, place: number): number => column?.[place] ?? 0;

/** Pairs with what they come to between their two sources; `from` a row on. */
function pairsOf(
  { integers, weight }: Columns,
  outcome: (pair: number) => { readonly probability: number; readonly chosen: boolean },
): WeighedPair[] {
  const [left = NO_INTEGERS, , , , a, b, first, same, namesAlone] = integers;
  return [...left.keys()].map((pair) => {
    const said = same?.[pair] ?? -1;
    return {
      a: at(a, pair),
      b: at(b, pair),
      weight: weight[pair] ?? 0,
      ...outcome(pair),
      first: LIKENESS[at(first, pair)] ?? 'differs',
      namesAlone: at(namesAlone, pair) === 1,
      review: said < 0 ? undefined : said === 1 ? 'same' : 'others',
    };
  });
}

/** Judges each two sources by themselves. */
function judgedColumns({ integers, odds }: Columns) {
  const [left = NO_INTEGERS, right = NO_INTEGERS, x = NO_INTEGERS, y = NO_INTEGERS] = integers;
  const probabilities = new Float64Array(left.length);
  const chosen = new Uint8Array(left.length);
  for (let from = 0, pair = 0; pair < left.length; pair += 1) {
    if (left[pair] === left[pair + 1] && right[pair] === right[pair + 1]) continue;
    const until = pair + 1;
    const own = judged({
      a: x.subarray(from, until),
      b: y.subarray(from, until),
      odds: odds.subarray(from, until),
    });
    probabilities.set(own.probabilities, from);
    chosen.set(own.chosen, from);
    from = until;
  }
  return { probabilities, chosen };
}

/** Those that owners said are one, then the likeliest. */
function inOrder(pairs: readonly WeighedPair[]): WeighedPair[] {
  const agreed = ({ review }: WeighedPair) => Number(review === 'same');
  return pairs.toSorted(
    (one, other) =>
      agreed(other) - agreed(one) ||
      other.probability - one.probability ||
      other.weight - one.weight ||
      one.a - other.a ||
      one.b - other.b,
  );
}

export type Deciding = {
  readonly clusters: Clusters;
  /** By person as they are joined by then: bits of the passes of the numbers that it holds. */
  readonly numbers: () => ReadonlyMap<number, number>;
  readonly model: SealedModel;
};

/** Makes tables `weighed` and `rivals`: what is to be decided. */
export async function makeRivals(session: Session): Promise<void> {
  await session.make('weighed pairs', 'weighed', weighedPairs());
  await session.make('rivals', 'rivals', rivals());
}

/** Joins the persons of pairs that link, and makes table `judged`. @returns how many pairs were linked. */
export async function decidePairs(session: Session, { clusters, numbers, model }: Deciding): Promise<number> {
  const { threshold } = model;
  const others = await readOthers(session);
  const agreed = joinAgreed(await readUnmet(session), { clusters, numbers: numbers(), others });
  const columns = await readPairs(session, sql`SELECT * FROM rivals WHERE asked`);
  const against = await readPairs(session, againstPairs());
  const { probabilities, chosen } = judgedColumns(columns);
  const judgedPairs = pairsOf(columns, (pair) => ({
    probability: probabilities[pair] ?? 0,
    chosen: chosen[pair] === 1,
  }));
  const unlikely = pairsOf(against, (pair) => {
    const odds = against.odds[pair] ?? 0;
    return { probability: odds / (1 + odds), chosen: false };
  });
  const ordered = inOrder([...judgedPairs, ...unlikely]);
  const verdicts = joinSealed(ordered, { clusters, numbers: numbers(), others, threshold });
  const kept = new Set(judgedPairs);
  const rows = ordered.flatMap((pair, place) =>
    kept.has(pair)
      ? [{ ...pair, class: classOf(pair, threshold), verdict: verdicts[place] ?? ('no' as const) }]
      : [],
  );
  const joined = agreed.map(
    ({ a, b }): Judged => ({ a, b, probability: 1, class: AGREED, verdict: 'linked' }),
  );
  await keepJudged(session, [...rows, ...joined]);
  return agreed.length + verdicts.filter((verdict) => verdict === 'linked').length;
}

const JUDGED = {
  a: 'INTEGER',
  b: 'INTEGER',
  probability: 'DOUBLE',
  class: 'VARCHAR',
  verdict: 'VARCHAR',
} as const;

type Judged = Pick<WeighedPair, 'a' | 'b' | 'probability'> & {
  readonly class: string;
  readonly verdict: SealedVerdict;
};

async function keepJudged(session: Session, rows: readonly Judged[]): Promise<void> {
  await session.append('judged pairs', { name: 'judged', schema: JUDGED }, [
    [
      rows.map(({ a }) => a),
      rows.map(({ b }) => b),
      rows.map(({ probability }) => probability),
      rows.map((row) => row.class),
      rows.map(({ verdict }) => verdict),
    ],
  ]);
}
