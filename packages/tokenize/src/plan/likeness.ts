import { clean } from '@noble/hashes/utils.js';
import type { Sealing } from '@throughline/agreement';
import { levelOf } from '@throughline/core';
import { ident, type Session, type Sql, sql, sqlJoin } from '@throughline/engine';
import { identifiersOf } from '../emit/identifiers.js';
import { identifiersJoined } from '../emit/records.js';
import type { DerivedKeys } from '../keys/derive.js';
import { type BigramTable, bigramTable, type Positions } from '../seal1/bigrams.js';
import { partOf } from '../tok1/parts.js';

const RANDOM_PAIRS = 100_000;
/** A household or a surname and birth date that more have is no household and no pair of twins. */
const LARGEST_FAMILY = 30;
const MOST_RELATED_PAIRS = 400_000;
/** Fewer pairs than this are not told by themselves. */
const FEWEST_PAIRS = 11;

export type PairKind = 'random' | 'related';
export type LikenessRow = { readonly kind: PairKind; readonly pattern: string; readonly pairs: number };

/** Table `representatives`: one record of each person, numbered. Numbers follow record ids, which are pseudo-random. */
const representatives = (): Sql =>
  sql`SELECT CAST(row_number() OVER (ORDER BY person) - 1 AS INTEGER) AS place, person AS record
      FROM (SELECT DISTINCT person FROM persons)`;

/** Each person with so many that follow it in a pseudo-random order: as good as drawn. */
const randomPairs = (persons: number): Sql => {
  const each = Math.min(Math.ceil(RANDOM_PAIRS / Math.max(1, persons)), Math.floor((persons - 1) / 2));
  return sql`SELECT one.record AS one, other.record AS other
      FROM representatives AS one, range(1, ${each + 1}::INTEGER) AS steps(step), representatives AS other
      WHERE other.place = (one.place + step) % ${Math.max(1, persons)}::INTEGER AND one.place < ${RANDOM_PAIRS}::INTEGER`;
};

/** What shows a household, or that two may be twins. */
const FAMILY = [['street_number', 'street'], ['phone'], ['guardian'], ['last', 'birth_date']] as const;

const relatedPairs = (): Sql => {
  const sharing = (columns: readonly string[]): Sql => {
    const names = columns.map((name) => ident(name));
    const present = sqlJoin(
      names.map((name) => sql`${name} IS NOT NULL`),
      sql` AND `,
    );
    return sql`SELECT one.record AS one, other.record AS other FROM families AS one JOIN families AS other USING (${sqlJoin(names)})
        JOIN (SELECT ${sqlJoin(names)} FROM families WHERE ${present} GROUP BY ALL
              HAVING count(*) BETWEEN 2 AND ${LARGEST_FAMILY}::INTEGER) AS shared USING (${sqlJoin(names)})
        WHERE one.record < other.record`;
  };
  return sql`SELECT DISTINCT one, other FROM (${sqlJoin(FAMILY.map(sharing), sql` UNION ALL `)})
      ORDER BY one, other LIMIT ${MOST_RELATED_PAIRS}::BIGINT`;
};

/** Makes table `like_pairs`: `kind`, and the records of two persons. */
async function findPairs(session: Session): Promise<void> {
  const persons = await session.make('persons told apart', 'representatives', representatives());
  await session.make(
    'families',
    'families',
    sql`SELECT numbered.* FROM numbered SEMI JOIN representatives USING (record)`,
  );
  await session.make(
    'like pairs',
    'like_pairs',
    sql`SELECT 'random' AS kind, * FROM (${randomPairs(persons)}) UNION ALL SELECT 'related' AS kind, * FROM (${relatedPairs()})`,
  );
}

/** Everybody who is in a pair. */
const pairedRecords = (): Sql =>
  sql`SELECT record, ${identifiersJoined()} AS identifiers FROM numbered
      WHERE record IN (SELECT one FROM like_pairs UNION SELECT other FROM like_pairs) ORDER BY record`;

/**
 * Counts how alike different persons of one file are, which the linkage unit cannot see: for each pattern of levels,
 * one digit a field, the number of pairs; of any two persons, and of siblings, twins and namesakes. Patterns of fewer
 * than 11 pairs are not told: their pairs are counted with the most similar pattern that is.
 */
