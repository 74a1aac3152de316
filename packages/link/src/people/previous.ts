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

/** Table `earlier`: the number that each record had last night; `record` is null where it is gone. */
export const earlierNumbers = (previous: PreviousPeople): Sql =>
  previous === undefined
    ? sql`SELECT 0::INTEGER AS record, 0::INTEGER AS number WHERE false`
    : sql`SELECT records.record, issued.number FROM ${previous.table('people')} people
          JOIN issued USING (person_id) LEFT JOIN records USING (record_id)`;

const claims = (): Sql =>
  sql`SELECT person, number, CAST(count(*) AS INTEGER) AS records FROM earlier JOIN persons USING (record) GROUP BY person, number ORDER BY person, number`;

const withdrawnNumbers = (previous: PreviousPeople): Sql =>
  previous === undefined
    ? sql`SELECT 0::INTEGER AS number WHERE false`
    : sql`SELECT DISTINCT number FROM ${previous.table('people')} JOIN withdrawn USING (record_id, partner)
          JOIN issued USING (person_id) ORDER BY number`;

/** What tonight's persons have of last night's, and what is `withdrawn` of it. */
export async function readHeritage(session: Session, previous: PreviousPeople): Promise<Heritage> {
  const integers = (step: string, select: Sql) => readIntegers(session, { step, select });
  const [persons = NO_INTEGERS] = await integers(
    'tonight',
    sql`SELECT DISTINCT person FROM persons ORDER BY person`,
  );
  const [person = NO_INTEGERS, earlier = NO_INTEGERS, records = NO_INTEGERS] = await integers(
    'claims',
    claims(),
  );
  const [living = NO_INTEGERS] = await integers(
    'last night',
    sql`SELECT DISTINCT number FROM earlier ORDER BY number`,
  );
  const [withdrawn = NO_INTEGERS] = await integers('withdrawn last night', withdrawnNumbers(previous));
  const [issued = NO_INTEGERS] = await integers('issued', sql`SELECT CAST(count(*) AS INTEGER) FROM issued`);
  return { persons, claims: { person, earlier, records }, living, withdrawn, issued: issued[0] ?? 0 };
}
