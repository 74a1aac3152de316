import { isUtf8 } from 'node:buffer';
import { type CanonicalBytes, canonicalCell, makeRoom, putText } from './canonical.js';
import { type Encoding, isNoCharacter, soundText } from './decode.js';
import { type Dialect, LONGEST_RECORD, type Marks, marksOf, quotedText } from './scan.js';

/** How the records of an extract lie in its bytes, and which cells are asked for. */
export type PlainLayout = {
  readonly dialect: Dialect;
  readonly encoding: Encoding;
  /** Cells of a record. */
  readonly width: number;
  /** For each canonical column the cell that it is filled from; -1 for none. */
  readonly sources: readonly number[];
  /** A last cell in which nothing may stand. */
  readonly emptyLast: boolean;
  /** The first cell of the row that closes the table. */
  readonly closing: string | null;
};

/** Where a reader stopped: at a byte, on a physical line, after so many rows. */
export type Stopped = { readonly at: number; readonly line: number; readonly rows: number };

/**
 * Reads plain records from bytes and writes them as canonical rows: several times as fast as the scanner of text, with
 * the same outcome, since it stops before whatever is not plain. A plain record has as many cells as it should; no
 * byte that is stripped or means nothing in the encoding; no quote where none is expected; no escape outside of quotes
 * but `\N`; and no line break but LF and CRLF.
 */
export type PlainReader = {
  /**
   * @param bytes whole lines, each with its LF; they are UTF-8 where that is the encoding.
   * @returns the end, or where the first record begins that is not plain.
   */
  readonly read: (bytes: Uint8Array, from: number, line: number) => Stopped;
};

/** Whether a byte below 0x80 is the character of its number, wherever it stands. */
export const hasPlainBytes = (encoding: Encoding): boolean =>
  encoding !== 'utf-16le' && encoding !== 'utf-16be';

/** Whether bytes are whole lines, and UTF-8 where that is the encoding. */
export const isSound = (bytes: Uint8Array, encoding: Encoding): boolean =>
  bytes.at(-1) === LF_BYTE && (encoding !== 'utf-8' || isUtf8(bytes));

/** @returns undefined for an encoding or a dialect in which marks are no bytes that can be told from all others. */
export function plainReader(layout: PlainLayout, canonical: CanonicalBytes): PlainReader | undefined {
  const kinds = kindsOf(layout);
  if (kinds === undefined) return undefined;
  const record = recordOver(layout, kinds);
  const isClosing = closingFinder(layout);
  const read: PlainReader['read'] = (bytes, from, firstLine) => {
    record.bytes = bytes;
    let at = from;
    let line = firstLine;
    let rows = 0;
    while (at < bytes.length) {
      const blank = afterBreak(record, at);
      const end = blank < 0 ? recordEnd(record, at) : blank;
      if (end < 0 || end - at > LONGEST_RECORD || (blank < 0 && isClosing(record))) break;
      if (blank < 0) {
        writeRow(record, canonical, { line, bytes: end - at });
        rows += 1;
      }
      line += blank < 0 ? record.breaks : 1;
      at = end;
    }
    return { at, line, rows };
  };
  return { read };
}

/** What a byte is. The order counts: up to TEXT it belongs to a cell, from CR on it cannot be escaped. */
const PLAIN = 0;
/** Of a cell that has to be looked at as text: tab, comma, quotation mark, whatever is beyond ASCII. */
const TEXT = 1;
const DELIMITER = 2;
const QUOTE = 3;
const ESCAPE = 4;
const CR = 5;
const LF = 6;
const ODD = 7;

const COMMA_BYTE = 44;
const LF_BYTE = 10;
const SPACE_BYTE = 32;
const LETTER_N = 78;
const ZERO = 48;

function kindsOf({ dialect, encoding }: PlainLayout): Uint8Array | undefined {
  if (!hasPlainBytes(encoding)) return undefined;
  const kinds = Uint8Array.from({ length: 256 }, (_, byte) => {
    if (byte >= 0x80) return isNoCharacter(byte, encoding) ? ODD : TEXT;
    return byte < 0x20 || byte === 0x7f ? ODD : PLAIN;
  });
  // The two bytes of the control characters U+0080 to U+009F begin with this one.
  if (encoding === 'utf-8') kinds[0xc2] = ODD;
  for (const mark of '\t,"') kinds[mark.charCodeAt(0)] = TEXT;
  const { delimiter, quote, escape: escaping } = dialect;
  const marks: readonly (readonly [string, number])[] = [
    [delimiter, DELIMITER],
    ...(quote === null ? [] : [[quote, QUOTE] as const]),
    ...(escaping === 'backslash' ? [['\\', ESCAPE] as const] : []),
  ];
  const isTold = marks.every(([mark]) => mark === '\t' || /^[ -~]$/.test(mark));
  if (!isTold || new Set(marks.map(([mark]) => mark)).size < marks.length) return undefined;
  for (const [mark, kind] of marks) kinds[mark.charCodeAt(0)] = kind;
  kinds[0x0d] = CR;
  kinds[0x0a] = LF;
  return kinds;
}

/** The record that is read: where its cells start and end, without quotes, and how their text is to be had. */
type PlainRecord = {
  readonly layout: PlainLayout;
  readonly kinds: Uint8Array;
  readonly marks: Marks;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly texts: Uint8Array;
  bytes: Uint8Array;
  /** Physical lines that it takes up. */
  breaks: number;
};

/** How the text of a cell is to be had: as its bytes, by decoding, or by decoding and taking escapes out. */
const DECODED = 1;
const ESCAPED = 2;

