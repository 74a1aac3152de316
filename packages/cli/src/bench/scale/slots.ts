import {
  levelOf,
  SLOT_CODE_BYTES,
  SLOT_TOKEN_BYTES,
  SLOT_VECTOR_BYTES,
  type SlotLayout,
  slotLayout,
} from '@throughline/core';
import { mixed, type ScaleChild, type ScaleRow } from './children.js';

/*
 * Slots as the linkage unit sees them, made in a hundredth of the time: they meet where a pass value is equal, keep the
 * distances of names and the equality of codes, and have nothing in common elsewhere. They protect nothing, and nobody
 * in them exists.
 */

const KNOWN = [
  'first.known',
  'last.known',
  'middle.known',
  'birth_date.known',
  'sex.known',
  'zip.known',
] as const;
export const SLOT_FIELDS = {
  similar: ['first', 'last'],
  exact: [
    'birth_date.year',
    'birth_date.month',
    'birth_date.day',
    'sex',
    'middle.initial',
    'zip',
    'names.sorted',
    ...KNOWN,
  ],
};
export const LAYOUT: SlotLayout = slotLayout(SLOT_FIELDS);

const year = ({ birthDate }: ScaleChild) => birthDate.slice(0, 4);
const month = ({ birthDate }: ScaleChild) => birthDate.slice(5, 7);
const day = ({ birthDate }: ScaleChild) => birthDate.slice(8);
const initial = ({ middle }: ScaleChild) => middle.slice(0, 1);
const sound = (text: string) => text.slice(0, 1) + text.slice(1).replace(/[AEIOU]/g, '');
const inOrder = (one: string, other: string) => (one < other ? `${one} ${other}` : `${other} ${one}`);

const EXACT: readonly ((child: ScaleChild) => string)[] = [
  year,
  month,
  day,
  ({ sex }) => sex,
  initial,
  ({ zip }) => zip,
  ({ first, last }) => inOrder(first, last),
  ...KNOWN.map(() => () => 'known'),
];

/** What the gate lets two files of 30,000 children or more use, by and large. */
const PASSES: Readonly<Record<string, (child: ScaleChild) => string>> = {
  last3_year_day: (child) =>
    `${child.last.slice(0, 3)} ${year(child)} ${day(child)} ${child.first.slice(0, 1)}`,
  first_year_mi: (child) => `${child.first} ${year(child)} ${initial(child)} ${month(child)}`,
  first3_dob: (child) => `${child.first.slice(0, 3)} ${child.birthDate}`,
  names3_month_day: (child) =>
    `${inOrder(child.first.slice(0, 3), child.last.slice(0, 3))} ${child.birthDate.slice(5)}`,
  last_year_mi: (child) => `${child.last} ${year(child)} ${initial(child)} ${day(child)}`,
  first_zip_year: (child) => `${child.first} ${child.zip} ${year(child)}`,
  lastsound_month_day: (child) => `${sound(child.last)} ${child.birthDate.slice(5)} ${child.sex}`,
  first_month_day: (child) => `${child.first} ${child.birthDate.slice(5)}`,
  firstend3_dob: (child) => `${child.first.slice(-3)} ${child.birthDate}`,
  last_zip_year: (child) => `${child.last} ${child.zip} ${year(child)}`,
  last_month_day_mi: (child) => `${child.last} ${child.birthDate.slice(5)} ${initial(child)}`,
  first_last: ({ first, last }) => `${first} ${last}`,
};
export const PASS_NAMES = Object.keys(PASSES);
const VALUES = Object.values(PASSES);

const WORDS = LAYOUT.width / 4;
const TOKEN_WORDS = SLOT_TOKEN_BYTES / 4;
const VECTOR_WORDS = SLOT_VECTOR_BYTES / 4;
const BITS_A_BIGRAM = 18;

