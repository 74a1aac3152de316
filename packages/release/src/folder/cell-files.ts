import { join } from 'node:path';
import type { OutputArtifact, Session } from '@throughline/engine';
import { sql } from '@throughline/engine';
import { Int64, Table, tableToIPC, Utf8, vectorFromArray } from 'apache-arrow';
import { writeToString } from 'fast-csv';
import type { ReleasedCell } from '../cells/released-cells.js';
import { columnWords, releaseColumns } from './columns.js';

const ABOUT = 'Cells of access and outcome measures after disclosure control. Empty is withheld, never zero.';

/** Writes the cells as CSV, Arrow IPC and DuckDB beside the Parquet table that stands already. */
export async function writeCellFiles(
  output: OutputArtifact<'release'>,
  cells: readonly ReleasedCell[],
  session: Session,
): Promise<void> {
  await output.file('cells.csv', await csvOf(cells));
  await output.file('cells.arrow', arrowOf(cells));
  await session.save('write release.duckdb', join(output.folder, 'release.duckdb'), [
    { name: 'cells', select: sql`SELECT * FROM released`, comment: ABOUT, columns: columnWords },
  ]);
  await output.written('release.duckdb');
}

/** Spreadsheets take a cell that begins so for a formula (CWE-1236); a leading apostrophe makes it text. */
const FORMULA = /^[=+\-@\t\r]/;

const csvOf = (cells: readonly ReleasedCell[]): Promise<string> =>
  writeToString(
    cells.map((cell) =>
      Object.fromEntries(Object.entries(cell).map(([name, value]) => [name, csvValue(value)])),
    ),
    {
      headers: releaseColumns.map(({ name }) => name),
      rowDelimiter: '\r\n',
      includeEndRowDelimiter: true,
    },
  );

const csvValue = (value: string | number | null): string => {
  const text = value === null ? '' : String(value);
  return FORMULA.test(text) ? `'${text}` : text;
};

function arrowOf(cells: readonly ReleasedCell[]): Uint8Array {
  const columns = releaseColumns.map(({ name, type }) => {
    const values = cells.map((cell) => cell[name as keyof ReleasedCell]);
    const vector =
      type === 'BIGINT'
        ? vectorFromArray(
            values.map((value) => (value === null ? null : BigInt(value))),
            new Int64(),
          )
        : vectorFromArray(values, new Utf8());
    return [name, vector] as const;
  });
  return tableToIPC(new Table(Object.fromEntries(columns)), 'file');
}
