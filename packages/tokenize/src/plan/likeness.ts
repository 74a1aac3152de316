import { clean } from '@noble/hashes/utils.js';
import type { Sealing } from '@throughline/agreement';
import { levelOf } from '@throughline/core';
import { ident, type Session, type Sql, sql, sqlJoin } from '@throughline/engine';
import { identifierNames, identifiersAt } from '../emit/identifiers.js';
import type { DerivedKeys } from '../keys/derive.js';
import { type BigramTable, bigramTable } from '../seal1/bigrams.js';
import { type Identifiers, partOf } from '../tok1/parts.js';

/** Groups of more persons are of a value that no gate lets through, and would outweigh all others. */
const LARGEST_GROUP = 5;
const MOST_PAIRS = 200_000;
/** Fewer pairs than this are not told by themselves. */
const FEWEST_PAIRS = 11;
export const OTHER_PATTERNS = 'other';

/** Pairs of different persons who agree on some pass, by the first records that do. */
const likePairs = (): Sql =>
  sql`SELECT DISTINCT a.record AS one, b.record AS other FROM
      (SELECT pass, high, low, person, min(record) AS record FROM pass_values JOIN persons USING (record) GROUP BY ALL) AS a
      JOIN (SELECT pass, high, low, person, min(record) AS record FROM pass_values JOIN persons USING (record) GROUP BY ALL) AS b
        USING (pass, high, low)
      JOIN value_persons USING (pass, high, low)
      WHERE a.record < b.record AND a.person <> b.person AND value_persons.persons <= ${LARGEST_GROUP}::BIGINT
      ORDER BY one, other LIMIT ${MOST_PAIRS}::BIGINT`;

const pairedIdentifiers = (): Sql => {
  const of = (side: 'a' | 'b') => sqlJoin(identifierNames.map((name) => sql`${ident(side)}.${ident(name)}`));
  return sql`SELECT one, other, ${of('a')}, one, other, ${of('b')} FROM like_pairs
      JOIN numbered AS a ON a.record = one JOIN numbered AS b ON b.record = other ORDER BY one, other`;
};

/**
 * Counts how alike siblings, twins and namesakes of one file are, which the linkage unit cannot see: for each pattern
 * of levels, one digit a field, the number of pairs. Patterns of fewer than 11 pairs are counted together.
 */
export async function countLikeness(
  session: Session,
  sealing: Sealing,
  keys: DerivedKeys,
): Promise<Map<string, number>> {
  await session.make('like pairs', 'like_pairs', likePairs());
  const key = keys.key('seal1-vector', '');
  const bigrams = bigramTable(key);
  clean(key);
  const counted = new Map<string, number>();
  try {
    for await (const batch of session.columns('like pairs', pairedIdentifiers())) {
      const [ones = []] = batch;
      const others = batch.slice(2 + identifierNames.length);
      for (const index of ones.keys()) {
        const pattern = patternOf(sealing, bigrams, [
          identifiersAt(batch, index),
          identifiersAt(others, index),
        ]);
        counted.set(pattern, (counted.get(pattern) ?? 0) + 1);
      }
    }
    return withoutRare(counted);
  } finally {
    bigrams.erase();
  }
}

/** A digit a field, the similar ones first: its place in `slotLevels`. */
function patternOf(
  { similar, exact }: Sealing,
  bigrams: BigramTable,
  [one, other]: [Identifiers, Identifiers],
): string {
  const alike = similar.map((field) => {
    const [a, b] = [partOf(field, one)[0]?.[0], partOf(field, other)[0]?.[0]];
    if (a === undefined || b === undefined) return 3;
    return levelOf(differing(bigrams.positions(a), bigrams.positions(b)));
  });
  const equal = exact.map((field) => {
    const [a, b] = [partOf(field, one)[0], partOf(field, other)[0]];
    return a !== undefined && b !== undefined && a.join('\0') === b.join('\0') ? 0 : 3;
  });
  return [...alike, ...equal].join('');
}

/** How many positions are in one of two ascending lists only. */
function differing(a: Uint8Array, b: Uint8Array): number {
  const both = new Set(a);
  const common = b.reduce((sum, position) => sum + Number(both.has(position)), 0);
  return a.length + b.length - 2 * common;
}

export function withoutRare(counted: ReadonlyMap<string, number>): Map<string, number> {
  const told = new Map([...counted].filter(([, pairs]) => pairs >= FEWEST_PAIRS));
  const rest = [...counted.values()].filter((pairs) => pairs < FEWEST_PAIRS).reduce((a, b) => a + b, 0);
  return rest < FEWEST_PAIRS ? told : told.set(OTHER_PATTERNS, rest);
}
