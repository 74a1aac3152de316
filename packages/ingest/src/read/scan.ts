import type { ExtractFormat } from '@throughline/agreement';

import { limits } from './limits.js';

export type Dialect = Pick<
  Extract<ExtractFormat, { type: 'delimited' }>,
  'delimiter' | 'quote' | 'escape'
> & {
  /** The physical line on which the text starts; 1 unless told otherwise. */
  readonly line?: number;
};

/** One record of a delimited file. `line`: the physical line on which it starts, from 1. */
export type ScannedRecord = {
  readonly line: number;
  /** Null is the bare `\N` of a backslash dialect, or a column that is not wanted. */
  readonly cells: readonly (string | null)[];
  /** A quote where the dialect has none, or more or fewer cells than the first record has. */
  readonly fault: 'stray_quote' | 'field_count' | null;
};

/** Why a file cannot be read to its end: a record beyond the limit, or a quote that nothing closes. */
export type Cut = { readonly rule: 'record too long' | 'quote not closed'; readonly line: number };

/** A record may have so many characters. */
export const LONGEST_RECORD = limits.record;

/** Takes text in pieces of any size; tells why nothing further can be read, if that is so. */
export type Scanner = {
  /** From now on, cells of other columns are passed over: their text is never put together. */
  readonly want: (columns: ReadonlySet<number>) => void;
  readonly push: (text: string) => Cut | null;
  /** Whether nothing is left of what was pushed: the next piece starts a record. */
  readonly isBetween: () => boolean;
  /** The physical line on which the next record starts. */
  readonly line: () => number;
  /** Lines that somebody else has read. To be told between records only. */
  readonly passOver: (lines: number) => void;
  readonly end: () => Cut | null;
};

/**
 * Scans delimited text of a declared dialect; nothing is guessed. A line ends with CR, LF or CRLF. Blank lines are
 * no records. The first record says how many cells a record has, unless it is told. Where a broken record has line
 * breaks within, only its first line is taken for the broken record and reading goes on with the next line: a quote
 * that is not closed where it should be does not swallow the rows up to the next quote.
 *
 * @param take is given each record as soon as it is complete.
 * @param cells how many a record has, where the first one is not the header.
 */
export function scannerOf(dialect: Dialect, take: (record: ScannedRecord) => void, cells?: number): Scanner {
  const marks = marksOf(dialect);
  let text = '';
  let line = dialect.line ?? 1;
  let width = cells;
  let wanted: readonly boolean[] | undefined;
  const scan = (final: boolean): Cut | null => {
    let from = 0;
    const cursor = cursorOver({ text, marks, final });
    while (from < text.length) {
      cursor.wanted = wanted;
      scanRecord(cursor, from);
      const cut = cutOf(cursor, { from, line });
      if (cut !== null) return cut;
      if (cursor.state === 'cut') break;
      const fault = faultOf(cursor, width);
      if (!isBreak(text, from)) {
        take({ line, cells: cursor.cells, fault });
        width ??= cursor.cells.length;
      }
      const resumes = fault !== null && cursor.breaks > 1;
      line += resumes ? 1 : cursor.breaks;
      from = resumes ? afterLine(text, from) : cursor.at;
    }
    text = text.slice(from);
    return null;
  };
  const push = (piece: string): Cut | null => {
    // Joined, not added: characters of one flat string are read several times as fast as those of a rope.
    text = [text, piece].join('');
    return scan(false);
  };
  const want = (columns: ReadonlySet<number>) => {
    wanted = Array.from({ length: Math.max(...columns) + 1 }, (_, index) => columns.has(index));
  };
  const passOver = (lines: number) => {
    line += lines;
  };
  return { want, push, isBetween: () => text === '', line: () => line, passOver, end: () => scan(true) };
}

function faultOf({ stray, cells }: Cursor, width: number | undefined): ScannedRecord['fault'] {
  if (stray) return 'stray_quote';
  return width !== undefined && cells.length !== width ? 'field_count' : null;
}

function cutOf(cursor: Cursor, { from, line }: { from: number; line: number }): Cut | null {
  const end = cursor.state === 'complete' ? cursor.at : cursor.text.length;
  if (end - from > LONGEST_RECORD) return { rule: 'record too long', line };
  return cursor.state === 'unclosed' ? { rule: 'quote not closed', line } : null;
}

const QUOTE_OF_NONE = -1;
const BACKSLASH = 92;
const CR = 13;
const LF = 10;

export type Marks = {
  readonly delimiter: number;
  readonly quote: number;
  readonly escape: number;
};

export const marksOf = ({ delimiter, quote, escape: escaping }: Dialect): Marks => ({
  delimiter: delimiter.charCodeAt(0),
  quote: quote === null ? QUOTE_OF_NONE : quote.charCodeAt(0),
  escape: escaping === 'backslash' ? BACKSLASH : QUOTE_OF_NONE,
});

type Ground = {
  readonly text: string;
  readonly marks: Marks;
  /** Whether this is the end of the file. */
  readonly final: boolean;
};

/** One for all records of a piece of text, so that a record leaves no more behind than its cells. */
type Cursor = Ground & {
  /** Which columns are wanted; undefined for all. */
  wanted: readonly boolean[] | undefined;
  cells: (string | null)[];
  at: number;
  /** Physical lines that the record takes up. */
  breaks: number;
  stray: boolean;
  state: 'reading' | 'complete' | 'cut' | 'unclosed';
};

