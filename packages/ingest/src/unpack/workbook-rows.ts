import type { GuardedSource } from '@throughline/engine';
import { readSheet } from 'read-excel-file/node';
import { withoutControls } from '../read/decode.js';
import { limits } from '../read/limits.js';
import { isoText } from './column-cells.js';
import { malformed, overLimit, type Tell } from './told.js';
import { type Outline, outlineOf, type Range } from './workbook-outline.js';

export type WorkbookJob = {
  readonly sheet: string;
  readonly headerRow: number;
  readonly headerRows: 1 | 2;
  readonly hidden: boolean;
  /** Columns in which a number is a day number. */
  readonly serialDates: readonly string[];
};

type Cell = string | null;

/** A number as the file writes it, until it is known whether it is a day. */
type Written = { readonly number: string };

/**
 * Tells the rows of one sheet, blank ones included, as wide as the header: a date cell as an ISO date, a number as the
 * file writes it. A header of two rows is told as one.
 */
export async function workbookRows(source: GuardedSource, job: WorkbookJob, tell: Tell): Promise<void> {
  if (source.bytes > limits.workbook) throw overLimit('bytes of a workbook', limits.workbook);
  const outline = await outlineOf(source);
  const sheet = outline.sheets.find(({ name }) => name === job.sheet);
  if (sheet === undefined) throw malformed('a workbook with the sheet that the manifest names');
  if (sheet.hidden !== job.hidden) {
    throw malformed(job.hidden ? 'a sheet that is hidden' : 'a sheet that is not hidden');
  }
  const rows = await cellsOf(source, job.sheet);
  const merged = job.headerRows === 2 ? await outline.merged(sheet.part ?? '') : [];
  const header = headerOf(rows, job, merged);
  const isDate = header.map((name) => job.serialDates.includes(name ?? ''));
  for (const [index, cells] of rows.entries()) {
    const row = index + 1;
    if (row === job.headerRow) tell(['row', row, header]);
    else {
      const from1904 = (at: number) => (isDate[at] === true ? outline.from1904 : undefined);
      tell(['row', row, cells.map((cell, at) => textOf(cell, { tell, from1904: from1904(at) }))]);
    }
  }
}

async function cellsOf(source: GuardedSource, sheet: string): Promise<readonly (readonly unknown[])[]> {
  const bytes = Buffer.from(source.read(0, source.bytes));
  const rows: unknown = await readSheet(bytes, sheet, {
    parseNumber: (written): Written => ({ number: written }),
  });
  return rows as readonly (readonly unknown[])[];
}

function headerOf(
  rows: readonly (readonly unknown[])[],
  { headerRow, headerRows }: WorkbookJob,
  merged: readonly Range[],
): Cell[] {
  const names = (rows[headerRow - 1] ?? []).map(plainText);
  if (headerRows === 1) return names;
  const above = rows[headerRow - 2] ?? [];
  return Array.from({ length: Math.max(names.length, above.length) }, (_, index) => {
    const heading = plainText(above[leftmost(merged, headerRow - 1, index + 1) - 1])?.trim() ?? '';
    const name = names[index]?.trim() ?? '';
    return [heading, name].filter((part) => part !== '').join(' / ');
  });
}

/** The column whose cell a cell shows: the first of its merged range, or its own. */
function leftmost(merged: readonly Range[], row: number, column: number): number {
  const range = merged.find(
    ({ top, left, bottom, right }) => top <= row && row <= bottom && left <= column && column <= right,
  );
  return range?.left ?? column;
}

const isWritten = (cell: unknown): cell is Written =>
  typeof cell === 'object' && cell !== null && 'number' in cell;

function plainText(cell: unknown): Cell {
  if (cell === null || cell === undefined) return null;
  if (cell instanceof Date) return isoText(cell);
  return isWritten(cell) ? cell.number : String(cell);
}

type Around = { readonly tell: Tell; readonly from1904: boolean | undefined };

function textOf(cell: unknown, { tell, from1904 }: Around): Cell {
  if (isWritten(cell) && from1904 !== undefined) return dayOf(cell.number, from1904);
  const text = plainText(cell);
  if (text === null || isWritten(cell)) return text;
  const clean = withoutControls(text);
  if (clean.stripped > 0) tell(['stripped', clean.stripped]);
  return clean.text;
}

const DAY = 86_400_000;
/** Day 61 is 1 March 1900: Excel counts a 29 February that there was not, so earlier days are one too many. */
const FIRST_SOUND_DAY = 61;
const LAST_DAY = 2_958_465;

/** A day number of whole days as an ISO date; anything else as it is written, so that it is counted as no date. */
function dayOf(written: string, from1904: boolean): string {
  const number = Number(written);
  const first = from1904 ? 0 : FIRST_SOUND_DAY;
  if (!/^\d{1,7}$/.test(written) || number < first || number > LAST_DAY) return written;
  const epoch = from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30);
  return new Date(epoch + number * DAY).toISOString().slice(0, 10);
}

/** The sheets of a workbook, for its profile. */
export const sheetsOf = async (source: GuardedSource): Promise<Outline['sheets']> =>
  (await outlineOf(source)).sheets;
