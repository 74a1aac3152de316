import type { ReadArtifact, Session } from '@throughline/engine';
import { sql } from '@throughline/engine';
import type { Identifiers } from '@throughline/tokenize';
import type { Roll } from './files.js';

/** The owner's own records as a roll: of each whole set of identifiers one, in an order that says nothing. */
export async function readOwnRoll(identifiers: ReadArtifact<'identifiers'>, session: Session): Promise<Roll> {
  const rows = await session.rows(
    'own roll',
    sql`SELECT DISTINCT ON (first, last, birth_date) * FROM ${identifiers.table('identifiers')} ORDER BY record_id`,
  );
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  return {
    rows: rows.map(
      (row): Identifiers => ({
        first: text(row['first']),
        first_root: text(row['first_root']),
        middle: text(row['middle']),
        last: text(row['last']),
        last_parts: text(row['last_parts']),
        birth_date: text(row['birth_date']),
        sex: text(row['sex']),
        street_number: text(row['street_number']),
        street: text(row['street']),
        zip: text(row['zip']),
        phone: text(row['phone']),
        email: text(row['email']),
        guardian: text(row['guardian']),
        state_id: text(row['state_id']),
        district_id: text(row['district_id']),
      }),
    ),
    nicknames: rows.map(() => null),
  };
}
