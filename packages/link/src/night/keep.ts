import { type Session, type Sql, sql } from '@throughline/engine';
import { type Findings, tonightsName } from './findings.js';

/*
 * Tables `tonight_…`: what was found of the records that were decided tonight, by record ids. It takes the place of what
 * last night found of table `anew`.
 */

const none = (columns: Sql): Sql => sql`SELECT ${columns} WHERE false`;

/**
 * Table `tonight_meetings`. A pair with one end beyond the components of tonight stands, unless that end is another
 * record now.
 */
export const tonightsMeetings = (findings: Findings | undefined): Sql => {
  const before =
    findings === undefined
      ? none(sql`NULL::UUID AS record_id_a, NULL::UUID AS record_id_b, 0::BIGINT AS passes, '' AS levels`)
      : sql`SELECT record_id_a, record_id_b, passes, levels FROM ${findings.table('meetings')}
          WHERE (record_id_a IN (SELECT record_id FROM anew) OR record_id_b IN (SELECT record_id FROM anew))
            AND record_id_a NOT IN (SELECT record_id FROM gone) AND record_id_b NOT IN (SELECT record_id FROM gone)
            AND NOT (record_id_a IN (SELECT record_id FROM asked) AND record_id_b IN (SELECT record_id FROM asked))`;
  return sql`SELECT one.record_id AS record_id_a, other.record_id AS record_id_b, passes, levels
      FROM compared JOIN patterns USING (pattern) JOIN records one ON one.record = a JOIN records other ON other.record = b
      UNION ALL (${before})`;
};

/** Table `placed`: the records asked about and those that meet them, with their sources and their persons by tokens. */
export const placedRecords = (findings: Findings | undefined): Sql => {
  const before =
    findings === undefined
      ? none(sql`NULL::UUID AS record_id, 0 AS source, NULL::UUID AS exact, NULL::UUID AS by_tokens`)
      : sql`SELECT record_id, source, exact, by_tokens FROM ${findings.table('records')}
          SEMI JOIN (SELECT record_id_a AS record_id FROM tonight_meetings UNION ALL SELECT record_id_b FROM tonight_meetings)
            USING (record_id)
          ANTI JOIN anew USING (record_id) JOIN sources USING (partner, space)`;
  return sql`SELECT records.record_id, source, one.record_id AS exact, other.record_id AS by_tokens
      FROM records JOIN exact_persons USING (record) JOIN persons USING (record)
      JOIN (SELECT record AS person, record_id FROM records) one ON one.person = exact_persons.person
      JOIN (SELECT record AS person, record_id FROM records) other ON other.person = persons.person
      UNION ALL (${before})`;
};

/** Pairs that rules would link; reads table `decided`. */
const decided = (): Sql =>
  sql`SELECT one.record_id AS record_id_a, other.record_id AS record_id_b, agreeing, bit, basis, verdict
      FROM decided JOIN records one ON one.record = a JOIN records other ON other.record = b`;

/** What each rule found in each component; reads table `found`. */
const tokenPasses = (): Sql =>
  sql`SELECT record_id AS component, bit, pairs, unclear, alone FROM found JOIN records ON record = component`;

/** Reads table `judged`. */
const judged = (): Sql =>
  sql`SELECT one.record_id AS record_id_a, other.record_id AS record_id_b,
        CAST(coalesce(evidence.agreeing, 0) AS INTEGER) AS agreeing, probability, class, verdict
      FROM judged LEFT JOIN evidence USING (a, b)
      JOIN records one ON one.record = judged.a JOIN records other ON other.record = judged.b`;

/** Reads `joined` (record, person) and `components`. */
const records = (): Sql =>
  sql`SELECT records.record_id, records.partner, records.space, seen, exact, by_tokens,
        one.record_id AS person, other.record_id AS component
      FROM records JOIN seen USING (record_id) JOIN placed USING (record_id)
      JOIN joined USING (record) JOIN components USING (record)
      JOIN (SELECT record AS person, record_id FROM records) one ON one.person = joined.person
      JOIN (SELECT record AS person, record_id FROM records) other ON other.person = components.person`;

/** Makes the rest of the tables, but of sealed pairs, after everything asked about is decided. */
export async function keepDecisions(session: Session): Promise<number> {
  await session.make('decisions', tonightsName('decided'), decided());
  await session.make('decisions', tonightsName('token_passes'), tokenPasses());
  await session.make('decisions', tonightsName('judged'), judged());
  return session.make('decisions', tonightsName('records'), records());
}
