import {
  type OutputArtifact,
  type ReadArtifact,
  type Session,
  type Sql,
  sql,
  sqlEnum,
} from '@throughline/engine';
import { type OwnDuplicates, toldRows } from '../duplicates/told.js';
import { tokensEmitted } from './gate.js';

/** Every record, with the number of its tokens that are emitted and can link. */
const records = (): Sql =>
  sql`SELECT record_id, space, CAST(coalesce(tokens, 0) AS INTEGER) AS tokens
      FROM numbered LEFT JOIN (
        SELECT record, count(*) AS tokens FROM ${tokensEmitted()} SEMI JOIN (SELECT rule FROM rule_names WHERE links) USING (rule)
        GROUP BY record
      ) USING (record)`;

/** With rules as words of a list and records by number, which are sorted in half the time that names and ids take. */
const tokens = (rules: readonly string[]): Sql =>
  sql`SELECT words.name AS rule, token, record_id, record FROM ${tokensEmitted()}
      JOIN (SELECT rule, CAST(name AS ${sqlEnum(rules)}) AS name FROM rule_names) AS words USING (rule)
      JOIN numbered USING (record)`;

const spaces = (): Sql =>
  sql`SELECT space, any_value(duplicate_free) AS duplicate_free, count(record) AS records
      FROM spaces LEFT JOIN numbered USING (space) GROUP BY space`;

const missing = (): Sql =>
  sql`SELECT space, rule, reason, CAST(sum(records) AS BIGINT) AS records FROM unmade GROUP BY space, rule, reason
      UNION ALL
      SELECT spaces.space, name AS rule, reason, count(DISTINCT record) AS records
      FROM withheld JOIN rule_names USING (rule) JOIN spaces ON place = withheld.space GROUP BY ALL`;

export type Writing = {
  readonly identifiers: ReadArtifact<'identifiers'>;
  /** Whom the owner holds to be one person, where the memorandum lets it tell. */
  readonly duplicates: OwnDuplicates | undefined;
  readonly rules: readonly string[];
};

/** Writes the tables of the artifact. Whom families have withdrawn goes on by record id alone. @returns the number of tokens emitted. */
export async function writeTokens(
  output: OutputArtifact<'tokens'>,
  { identifiers, duplicates, rules }: Writing,
): Promise<number> {
  if (duplicates !== undefined) await output.table('own_duplicates', toldRows(duplicates), ['record_id']);
  await output.table('withdrawn', sql`SELECT * FROM ${identifiers.table('withdrawn')}`);
  await output.table('records', records());
  await output.table('spaces', spaces());
  await output.table('missing', missing());
  return output.table('tokens', tokens(rules), ['rule', 'token', 'record']);
}

/**
 * Notes for each space and rule how many records have a token (`holding`), how many of them alone (`alone`), how
 * many share the commonest (`largest`), and whether the rule was too common to be emitted (`common`, 0 or 1).
 */
export async function countGates(output: OutputArtifact<'tokens'>, session: Session): Promise<void> {
  const gates = await session.rows(
    'count gates',
    sql`SELECT spaces.space, name, holding, alone, largest, CAST(common AS INTEGER) AS common
        FROM gates JOIN rule_names USING (rule) JOIN spaces ON place = gates.space ORDER BY spaces.space, name`,
  );
  for (const gate of gates) {
    const by = { space: String(gate['space']), rule: String(gate['name']) };
    for (const name of ['holding', 'alone', 'largest', 'common']) output.count(name, Number(gate[name]), by);
  }
}
