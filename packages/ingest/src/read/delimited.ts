import type { ExtractFormat, FieldManifest } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import type { ReadableFile } from '@throughline/engine';
import { type Encoding, encodingOf, pieceDecoder, type TextPiece } from './decode.js';
import { headerNotFound, listedHeader, requireHeader } from './header.js';
import { expectedOf, type Picked, picksOf } from './layout.js';
import { lineDropper, wholeLines } from './lines.js';
import { hasPlainBytes, isSound, type PlainReader, plainReader } from './plain.js';
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
 * Reads a delimited extract, in pieces, into the sink: what is plain from its bytes, all else from its text.
 *
 * @throws ThroughlineError ENCODING_BROKEN, HEADER_*, COLUMN_REFUSED, EXTRACT_TRUNCATED (with the line).
 */
export async function readDelimited(reading: Delimited, sink: RowSink): Promise<void> {
  const { file, format } = reading;
  const encoding = await encodingOf(file, format.encoding);
  sink.readAs(encoding);
  const rows = rowsOf(reading, encoding, sink);
  const texts = textReader(reading, encoding, { rows, sink });
  for await (const bytes of hasPlainBytes(encoding) ? wholeLines(file.read()) : file.read()) {
    const isMixed = rows.plain() !== undefined && texts.isBegun();
    if (isMixed && isSound(bytes, encoding)) readMixed(bytes, { rows, texts, sink });
    else texts.read(bytes);
    await sink.flush();
  }
  texts.end();
  rows.end();
}

type Rows = {
  readonly scanner: Scanner;
  /** Reads plain records; undefined before the header, behind the closing row, and where nothing is plain. */
  readonly plain: () => PlainReader | undefined;
  readonly end: () => void;
};

/** The scanner of an extract, and what its records become. */
function rowsOf({ file, manifest, format }: Delimited, encoding: Encoding, sink: RowSink): Rows {
  const expected = expectedOf(file.name, manifest);
  const surplus = format.trailing_delimiter ? 1 : 0;
  let picked: Picked | undefined;
  let plain: PlainReader | undefined;
  let width = 0;
  let closed = false;
  const start = (header: readonly (string | null)[], cells: number) => {
    const found = picksOf(manifest, { header, section: null });
    picked = found;
    width = header.length;
    scanner.want(
      new Set([...found.wanted, ...(format.closing === null ? [] : [0]), ...(surplus ? [width] : [])]),
    );
    const layout = {
      dialect: format,
      encoding,
      width: cells,
      emptyLast: cells > width,
      closing: format.closing,
    };
    if (found.sources !== undefined)
      plain = plainReader({ ...layout, sources: found.sources }, sink.canonical);
  };
  const takeHeader = ({ cells }: ScannedRecord) => {
    const header = listedHeader(withoutSurplus(cells, surplus), expected.columns, format.header_match);
    requireHeader(header, expected);
    start(header, cells.length);
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
  if (own !== undefined) start(own, own.length + surplus);
  const end = () => {
    if (picked === undefined) throw headerNotFound(expected, 0);
    if (format.closing !== null && !closed) throw truncated(file, { rule: safeName('no closing row') });
  };
  return { scanner, plain: () => (closed ? undefined : plain), end };
}

/** What reads an extract's text, and so anything. */
type TextReader = {
  readonly read: (bytes: Uint8Array, rest?: Uint8Array) => void;
  /** Whether a first piece has been read, which may begin with a mark of the encoding. */
  readonly isBegun: () => boolean;
  readonly passOver: (lines: number) => void;
  readonly end: () => void;
};

type Into = { readonly rows: Rows; readonly sink: RowSink };

function textReader({ file, format }: Delimited, encoding: Encoding, { rows, sink }: Into): TextReader {
  const decoder = pieceDecoder(file, encoding);
  const withoutTitle = lineDropper(format.title_rows);
  let begun = false;
  const scan = ({ text, stripped }: TextPiece, rest: Uint8Array): void => {
    sink.stripped(stripped);
    const cut = rows.scanner.push(withoutTitle(text));
    if (cut === null) return;
    // That bytes mean nothing says more about a file than where it seems to be cut off.
    decoder.text(rest);
    throw truncated(file, cutAt(cut));
  };
  return {
    read: (bytes, rest = NOTHING) => {
      begun = true;
      scan(decoder.text(bytes), rest);
    },
    isBegun: () => begun,
    passOver: (lines) => {
      decoder.passOver(lines);
      rows.scanner.passOver(lines);
    },
    end: () => {
      scan(decoder.end(), NOTHING);
      const cut = rows.scanner.end();
      if (cut !== null) throw truncated(file, cutAt(cut));
    },
  };
}

const NOTHING = new Uint8Array(0);

/** Text is read in steps that double as long as plain records do not outweigh them. */
const FIRST_STEP = 64;

/** Reads plain records as such, and others line by line as text, until a record starts with a line again. */
function readMixed(bytes: Uint8Array, { rows, texts, sink }: Into & { readonly texts: TextReader }): void {
  const { scanner } = rows;
  let step = FIRST_STEP;
  let at = 0;
  while (at < bytes.length) {
    const plain = scanner.isBetween() ? rows.plain() : undefined;
    const from = at;
    if (plain !== undefined) {
      const stopped = plain.read(bytes, at, scanner.line());
      sink.wrote(stopped.rows);
      texts.passOver(stopped.line - scanner.line());
      at = stopped.at;
      if (at === bytes.length) return;
    }
    step = at - from > step ? FIRST_STEP : step * 2;
    const end = bytes.indexOf(LF, Math.min(at + step, bytes.length - 1)) + 1;
    texts.read(bytes.subarray(at, end), bytes.subarray(end));
    at = end;
  }
}

const cutAt = ({ line, rule }: Cut) => ({ line, rule: safeName(rule) });

/** A header whose every line ends with a delimiter has a last cell without a name. */
const withoutSurplus = (cells: readonly (string | null)[], surplus: number) =>
  surplus > 0 && (cells.at(-1) ?? '') === '' ? cells.slice(0, -1) : cells;

const LF = 10;

const truncated = ({ name }: ReadableFile, where: ConstructorParameters<typeof ThroughlineError>[1]) =>
  new ThroughlineError('EXTRACT_TRUNCATED', { extract: safeName(name), ...where });
