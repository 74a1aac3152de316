import { type Session, type Sql, sql, sqlJoin } from '@throughline/engine';
import { strongest, tableOf, untoldPairs } from '../evidence/agreement.js';
import { unclearPairs } from '../evidence/candidates.js';
import type { FoundTables } from '../night/findings.js';
import { bitsOf, type Pass } from '../passes/passes.js';
import { agreedLinks } from '../sealed/agreed.js';

/** Table `decided`: every pair of records that some pass would link, its deciding pass, and what became of it. */
const decidedPairs = (passes: readonly Pass[]): Sql => {
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
const passNames = (passes: readonly Pass[]): Sql => {
  const rows = passes.map(({ bit, name, basis }) => sql`(${bit}, ${name}, ${basis})`);
  return sql`SELECT bit::INTEGER AS bit, pass::VARCHAR AS pass, basis::VARCHAR AS basis
      FROM (VALUES ${sqlJoin(rows)}) AS listed(bit, pass, basis)`;
};

/**
 * Table `found`: by component and pass, pairs of records that agree on it, and those of them that are unclear. No token
 * is held in two components, so that what each has adds up.
 */
const foundByPasses = (passes: readonly Pass[]): Sql => {
  const rows = passes.map((pass) => {
    const told = sql`SELECT person AS component, count(*) AS pairs, 0 AS unclear, 0 AS alone
        FROM ${tableOf('pairs', pass)} JOIN components ON record = a GROUP BY component`;
    const untold = sql`SELECT component, untold AS pairs, untold AS unclear, 0 AS alone FROM (${untoldPairs(pass)})`;
    const unclear = sql`SELECT person AS component, 0 AS pairs, count(*) AS unclear, 0 AS alone
        FROM (${unclearPairs(pass)}) JOIN components ON record = a GROUP BY component`;
    const alone = sql`SELECT person AS component, 0 AS pairs, 0 AS unclear, count(*) AS alone
        FROM evidence JOIN components ON record = a WHERE agreeing = ${pass.bit}::INTEGER GROUP BY component`;
    const all = pass.basis === 'probable' ? [told, untold, alone, unclear] : [told, untold, alone];
    return sql`SELECT component, ${pass.bit}::INTEGER AS bit, pairs, unclear, alone FROM (${sqlJoin(all, sql` UNION ALL `)})`;
  });
  return sql`SELECT component, bit, CAST(sum(pairs) AS BIGINT) AS pairs, CAST(sum(unclear) AS BIGINT) AS unclear,
        CAST(sum(alone) AS BIGINT) AS alone
      FROM (${sqlJoin(rows, sql` UNION ALL `)}) GROUP BY component, bit HAVING sum(pairs) + sum(unclear) > 0`;
};

/** Makes the tables of what the tokens decided: `pass_names`, `decided`, and by component `found`. */
export async function makeDecided(session: Session, passes: readonly Pass[]): Promise<number> {
  await session.make('pass names', 'pass_names', passNames(passes));
  await session.make('found', 'found', foundByPasses(passes));
  return session.make('decided', 'decided', decidedPairs(passes));
}

/**
 * Table `links` of the artifact: by tokens, by sealed fields where tokens had not joined the persons, and by what owners
 * said of records that no pass brings together. Weight and probability are null where the two records did not meet in a
 * sealed pass.
 */
export const linkRows = ({ decided, pairs, judged }: FoundTables): Sql =>
  sql`SELECT record_id_a, record_id_b, pass, decided.basis, CAST(bit_count(decided.agreeing) AS INTEGER) AS rules_agreeing, weight, probability
      FROM ${decided} AS decided JOIN pass_names USING (bit) LEFT JOIN ${pairs} AS pairs USING (record_id_a, record_id_b)
      WHERE decided.verdict = 'linked'
      UNION ALL
      SELECT record_id_a, record_id_b, pass, 'probable' AS basis, CAST(bit_count(agreeing) AS INTEGER) AS rules_agreeing, weight, probability
      FROM ${pairs} JOIN sealed_passes USING (place) WHERE verdict = 'linked'
      UNION ALL ${agreedLinks(judged)}`;

/**
 * Table `passes` of the artifact, in pairs of records.
 * - `pairs`: could be one person and agree on the pass.
 * - `linked`, `refused`: this pass was the first that would link them, and it did, or something contradicted it.
 * - `ambiguous`: agree on a token that does not name one person everywhere; or this pass was the first that would
 *   link them and they may as well be somebody else.
 *
 * What is left of `pairs` was decided by an earlier pass, or the pass is weak and decides nothing. Of a sealed pass
 * `pairs`, `alone` and `households` are the records that meet in it; `linked`, `refused` and `ambiguous` (possible) are
 * pairs of persons whose best meeting it was the first to bring about.
 *
 * - `alone`, `linked_alone`: pairs that agree on no other pass of its kind, and those of them that it linked: what
 *   would be lost without it.
 * - `households`: of a sealed pass, pairs who share a household and no first name.
 */
export const passRows = ({ decided, token_passes }: FoundTables): Sql => {
  const added = (where: Sql): Sql => sql`CAST(coalesce(sum(sums.pairs) FILTER (${where}), 0) AS BIGINT)`;
  return sql`SELECT 'tokens' AS kind, pass, CAST(coalesce(any_value(all_pairs), 0) AS BIGINT) AS pairs,
        count(*) FILTER (verdict = 'linked') AS linked,
        CAST(coalesce(any_value(all_unclear), 0) + count(*) FILTER (verdict = 'ambiguous') AS BIGINT) AS ambiguous,
        count(*) FILTER (verdict = 'refused') AS refused,
        CAST(coalesce(any_value(all_alone), 0) AS BIGINT) AS alone,
        count(*) FILTER (verdict = 'linked' AND agreeing = bit) AS linked_alone, NULL::BIGINT AS households
      FROM pass_names LEFT JOIN (
        SELECT bit, sum(pairs) AS all_pairs, sum(unclear) AS all_unclear, sum(alone) AS all_alone FROM ${token_passes} GROUP BY bit
      ) USING (bit) LEFT JOIN (SELECT bit, verdict, agreeing FROM ${decided}) USING (bit)
      GROUP BY pass
      UNION ALL
      SELECT 'sealed' AS kind, pass, any_value(sealed_passes.pairs) AS pairs, ${added(sql`verdict = 'linked'`)} AS linked,
        ${added(sql`verdict = 'possible'`)} AS ambiguous, ${added(sql`verdict = 'refused'`)} AS refused,
        any_value(sealed_passes.alone) AS alone, any_value(linked_alone) AS linked_alone, any_value(households) AS households
      FROM sealed_passes LEFT JOIN pair_sums AS sums USING (place) GROUP BY pass`;
};
