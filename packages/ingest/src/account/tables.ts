import { type Sql, sql, sqlJoin } from '@throughline/engine';
import { type Account, rowsOf } from './account.js';

/** The table `extracts`: what each extract covered. `none` where nothing of it is kept as a payload table. */
export function extractsOf(accounts: readonly Account[]): Sql {
  return unionOf(
    accounts.map((account) => {
      const { name, manifest } = account.extract;
      const { covers_from, covers_to, active_only, exceptions_only } = manifest.scope;
      return sql`SELECT ${name} AS extract, ${manifest.payload_table ?? 'none'} AS payload_table,
        ${account.rowsIn}::BIGINT AS rows_in, ${rowsOf(account, 'kept')}::BIGINT AS rows_kept,
        ${active_only} AS active_only, ${exceptions_only} AS exceptions_only,
        ${covers_from}::DATE AS covers_from, ${covers_to}::DATE AS covers_to`;
    }),
  );
}

/** Days of attendance that count for nothing, of all exports of absences together. */
type LeftOutMarks = readonly { readonly reason: string; readonly rows: number }[];

/**
 * The table `accounting`: where rows went; and, as `noted`, how many values were set aside or mended, and how many
 * days of attendance count for nothing, beside the first extract of absences.
 */
export function accountingOf(accounts: readonly Account[], marks: LeftOutMarks): Sql {
  const marked = accounts.find(({ extract }) => extract.manifest.payload_table === 'absences');
  return unionOf(
    accounts.flatMap((account) => {
      const line = (outcome: string, reason: string, rows: number) =>
        sql`SELECT ${account.extract.name} AS extract, ${outcome} AS outcome, ${reason} AS reason, ${rows}::BIGINT AS rows`;
      const kept = rowsOf(account, 'kept') === 0 ? [line('kept', 'kept', 0)] : [];
      const stripped = account.stripped === 0 ? [] : [line('noted', 'control_characters', account.stripped)];
      return [
        ...kept,
        ...account.outcomes.map(({ outcome, reason, rows }) => line(outcome, reason, rows)),
        ...account.notes.map(({ field, note, count }) => line('noted', `${note}:${field}`, count)),
        ...stripped,
        ...(account === marked ? marks.map(({ reason, rows }) => line('noted', reason, rows)) : []),
        ...(account.readAs === null ? [] : [line('noted', `read_as:${account.readAs}`, account.rowsIn)]),
      ];
    }),
  );
}

const unionOf = (selects: readonly Sql[]): Sql => sqlJoin(selects, sql` UNION ALL `);
