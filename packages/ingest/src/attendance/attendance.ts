import type { Session } from '@throughline/engine';
import { type Sql, sql } from '@throughline/engine';
import { payloadTable } from '../keep/payload.js';
import type { PlannedExtract } from '../plan/plan.js';
import { marksLeftOut, registerSelects, registerTables } from './registers.js';

/**
 * Makes the registers of a partner's records, from the rows that are kept.
 *
 * @returns the number of registers.
 */
export async function makeRegisters(
  session: Session,
  extracts: readonly PlannedExtract[],
  today: string,
): Promise<number> {
  const feeding = (table: 'students' | 'enrolments' | 'calendar' | 'absences') =>
    extracts.filter(({ manifest }) => manifest.payload_table === table);
  const rowsOf = (table: Parameters<typeof feeding>[0]) => payloadTable(table, feeding(table));
  const selects = registerSelects(
    {
      students: rowsOf('students'),
      enrolments: rowsOf('enrolments'),
      calendar: rowsOf('calendar'),
      absences: rowsOf('absences'),
    },
    feeding('absences').map(({ manifest }) => manifest.scope),
    today,
  );
  let made = 0;
  for (const table of registerTables) made = await session.make(`registers: ${table}`, table, selects[table]);
  return made;
}

/** The table `attendance`. */
export const attendanceRows: Sql = sql`SELECT record_id, school, first_day, marks FROM registers`;

/** Marks that count for nothing, by reason. */
export async function leftOutMarks(
  session: Session,
): Promise<readonly { readonly reason: string; readonly rows: number }[]> {
  const rows = await session.rows('registers: marks left out', marksLeftOut);
  return rows.map((row) => ({ reason: String(row['reason']), rows: Number(row['rows']) }));
}
