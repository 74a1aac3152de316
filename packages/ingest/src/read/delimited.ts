import type { ExtractFormat, FieldManifest } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import type { ExtractFile } from '@throughline/engine';
import { decodedText } from './decode.js';
import { headerNotFound, requireHeader } from './header.js';
import { layoutOf, type Pick, picksOf } from './layout.js';
import type { RowSink } from './rows.js';
import { type Cut, type ScannedRecord, type Scanner, scannerOf } from './scan.js';

/** An extract and the manifest that says how to read it. */
export type Reading<Format extends ExtractFormat = ExtractFormat> = {
  readonly file: ExtractFile;
  readonly manifest: FieldManifest;
  readonly format: Format;
};

/**
 * Reads a delimited extract, in pieces, into the sink.
 *
 * @throws ThroughlineError ENCODING_BROKEN, HEADER_*, COLUMN_REFUSED, EXTRACT_TRUNCATED (with the line).
 */
export async function readDelimited(
  { file, manifest, format }: Reading<Extract<ExtractFormat, { type: 'delimited' }>>,
  sink: RowSink,
): Promise<void> {
  const expected = { extract: file.name, ...layoutOf(manifest) };
  let picks: readonly Pick[] | undefined;
  const takeHeader = ({ cells }: ScannedRecord) => {
    requireHeader(cells, expected);
    const found = picksOf(manifest, { header: cells, section: null });
    picks = found.picks;
    scanner.want(found.wanted);
  };
  const scanner: Scanner = scannerOf(format, (record) => {
    if (picks === undefined) takeHeader(record);
    else if (record.fault !== null) sink.reject(record.line, record.fault);
    else
      sink.row(
        record.line,
        picks.map((pick) => pick(record.cells)),
      );
  });
  for await (const { text, stripped } of decodedText(file, format.encoding)) {
    sink.stripped(stripped);
    requireWhole(file, scanner.push(text));
    await sink.flush();
  }
  requireWhole(file, scanner.end());
  if (picks === undefined) throw headerNotFound(expected, 0);
}

function requireWhole({ name }: ExtractFile, cut: Cut | null): void {
  if (cut === null) return;
  throw new ThroughlineError('EXTRACT_TRUNCATED', {
    extract: safeName(name),
    line: cut.line,
    rule: safeName(cut.rule),
  });
}
