import type { SlotPart } from '@throughline/agreement';

/*
 * Which parts of an identifier survive the errors of two registrations of one person. Only the choice of passes
 * rests on this: a pass finds the pairs in which all its parts have survived, so passes are chosen whose parts fail
 * for different reasons. It is a fixed draw of so many pairs, from hardly to very noisy ones, and is fitted to no
 * file: which errors a city has is not known when its passes are signed.
 */

/** Pairs drawn; a multiple of 32. */
export const DRAWS = 2048;
/** One bit a draw. */
export type Survivors = Uint32Array;

export const bitSet = (): Uint32Array => new Uint32Array(DRAWS / 32);
export const setBit = (bits: Uint32Array, draw: number): void => {
  bits[draw >> 5] = (bits[draw >> 5] ?? 0) | (1 << (draw & 31));
};

/** Draws differ in how noisy they are: so many times the rates below. */
const NOISE = [1, 2, 3, 5] as const;
const MOST_LIKELY = 0.9;

/** Chance of an event in a pair of the least noisy kind. */
const RATES = {
  /** Another name altogether; a nickname; another person's names; first for last. */
  first: { replaced: 0.03, nickname: 0.03 },
  last: { replaced: 0.05, joined: 0.01 },
  names: { both_wrong: 0.01, swapped: 0.015 },
  /** A slip at the beginning (three letters), in the middle, at the end of a name. */
  slip: { beginning: 0.03, middle: 0.02, end: 0.02 },
  date: { wrong: 0.01, year: 0.012, month: 0.012, day: 0.018, swapped: 0.008 },
  move: 0.1,
  street: 0.05,
  number: 0.02,
} as const;
/** Of slips, those that change the first letter, and those that change the Soundex code. */
const FIRST_LETTER = 0.33;
const SOUND = 0.6;
/** Of nicknames, those that begin like the name. */
const SAME_BEGINNING = 0.5;
const ZIP_CHANGES = 0.75;
const CITY_CHANGES = 0.5;

/** Parts that fail on their own, each at its own rate. */
const ALONE: Partial<Record<SlotPart, number>> = {
  sex: 0.008,
  'middle.initial': 0.05,
  middle: 0.1,
  guardian: 0.12,
  phone: 0.15,
  email: 0.15,
  state_id: 0.03,
  district_id: 0.03,
  birth_place: 0.05,
  suffix: 0.02,
  custom_1: 0.03,
  custom_2: 0.03,
  custom_3: 0.03,
  custom_4: 0.03,
};

/** A fixed sequence of numbers in [0, 1): mulberry32, whose quality is enough for drawing errors. */
export function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** For each part, in which draws it survives. */
export function survivors(): ReadonlyMap<SlotPart, Survivors> {
  const next = sequence(42);
  const bits = new Map<SlotPart, Uint32Array>();
  for (let draw = 0; draw < DRAWS; draw += 1) {
    const noise = NOISE[draw % NOISE.length] ?? 1;
    const chance = (rate: number) => next() < Math.min(MOST_LIKELY, rate * noise);
    const survives = { ...namesOf(chance, next), ...dateOf(chance), ...placeOf(chance, next) };
    for (const [part, rate] of Object.entries(ALONE)) survives[part as SlotPart] = !chance(rate);
    for (const [part, whole] of Object.entries(survives) as [SlotPart, boolean][]) {
      const of = bits.get(part) ?? bitSet();
      bits.set(part, of);
      if (whole) setBit(of, draw);
    }
  }
  return bits;
}

type Chance = (rate: number) => boolean;
type Next = () => number;
type Survives = Partial<Record<SlotPart, boolean>>;

function namesOf(chance: Chance, next: Next): Survives {
  const { first, last, names } = RATES;
  const wrong = chance(names.both_wrong);
  const swapped = chance(names.swapped);
  const otherFirst = chance(first.replaced) || wrong;
  const otherLast = chance(last.replaced) || wrong;
  const nickname = chance(first.nickname);
  const alike = next() < SAME_BEGINNING;
  const joined = chance(last.joined);
  const one = slips(chance, next);
  const two = slips(chance, next);
  const firstWhole = !(otherFirst || nickname || one.any);
  const lastWhole = !(otherLast || joined || two.any);
  const begins = !(otherFirst || (nickname && !alike) || one.beginning);
  const lastBegins = !(otherLast || two.beginning);
  const placed = !swapped;
  return {
    first: firstWhole && placed,
    'first.3': begins && placed,
    'first.initial': !(otherFirst || (nickname && !alike) || one.initial) && placed,
    'first.end3': !(otherFirst || nickname || one.end) && placed,
    'first.soundex': !(otherFirst || nickname || one.sound) && placed,
    first_root: !(otherFirst || one.any) && placed,
    last: lastWhole && placed,
    'last.3': lastBegins && placed,
    'last.initial': !(otherLast || two.initial) && placed,
    'last.end3': !(otherLast || joined || two.end) && placed,
    'last.soundex': !(otherLast || joined || two.sound) && placed,
    'names.sorted': firstWhole && lastWhole,
    'names3.sorted': begins && lastBegins,
  };
}

function slips(chance: Chance, next: Next) {
  const beginning = chance(RATES.slip.beginning);
  const middle = chance(RATES.slip.middle);
  const end = chance(RATES.slip.end);
  const any = beginning || middle || end;
  const initial = beginning && next() < FIRST_LETTER;
  return { beginning, end, any, initial, sound: any && (initial || next() < SOUND) };
}

function dateOf(chance: Chance): Survives {
  const { date } = RATES;
  const wrong = chance(date.wrong);
  const year = !(chance(date.year) || wrong);
  const ownMonth = !(chance(date.month) || wrong);
  const ownDay = !(chance(date.day) || wrong);
  const placed = !chance(date.swapped);
  const month = ownMonth && placed;
  const day = ownDay && placed;
  return {
    birth_date: year && month && day,
    'birth_date.year': year,
    'birth_date.year_month': year && month,
    'birth_date.month_day': month && day,
    'birth_date.month': month,
    'birth_date.day': day,
    'birth_date.swap': year && ownMonth && ownDay,
    'month_day.sorted': ownMonth && ownDay,
  };
}

function placeOf(chance: Chance, next: Next): Survives {
  const moved = chance(RATES.move);
  const street = !(moved || chance(RATES.street));
  return {
    zip: !(moved && next() < ZIP_CHANGES) && !chance(RATES.number),
    city: !(moved && next() < CITY_CHANGES) && !chance(RATES.number),
    street,
    'street.4': street || (!moved && next() > FIRST_LETTER),
    street_number: !(moved || chance(RATES.number)),
  };
}
