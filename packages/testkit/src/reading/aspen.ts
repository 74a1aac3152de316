import type { Row } from '../extracts/row.js';

/**
 * Reads MySQL's INTO OUTFILE as strictly as it is written: every field in double quotes or a bare \N, and
 * CRLF after every row. Made for tests, apart from the writer, so that the two check each other.
 *
 * @throws SyntaxError at the first byte that does not belong; the message holds its position only.
 */
export function readAspen(bytes: Buffer): Row[] {
  // Not TextDecoder('windows-1252'): Node 20 decodes it as Latin-1, so that 0x92 stays a control character.
  const text = bytes.toString('latin1').replaceAll('\u0092', '\u2019');
  const rows: Row[] = [];
  let position = 0;
  while (position < text.length) {
    const read = readRow(text, position);
    rows.push(read.row);
    position = read.next;
  }
  return rows;
}

function readRow(text: string, start: number): { row: Row; next: number } {
  const row: (string | null)[] = [];
  let position = start;
  for (;;) {
    const field = text.startsWith('\\N', position)
      ? { cell: null, next: position + 2 }
      : readField(text, position);
    row.push(field.cell);
    if (text.startsWith('\r\n', field.next)) return { row, next: field.next + 2 };
    expectAt(text, field.next, ',');
    position = field.next + 1;
  }
}

function readField(text: string, start: number): { cell: string; next: number } {
  expectAt(text, start, '"');
  const special = /["\\]/g;
  let cell = '';
  for (let from = start + 1; ; from = special.lastIndex) {
    special.lastIndex = from;
    const found = special.exec(text);
    if (found === null) throw new SyntaxError(`field: expected a closing quote, opened at ${start}`);
    cell += text.slice(from, found.index);
    if (found[0] === '"') return { cell, next: special.lastIndex };
    cell += text.charAt(special.lastIndex);
    special.lastIndex += 1;
  }
}

function expectAt(text: string, position: number, letter: string): void {
  if (text.charAt(position) !== letter) throw new SyntaxError(`row: expected ${letter} at ${position}`);
}
