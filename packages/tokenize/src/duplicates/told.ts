import { OWN_DUPLICATES, tellsDuplicates } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { type ReadArtifact, type Session, type Sql, sql } from '@throughline/engine';
import type { LinkageTerms } from '../keys/derive.js';

export type OwnDuplicates = ReadArtifact<'duplicates'>;

/**
 * The owner's duplicates, where the memorandum lets owners tell of them; undefined where it does not.
 *
 * @throws ThroughlineError ARTIFACT_MISSING where they are to be told and have not been looked for.
 */
export function duplicatesTold(
  { linkage }: LinkageTerms,
  [own, ...others]: readonly OwnDuplicates[],
  of: string,
): OwnDuplicates | undefined {
  if (!tellsDuplicates(linkage)) return undefined;
  if (own?.of === of && others.length === 0) return own;
  throw new ThroughlineError('ARTIFACT_MISSING', { kind: safeName('duplicates'), of: safeName(of) });
}

/** @throws ThroughlineError CONFIG_INVALID where the memorandum does not let owners tell of them. */
export function requireToldDuplicates({ linkage }: LinkageTerms): void {
  if (tellsDuplicates(linkage)) return;
  throw new ThroughlineError('CONFIG_INVALID', {
    field: safeName(`linkage.${OWN_DUPLICATES}`),
    rule: safeName('a memorandum that lets owners tell of their own duplicates'),
  });
}

/**
 * Pairs of a first record and another that the owner holds to be one person; records that are not there any more are
 * left out.
 */
export const toldPairs = (duplicates: OwnDuplicates): Sql =>
  sql`SELECT first, record FROM (
        SELECT record, min(record) OVER (PARTITION BY person) AS first
        FROM ${duplicates.table('duplicates')} JOIN numbered USING (record_id)
      ) WHERE first < record ORDER BY first, record`;

/** The table of a delivery: records that share a person, each with the least of their ids. */
export const toldRows = (duplicates: OwnDuplicates): Sql =>
  sql`SELECT record_id, min(record_id) OVER (PARTITION BY person) AS person
      FROM ${duplicates.table('duplicates')} SEMI JOIN numbered USING (record_id)
      QUALIFY count(*) OVER (PARTITION BY person) > 1`;

/** Last night's persons by tonight's record numbers, in numbers of their own; NO_VALUE where one was by itself. */
export async function personsBefore(
  session: Session,
  duplicates: OwnDuplicates,
): Promise<ReadonlyMap<number, number>> {
  const numbers = new Map<string, number>();
  const before = new Map<number, number>();
  const rows = sql`SELECT record, CAST(person AS VARCHAR) AS person
      FROM ${duplicates.table('duplicates')} JOIN numbered USING (record_id) ORDER BY record`;
  for await (const [records = [], persons = []] of session.columns('persons before', rows)) {
    for (const [index, record] of records.entries()) {
      const person = String(persons[index]);
      const number = numbers.get(person) ?? numbers.size;
      numbers.set(person, number);
      before.set(Number(record), number);
    }
  }
  return before;
}
