import type { encodings } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import type { ReadableFile } from '@throughline/engine';

/** What a manifest may declare. */
export type DeclaredEncoding = (typeof encodings)[number];
/** What a file is read in. */
export type Encoding = Exclude<DeclaredEncoding, 'utf-8-or-windows-1252'>;

/** A name to tell and bytes to read: all that decoding needs of an extract. */
export type Named = Pick<ReadableFile, 'name' | 'read'>;

/** A piece of an extract's text, without the control characters that were stripped from it. */
export type TextPiece = { readonly text: string; readonly stripped: number };

const BYTE_ORDER_MARKS: readonly (readonly [Encoding, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/**
 * The encoding in which a file is to be read: the one declared or, where two are, a byte-order mark's, else UTF-8 if
 * all of the file is UTF-8, else Windows-1252.
 */
export async function encodingOf(file: Named, declared: DeclaredEncoding): Promise<Encoding> {
  if (declared !== 'utf-8-or-windows-1252') return declared;
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let first = true;
  try {
    for await (const bytes of file.read()) {
      const marked = first ? markOf(bytes) : undefined;
      if (marked !== undefined) return marked;
      first = false;
      decoder.decode(bytes, { stream: true });
    }
    decoder.decode();
    return 'utf-8';
  } catch (thrown) {
    if (thrown instanceof TypeError) return 'windows-1252';
    throw thrown;
  }
}

/** The encoding that a byte-order mark names. */
export const markOf = (bytes: Uint8Array): Encoding | undefined =>
  BYTE_ORDER_MARKS.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte))?.[0];

/**
 * An extract's text in an encoding, without byte-order mark and control characters.
 *
 * @throws ThroughlineError ENCODING_BROKEN for bytes that the encoding does not have, or another one's mark.
 */
export async function* decodedText(file: Named, encoding: Encoding): AsyncGenerator<TextPiece> {
  const decoder = pieceDecoder(file, encoding);
  for await (const bytes of file.read()) yield decoder.text(bytes);
  yield decoder.end();
}

/** Decodes an extract piece by piece. @throws ThroughlineError ENCODING_BROKEN, as `decodedText`. */
export type PieceDecoder = {
  readonly text: (bytes: Uint8Array) => TextPiece;
  /** Lines that somebody else has read: the next piece starts behind them. */
  readonly passOver: (lines: number) => void;
  readonly end: () => TextPiece;
};

export function pieceDecoder(file: Named, encoding: Encoding): PieceDecoder {
  const decode = decoderOf(encoding);
  let lines = 0;
  let first = true;
  let isWithin = false;
  return {
    text: (bytes) => {
      if (first) requireOwnMark(file, encoding, bytes);
      first = false;
      const text = decodedPiece(decode, bytes, () =>
        broken(file, encoding, { near_line: lines + lineOfFault(bytes, { encoding, isWithin }) }),
      );
      lines += countLines(text);
      isWithin = bytes.at(-1) !== LF;
      return withoutControls(text);
    },
    passOver: (passed) => {
      lines += passed;
    },
    end: () =>
      withoutControls(decodedPiece(decode, undefined, () => broken(file, encoding, { near_line: lines }))),
  };
}

const LF = 10;

const broken = (file: Named, encoding: Encoding, where: Readonly<Record<string, number>>) =>
  new ThroughlineError('ENCODING_BROKEN', {
    extract: safeName(file.name),
    declared: safeName(encoding),
    ...where,
  });

/** Gives the text of the next bytes; of what is left over, if there are none. @throws TypeError */
type Decode = (bytes: Uint8Array | undefined) => string;

function decoderOf(encoding: Encoding): Decode {
  if (encoding === 'windows-1252') return (bytes) => windowsText(latinText(bytes));
  if (encoding === 'iso-8859-1') return (bytes) => requireDefined(latinText(bytes));
  const decoder = new TextDecoder(encoding, { fatal: true });
  return (bytes) => (bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true }));
}

/** Each byte as the character of its number. Several times as fast as the decoder of Windows-1252. */
const latinText = (bytes: Uint8Array | undefined): string =>
  bytes === undefined ? '' : asBuffer(bytes).toString('latin1');

export const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const HIGH_CONTROLS = /[\x80-\x9f]/g;

/** Windows-1252, 0x80 to 0x9F; a space for a byte that means nothing. Source: WHATWG Encoding, index-windows-1252. */
const WINDOWS_1252 = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ';

function windowsText(text: string): string {
  if (text.search(HIGH_CONTROLS) < 0) return text;
  return text.replace(HIGH_CONTROLS, (byte) => {
    const letter = WINDOWS_1252[byte.charCodeAt(0) - 0x80] ?? ' ';
    if (letter === ' ') throw new TypeError('windows-1252: a byte that it has expected');
    return letter;
  });
}

/** Whether a byte from 0x80 on means nothing in an encoding of single bytes. */
export const isNoCharacter = (byte: number, encoding: Encoding): boolean =>
  byte <= 0x9f &&
  (encoding === 'iso-8859-1' || (encoding === 'windows-1252' && WINDOWS_1252[byte - 0x80] === ' '));

/** The text of bytes that are known to be sound. */
export function soundText(bytes: Uint8Array, encoding: Encoding): string {
  if (encoding === 'utf-8') return asBuffer(bytes).toString('utf8');
  return encoding === 'windows-1252' ? windowsText(latinText(bytes)) : latinText(bytes);
}

function requireDefined(text: string): string {
  if (text.search(HIGH_CONTROLS) >= 0) throw new TypeError('iso-8859-1: a byte that it has expected');
  return text;
}

function decodedPiece(decode: Decode, bytes: Uint8Array | undefined, failure: () => Error): string {
  try {
    return decode(bytes);
  } catch {
    throw failure();
  }
}

type Ground = { readonly encoding: Encoding; readonly isWithin: boolean };

/** The line of a piece with the first byte that means nothing, from 1. The piece may begin within a line, even a character. */
function lineOfFault(bytes: Uint8Array, { encoding, isWithin }: Ground): number {
  const text = lenientText(bytes, encoding);
  const fault = text.indexOf('\ufffd', isWithin ? 1 : 0);
  return countLines(fault < 0 ? text : text.slice(0, fault)) + 1;
}

function lenientText(bytes: Uint8Array, encoding: Encoding): string {
  if (encoding === 'iso-8859-1') return latinText(bytes).replace(HIGH_CONTROLS, '\ufffd');
  if (encoding !== 'windows-1252') return new TextDecoder(encoding).decode(bytes);
  return latinText(bytes).replace(HIGH_CONTROLS, (byte) =>
    WINDOWS_1252[byte.charCodeAt(0) - 0x80] === ' ' ? '\ufffd' : byte,
  );
}

function requireOwnMark(file: Named, encoding: Encoding, bytes: Uint8Array): void {
  const marked = markOf(bytes);
  if (marked === undefined || marked === encoding) return;
  throw new ThroughlineError('ENCODING_BROKEN', {
    extract: safeName(file.name),
    declared: safeName(encoding),
    byte_order_mark: safeName(marked),
  });
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** Control characters but tab and line breaks: NUL bytes of broken pads, escape sequences for terminals. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for; \p{Cc} takes four times as long.
const CONTROLS = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;

export function withoutControls(text: string): TextPiece {
  const clean = text.search(CONTROLS) < 0 ? text : text.replace(CONTROLS, '');
  return { text: clean, stripped: text.length - clean.length };
}
