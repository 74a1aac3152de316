import { type ReadArtifact, type Session, type Sql, sql } from '@throughline/engine';
import { NO_INTEGERS, readIntegers } from '../columns/integers.js';
import type { Heritage } from './succession.js';

export type PreviousPeople = Pick<ReadArtifact<'people'>, 'table'> | undefined;

/** Table `history`: what has happened up to last night. */
export const earlierHistory = (previous: PreviousPeople): Sql =>
  previous === undefined
    ? sql`SELECT 0::BIGINT AS sequence, ''::VARCHAR AS change, ''::VARCHAR AS reason, NULL::UUID AS person_id, NULL::UUID AS other_person_id WHERE false`
    : sql`SELECT * FROM ${previous.table('history')}`;

/** Table `issued`: every id ever issued, by its number; each was issued by one `new`. */
export const idsIssued = (): Sql =>
  sql`SELECT CAST(row_number() OVER (ORDER BY sequence) AS INTEGER) AS number, person_id FROM history WHERE change = 'new'`;

const people = (previous: PreviousPeople): Sql =>
  previous === undefined
    ? sql`(SELECT NULL::UUID AS record_id, NULL::UUID AS person_id, '' AS partner, '' AS space, '' AS basis WHERE false)`
    : previous.table('people');

/** Table `standing`: rows of last night's index of which nothing was decided tonight. */
export const standingPeople = (previous: PreviousPeople): Sql => {
  const rows = sql`SELECT record_id, person_id, partner, space, basis FROM ${people(previous)}`;
  return previous === undefined
    ? rows
    : sql`${rows} WHERE record_id NOT IN (SELECT record_id FROM asked UNION SELECT record_id FROM replaced)`;
};

/** Table `earlier`: the number that each other record had last night. */
export const earlierNumbers = (previous: PreviousPeople): Sql =>
  sql`SELECT record_id, number FROM ${people(previous)} ANTI JOIN standing USING (record_id) JOIN issued USING (person_id)`;

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

const withdrawnNumbers = (previous: PreviousPeople): Sql =>
  previous === undefined
    ? sql`SELECT 0::INTEGER AS number WHERE false`
    : sql`SELECT DISTINCT number FROM ${previous.table('people')} JOIN withdrawn USING (record_id, partner)
          JOIN issued USING (person_id) ORDER BY number`;

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
  const [withdrawn = NO_INTEGERS] = await integers('withdrawn last night', withdrawnNumbers(previous));
  const [issued = NO_INTEGERS] = await integers('issued', sql`SELECT CAST(count(*) AS INTEGER) FROM issued`);
  return { persons, claims: { person, earlier, records }, living, withdrawn, issued: issued[0] ?? 0 };
}