const cursorOver = ({ text, marks, final }: Ground): Cursor => ({
  text,
  marks,
  final,
  wanted: undefined,
  cells: [],
  at: 0,
  breaks: 0,
  stray: false,
  state: 'reading',
});

/** A record's text may go on in the next piece: `cut`. At the end of the file nothing is cut. */
function scanRecord(cursor: Cursor, from: number): void {
  const { text, marks } = cursor;
  cursor.cells = [];
  cursor.at = from;
  cursor.breaks = 0;
  cursor.stray = false;
  cursor.state = 'reading';
  while (cursor.state === 'reading') {
    if (text.charCodeAt(cursor.at) === marks.quote) quotedCell(cursor);
    else bareCell(cursor);
    if (cursor.state === 'reading') endOfCell(cursor);
  }
}

/** At a delimiter, a line break or the end of the text. */
function endOfCell(cursor: Cursor): void {
  const { text, marks, final } = cursor;
  const code = text.charCodeAt(cursor.at);
  if (code === marks.delimiter && cursor.at < text.length) {
    cursor.at += 1;
    if (cursor.at === text.length && !final) cursor.state = 'cut';
    return;
  }
  lineBreak(cursor);
}

function lineBreak(cursor: Cursor): void {
  const { text, final } = cursor;
  const isCut = !final && cursor.at + (text.charCodeAt(cursor.at) === CR ? 1 : 0) >= text.length;
  if (isCut) {
    cursor.state = 'cut';
    return;
  }
  cursor.at = afterBreak(text, cursor.at);
  cursor.breaks += 1;
  cursor.state = 'complete';
}

/** The place after a line break that starts at `at`; the end of the text counts as one. */
function afterBreak(text: string, at: number): number {
  if (at >= text.length) return at;
  return text.charCodeAt(at) === CR && text.charCodeAt(at + 1) === LF ? at + 2 : at + 1;
}

function afterLine(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isBreak(text, at)) at += 1;
  return afterBreak(text, at);
}

function isBreak(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === LF || code === CR;
}

/** A cell without quotes, up to a delimiter, a line break or the end. */
function bareCell(cursor: Cursor): void {
  const { text, marks, final } = cursor;
  const start = cursor.at;
  let at = start;
  let escaped = false;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === marks.delimiter || code === LF || code === CR) break;
    if (code === marks.quote) cursor.stray = true;
    if (code !== marks.escape) continue;
    escaped = true;
    at += text.charCodeAt(at + 1) === CR && text.charCodeAt(at + 2) === LF ? 2 : 1;
    cursor.breaks += breaksAt(text, at);
  }
  cursor.at = Math.min(at, text.length);
  if (at > text.length && !final) {
    cursor.state = 'cut';
    return;
  }
  cursor.cells.push(isWanted(cursor) ? bareText(text.slice(start, cursor.at), escaped) : null);
}

/** A cell in quotes. After the closing quote only a delimiter, a line break or the end may follow. */
function quotedCell(cursor: Cursor): void {
  const { text, marks, final } = cursor;
  const start = cursor.at + 1;
  let at = start;
  let escaped = false;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === marks.escape) {
      escaped = true;
      at += 1;
      cursor.breaks += breaksAt(text, at);
    } else if (code === marks.quote) {
      if (marks.escape !== QUOTE_OF_NONE || text.charCodeAt(at + 1) !== marks.quote) break;
      escaped = true;
      at += 1;
    } else if (code === LF || code === CR) cursor.breaks += breaksAt(text, at);
  }
  if (at >= text.length || (at === text.length - 1 && !final)) {
    cursor.state = final ? 'unclosed' : 'cut';
    return;
  }
  const raw = isWanted(cursor) ? text.slice(start, at) : null;
  cursor.cells.push(raw !== null && escaped ? quotedText(raw, marks) : raw);
  cursor.at = at + 1;
  if (!endsCell(cursor)) strayRest(cursor);
}

/** 1 at a line break: at LF, and at a CR that no LF follows. */
function breaksAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code === LF || (code === CR && text.charCodeAt(at + 1) !== LF) ? 1 : 0;
}

function endsCell({ text, marks, at }: Cursor): boolean {
  if (at >= text.length) return true;
  const code = text.charCodeAt(at);
  return code === marks.delimiter || code === LF || code === CR;
}

/** Something stands between a closing quote and the next delimiter: skipped, and the record marked. */
function strayRest(cursor: Cursor): void {
  cursor.stray = true;
  while (!endsCell(cursor)) cursor.at += 1;
}

const isWanted = ({ wanted, cells }: Cursor): boolean =>
  wanted === undefined || wanted[cells.length] === true;

const bareText = (raw: string, escaped: boolean): string | null => {
  if (!escaped) return raw;
  return raw === '\\N' ? null : unescaped(raw);
};

/** The text that stands in quotes with escapes or doubled quotes. */
export const quotedText = (raw: string, marks: Marks): string => {
  if (marks.escape !== QUOTE_OF_NONE) return unescaped(raw);
  const quote = String.fromCharCode(marks.quote);
  return raw.replaceAll(quote + quote, quote);
};

/** The letters that MySQL writes and reads after a backslash (LOAD DATA, "Field and Line Handling"). */
const ESCAPED: Readonly<Record<string, string>> = { '0': '', b: '', n: '\n', r: '\r', t: '\t', Z: '' };

const unescaped = (raw: string): string =>
  raw.replace(/\\([\s\S])/g, (_, letter: string) => ESCAPED[letter] ?? letter);
