import { fromBase64, toBase64 } from '../base64.js';
import { isKeyName, toHex } from './key.js';

/** A signature line of a note: who claims to have signed, and the signature without the key's id. */
export type NoteSignature = { readonly name: string; readonly keyId: string; readonly bytes: Uint8Array };

/** A note whose signatures have not been verified: its text is not to be trusted. */
export type UnverifiedNote = { readonly text: string; readonly signatures: readonly NoteSignature[] };

const LARGEST_NOTE = 1 << 20;
// signed-note asks for at least 16, and for some limit.
const MOST_SIGNATURES = 100;
const ID_BYTES = 4;
const NEWLINE = 0x0a;
const FIRST_PRINTABLE = 0x20;

/**
 * A note's text and signature lines; undefined if it does not have the form of C2SP signed-note: UTF-8 without
 * control characters, a text that ends in a newline, an empty line, signature lines.
 */
export function parseNote(bytes: Uint8Array): UnverifiedNote | undefined {
  const note = textOf(bytes);
  const end = note?.lastIndexOf('\n\n') ?? -1;
  if (note === undefined || end < 0 || !note.endsWith('\n')) return undefined;
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > MOST_SIGNATURES) return undefined;
  const signatures = lines.map(parseSignatureLine).filter((signature) => signature !== undefined);
  return signatures.length === lines.length ? { text: note.slice(0, end + 1), signatures } : undefined;
}

function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.length > LARGEST_NOTE) return undefined;
  if (bytes.some((byte) => byte < FIRST_PRINTABLE && byte !== NEWLINE)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function parseSignatureLine(line: string): NoteSignature | undefined {
  const [, name = '', encoded = ''] = /^— ([^ ]+) ([^ ]+)$/.exec(line) ?? [];
  const bytes = fromBase64(encoded);
  if (bytes === undefined || bytes.length <= ID_BYTES || !isKeyName(name)) return undefined;
  return { name, keyId: toHex(bytes.subarray(0, ID_BYTES)), bytes: bytes.slice(ID_BYTES) };
}

/**
 * A note as it is stored: the text, an empty line, the signature lines.
 *
 * @throws RangeError unless the text ends in a newline and there is a signature.
 */
export function formatNote({ text, signatures }: UnverifiedNote): string {
  if (!text.endsWith('\n') || signatures.length === 0) {
    throw new RangeError('formatNote: a text that ends in a newline, and a signature, expected');
  }
  return `${text}\n${signatures.map(formatSignatureLine).join('')}`;
}

/** A signature as a line of its own, such as a witness returns it. */
export const formatSignatureLine = ({ name, keyId, bytes }: NoteSignature): string =>
  `— ${name} ${toBase64(Uint8Array.from([...fromHex(keyId), ...bytes]))}\n`;

const fromHex = (hex: string): number[] =>
  Array.from(hex.match(/../g) ?? [], (digits) => parseInt(digits, 16));
