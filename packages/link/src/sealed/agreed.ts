import { type Session, type Sql, sql } from '@throughline/engine';
import { NO_INTEGERS, readIntegers } from '../columns/integers.js';
import { apart, numbersHeld, type Said } from './apart.js';
import type { Joining } from './decide.js';

/** The class of a pair that owners have joined and no pass brings together; none that a model gives. */
export const AGREED = 'agreed';

/** Joining, and what stands against it. */
export type AgreedJoining = Omit<Joining, 'threshold'>;

/**
 * Joins the persons of records of which both owners said that they are one, though no pass of tonight brings them
 * together: what the residual has found, and what met in an earlier night. The same rules hold as for any link: a person
 * has no two records of a source without duplicates, nobody is joined with whom an owner said that it is not, nor two
 * who hold different numbers of one kind. How alike the first names are is not known of them, so a number whose token
 * differs is taken for another number.
 *
 * @returns the pairs of records that joined two persons.
 */
export function joinAgreed(
  unmet: readonly Said[],
  { clusters, numbers, others }: AgreedJoining,
): readonly Said[] {
  const held = numbersHeld(numbers);
  const keptApart = apart(others, clusters);
  return unmet.filter(({ a, b }) => {
    const [one, other] = [clusters.personOf(a), clusters.personOf(b)];
    if (one === other || keptApart(one, other) || held.differ(one, other)) return false;
    if (!clusters.join(one, other)) return false;
    held.merge(clusters.personOf(one), one, other);
    return true;
  });
}

/** Of table `said`, records of which owners said that they are one, and which table `rivals` has not. */
export const readUnmet = (session: Session): Promise<Said[]> =>
  readSaid(session, sql`SELECT a, b FROM said WHERE same = 1 AND (a, b) NOT IN (SELECT (a, b) FROM rivals)`);

/** Of table `said`, records of which an owner said that they are others. */
export const readOthers = (session: Session): Promise<Said[]> =>
  readSaid(session, sql`SELECT a, b FROM said WHERE same = 0`);

async function readSaid(session: Session, from: Sql): Promise<Said[]> {
  const [a = NO_INTEGERS, b = NO_INTEGERS] = await readIntegers(session, {
    step: 'agreed pairs',
    select: sql`SELECT a, b FROM (${from}) ORDER BY a, b`,
  });
  return [...a].map((one, place) => ({ a: one, b: b[place] ?? 0 }));
}

/** What stands for a pass in `links`; no pass can have this name. */
const PASS = 'review by owners';

/** Their links. */
export const agreedLinks = (judged: Sql): Sql =>
  sql`SELECT record_id_a, record_id_b, ${PASS}::VARCHAR AS pass, 'probable' AS basis,
        CAST(bit_count(agreeing) AS INTEGER) AS rules_agreeing, NULL::DOUBLE AS weight, NULL::DOUBLE AS probability
      FROM ${judged} WHERE class = ${AGREED}`;
