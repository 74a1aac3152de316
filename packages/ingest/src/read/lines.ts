import { safeName, ThroughlineError } from '@throughline/core';
import { decodedText, type Encoding, type Named } from './decode.js';
import { limits } from './limits.js';

/** A physical line, from 1, without its break. */
export type TextLine = { readonly line: number; readonly text: string };

/**
 * The lines of a text that is not blank; they end with CR, LF or CRLF.
 *
 * @throws ThroughlineError ENCODING_BROKEN, EXTRACT_OVER_LIMIT (a line without end, with its number).
 */
export async function* textLines(
  file: Named,
  encoding: Encoding,
  stripped: (characters: number) => void,
): AsyncGenerator<TextLine> {
  let rest = '';
  let line = 0;
  for await (const piece of decodedText(file, encoding)) {
    stripped(piece.stripped);
    const text = rest + piece.text;
    // A CR at the end may be half of a break.
    const whole = text.endsWith('\r') ? text.slice(0, -1) : text;
    const lines = whole.split(/\r\n|\n|\r/);
    rest = (lines.pop() ?? '') + text.slice(whole.length);
    for (const each of lines) yield { line: ++line, text: each };
    if (rest.length > limits.record) throw tooLong(file, line + 1);
  }
  for (const each of rest.replace(/\r$/, '').split('\r')) yield { line: ++line, text: each };
}

const tooLong = ({ name }: Named, line: number) =>
  new ThroughlineError('EXTRACT_OVER_LIMIT', {
    extract: safeName(name),
    limit: safeName('characters of a line'),
    most: limits.record,
    line,
  });

export const isBlank = (text: string): boolean => text.trim() === '';

/** Text pieces without the first physical lines. */
export async function* afterLines<Piece extends { readonly text: string }>(
  pieces: AsyncIterable<Piece>,
  lines: number,
): AsyncGenerator<Piece> {
  let left = lines;
  let half = false;
  for await (const piece of pieces) {
    let at = 0;
    if (half && piece.text.startsWith('\n')) at = 1;
    half = false;
    while (left > 0 && at < piece.text.length) {
      const next = piece.text.slice(at).search(/\r\n|\n|\r/);
      if (next < 0) {
        at = piece.text.length;
        break;
      }
      at += next;
      half = at === piece.text.length - 1 && piece.text[at] === '\r';
      at += piece.text.startsWith('\r\n', at) ? 2 : 1;
      left -= 1;
    }
    if (left === 0 || at < piece.text.length) yield { ...piece, text: piece.text.slice(at) };
    else yield { ...piece, text: '' };
  }
}
