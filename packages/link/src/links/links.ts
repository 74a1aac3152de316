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

/** Table `links` of the artifact. Weight and probability are null where no probabilistic model has decided. */
export const linkRows = (): Sql =>
  sql`SELECT one.record_id AS record_id_a, other.record_id AS record_id_b, pass, decided.basis,
        CAST(bit_count(agreeing) AS INTEGER) AS rules_agreeing, NULL::DOUBLE AS weight, NULL::DOUBLE AS probability
      FROM decided JOIN pass_names USING (bit)
      JOIN records one ON one.record = a JOIN records other ON other.record = b
      WHERE verdict = 'linked'`;

/**
 * Table `passes` of the artifact, in pairs of records.
 * - `pairs`: could be one person and agree on the pass.
 * - `linked`, `refused`: this pass was the first that would link them, and it did, or something contradicted it.
 * - `ambiguous`: agree on a token that does not name one person everywhere; or this pass was the first that would
 *   link them and they may as well be somebody else.
 *
 * What is left of `pairs` was decided by an earlier pass, or the pass is weak and decides nothing.
 */
export const passRows = (passes: readonly Pass[]): Sql => {
  const rows = passes.map((pass) => {
    const told = sql`(SELECT count(*) FROM ${tableOf('pairs', pass)})`;
    const unclear = pass.basis === 'probable' ? sql`(${unclearPairs(pass)})` : sql`0`;
    return sql`SELECT ${pass.bit}::INTEGER AS bit, untold + ${told} AS pairs, untold + ${unclear} AS unclear
        FROM (${untoldPairs(pass)})`;
  });
  return sql`SELECT pass, any_value(pairs) AS pairs,
        count(*) FILTER (verdict = 'linked') AS linked,
        any_value(unclear) + count(*) FILTER (verdict = 'ambiguous') AS ambiguous,
        count(*) FILTER (verdict = 'refused') AS refused
      FROM pass_names JOIN (${sqlJoin(rows, sql` UNION ALL `)}) USING (bit) LEFT JOIN decided USING (bit)
      GROUP BY pass`;
};

/** Makes the tables that `linkRows` and `passRows` read. */
export async function makeDecided(session: Session, passes: readonly Pass[]): Promise<number> {
  await session.make('pass names', 'pass_names', passNames(passes));
  return session.make('decided', 'decided', decidedPairs(passes));
}
