import { formulaSafe } from '@throughline/core';
import type { Answer, Shown } from '@throughline/engine';
import { Bool, Float64, Int64, Table, tableToIPC, Utf8, vectorFromArray } from 'apache-arrow';
import { writeToString } from 'fast-csv';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { DownloadFormat } from '../pages/place.js';

/** Bytes of a download and what they are. */
export type Download = { readonly bytes: Uint8Array | string; readonly type: string };

/** The most rows of one download; whoever wants more takes the file of the release itself. */
export const DOWNLOAD_ROWS = 200_000;

const csvValue = (value: Shown): string =>
  value === null ? '' : typeof value === 'string' ? formulaSafe(value) : String(value);

type Kind = 'integer' | 'number' | 'boolean' | 'text';

/** What both columnar formats can hold exactly; everything else is text. */
function kindOf(type: string, values: readonly Shown[]): Kind {
  const all = (holds: (value: Shown) => boolean) => values.every((value) => value === null || holds(value));
  if (/^(?:BIG|SMALL|TINY)?INT(?:EGER)?$/.test(type) && all(Number.isSafeInteger)) return 'integer';
  if (/^(?:DOUBLE|FLOAT)$/.test(type) && all((value) => typeof value === 'number')) return 'number';
  return type === 'BOOLEAN' ? 'boolean' : 'text';
}

type Column = { readonly name: string; readonly kind: Kind; readonly values: readonly Shown[] };

const columnsOf = ({ columns, rows }: Answer): readonly Column[] =>
  columns.map(({ name, type }, at) => {
    const values = rows.map((row) => row[at] ?? null);
    return { name, kind: kindOf(type, values), values };
  });

const textOf = (value: Shown): string | null => (value === null ? null : String(value));
const wholeOf = (value: Shown): bigint | null => (value === null ? null : BigInt(value));

const arrowVector = ({ kind, values }: Column) => {
  if (kind === 'integer') return vectorFromArray(values.map(wholeOf), new Int64());
  if (kind === 'number') return vectorFromArray(values, new Float64());
  return kind === 'boolean'
    ? vectorFromArray(values, new Bool())
    : vectorFromArray(values.map(textOf), new Utf8());
};

const arrow = (columns: readonly Column[]): Uint8Array =>
  tableToIPC(
    new Table(Object.fromEntries(columns.map((column) => [column.name, arrowVector(column)]))),
    'file',
  );

const PARQUET_TYPES = { integer: 'INT64', number: 'DOUBLE', boolean: 'BOOLEAN', text: 'STRING' } as const;

const PARQUET_VALUES: Readonly<Record<Kind, (value: Shown) => Shown | bigint>> = {
  integer: wholeOf,
  number: (value) => value,
  boolean: (value) => value,
  text: textOf,
};

const parquet = (columns: readonly Column[]): Uint8Array =>
  new Uint8Array(
    parquetWriteBuffer({
      columnData: columns.map(({ name, kind, values }) => ({
        name,
        type: PARQUET_TYPES[kind],
        nullable: true,
        data: values.map(PARQUET_VALUES[kind]),
      })),
    }),
  );

const csv = ({ columns, rows }: Answer): Promise<string> =>
  writeToString(
    rows.map((row) => row.map(csvValue)),
    {
      headers: columns.map(({ name }) => name),
      alwaysWriteHeaders: true,
      rowDelimiter: '\r\n',
      includeEndRowDelimiter: true,
    },
  );

/** An answer as a file. */
export async function downloadOf(answer: Answer, format: DownloadFormat): Promise<Download> {
  if (format === 'csv') return { bytes: await csv(answer), type: 'text/csv; charset=utf-8' };
  if (format === 'arrow')
    return { bytes: arrow(columnsOf(answer)), type: 'application/vnd.apache.arrow.file' };
  return { bytes: parquet(columnsOf(answer)), type: 'application/vnd.apache.parquet' };
}
