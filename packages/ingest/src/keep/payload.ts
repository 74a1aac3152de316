import type { FieldManifest } from '@throughline/agreement';
import {
  type ColumnType,
  columnsOf,
  type PayloadTable,
  payloadTables,
  safeName,
  ThroughlineError,
} from '@throughline/core';
import { ident, type OutputArtifact, type Sql, sql, sqlJoin, sqlType } from '@throughline/engine';
import { type Account, rowsOf } from '../account/account.js';
import { keptRows } from '../account/outcomes.js';
import { hasUnknown, valueColumn, wordType } from '../load/values.js';
import type { PlannedExtract } from '../plan/plan.js';

/**
 * Writes every payload table, empty where the partner sends nothing for it, so that a reader need not ask which
 * there are.
 *
 * @returns the number of rows written.
 * @throws ThroughlineError ROWS_UNACCOUNTED where a table's rows are not the rows kept.
 */
export async function writePayload(
  payload: OutputArtifact<'payload'>,
  accounts: readonly Account[],
): Promise<number> {
  let written = 0;
  for (const table of Object.keys(payloadTables) as PayloadTable[]) {
    const feeding = accounts.filter(({ extract }) => extract.manifest.payload_table === table);
    const rows = await payload.table(
      table,
      payloadTable(
        table,
        feeding.map(({ extract }) => extract),
      ),
    );
    const kept = feeding.reduce((sum, account) => sum + rowsOf(account, 'kept'), 0);
    if (rows !== kept) throw new ThroughlineError('ROWS_UNACCOUNTED', { table: safeName(table), rows, kept });
    written += rows;
  }
  return written;
}

/** The rows of a payload table, of the extracts that feed it. */
export function payloadTable(table: PayloadTable, extracts: readonly PlannedExtract[]): Sql {
  const columns = columnsOf(payloadTables[table]);
  if (extracts.length === 0) {
    const nothing = columns.map(({ name, type }) => sql`NULL::${sqlType(type)} AS ${ident(name)}`);
    return sql`SELECT ${sqlJoin(nothing)} WHERE false`;
  }
  return sqlJoin(
    extracts.map((extract) => {
      const values = columns.map((column) => sql`${payloadValue(extract, column)} AS ${ident(column.name)}`);
      return sql`SELECT ${sqlJoin(values)} FROM (${keptRows(extract)})`;
    }),
    sql` UNION ALL `,
  );
}

type PayloadColumn = { readonly name: string; readonly type: ColumnType };

/** A field's value, a constant, or what stands for "not known": the word for it, or nothing. */
function payloadValue({ layout, manifest }: PlannedExtract, { name, type }: PayloadColumn): Sql {
  if (name === 'record_id') return ident(name);
  const index = layout.fields.findIndex(({ column }) => column === name);
  const field = layout.fields[index];
  if (field === undefined) return constantOf(manifest, { name, type });
  const value = field.band === undefined ? valueColumn(index) : banded(field.band, valueColumn(index));
  return hasUnknown(name) ? sql`coalesce(${value}, 'unknown'::${wordType(name)})` : value;
}

/** A column that no field fills is unknown where it must hold something; where it need not, it stays empty. */
function constantOf({ constants, payload_table }: FieldManifest, { name, type }: PayloadColumn): Sql {
  const constant = constants[name];
  const own = type === 'VARCHAR' ? wordType(name) : sqlType(type);
  if (constant !== undefined) return sql`${constant}::${own}`;
  const required =
    payload_table !== null &&
    columnsOf(payloadTables[payload_table]).some((column) => column.name === name && !column.nullable);
  return required && hasUnknown(name) ? sql`'unknown'::${own}` : sql`NULL::${own}`;
}

/** The first day of the month or year. */
const banded = (band: 'month' | 'year', date: Sql): Sql => sql`date_trunc(${band}, ${date})::DATE`;
