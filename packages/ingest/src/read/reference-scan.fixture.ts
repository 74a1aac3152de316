import type { Cut, Dialect, ScannedRecord } from './scan.js';

/**
 * What the scanner must give, told with regular expressions over the whole text: slow and obvious. For tests only.
 */
export function referenceScan(text: string, dialect: Dialect): { records: ScannedRecord[]; cut: Cut | null } {
  const records: ScannedRecord[] = [];
  let at = 0;
  while (at < text.length) {
    const line = lineBreaks(text.slice(0, at)) + 1;
    const blank = sticky('\\r\\n|\\r|\\n', text, at);
    if (blank !== null) {
      at += blank.length;
      continue;
    }
    const found = referenceRecord(text, at, dialect);
    if (found === null) return { records, cut: { rule: 'quote not closed', line } };
    const width = records[0]?.cells.length ?? found.cells.length;
    const fault = found.stray ? 'stray_quote' : found.cells.length === width ? null : 'field_count';
    records.push({ line, cells: found.cells, fault });
    const firstLine = at + (sticky('[^\\r\\n]*(\\r\\n|\\r|\\n)?', text, at)?.length ?? 0);
    at = fault === null ? found.end : Math.min(firstLine, found.end);
  }
  return { records, cut: null };
}

const lineBreaks = (text: string): number => text.match(/\r\n|\r|\n/g)?.length ?? 0;

function sticky(pattern: string, text: string, at: number): string | null {
  const expression = new RegExp(pattern, 'y');
  expression.lastIndex = at;
  return expression.exec(text)?.[0] ?? null;
}

const escaped = (letter: string): string => letter.replace(/[\\^$.*+?()[\]{}|]/, '\\$&');

type Reference = { readonly cells: (string | null)[]; readonly stray: boolean; readonly end: number };

function referenceRecord(text: string, start: number, dialect: Dialect): Reference | null {
  const delimiter = escaped(dialect.delimiter);
  const cells: (string | null)[] = [];
  let stray = false;
  let at = start;
  for (;;) {
    const cell =
      dialect.quote !== null && text[at] === dialect.quote
        ? quoted(text, at, dialect)
        : bare(text, at, dialect);
    if (cell === null) return null;
    cells.push(cell.value);
    const rest = cell.quoted
      ? (sticky(`(?!${delimiter})(?:(?!${delimiter})[^\\r\\n])+`, text, at + cell.length) ?? '')
      : '';
    stray ||= cell.stray || rest !== '';
    at += cell.length + rest.length;
    if (text[at] !== dialect.delimiter) break;
    at += 1;
  }
  return { cells, stray, end: at + (sticky('\\r\\n|\\r|\\n', text, at)?.length ?? 0) };
}

type ReferenceCell = {
  readonly value: string | null;
  readonly length: number;
  readonly stray: boolean;
  readonly quoted: boolean;
};

function quoted(text: string, at: number, { quote, escape: escaping }: Dialect): ReferenceCell | null {
  const mark = escaped(quote ?? '');
  const body =
    escaping === 'backslash'
      ? `(?:\\\\[\\s\\S]|(?!${mark}|\\\\)[\\s\\S])*`
      : `(?:${mark}${mark}|(?!${mark})[\\s\\S])*`;
  // Looked ahead and then repeated, so that a doubled quote is never taken apart to find a closing one.
  const whole = sticky(`${mark}(?=(${body}))\\1${mark}`, text, at);
  if (whole === null) return null;
  const raw = whole.slice(1, -1);
  const value =
    escaping === 'backslash' ? withoutBackslashes(raw) : raw.replaceAll(`${quote}${quote}`, quote ?? '');
  return { value, length: whole.length, stray: false, quoted: true };
}

function bare(text: string, at: number, { delimiter, quote, escape: escaping }: Dialect): ReferenceCell {
  const plain = `(?!${escaped(delimiter)})[^\\r\\n${escaping === 'backslash' ? '\\\\' : ''}]`;
  const pattern = escaping === 'backslash' ? `(?:${plain}|\\\\(?:\\r\\n|[\\s\\S]|$))*` : `(?:${plain})*`;
  const raw = sticky(pattern, text, at) ?? '';
  const unescapedMarks = escaping === 'backslash' ? raw.replace(/\\[\s\S]/g, '') : raw;
  const stray = quote !== null && unescapedMarks.includes(quote);
  const isNull = escaping === 'backslash' && raw === '\\N';
  return {
    value: isNull ? null : escaping === 'backslash' ? withoutBackslashes(raw) : raw,
    length: raw.length,
    stray,
    quoted: false,
  };
}

const LETTERS: Readonly<Record<string, string>> = { '0': '', b: '', Z: '', n: '\n', r: '\r', t: '\t' };

const withoutBackslashes = (raw: string): string =>
  raw.replace(/\\([\s\S])/g, (_, letter: string) => LETTERS[letter] ?? letter);
