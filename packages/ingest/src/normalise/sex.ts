import { known, type Normal, unknown } from './normal-form.js';

const WORDS: Readonly<Record<string, string>> = {
  F: 'F',
  FEMALE: 'F',
  GIRL: 'F',
  M: 'M',
  MALE: 'M',
  BOY: 'M',
  X: 'X',
  N: 'X',
  NB: 'X',
  'NON-BINARY': 'X',
  NONBINARY: 'X',
};
const UNKNOWN: ReadonlySet<string> = new Set(['', 'U', 'UNK', 'UNKNOWN', 'NOT REPORTED']);

/** The normal form of a sex: F, M, X. Numbers mean different things in different systems and are not guessed at. */
export function normalSex(raw: string): Normal {
  const word = raw.trim().toUpperCase();
  const sex = WORDS[word];
  if (sex !== undefined) return known(sex);
  return unknown(UNKNOWN.has(word) ? 'placeholder' : 'unmapped_code');
}
