import type { ExtractFormat } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import type { ExtractFile } from '@throughline/engine';
import { readSheet as readWorkbookSheet } from 'read-excel-file/node';
import { withoutControls } from './decode.js';
import type { Reading } from './delimited.js';
import { layoutOf } from './layout.js';
import type { Cell, RowSink } from './rows.js';
import { requireSmall } from './sectioned.js';
import { readSheet, type SheetRow } from './sheet.js';

type Workbook = Extract<ExtractFormat, { type: 'workbook' }>;

/**
 * Reads one sheet of a workbook into the sink; other sheets, hidden or not, are not looked at.
 *
 * @throws ThroughlineError EXTRACT_REFUSED (too large, or no workbook with such a sheet), HEADER_*,
 *   COLUMN_REFUSED, EXTRACT_TRUNCATED.
 */
export async function readWorkbook(
  { file, manifest, format }: Reading<Workbook>,
  sink: RowSink,
): Promise<void> {
  requireSmall(file);
  const { columns } = layoutOf(manifest);
  const sheet = {
    titleRows: format.header_row - 1,
    sections: [{ name: format.sheet, heading: null, columns }],
    closing: format.closing,
  };
  const rows = asWideAs(columns.length, await sheetRows(file, format.sheet, sink));
  readSheet({ extract: file.name, manifest, sheet }, rows, sink);
}

async function sheetRows(file: ExtractFile, sheet: string, sink: RowSink): Promise<SheetRow[]> {
  const bytes = await wholeOf(file);
  try {
    const rows = await readWorkbookSheet(bytes, sheet, { parseNumber: (written) => written });
    return rows.map((cells, index) => ({
      line: index + 1,
      cells: cells.map((cell) => cellText(cell, sink)),
    }));
  } catch {
    // The library's messages repeat the names of sheets and the texts of cells.
    throw new ThroughlineError('EXTRACT_REFUSED', {
      extract: safeName(file.name),
      rule: safeName('a workbook with the sheet that the manifest names'),
    });
  }
}

async function wholeOf(file: ExtractFile): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of file.read()) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** A date cell as an ISO date; a number as the file writes it. */
function cellText(cell: unknown, sink: RowSink): Cell {
  if (cell === null || cell === undefined) return null;
  if (cell instanceof Date) return isoText(cell);
  const { text, stripped } = withoutControls(String(cell));
  sink.stripped(stripped);
  return text;
}

/** A date cell with a time of day keeps it, so that no format of dates alone takes it in. */
function isoText(date: Date): string {
  if (Number.isNaN(date.getTime())) return 'not a date';
  const text = date.toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text;
}

/** Rows of a sheet end where their last cell is; empty ones are put to or taken from the end. */
const asWideAs = (width: number, rows: readonly SheetRow[]): SheetRow[] =>
  rows.map(({ line, cells }) => {
    const surplus = cells.slice(width).some((cell) => cell !== null);
    return {
      line,
      cells: surplus ? cells : Array.from({ length: width }, (_, index) => cells[index] ?? null),
    };
  });