/** Two numbers of 32 bits from a text. */
function hashed(text: string): readonly [number, number] {
  let [one, other] = [0x9e3779b9, 0x85ebca6b];
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charCodeAt(at);
    one = Math.imul(one ^ letter, 0x01000193);
    other = Math.imul(other ^ letter, 0x5bd1e995);
  }
  return [mixed(one, other), mixed(other, one)];
}

const vectors = new Map<string, Uint32Array>();

/** Padded bigrams of a name, so many bits for each. */
export function vectorOf(name: string): Uint32Array {
  const known = vectors.get(name);
  if (known !== undefined) return known;
  const vector = new Uint32Array(VECTOR_WORDS);
  const padded = `_${name}_`;
  for (let at = 1; at < padded.length; at += 1) {
    const [one, other] = hashed(padded.slice(at - 1, at + 1));
    for (let bit = 0; bit < BITS_A_BIGRAM; bit += 1) {
      const place = mixed(one + bit, other) % (8 * SLOT_VECTOR_BYTES);
      vector[place >> 5] = (vector[place >> 5] ?? 0) | (1 << (place & 31));
    }
  }
  vectors.set(name, vector);
  return vector;
}

/** How many rows hold each value of each pass; a slot is real where its value was one row's alone. */
export type Holders = readonly ReadonlyMap<number, number>[];

export const holdersOf = (rows: readonly ScaleRow[]): Holders =>
  VALUES.map((valueIn, pass) => {
    const holders = new Map<number, number>();
    for (const { child } of rows) {
      const key = keyOf(pass, valueIn(child));
      holders.set(key, (holders.get(key) ?? 0) + 1);
    }
    return holders;
  });

const keyOf = (pass: number, value: string): number => {
  const [one, other] = hashed(`${pass} ${value}`);
  return one * 2 ** 20 + (other >>> 12);
};

type Sealing = { readonly holders: Holders; readonly real: number; readonly side: number };

/** The slots of a row, side by side. @param real how many holders a value has at most for its slot to be real. */
export function slotsOf({ record, child }: ScaleRow, { holders, real, side }: Sealing): Uint8Array {
  const words = new Uint32Array(VALUES.length * WORDS);
  for (const [pass, valueIn] of VALUES.entries()) {
    const value = valueIn(child);
    const alone = (holders[pass]?.get(keyOf(pass, value)) ?? 0) <= real;
    seal(
      words.subarray(pass * WORDS, (pass + 1) * WORDS),
      child,
      alone ? `${pass} ${value}` : `${pass} ${side} ${record}`,
    );
  }
  return new Uint8Array(words.buffer);
}

function seal(slot: Uint32Array, child: ScaleChild, under: string): void {
  const [one, other] = hashed(under);
  const stream = (word: number) => mixed(one + word, other ^ word);
  let word = 0;
  for (; word < TOKEN_WORDS; word += 1) slot[word] = stream(word);
  for (const name of [child.first, child.last]) {
    const vector = vectorOf(name);
    for (let at = 0; at < VECTOR_WORDS; at += 1, word += 1) slot[word] = stream(word) ^ (vector[at] ?? 0);
  }
  for (const valueIn of EXACT) {
    const [code] = hashed(valueIn(child));
    slot[word] = mixed(stream(word), code);
    word += SLOT_CODE_BYTES / 4;
  }
}

/** The levels of two children's fields, as an owner counts them in clear text. */
export function patternOf(one: ScaleChild, other: ScaleChild): string {
  const similar = (['first', 'last'] as const).map((field) =>
    levelOf(distance(vectorOf(one[field]), vectorOf(other[field]))),
  );
  const exact = EXACT.map((valueIn) => (valueIn(one) === valueIn(other) ? 0 : 3));
  return [...similar, ...exact].join('');
}

function distance(one: Uint32Array, other: Uint32Array): number {
  let bits = 0;
  for (let at = 0; at < VECTOR_WORDS; at += 1) {
    for (let left = (one[at] ?? 0) ^ (other[at] ?? 0); left !== 0; left &= left - 1) bits += 1;
  }
  return bits;
}
