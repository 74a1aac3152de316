import type { IdentifierColumn } from '@throughline/core';
import { ident, type Session, sql } from '@throughline/engine';
import type { Space } from '../identify/spaces.js';
import { isOver } from './moves.js';
import type { Found } from './reasons.js';

/** Numbers that tell one child from another. Siblings share telephones and addresses. */
const NUMBERS: readonly IdentifierColumn[] = ['state_id', 'district_id'];

/** Numbers of which one stands in many records, such as the name of the state in a column of state ids. */
export async function sameValues(session: Session, spaces: readonly Space[]): Promise<Found[]> {
  const found: Found[] = [];
  for (const { name, extracts, tables } of spaces) {
    const bearer = extracts.find(({ manifest }) => manifest.records?.identifiers === true);
    if (bearer === undefined) continue;
    for (const column of NUMBERS) {
      const [row = {}] = await session.rows(
        `records of ${name}`,
        sql`SELECT coalesce(max(records), 0) AS most, coalesce(sum(records), 0)::BIGINT AS records FROM (
          SELECT count(DISTINCT record_id) AS records FROM ${ident(tables.spellings)}
          WHERE ${ident(column)} IS NOT NULL GROUP BY ${ident(column)})`,
      );
      const [most, records] = [Number(row['most']), Number(row['records'])];
      if (isOver(most, records, { share: 0.01, count: 10 }))
        found.push({
          reason: 'same_value',
          place: `${name}.${column}`,
          counts: `${most} of ${records} records`,
        });
    }
  }
  return found;
}
