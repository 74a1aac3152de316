import type { ExtractFormat } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import type { ReadableFile } from '@throughline/engine';
import { decodedText, encodingOf } from './decode.js';
import type { Reading } from './delimited.js';
import { limits } from './limits.js';
import type { RowSink } from './rows.js';
import { readSheet, type SheetRow } from './sheet.js';

type Sectioned = Extract<ExtractFormat, { type: 'sectioned' }>;

/**
 * Reads a sectioned sheet into the sink.
 *
 * @throws ThroughlineError EXTRACT_OVER_LIMIT, ENCODING_BROKEN, HEADER_*, COLUMN_REFUSED, EXTRACT_TRUNCATED.
 */
export async function readSectioned(
  { file, manifest, format }: Reading<Sectioned>,
  sink: RowSink,
): Promise<void> {
  requireSmall(file);
  const encoding = await encodingOf(file, format.encoding);
  sink.readAs(encoding);
  let text = '';
  for await (const piece of decodedText(file, encoding)) {
    text += piece.text;
    sink.stripped(piece.stripped);
  }
  const { title_rows: titleRows, sections, closing } = format;
  const rows = await parsedRows(file, format, text);
  const sheet = { titleRows, sections, closing };
  await readSheet({ extract: file.name, manifest, sheet, match: 'exact' }, rows, sink);
}

/** Sheets for people are read whole; no roster that a person reads is larger. */
function requireSmall({ name, bytes }: ReadableFile): void {
  if (bytes <= limits.sheet) return;
  throw new ThroughlineError('EXTRACT_OVER_LIMIT', {
    extract: safeName(name),
    limit: safeName('bytes of a sheet'),
    most: limits.sheet,
  });
}

async function parsedRows(
  file: ReadableFile,
  { delimiter, quote, escape: escaping }: Sectioned,
  text: string,
): Promise<SheetRow[]> {
  const { parseString } = await import('fast-csv');
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
