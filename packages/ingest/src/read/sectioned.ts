import type { ExtractFormat } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import type { ExtractFile } from '@throughline/engine';
import { parseString } from 'fast-csv';
import { decodedText } from './decode.js';
import type { Reading } from './delimited.js';
import type { RowSink } from './rows.js';
import { readSheet, type SheetRow } from './sheet.js';

type Sectioned = Extract<ExtractFormat, { type: 'sectioned' }>;

/** Sheets for people are read whole; no roster that a person reads is larger. */
export const LARGEST_SHEET = 16 * 1024 * 1024;

/**
 * Reads a sectioned sheet into the sink.
 *
 * @throws ThroughlineError EXTRACT_REFUSED (too large), ENCODING_BROKEN, HEADER_*, COLUMN_REFUSED, EXTRACT_TRUNCATED.
 */
export async function readSectioned(
  { file, manifest, format }: Reading<Sectioned>,
  sink: RowSink,
): Promise<void> {
  requireSmall(file);
  let text = '';
  for await (const piece of decodedText(file, format.encoding)) {
    text += piece.text;
    sink.stripped(piece.stripped);
  }
  const { title_rows: titleRows, sections, closing } = format;
  const rows = await parsedRows(file, format, text);
  readSheet({ extract: file.name, manifest, sheet: { titleRows, sections, closing } }, rows, sink);
}

export function requireSmall({ name, bytes }: ExtractFile): void {
  if (bytes <= LARGEST_SHEET) return;
  throw new ThroughlineError('EXTRACT_REFUSED', { extract: safeName(name), bytes, largest: LARGEST_SHEET });
}

async function parsedRows(
  file: ExtractFile,
  { delimiter, quote, escape: escaping }: Sectioned,
  text: string,
): Promise<SheetRow[]> {
  const rows: SheetRow[] = [];
  let line = 1;
  const escapes = escaping === 'backslash' ? { escape: '\\' } : {};
  try {
    for await (const row of parseString(text, { delimiter, quote, ...escapes })) {
      const cells: string[] = row;
      rows.push({ line, cells });
      line += 1 + cells.reduce((breaks, cell) => breaks + breaksIn(cell), 0);
    }
  } catch {
    // The parser's message repeats the row.
    throw new ThroughlineError('EXTRACT_TRUNCATED', {
      extract: safeName(file.name),
      after_line: line,
      rule: safeName('quote not closed'),
    });
  }
  return rows;
}

const breaksIn = (cell: string): number => cell.match(/\r\n|\r|\n/g)?.length ?? 0;
