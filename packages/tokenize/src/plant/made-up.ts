import type { IdentifierColumn } from '@throughline/core';
import { type Identifiers, nothingKnown } from '../tok1/parts.js';

/*
 * Children who do not exist, in the normal form of an owner's own records: every part is that of some record, so that
 * nothing about the parts is unusual, and no record has them together.
 */

/** A whole number from 0 to below a bound. */
export type Draw = (below: number) => number;

/** Parts that come from one record: of a name and a sex that go together, an address whose parts do. */
const TOGETHER: readonly (readonly IdentifierColumn[])[] = [
  ['first', 'first_root', 'sex'],
  ['middle'],
  ['last', 'last_parts'],
  ['birth_date'],
  ['street_number', 'street', 'zip'],
  ['phone'],
  ['email'],
  ['guardian'],
];
/** Numbers name one child each, so a canary has one of its own, in the form of the owner's. */
const NUMBERS: readonly IdentifierColumn[] = ['state_id', 'district_id'];

export type MakingUp = {
  readonly rows: readonly Identifiers[];
  readonly draw: Draw;
  /** What no record of the owner, and no earlier canary, may be confused with. */
  readonly taken: ReadonlySet<string>;
};

/**
 * What must not be taken: a child of the same birth date who shares a name would look like a twin, and real children
 * would be held back for it.
 */
export function likenessesOf({ first, last, birth_date, state_id, district_id }: Identifiers): string[] {
  const of = (...values: (string | null)[]): string[] =>
    values.includes(null) ? [] : [JSON.stringify(values)];
  return [
    ...of('first', first, birth_date),
    ...of('last', last, birth_date),
    ...of('names', first, last),
    ...of('state_id', state_id),
    ...of('district_id', district_id),
  ];
}

const MOST_TRIES = 200;

const resemblesNobody = (child: Identifiers, taken: ReadonlySet<string>): boolean =>
  !likenessesOf(child).some((likeness) => taken.has(likeness));

/** A child who does not exist; undefined where the file is too small for one who resembles nobody. */
export function madeUp({ rows, draw, taken }: MakingUp): Identifiers | undefined {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const child = recombined(rows, draw);
    const named = child.first !== null && child.last !== null && child.birth_date !== null;
    if (named && resemblesNobody(child, taken)) return child;
  }
  return undefined;
}

function recombined(rows: readonly Identifiers[], draw: Draw): Identifiers {
  const donor = (): Identifiers => rows[draw(rows.length)] ?? nothingKnown;
  const child: Record<string, string | null> = {};
  for (const columns of TOGETHER) {
    const from = donor();
    for (const column of columns) child[column] = from[column];
  }
  for (const column of NUMBERS) child[column] = numberLike(donor()[column], draw);
  return { ...nothingKnown, ...child };
}

/** Every digit anew; letters and marks stay. */
const numberLike = (number: string | null, draw: Draw): string | null =>
  number?.replace(/\d/g, () => String(draw(10))) ?? null;

/**
 * How often a second registration differs from the first, by what differs: of the least noisy kind of the model by which
 * passes are chosen (`passes/error-model.ts`), three in ten records in all.
 */
const RATES = {
  first: 0.07,
  last: 0.07,
  month_day: 0.01,
  date: 0.03,
  address: 0.1,
  phone: 0.1,
  middle: 0.05,
} as const;

/**
 * The same child as somebody else would have written it down, resembling nobody but itself; undefined where the file is
 * too small. @param making `taken` without the child itself.
 */
export function writtenAgain(child: Identifiers, making: MakingUp): Identifiers | undefined {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const other = withErrors(child, making);
    if (resemblesNobody(other, making.taken)) return other;
  }
  return undefined;
}

function withErrors(child: Identifiers, { rows, draw }: Omit<MakingUp, 'taken'>): Identifiers {
  const happens = (rate: number): boolean => draw(10_000) < rate * 10_000;
  const other = rows[draw(rows.length)] ?? nothingKnown;
  let { first, first_root, last, last_parts, birth_date, middle, phone } = child;
  let address = { street_number: child.street_number, street: child.street, zip: child.zip };
  if (happens(RATES.first)) {
    first = slipped(first, draw);
    first_root = first;
  }
  if (happens(RATES.last)) {
    last = slipped(last, draw);
    last_parts = null;
  }
  if (happens(RATES.month_day)) birth_date = swapped(birth_date);
  if (happens(RATES.date)) birth_date = anotherDay(birth_date, draw);
  if (happens(RATES.middle)) middle = null;
  if (happens(RATES.phone)) phone = other.phone;
  if (happens(RATES.address)) {
    address = { street_number: other.street_number, street: other.street, zip: other.zip };
  }
  return { ...child, first, first_root, last, last_parts, birth_date, middle, phone, ...address };
}

/** Two letters in the wrong order, or one left out. */
function slipped(name: string | null, draw: Draw): string | null {
  if (name === null || name.length < 3) return name;
  const at = 1 + draw(name.length - 2);
  const [before, letter, next, after] = [name.slice(0, at), name[at], name[at + 1], name.slice(at + 2)];
  return draw(2) === 0 ? `${before}${next}${letter}${after}` : `${before}${next}${after}`;
}

function swapped(date: string | null): string | null {
  const [year, month = '', day = ''] = date?.split('-') ?? [];
  return Number(day) > 12 ? date : [year, day, month].join('-');
}

function anotherDay(date: string | null, draw: Draw): string | null {
  return date === null ? null : `${date.slice(0, 8)}${String(1 + draw(28)).padStart(2, '0')}`;
}
