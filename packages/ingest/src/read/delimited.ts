import type { ExtractFormat, FieldManifest } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import type { ReadableFile } from '@throughline/engine';
import { decodedText, encodingOf } from './decode.js';
import { headerNotFound, listedHeader, requireHeader } from './header.js';
import { expectedOf, type Picked, picksOf } from './layout.js';
import { afterLines } from './lines.js';
import { type RowSink, takeRows } from './rows.js';
import { type Cut, type ScannedRecord, type Scanner, scannerOf } from './scan.js';

/** An extract and the manifest that says how to read it. */
export type Reading<Format extends ExtractFormat = ExtractFormat> = {
  readonly file: ReadableFile;
  readonly manifest: FieldManifest;
  readonly format: Format;
};

type Delimited = Reading<Extract<ExtractFormat, { type: 'delimited' }>>;

/**
 * Reads a delimited extract, in pieces, into the sink.
 *
 * @throws ThroughlineError ENCODING_BROKEN, HEADER_*, COLUMN_REFUSED, EXTRACT_TRUNCATED (with the line).
 */
export async function readDelimited(reading: Delimited, sink: RowSink): Promise<void> {
  const { file, format } = reading;
  const encoding = await encodingOf(file, format.encoding);
  sink.readAs(encoding);
  const rows = rowsOf(reading, sink);
  const pieces = decodedText(file, encoding);
  for await (const { text, stripped } of format.title_rows === 0
    ? pieces
    : afterLines(pieces, format.title_rows)) {
    sink.stripped(stripped);
    requireWhole(file, rows.scanner.push(text));
    await sink.flush();
  }
  requireWhole(file, rows.scanner.end());
  rows.end();
}

type Rows = { readonly scanner: Scanner; readonly end: () => void };

/** The scanner of an extract, and what its records become. */
function rowsOf({ file, manifest, format }: Delimited, sink: RowSink): Rows {
  const expected = expectedOf(file.name, manifest);
  const surplus = format.trailing_delimiter ? 1 : 0;
  let picked: Picked | undefined;
  let width = 0;
  let closed = false;
  const start = (header: readonly (string | null)[]) => {
    const found = picksOf(manifest, { header, section: null });
    picked = found;
    width = header.length;
    scanner.want(
      new Set([...found.wanted, ...(format.closing === null ? [] : [0]), ...(surplus ? [width] : [])]),
    );
  };
  const takeHeader = ({ cells }: ScannedRecord) => {
    const header = listedHeader(withoutSurplus(cells, surplus), expected.columns, format.header_match);
    requireHeader(header, expected);
    start(header);
  };
  const take = (record: ScannedRecord) => {
    if (picked === undefined) takeHeader(record);
    else if (closed) sink.reject(record.line, 'after_closing');
    else if (format.closing !== null && record.cells[0]?.trim() === format.closing) closed = true;
    else if (record.fault !== null) sink.reject(record.line, record.fault);
    else if (surplus > 0 && (record.cells[width] ?? '') !== '') sink.reject(record.line, 'field_count');
    else takeRows(record, picked, sink);
  };
  const own = format.columns;
  const scanner = scannerOf({ ...format, line: format.title_rows + 1 }, take, own && own.length + surplus);
  if (own !== undefined) start(own);
  const end = () => {
    if (picked === undefined) throw headerNotFound(expected, 0);
    if (format.closing !== null && !closed) throw truncated(file, { rule: safeName('no closing row') });
  };
  return { scanner, end };
}

/** A header whose every line ends with a delimiter has a last cell without a name. */
const withoutSurplus = (cells: readonly (string | null)[], surplus: number) =>
  surplus > 0 && (cells.at(-1) ?? '') === '' ? cells.slice(0, -1) : cells;

function requireWhole(file: ReadableFile, cut: Cut | null): void {
  if (cut !== null) throw truncated(file, { line: cut.line, rule: safeName(cut.rule) });
}

const truncated = ({ name }: ReadableFile, where: ConstructorParameters<typeof ThroughlineError>[1]) =>
  new ThroughlineError('EXTRACT_TRUNCATED', { extract: safeName(name), ...where });
