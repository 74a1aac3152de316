import { digestNames, digestOf, hmacOf } from '@throughline/engine';
import { type Identifiers, partOf } from '@throughline/tokenize';
import type { Composite } from '../people/values.js';

/** Keys that everybody knows or would try. */
const WELL_KNOWN_KEYS: readonly (string | Uint8Array)[] = [
  '',
  'secret',
  'key',
  'salt',
  'password',
  'test',
  'HashingKey',
  'throughline',
  new Uint8Array(16),
  new Uint8Array(32),
];
const SEPARATORS = ['', '|', ':', ' ', ',', '-', '_', '\u0000'];
const CASES = [(text: string) => text, (text: string) => text.toLowerCase()];
/** Bytes of a token that are compared. */
const COMPARED = 8;

/**
 * A dictionary without the key: every child's values are joined in the usual ways, hashed, also under keys that
 * everybody knows, and looked up among the tokens.
 *
 * @param tokens each column's tokens in hexadecimal, the first 8 bytes.
 * @returns how many children were found by at least one token.
 */
export function dictionaryHits(
  people: readonly Identifiers[],
  columns: readonly { readonly composite: Composite; readonly tokens: ReadonlySet<string> }[],
): number {
  return people.filter((row) =>
    columns.some(({ composite, tokens }) => guesses(composite, row).some((guess) => tokens.has(guess))),
  ).length;
}

function guesses(composite: Composite, row: Identifiers): string[] {
  const values = composite.flatMap((part) => partOf(part, row)[0] ?? []);
  const texts = SEPARATORS.flatMap((separator) => CASES.map((letters) => letters(values.join(separator))));
  return [...new Set(texts)].flatMap((text) => [
    ...digestNames.map((name) => hex(digestOf(name, text))),
    ...WELL_KNOWN_KEYS.map((key) => hex(hmacOf('sha256', key, text))),
  ]);
}

/** The first bytes of a token, as the dictionary writes them. */
export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes.subarray(0, COMPARED), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** What an unkeyed token looks like; a dictionary that does not find these is broken. */
export const unkeyedToken = (composite: Composite, row: Identifiers): string =>
  hex(digestOf('sha256', composite.flatMap((part) => partOf(part, row)[0] ?? []).join('|')));
