import type { FieldManifest } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { type HeaderMatch, headerNotFound, listedHeader, requireHeader } from './header.js';
import { expectedOf, type Picked, picksOf } from './layout.js';
import { type Cell, type RowSink, takeRows } from './rows.js';

/** A row of a sheet, blank ones included. */
export type SheetRow = { readonly line: number; readonly cells: readonly Cell[] };

/** A sheet for people: title rows, tables under headings, a closing row. */
export type Sheet = {
  readonly titleRows: number;
  readonly sections: readonly {
    readonly name: string;
    readonly heading: string | null;
    readonly columns: readonly string[];
  }[];
  readonly closing: string | null;
};
type Section = Sheet['sections'][number];

export type SheetReading = {
  readonly extract: string;
  readonly manifest: FieldManifest;
  readonly sheet: Sheet;
  readonly match: HeaderMatch;
};

type Place = {
  readonly section: Section;
  /** Undefined until the section's header has been read. */
  readonly table?: { readonly picked: Picked; readonly header: readonly Cell[] };
};

/**
 * Reads the tables of a sheet into the sink. What stands after the closing row is rejected, not ignored.
 *
 * @throws ThroughlineError HEADER_*, COLUMN_REFUSED; EXTRACT_TRUNCATED where the closing row is missing.
 */
export async function readSheet(
  { extract, manifest, sheet, match }: SheetReading,
  rows: Iterable<SheetRow> | AsyncIterable<SheetRow>,
  sink: RowSink,
): Promise<void> {
  const expected = expectedOf(extract, manifest);
  let place: Place | undefined = startOf(sheet);
  let headers = 0;
  let closed = false;
  for await (const { line, cells } of bodyOf(sheet, rows)) {
    const heading = sectionAt(sheet, cells);
    if (closed) sink.reject(line, 'after_closing');
    else if (isClosing(sheet, cells)) closed = true;
    else if (heading !== undefined) place = { section: heading };
    else if (place === undefined) sink.reject(line, 'outside_sections');
    else if (place.table === undefined) {
      const { columns } = place.section;
      const header = listedHeader(cells, columns, match);
      requireHeader(header, { ...expected, columns });
      place = { ...place, table: tableUnder(manifest, place.section, header) };
      headers += 1;
    } else if (!isHeader(place.table, listedHeader(cells, place.section.columns, match)))
      takeRow(place.table, { line, cells }, sink);
  }
  if (headers === 0) throw headerNotFound(expected, 0);
  if (sheet.closing !== null && !closed) throw notClosed(extract);
}

const notClosed = (extract: string) =>
  new ThroughlineError('EXTRACT_TRUNCATED', {
    extract: safeName(extract),
    rule: safeName('no closing row'),
  });

/** A first section without a heading begins at once. */
function startOf({ sections }: Sheet): Place | undefined {
  const section = sections.find(({ heading }) => heading === null);
  return section === undefined ? undefined : { section };
}

const isEmpty = (cell: Cell | undefined): boolean => (cell ?? '').trim() === '';

async function* bodyOf(
  { titleRows }: Sheet,
  rows: Iterable<SheetRow> | AsyncIterable<SheetRow>,
): AsyncGenerator<SheetRow> {
  let left = titleRows;
  for await (const row of rows) {
    if (left > 0) left -= 1;
    else if (!row.cells.every(isEmpty)) yield row;
  }
}

const isClosing = ({ closing }: Sheet, [first]: readonly Cell[]): boolean =>
  closing !== null && first?.trim() === closing;

/** A heading stands alone in its row. */
function sectionAt({ sections }: Sheet, [first, ...others]: readonly Cell[]): Section | undefined {
  if (!others.every(isEmpty)) return undefined;
  return sections.find(({ heading }) => heading !== null && first?.trim() === heading);
}

function tableUnder(manifest: FieldManifest, { name }: Section, header: readonly Cell[]) {
  return { picked: picksOf(manifest, { header, section: name }), header };
}

/** Reports repeat the header on every page. */
const isHeader = ({ header }: NonNullable<Place['table']>, cells: readonly Cell[]): boolean =>
  cells.length === header.length && cells.every((cell, index) => (cell ?? '') === (header[index] ?? ''));

function takeRow(
  { picked, header }: NonNullable<Place['table']>,
  { line, cells }: SheetRow,
  sink: RowSink,
): void {
  if (cells.length !== header.length) sink.reject(line, 'field_count');
  else takeRows({ line, cells }, picked, sink);
}