const recordOver = (layout: PlainLayout, kinds: Uint8Array): PlainRecord => ({
  layout,
  kinds,
  marks: marksOf(layout.dialect),
  starts: new Int32Array(layout.width),
  ends: new Int32Array(layout.width),
  texts: new Uint8Array(layout.width),
  bytes: new Uint8Array(0),
  breaks: 0,
});

const kindAt = ({ kinds, bytes }: PlainRecord, at: number): number => kinds[bytes[at] as number] as number;

/** The place after a line break at `at`; -1 if there is none. */
function afterBreak(record: PlainRecord, at: number): number {
  const kind = kindAt(record, at);
  if (kind === LF) return at + 1;
  return kind === CR && record.bytes[at + 1] === LF_BYTE ? at + 2 : -1;
}

/** The place after the record that starts at `from`; -1 if it is not plain. */
function recordEnd(record: PlainRecord, from: number): number {
  const { width, emptyLast } = record.layout;
  record.breaks = 1;
  let at = from;
  for (let cell = 0; cell < width; cell += 1) {
    at = kindAt(record, at) === QUOTE ? quotedCell(record, cell, at) : bareCell(record, cell, at);
    if (at < 0) return -1;
    if (cell === width - 1) break;
    if (kindAt(record, at) !== DELIMITER) return -1;
    at += 1;
  }
  if (emptyLast && record.starts[width - 1] !== record.ends[width - 1]) return -1;
  return afterBreak(record, at);
}

/** The place after a cell without quotes; -1 if it is not plain. A bare `\N` is nothing, as the empty text is. */
function bareCell(record: PlainRecord, cell: number, start: number): number {
  const { kinds, bytes } = record;
  let at = start;
  let kind = kinds[bytes[at] as number] as number;
  let texts = PLAIN;
  for (; kind <= TEXT; kind = kinds[bytes[at] as number] as number) {
    texts |= kind;
    at += 1;
  }
  record.starts[cell] = start;
  record.ends[cell] = at;
  record.texts[cell] = texts;
  if (kind !== QUOTE && kind !== ESCAPE && kind !== ODD) return at;
  const isNothing = kind === ESCAPE && at === start && bytes[at + 1] === LETTER_N;
  return isNothing ? at + 2 : -1;
}

/** The place after a cell in quotes; -1 if it is not plain or not closed. */
function quotedCell(record: PlainRecord, cell: number, open: number): number {
  const { kinds, bytes } = record;
  const last = bytes.length - 1;
  const doubled = record.layout.dialect.escape === 'doubled-quote';
  let at = open + 1;
  let texts = 0;
  for (;;) {
    const kind = kinds[bytes[at] as number] as number;
    if (kind === PLAIN) {
      at += 1;
    } else if (kind === QUOTE) {
      if (!doubled || kindAt(record, at + 1) !== QUOTE) break;
      texts |= ESCAPED;
      at += 2;
    } else if (kind === ESCAPE) {
      if (kindAt(record, at + 1) >= CR) return -1;
      texts |= ESCAPED;
      at += 2;
    } else {
      if (kind === ODD || at === last || (kind === CR && bytes[at + 1] !== LF_BYTE)) return -1;
      if (kind === LF) record.breaks += 1;
      texts |= DECODED;
      at += 1;
    }
  }
  record.starts[cell] = open + 1;
  record.ends[cell] = at;
  record.texts[cell] = texts;
  return at + 1;
}

function closingFinder({ closing }: PlainLayout): (record: PlainRecord) => boolean {
  return closing === null ? () => false : (record) => cellText(record, 0).trim() === closing;
}

function cellText({ bytes, starts, ends, texts, layout, marks }: PlainRecord, cell: number): string {
  const raw = soundText(bytes.subarray(starts[cell], ends[cell]), layout.encoding);
  return ((texts[cell] as number) & ESCAPED) === 0 ? raw : quotedText(raw, marks);
}

type RowPlace = { readonly line: number; readonly bytes: number };

/** The most that a line number, commas and a line break take up. */
const LINE_ROOM = 24;

function writeRow(record: PlainRecord, canonical: CanonicalBytes, { line, bytes }: RowPlace): void {
  const { layout, texts } = record;
  const room = bytes + layout.sources.length + LINE_ROOM;
  makeRoom(canonical, room);
  putNumber(canonical, line);
  for (const source of layout.sources) {
    canonical.bytes[canonical.size++] = COMMA_BYTE;
    if (source < 0) continue;
    if (texts[source] === PLAIN) {
      putPlainCell(record, source, canonical);
    } else {
      putText(canonical, canonicalCell(cellText(record, source)));
      makeRoom(canonical, room);
    }
  }
  canonical.bytes[canonical.size++] = LF_BYTE;
}

/** Copied without the spaces around it. A loop: a call to copy some ten bytes takes longer. */
function putPlainCell({ bytes, starts, ends }: PlainRecord, cell: number, canonical: CanonicalBytes): void {
  let from = starts[cell] as number;
  let to = ends[cell] as number;
  while (from < to && bytes[from] === SPACE_BYTE) from += 1;
  while (from < to && bytes[to - 1] === SPACE_BYTE) to -= 1;
  const out = canonical.bytes;
  let size = canonical.size;
  for (let at = from; at < to; at += 1) out[size++] = bytes[at] as number;
  canonical.size = size;
}

function putNumber(canonical: CanonicalBytes, number: number): void {
  const out = canonical.bytes;
  let digits = 1;
  for (let bound = 10; bound <= number; bound *= 10) digits += 1;
  let rest = number;
  for (let at = canonical.size + digits - 1; at >= canonical.size; at -= 1) {
    const tens = Math.floor(rest / 10);
    out[at] = ZERO + rest - tens * 10;
    rest = tens;
  }
  canonical.size += digits;
}
