import { type Session, type Sql, sql } from '@throughline/engine';
import type { Clusters } from '../cluster/clusters.js';
import { NO_INTEGERS, readIntegers } from '../columns/integers.js';

/** Two records of which owners said whether they are one person. */
export type Said = { readonly a: number; readonly b: number; readonly same: boolean };

/** The class of a pair that owners have joined and no pass brings together; none that a model gives. */
export const AGREED = 'agreed';

/**
 * Joins the persons of records of which both owners said that they are one, though no pass of tonight brings them
 * together: what the residual has found, and what met in an earlier night. The same rules hold as for any link: a person
 * has no two records of a source without duplicates, and nobody is joined with whom an owner said that it is not.
 *
 * @returns the pairs of records that joined two persons.
 */
export function joinAgreed(unmet: readonly Said[], others: readonly Said[], clusters: Clusters): Said[] {
  const apart = (one: number, other: number): boolean =>
    others.some(({ a, b }) => {
      const [x, y] = [clusters.personOf(a), clusters.personOf(b)];
      return (x === one && y === other) || (x === other && y === one);
    });
  return unmet.filter(({ a, b }) => {
    const [one, other] = [clusters.personOf(a), clusters.personOf(b)];
    return one !== other && !apart(one, other) && clusters.join(one, other);
  });
}

/** Joins what table `said` has and table `rivals` has not. */
export async function joinUnmet(session: Session, clusters: Clusters): Promise<Said[]> {
  const same = sql`SELECT a, b FROM said WHERE same = 1 AND (a, b) NOT IN (SELECT (a, b) FROM rivals)`;
  const others = sql`SELECT a, b FROM said WHERE same = 0`;
  return joinAgreed(await readSaid(session, same, true), await readSaid(session, others, false), clusters);
}

async function readSaid(session: Session, from: Sql, same: boolean): Promise<Said[]> {
  const [a = NO_INTEGERS, b = NO_INTEGERS] = await readIntegers(session, {
    step: 'agreed pairs',
    select: sql`SELECT a, b FROM (${from}) ORDER BY a, b`,
  });
  return [...a].map((one, place) => ({ a: one, b: b[place] ?? 0, same }));
}

/** Records that owners said are one bear on each other, whatever they share. */
export const agreedRecords = (): Sql => sql`SELECT a AS x, b AS y FROM said WHERE same = 1`;

/** What stands for a pass in `links`; no pass can have this name. */
const PASS = 'review by owners';

/** Their links, of table `kept_judged`. */
export const agreedLinks = (): Sql =>
  sql`SELECT record_id_a, record_id_b, ${PASS}::VARCHAR AS pass, 'probable' AS basis,
        CAST(bit_count(agreeing) AS INTEGER) AS rules_agreeing, NULL::DOUBLE AS weight, NULL::DOUBLE AS probability
      FROM kept_judged WHERE class = ${AGREED}`;
