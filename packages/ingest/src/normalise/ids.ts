import { known, type Normal, unknown } from './normal-form.js';

/** What ids of a column consist of, to which width lost leading zeros are put back, and what may stand before them. */
export type IdForm = {
  readonly pattern?: 'digits' | 'letters-digits' | undefined;
  readonly width?: number | undefined;
  readonly prefix?: string | undefined;
};

const FORMS = {
  digits: /^[0-9]+$/,
  'letters-digits': /^[A-Z0-9]+$/,
} as const;

/** Written by people who had no number: nothing but zeros, nothing but nines, or counting up. */
const NO_NUMBER = /^(?:0+|9{4,}|1234567890?|0123456789)$/;
const ONE_DIGIT = /^([0-9])\1{8,}$/;

/**
 * The normal form of an id: upper case, of the declared pattern, no longer than the declared width, without the declared prefix. A number that
 * a spreadsheet has turned into 4.15E+03 has lost digits and is never guessed at.
 */
export function normalId(raw: string, { pattern, width, prefix = '' }: IdForm): Normal {
  const text = raw.trim().toUpperCase();
  const bare = text.startsWith(prefix.toUpperCase()) ? text.slice(prefix.length).trimStart() : text;
  const whole = pattern === 'digits' ? bare.replace(/\.0+$/, '') : bare;
  if (pattern !== undefined && !FORMS[pattern].test(whole)) return unknown('bad_value');
  if (width !== undefined && whole.length > width) return unknown('bad_value');
  if (whole === '' || NO_NUMBER.test(whole) || ONE_DIGIT.test(whole)) return unknown('placeholder');
  const padded = pattern === 'digits' && width !== undefined ? whole.padStart(width, '0') : whole;
  return known(padded, padded === text ? null : 'repaired');
}
