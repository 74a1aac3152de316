import { safeName, ThroughlineError } from '@throughline/core';
import { asBuffer, decodedText, type Encoding, type Named } from './decode.js';
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

/** Takes the first physical lines away from a text that comes in pieces: gives what is left of each piece. */
export function lineDropper(lines: number): (text: string) => string {
  let left = lines;
  let half = false;
  return (text) => {
    let at = half && text.startsWith('\n') ? 1 : 0;
    half = half && text === '';
    while (left > 0 && at < text.length) {
      const next = text.slice(at).search(/\r\n|\n|\r/);
      if (next < 0) return '';
      at += next;
      half = at === text.length - 1 && text[at] === '\r';
      at += text.startsWith('\r\n', at) ? 2 : 1;
      left -= 1;
    }
    return text.slice(at);
  };
}

/** A piece of bytes cut behind its last line break, so that no line is parted; a piece without any is passed on as it is. */
export async function* wholeLines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of pieces) {
    const bytes = rest.length === 0 ? asBuffer(piece) : Buffer.concat([rest, piece]);
    const end = bytes.lastIndexOf(LF) + 1 || bytes.length;
    yield bytes.subarray(0, end);
    rest = bytes.subarray(end);
  }
  if (rest.length > 0) yield rest;
}

const LF = 10;
