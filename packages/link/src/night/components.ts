import type { Session, Sql } from '@throughline/engine';
import { sql, sqlJoin } from '@throughline/engine';
import { NO_INTEGERS, readIntegers } from '../columns/integers.js';
import { keepPersons } from '../decide/exact.js';
import { tableOf } from '../evidence/agreement.js';
import type { Pass } from '../passes/passes.js';

const none = sql`SELECT 0::INTEGER AS x, 0::INTEGER AS y WHERE false`;

/** Persons, as tokens have made them, who share a token of a rule, told or not: whoever holds it bears on the others. */
const byTokens = (pass: Pass): Sql =>
  sql`SELECT DISTINCT x, person AS y FROM (SELECT token, person FROM ${tableOf('shared', pass)} JOIN persons USING (record))
      JOIN (
        SELECT token, min(person) AS x FROM ${tableOf('shared', pass)} JOIN persons USING (record)
        GROUP BY token HAVING min(person) < max(person)
      ) USING (token) WHERE x < person`;

/**
 * Makes table `components`: of each record asked about, the first record of everything that could bear on its person.
 *
 * @param sealed pairs of records, x and y, that sealed fields connect.
 */
export async function makeComponents(session: Session, passes: readonly Pass[], sealed: Sql): Promise<void> {
  const ofPersons = [none, ...passes.map(byTokens)];
  const [x = NO_INTEGERS, y = NO_INTEGERS] = await readIntegers(session, {
    step: 'components',
    select: sql`SELECT DISTINCT x, y FROM (
        ${sqlJoin(ofPersons, sql` UNION ALL `)}
        UNION ALL SELECT one.person AS x, other.person AS y FROM (${sealed}) AS met
          JOIN persons one ON one.record = met.x JOIN persons other ON other.record = met.y
      )`,
  });
  const [person = NO_INTEGERS] = await readIntegers(session, {
    step: 'components',
    select: sql`SELECT person FROM persons ORDER BY record`,
  });
  await keepPersons(session, 'components', connected(person, { x, y }));
}

/** The smallest of those that pairs connect, for each (union-find, Tarjan 1975). @param own a smaller one of the same, or itself. */
export function connected(
  own: Int32Array,
  { x, y }: { readonly x: Int32Array; readonly y: Int32Array },
): Int32Array {
  const parent = own.slice();
  const rootOf = (of: number): number => {
    let root = of;
    while ((parent[root] ?? root) !== root) {
      const above = parent[parent[root] ?? root] ?? root;
      parent[root] = above;
      root = above;
    }
    return root;
  };
  for (let pair = 0; pair < x.length; pair += 1) {
    const [one, other] = [rootOf(x[pair] ?? 0), rootOf(y[pair] ?? 0)];
    parent[Math.max(one, other)] = Math.min(one, other);
  }
  return own.map((_, record) => rootOf(record));
}
