import { type ReadArtifact, type Session, type Sql, sql } from '@throughline/engine';
import { NO_INTEGERS, readIntegers } from '../columns/integers.js';
import type { Heritage } from './succession.js';

export type PreviousPeople = Pick<ReadArtifact<'people'>, 'table'> | undefined;

/** What has happened up to last night. */
export const earlierHistory = (previous: PreviousPeople): Sql =>
  previous === undefined
    ? sql`(SELECT 0::BIGINT AS sequence, ''::VARCHAR AS change, ''::VARCHAR AS reason, NULL::UUID AS person_id, NULL::UUID AS other_person_id WHERE false)`
    : previous.table('history');

/**
 * Table `issued`: every id ever issued, by its number; each was issued by one `new`.
 *
 * @param known people, to leave others out.
 */
export const idsIssued = (previous: PreviousPeople, known: Sql | undefined): Sql => {
  const all = sql`SELECT CAST(row_number() OVER (ORDER BY sequence) AS INTEGER) AS number, person_id
      FROM ${earlierHistory(previous)} WHERE change = 'new'`;
  return known === undefined
    ? all
    : sql`SELECT * FROM (${all}) SEMI JOIN (SELECT person_id FROM ${known}) USING (person_id)`;
};

/** Last night's index. @param records those that are looked at; all if undefined. */
export function knownPeople(previous: PreviousPeople, records: Sql | undefined): Sql {
  if (previous === undefined)
    return sql`(SELECT NULL::UUID AS record_id, NULL::UUID AS person_id, '' AS partner WHERE false)`;
  const people = sql`SELECT record_id, person_id, partner FROM ${previous.table('people')}`;
  return records === undefined ? sql`(${people})` : sql`(${people} SEMI JOIN ${records} USING (record_id))`;
}

/** Table `earlier`: the number that each record looked at had last night. */
export const earlierNumbers = (known: Sql): Sql =>
  sql`SELECT record_id, partner, number FROM ${known} JOIN issued USING (person_id)`;

/**
 * Makes tables `shares` (how many records a person of tonight has of one of last night; null where it has none),
 * `settled`, persons who have all the records of one of last night and no others, who keep its number; and `unsettled`,
 * everybody else, numbered in the order of their first records.
 */
export async function makeUnsettled(session: Session): Promise<void> {
  await session.make(
    'shares',
    'shares',
    sql`SELECT person, number, CAST(count(*) AS INTEGER) AS records
        FROM placed_anew FULL JOIN earlier USING (record_id) GROUP BY person, number`,
  );
  await session.make(
    'settled',
    'settled',
    sql`SELECT person, number FROM shares
        JOIN (SELECT person FROM shares GROUP BY person HAVING count(*) = 1) USING (person)
        JOIN (SELECT number FROM shares GROUP BY number HAVING count(*) = 1) USING (number)`,
  );
  await session.make(
    'unsettled',
    'unsettled',
    sql`SELECT person, CAST(row_number() OVER (ORDER BY person) - 1 AS INTEGER) AS place
        FROM (SELECT DISTINCT person FROM shares WHERE person IS NOT NULL) ANTI JOIN settled USING (person)`,
  );
}

/** What the persons that are not settled have of last night's, and what is `withdrawn` of it. */
export async function readHeritage(session: Session, previous: PreviousPeople): Promise<Heritage> {
  const integers = (step: string, select: Sql) => readIntegers(session, { step, select });
  const [persons = NO_INTEGERS] = await integers('tonight', sql`SELECT place FROM unsettled ORDER BY place`);
  const [person = NO_INTEGERS, earlier = NO_INTEGERS, records = NO_INTEGERS] = await integers(
    'claims',
    sql`SELECT place, number, records FROM shares JOIN unsettled USING (person) WHERE number IS NOT NULL ORDER BY place, number`,
  );
  const [living = NO_INTEGERS] = await integers(
    'last night',
    sql`SELECT DISTINCT number FROM shares ANTI JOIN settled USING (number) WHERE number IS NOT NULL ORDER BY number`,
  );
  const [withdrawn = NO_INTEGERS] = await integers(
    'withdrawn last night',
    sql`SELECT DISTINCT number FROM earlier JOIN withdrawn USING (record_id, partner) ORDER BY number`,
  );
  const [issued = NO_INTEGERS] = await integers(
    'issued',
    sql`SELECT CAST(count(*) AS INTEGER) FROM ${earlierHistory(previous)} WHERE change = 'new'`,
  );
  return { persons, claims: { person, earlier, records }, living, withdrawn, issued: issued[0] ?? 0 };
}
