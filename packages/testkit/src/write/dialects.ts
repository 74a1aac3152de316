import type { Cell, Dialect, Row } from '../extracts/row.js';

type Writing = {
  /** What stands before the header. */
  readonly start: string;
  readonly line: (row: Row) => string;
  readonly charset: 'latin1' | 'utf8';
};

/**
 * - aspen: MySQL's INTO OUTFILE with FIELDS TERMINATED BY ',' ENCLOSED BY '"' ESCAPED BY '\\' LINES TERMINATED
 *   BY '\r\n', in Windows-1252; null is a bare \N.
 * - campus: UTF-8 with a byte-order mark, comma, quotes where needed, LF.
 * - comma: RFC 4180, UTF-8, CRLF. semicolon: the same with semicolons and LF, as Excel saves it in Europe.
 * - pipe: no quotes at all, LF.
 * - truth: comma, LF.
 */
const DIALECTS: Readonly<Record<Dialect, Writing>> = {
  aspen: { start: '', line: aspenLine, charset: 'latin1' },
  campus: { start: '\uFEFF', line: quotedWhereNeeded(',', '\n'), charset: 'utf8' },
  comma: { start: '', line: quotedWhereNeeded(',', '\r\n'), charset: 'utf8' },
  semicolon: { start: '', line: quotedWhereNeeded(';', '\n'), charset: 'utf8' },
  pipe: { start: '', line: (row) => `${row.map((cell) => cell ?? '').join('|')}\n`, charset: 'utf8' },
  truth: { start: '', line: quotedWhereNeeded(',', '\n'), charset: 'utf8' },
};

const ROWS_PER_CHUNK = 1024;

/** The file's bytes, some thousand rows at a time. */
export function* encoded(rows: Iterable<Row>, dialect: Dialect): Generator<Buffer> {
  const { start, line, charset } = DIALECTS[dialect];
  let lines = [start];
  for (const row of rows) {
    lines.push(line(row));
    if (lines.length < ROWS_PER_CHUNK) continue;
    yield Buffer.from(lines.join(''), charset);
    lines = [];
  }
  yield Buffer.from(lines.join(''), charset);
}

function quotedWhereNeeded(delimiter: string, ending: string): (row: Row) => string {
  const special = new RegExp(`["${delimiter}\r\n]`);
  const cellOf = (cell: Cell) => {
    const text = cell ?? '';
    return special.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return (row) => `${row.map(cellOf).join(delimiter)}${ending}`;
}

function aspenLine(row: Row): string {
  return `${row.map(aspenCell).join(',')}\r\n`;
}

const ESCAPED = /["\\\r\u2019]/;

/** Windows-1252 is Latin-1 but for 0x80-0x9F; of those only the curly apostrophe is in use here. */
function aspenCell(cell: Cell): string {
  if (cell === null) return '\\N';
  if (!ESCAPED.test(cell)) return `"${cell}"`;
  return `"${cell.replace(/["\\\r]/g, '\\$&').replaceAll('\u2019', '\u0092')}"`;
}
