import { type Session, type Sql, sql, sqlJoin } from '@throughline/engine';
import { strongest, tableOf, untoldPairs } from '../evidence/agreement.js';
import { unclearPairs } from '../evidence/candidates.js';
import { bitsOf, type Pass } from '../passes/passes.js';

/** Table `decided`: every pair of records that some pass would link, its deciding pass, and what became of it. */
export const decidedPairs = (passes: readonly Pass[]): Sql => {
  const exact = sql`agreeing & ${bitsOf(passes.filter(({ basis }) => basis === 'exact'))}::INTEGER`;
  return sql`SELECT a, b, agreeing, ${strongest(exact)} AS bit, 'exact' AS basis,
        CASE WHEN one.person = other.person THEN 'linked' ELSE 'refused' END AS verdict
      FROM evidence JOIN exact_persons one ON one.record = a JOIN exact_persons other ON other.record = b
      WHERE (${exact}) <> 0
      UNION ALL
      SELECT a, b, agreeing, ${strongest(sql`deciding`)} AS bit, 'probable' AS basis, verdict
      FROM candidates JOIN evidence USING (a, b) JOIN verdicts USING (x, y) WHERE (${exact}) = 0`;
};

/** Table `pass_names`: a pass's bit, name and basis. */
export const passNames = (passes: readonly Pass[]): Sql => {
  const rows = passes.map(({ bit, name, basis }) => sql`(${bit}, ${name}, ${basis})`);
  return sql`SELECT bit::INTEGER AS bit, pass::VARCHAR AS pass, basis::VARCHAR AS basis
      FROM (VALUES ${sqlJoin(rows)}) AS listed(bit, pass, basis)`;
};

/**
 * Table `links` of the artifact: by tokens, and by sealed fields where tokens had not joined the persons. Weight and
 * probability are null where the two records did not meet in a sealed pass.
 */
export const linkRows = (): Sql =>
  sql`SELECT one.record_id AS record_id_a, other.record_id AS record_id_b, pass, basis, rules_agreeing, weight, probability
      FROM (
        SELECT a, b, pass, decided.basis, CAST(bit_count(agreeing) AS INTEGER) AS rules_agreeing, weight, probability
        FROM decided JOIN pass_names USING (bit) LEFT JOIN sealed_pairs USING (a, b)
        WHERE decided.verdict = 'linked'
        UNION ALL
        SELECT a, b, pass, 'probable' AS basis, CAST(coalesce(bit_count(agreeing), 0) AS INTEGER) AS rules_agreeing, weight, probability
        FROM sealed_pairs JOIN sealed_passes USING (place) LEFT JOIN evidence USING (a, b)
        WHERE verdict = 'linked'
      ) JOIN records one ON one.record = a JOIN records other ON other.record = b`;

/**
 * Table `passes` of the artifact, in pairs of records.
 * - `pairs`: could be one person and agree on the pass.
 * - `linked`, `refused`: this pass was the first that would link them, and it did, or something contradicted it.
 * - `ambiguous`: agree on a token that does not name one person everywhere; or this pass was the first that would
 *   link them and they may as well be somebody else.
 *
 * What is left of `pairs` was decided by an earlier pass, or the pass is weak and decides nothing. Of a sealed pass
 * the same in pairs that it was the first to bring together; `ambiguous` are those that are possible.
 *
 * - `alone`, `linked_alone`: pairs that agree on no other pass of its kind, and those of them that it linked: what
 *   would be lost without it.
 * - `households`: of a sealed pass, pairs who share a household and no first name.
 */
export const passRows = (passes: readonly Pass[]): Sql => {
  const rows = passes.map((pass) => {
    const told = sql`(SELECT count(*) FROM ${tableOf('pairs', pass)})`;
    const unclear = pass.basis === 'probable' ? sql`(${unclearPairs(pass)})` : sql`0`;
    return sql`SELECT ${pass.bit}::INTEGER AS bit, untold + ${told} AS pairs, untold + ${unclear} AS unclear,
          (SELECT count(*) FROM evidence WHERE agreeing = ${pass.bit}::INTEGER) AS single
        FROM (${untoldPairs(pass)})`;
  });
  return sql`SELECT 'tokens' AS kind, pass, any_value(pairs) AS pairs,
        count(*) FILTER (verdict = 'linked') AS linked,
        any_value(unclear) + count(*) FILTER (verdict = 'ambiguous') AS ambiguous,
        count(*) FILTER (verdict = 'refused') AS refused,
        any_value(single) AS alone,
        count(*) FILTER (verdict = 'linked' AND agreeing = bit) AS linked_alone,
        NULL::BIGINT AS households
      FROM pass_names JOIN (${sqlJoin(rows, sql` UNION ALL `)}) USING (bit) LEFT JOIN decided USING (bit)
      GROUP BY pass
      UNION ALL
      SELECT 'sealed' AS kind, pass, any_value(pairs) AS pairs, count(*) FILTER (verdict = 'linked') AS linked,
        count(*) FILTER (verdict = 'possible') AS ambiguous, count(*) FILTER (verdict = 'refused') AS refused,
        any_value(alone) AS alone, any_value(linked_alone) AS linked_alone, any_value(households) AS households
      FROM sealed_passes LEFT JOIN sealed_pairs USING (place) GROUP BY pass`;
};

/** Makes the tables that `linkRows` and `passRows` read. */
export async function makeDecided(session: Session, passes: readonly Pass[]): Promise<number> {
  await session.make('pass names', 'pass_names', passNames(passes));
  return session.make('decided', 'decided', decidedPairs(passes));
}
