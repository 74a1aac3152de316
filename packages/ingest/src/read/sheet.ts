import type { FieldManifest } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { headerNotFound, requireHeader } from './header.js';
import { layoutOf, type Pick, picksOf } from './layout.js';
import type { Cell, RowSink } from './rows.js';

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

type Place = {
  readonly section: Section;
  /** Undefined until the section's header has been read. */
  readonly table?: { readonly picks: readonly Pick[]; readonly width: number };
};

/**
 * Reads the tables of a sheet into the sink. What stands after the closing row is rejected, not ignored.
 *
 * @throws ThroughlineError HEADER_*, COLUMN_REFUSED; EXTRACT_TRUNCATED where the closing row is missing.
 */
export function readSheet(
  { extract, manifest, sheet }: { extract: string; manifest: FieldManifest; sheet: Sheet },
  rows: Iterable<SheetRow>,
  sink: RowSink,
): void {
  const { refused } = layoutOf(manifest);
  let place: Place | undefined = startOf(sheet);
  let headers = 0;
  let closed = false;
  for (const { line, cells } of bodyOf(sheet, rows)) {
    const heading = sectionAt(sheet, cells);
    if (closed) sink.reject(line, 'after_closing');
    else if (isClosing(sheet, cells)) closed = true;
    else if (heading !== undefined) place = { section: heading };
    else if (place === undefined) sink.reject(line, 'outside_sections');
    else if (place.table === undefined) {
      const { columns } = place.section;
      requireHeader(cells, { extract, columns, refused });
      place = { ...place, table: tableUnder(manifest, place.section, cells) };
      headers += 1;
    } else takeRow(place.table, { line, cells }, sink);
  }
  if (headers === 0) throw headerNotFound({ extract, columns: layoutOf(manifest).columns, refused }, 0);
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

function* bodyOf({ titleRows }: Sheet, rows: Iterable<SheetRow>): Generator<SheetRow> {
  let left = titleRows;
  for (const row of rows) {
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
  return { picks: picksOf(manifest, { header, section: name }).picks, width: header.length };
}

function takeRow(
  { picks, width }: NonNullable<Place['table']>,
  { line, cells }: SheetRow,
  sink: RowSink,
): void {
  if (cells.length !== width) sink.reject(line, 'field_count');
  else
    sink.row(
      line,
      picks.map((pick) => pick(cells)),
    );
}
