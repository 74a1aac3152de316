import { type Session, type Sql, sql } from '@throughline/engine';
import type { Findings } from './findings.js';

/*
 * Tables `kept_…`: the findings of tonight, by record ids. What was decided tonight takes the place of last night's
 * decisions about the same components; everything else stands as it was.
 */

const none = (columns: Sql): Sql => sql`SELECT ${columns} WHERE false`;

/** Makes table `replaced`: last night's records of components that are decided anew. */
export async function makeReplaced(session: Session, findings: Findings | undefined): Promise<void> {
  const replaced =
    findings === undefined
      ? none(sql`NULL::UUID AS record_id`)
      : sql`SELECT record_id FROM ${findings.table('records')} SEMI JOIN affected USING (component)`;
  await session.make('replaced', 'replaced', replaced);
}

/** Table `placed`: every record of tonight with its source and its persons by tokens. */
export const placedRecords = (findings: Findings | undefined): Sql => {
  const before =
    findings === undefined
      ? none(sql`NULL::UUID AS record_id, 0 AS source, NULL::UUID AS exact, NULL::UUID AS by_tokens`)
      : sql`SELECT record_id, source, exact, by_tokens FROM ${findings.table('records')} ANTI JOIN affected USING (component)
          JOIN sources USING (partner, space)`;
  return sql`SELECT records.record_id, source, one.record_id AS exact, other.record_id AS by_tokens
      FROM records JOIN exact_persons USING (record) JOIN persons USING (record)
      JOIN (SELECT record AS person, record_id FROM records) one ON one.person = exact_persons.person
      JOIN (SELECT record AS person, record_id FROM records) other ON other.person = persons.person
      UNION ALL (${before})`;
};

/** Table `kept_meetings`. A pair with one end beyond the components of tonight stands, unless that end is another record now. */
export const keptMeetings = (findings: Findings | undefined): Sql => {
  const before =
    findings === undefined
      ? none(sql`NULL::UUID AS record_id_a, NULL::UUID AS record_id_b, 0::BIGINT AS passes, '' AS levels`)
      : sql`SELECT * FROM ${findings.table('meetings')}
          WHERE record_id_a NOT IN (SELECT record_id FROM gone) AND record_id_b NOT IN (SELECT record_id FROM gone)
            AND NOT (record_id_a IN (SELECT record_id FROM asked) AND record_id_b IN (SELECT record_id FROM asked))`;
  return sql`SELECT one.record_id AS record_id_a, other.record_id AS record_id_b, passes, levels
      FROM compared JOIN patterns USING (pattern) JOIN records one ON one.record = a JOIN records other ON other.record = b
      UNION ALL (${before})`;
};

/** Table `kept_decided`: pairs that rules would link; reads table `decided`. */
const keptDecided = (findings: Findings | undefined): Sql => {
  const before =
    findings === undefined
      ? none(
          sql`NULL::UUID AS record_id_a, NULL::UUID AS record_id_b, 0 AS agreeing, 0 AS bit, '' AS basis, '' AS verdict`,
        )
      : sql`SELECT * FROM ${findings.table('decided')} WHERE record_id_a NOT IN (SELECT record_id FROM replaced)`;
  return sql`SELECT one.record_id AS record_id_a, other.record_id AS record_id_b, agreeing, bit, basis, verdict
      FROM decided JOIN records one ON one.record = a JOIN records other ON other.record = b
      UNION ALL (${before})`;
};

/** Table `kept_token_passes`: what each rule found in each component; reads table `found`. */
const keptTokenPasses = (findings: Findings | undefined): Sql => {
  const before =
    findings === undefined
      ? none(
          sql`NULL::UUID AS component, 0 AS bit, 0::BIGINT AS pairs, 0::BIGINT AS unclear, 0::BIGINT AS alone`,
        )
      : sql`SELECT * FROM ${findings.table('token_passes')} ANTI JOIN affected USING (component)`;
  return sql`SELECT record_id AS component, bit, pairs, unclear, alone
      FROM found JOIN records ON record = component UNION ALL (${before})`;
};

/** Table `kept_judged`; reads table `judged`. */
const keptJudged = (findings: Findings | undefined): Sql => {
  const before =
    findings === undefined
      ? none(
          sql`NULL::UUID AS record_id_a, NULL::UUID AS record_id_b, 0 AS agreeing, 0::DOUBLE AS probability, '' AS class, '' AS verdict`,
        )
      : sql`SELECT * FROM ${findings.table('judged')} WHERE record_id_a NOT IN (SELECT record_id FROM replaced)`;
  return sql`SELECT one.record_id AS record_id_a, other.record_id AS record_id_b,
        CAST(coalesce(evidence.agreeing, 0) AS INTEGER) AS agreeing, probability, class, verdict
      FROM judged LEFT JOIN evidence USING (a, b)
      JOIN records one ON one.record = judged.a JOIN records other ON other.record = judged.b
      UNION ALL (${before})`;
};

/** Table `kept_records`; reads `joined` (record, person) and `components`. */
const keptRecords = (findings: Findings | undefined): Sql => {
  const tonight = sql`SELECT records.record_id, records.partner, records.space, seen, exact, by_tokens,
        one.record_id AS person, other.record_id AS component
      FROM records JOIN seen USING (record_id) JOIN placed USING (record_id)
      JOIN joined USING (record) JOIN components USING (record)
      JOIN (SELECT record AS person, record_id FROM records) one ON one.person = joined.person
      JOIN (SELECT record AS person, record_id FROM records) other ON other.person = components.person`;
  if (findings === undefined) return tonight;
  return sql`${tonight} UNION ALL (SELECT * FROM ${findings.table('records')} ANTI JOIN affected USING (component))`;
};

/** Makes the rest of the tables of findings, after everything asked about is decided. */
export async function keepDecisions(session: Session, findings: Findings | undefined): Promise<number> {
  await session.make('decisions', 'kept_decided', keptDecided(findings));
  await session.make('decisions', 'kept_token_passes', keptTokenPasses(findings));
  await session.make('decisions', 'kept_judged', keptJudged(findings));
  return session.make('decisions', 'kept_records', keptRecords(findings));
}
