import { linkAtScale, type Source } from '@throughline/assess';
import { freshKey } from '@throughline/engine';
import type { Identifiers } from '@throughline/tokenize';

/*
 * Two files of made-up children, seven tenths of whom are in both; every fifth of those in the second has a slip in a
 * name, a wrong day of birth, or another ZIP code. Links them and tells its parent what that took.
 */
const size = Number(process.argv[2]);
const SHARED = 0.7;
const SYLLABLES = [
  'KA',
  'LO',
  'MI',
  'RE',
  'SU',
  'TA',
  'NO',
  'VE',
  'DI',
  'BRA',
  'JO',
  'SHE',
  'AN',
  'EL',
  'OR',
  'WIN',
];

/** A number that looks random, from two others (the finaliser of MurmurHash3). */
function mixed(one: number, other: number): number {
  const once = Math.imul(one ^ (one >>> 16) ^ Math.imul(other, 0x9e3779b1), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return (twice ^ (twice >>> 16)) >>> 0;
}

/** Common names are common: the square of a uniform number. */
function name(child: number, salt: number, names: number): string {
  const number = Math.floor((mixed(child, salt) / 2 ** 32) ** 2 * names);
  return Array.from(
    { length: 3 },
    (_, place) => SYLLABLES[mixed(number, salt * 31 + place) % SYLLABLES.length],
  ).join('');
}

const two = (value: number) => String(value).padStart(2, '0');

function child(number: number): Identifiers {
  const first = name(number, 1, 3000);
  return {
    first,
    first_root: first,
    middle: SYLLABLES[mixed(number, 2) % SYLLABLES.length] ?? null,
    last: name(number, 3, 4000),
    last_parts: null,
    birth_date: `${2005 + (mixed(number, 4) % 14)}-${two(1 + (mixed(number, 5) % 12))}-${two(1 + (mixed(number, 6) % 28))}`,
    sex: mixed(number, 7) % 2 === 0 ? 'F' : 'M',
    zip: `02${two(mixed(number, 8) % 100)}0`,
    street_number: null,
    street: null,
    phone: null,
    email: null,
    guardian: null,
    state_id: null,
    district_id: null,
  };
}

const slip = (text: string | null, at: number): string | null =>
  text === null ? null : `${text.slice(0, at % text.length)}X${text.slice((at % text.length) + 1)}`;

function withError(row: Identifiers, number: number): Identifiers {
  const kind = mixed(number, 9) % 20;
  if (kind === 0) return { ...row, first: slip(row.first, mixed(number, 10)) };
  if (kind === 1) return { ...row, last: slip(row.last, mixed(number, 11)) };
  if (kind === 2)
    return { ...row, birth_date: `${row.birth_date?.slice(0, 8)}${two(1 + (mixed(number, 12) % 28))}` };
  if (kind === 3) return { ...row, zip: `02${two(mixed(number, 13) % 100)}0` };
  return row;
}

function source(from: number, errors: boolean): Source {
  const numbers = Array.from({ length: size }, (_, index) => from + ((index * 7919) % size));
  return {
    name: String(from),
    rows: numbers.map((number) => (errors ? withError(child(number), number) : child(number))),
    truth: numbers.map(String),
    group: undefined,
  };
}

const sources = [source(0, false), source(Math.round(size * (1 - SHARED)), true)];
const effects = { elapsed: () => performance.now(), randomKey: freshKey, seed: '1' };
const outcome = linkAtScale(sources, effects);
process.send?.({ ...outcome, peakBytes: process.resourceUsage().maxRSS * 1024 });