export async function countLikeness(
  session: Session,
  sealing: Sealing,
  keys: DerivedKeys,
): Promise<LikenessRow[]> {
  await findPairs(session);
  const key = keys.key('seal1-vector', '');
  const bigrams = bigramTable(key);
  clean(key);
  try {
    const patternOf = await readPaired(session, sealing, bigrams);
    const rows: LikenessRow[] = [];
    for (const kind of ['random', 'related'] as const) {
      const counted = new Map<string, number>();
      const pairs = sql`SELECT one, other FROM like_pairs WHERE kind = ${kind}`;
      for await (const [ones = [], others = []] of session.columns('like pairs', pairs)) {
        for (const [index, one] of ones.entries()) {
          const pattern = patternOf(Number(one), Number(others[index]));
          counted.set(pattern, (counted.get(pattern) ?? 0) + 1);
        }
      }
      for (const [pattern, pairs] of withoutRare(counted)) rows.push({ kind, pattern, pairs });
    }
    return rows;
  } finally {
    bigrams.erase();
  }
}

/** What pairs of records are compared by: positions of similar fields, and a number for each value of exact ones. */
type Paired = { readonly vectors: readonly (Positions | undefined)[]; readonly values: Int32Array };

/**
 * Reads everybody who is in a pair.
 *
 * @returns the pattern of two records: a digit a field, the similar ones first, its place in `slotLevels`.
 */
async function readPaired(
  session: Session,
  { similar, exact }: Sealing,
  bigrams: BigramTable,
): Promise<(one: number, other: number) => string> {
  const numbers = new Map<string, number>();
  const numberOf = (values: readonly string[] | undefined): number => {
    if (values === undefined) return MISSING;
    const text = values.join('\0');
    const known = numbers.get(text) ?? numbers.size;
    numbers.set(text, known);
    return known;
  };
  const vectorOf = (value: string | undefined) =>
    value === undefined ? undefined : bigrams.positions(value);
  const records = new Map<number, Paired>();
  for await (const [paired = [], identifiers = []] of session.columns('paired records', pairedRecords())) {
    for (const [index, record] of paired.entries()) {
      const row = identifiersOf(identifiers[index]);
      records.set(Number(record), {
        vectors: similar.map((field) => vectorOf(partOf(field, row)[0]?.[0])),
        values: Int32Array.from(exact, (field) => numberOf(partOf(field, row)[0])),
      });
    }
  }
  return (one, other) => patternOf(records.get(one), records.get(other));
}

const MISSING = -1;

/** A missing field is told as one that differs, and so is its known part: as a slot shows it. */
function patternOf(one: Paired | undefined, other: Paired | undefined): string {
  if (one === undefined || other === undefined) return '';
  let pattern = '';
  for (let field = 0; field < one.vectors.length; field += 1) {
    const [a, b] = [one.vectors[field], other.vectors[field]];
    pattern += a === undefined || b === undefined ? 3 : levelOf(differing(a, b));
  }
  for (let field = 0; field < one.values.length; field += 1) {
    const value = one.values[field];
    pattern += value !== MISSING && value === other.values[field] ? 0 : 3;
  }
  return pattern;
}

/** How many positions are in one of two ascending lists only. */
function differing(a: Positions, b: Positions): number {
  let [i, j, apart] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const [x = 0, y = 0] = [a[i], b[j]];
    if (x !== y) apart += 1;
    if (x <= y) i += 1;
    if (y <= x) j += 1;
  }
  return apart + a.length - i + b.length - j;
}

/**
 * Counts without patterns of fewer than 11 pairs; each of those is counted with the pattern told that differs from it
 * in the fewest fields, the commonest of them. Where no pattern has 11 pairs, and all together have, they are counted
 * with the commonest.
 */
export function withoutRare(counted: ReadonlyMap<string, number>): Map<string, number> {
  const ordered = [...counted].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const common = ordered.filter(([, pairs]) => pairs >= FEWEST_PAIRS);
  const all = ordered.reduce((sum, [, pairs]) => sum + pairs, 0);
  if (all < FEWEST_PAIRS) return new Map();
  const told = new Map(common.length > 0 ? common : ordered.slice(0, 1).map(([pattern]) => [pattern, 0]));
  const patterns = [...told.keys()];
  for (const [pattern, pairs] of ordered.slice(common.length)) {
    const nearest = nearestOf(pattern, patterns);
    told.set(nearest, (told.get(nearest) ?? 0) + pairs);
  }
  return told;
}

function nearestOf(pattern: string, patterns: readonly string[]): string {
  let [nearest = '', least] = [patterns[0], Number.POSITIVE_INFINITY];
  for (const each of patterns) {
    const apart = [...each].reduce((sum, digit, field) => sum + Number(digit !== pattern[field]), 0);
    if (apart >= least) continue;
    [nearest, least] = [each, apart];
  }
  return nearest;
}
