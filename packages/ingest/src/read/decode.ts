import type { ExtractFormat } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import type { ExtractFile } from '@throughline/engine';

export type Encoding = Extract<ExtractFormat, { encoding: unknown }>['encoding'];

/** A piece of an extract's text, without the control characters that were stripped from it. */
export type TextPiece = { readonly text: string; readonly stripped: number };

/** Bytes that mean nothing in an encoding of single bytes. */
const UNDEFINED_BYTES: Readonly<Record<Encoding, readonly number[]>> = {
  'utf-8': [],
  'utf-16le': [],
  'windows-1252': [0x81, 0x8d, 0x8f, 0x90, 0x9d],
  /** TextDecoder reads ISO 8859-1 as Windows-1252; only these bytes would tell the two apart. */
  'iso-8859-1': Array.from({ length: 0x20 }, (_, index) => 0x80 + index),
};

const BYTE_ORDER_MARKS: readonly (readonly [Encoding, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
];

/**
 * An extract's text in the encoding that its manifest declares, without byte-order mark and control characters.
 *
 * @throws ThroughlineError ENCODING_BROKEN for bytes that the encoding does not have, or another one's mark.
 */
export async function* decodedText(file: ExtractFile, encoding: Encoding): AsyncGenerator<TextPiece> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const isUndefined = new Set(UNDEFINED_BYTES[encoding]);
  const marked = Uint8Array.from({ length: 256 }, (_, byte) => (isUndefined.has(byte) ? 1 : 0));
  let lines = 0;
  let undefinedBytes = 0;
  let first = true;
  for await (const bytes of file.read()) {
    if (first) requireOwnMark(file, encoding, bytes);
    first = false;
    if (isUndefined.size > 0) undefinedBytes += countMarked(bytes, marked);
    const text = decodedPiece(decoder, bytes, () =>
      broken(file, encoding, { near_line: lines + lineOfFault(bytes, encoding) }),
    );
    lines += countLines(text);
    yield withoutControls(text);
  }
  if (undefinedBytes > 0) throw broken(file, encoding, { undefined_bytes: undefinedBytes });
  yield withoutControls(decodedPiece(decoder, undefined, () => broken(file, encoding, { near_line: lines })));
}

const broken = (file: ExtractFile, encoding: Encoding, where: Readonly<Record<string, number>>) =>
  new ThroughlineError('ENCODING_BROKEN', {
    extract: safeName(file.name),
    declared: safeName(encoding),
    ...where,
  });

type Decoder = InstanceType<typeof TextDecoder>;

function decodedPiece(decoder: Decoder, bytes: Uint8Array | undefined, failure: () => Error): string {
  try {
    return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
  } catch {
    throw failure();
  }
}

/** The line of a piece with the first replacement character, from 1. The piece may begin within a character. */
function lineOfFault(bytes: Uint8Array, encoding: Encoding): number {
  const text = new TextDecoder(encoding).decode(bytes);
  const fault = text.indexOf('\ufffd', 1);
  return countLines(fault < 0 ? text : text.slice(0, fault)) + 1;
}

function requireOwnMark(file: ExtractFile, encoding: Encoding, bytes: Uint8Array): void {
  for (const [other, mark] of BYTE_ORDER_MARKS) {
    if (other === encoding || !mark.every((byte, index) => bytes[index] === byte)) continue;
    throw new ThroughlineError('ENCODING_BROKEN', {
      extract: safeName(file.name),
      declared: safeName(encoding),
      byte_order_mark: safeName(other),
    });
  }
}

function countMarked(bytes: Uint8Array, marked: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < bytes.length; at += 1) count += marked[bytes[at] ?? 0] ?? 0;
  return count;
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** Control characters but tab and line breaks: NUL bytes of broken pads, escape sequences for terminals. */
const CONTROLS = /[^\P{Cc}\t\n\r]/gu;

export function withoutControls(text: string): TextPiece {
  const clean = text.search(CONTROLS) < 0 ? text : text.replace(CONTROLS, '');
  return { text: clean, stripped: text.length - clean.length };
}
