import type { KnownPart, RecordPart } from '@throughline/agreement';
import type { FurtherIdentifier, IdentifierColumn } from '@throughline/core';
import { soundex } from './soundex.js';

/** The identifiers of one record in normal form `norm-1`; null where they are missing. */
export type Identifiers = Readonly<Record<IdentifierColumn, string | null>> &
  Readonly<Partial<Record<FurtherIdentifier, string | null>>>;

/** A record of which nothing is known. */
export const nothingKnown: Identifiers = {
  first: null,
  first_root: null,
  middle: null,
  last: null,
  last_parts: null,
  birth_date: null,
  sex: null,
  street_number: null,
  street: null,
  zip: null,
  phone: null,
  email: null,
  guardian: null,
  state_id: null,
  district_id: null,
};

/**
 * What a part of a rule is for one record: the values of each alternative; none where it is missing. Only
 * `last_part` has several alternatives, and only sorted names have several values.
 */
export type Alternatives = readonly (readonly string[])[];

/** No identifier is longer; a cell that is holds something else. In UTF-16 units. */
export const LONGEST_VALUE = 400;
/** No name has more surnames; a cell that has holds something else. */
export const MOST_SURNAMES = 6;
const MISSING: Alternatives = [];

/** A part of a rule, a pass or a slot, from the identifiers of one record. */
export function partOf(part: RecordPart, row: Identifiers): Alternatives {
  switch (part) {
    case 'first.initial':
      return derived(row.first, (first) => leading(first, 1));
    case 'first.3':
      return derived(row.first, (first) => leading(first, 3));
    case 'first.end3':
      return derived(row.first, (first) => trailing(first, 3));
    case 'first.soundex':
      return derived(row.first, soundex);
    case 'middle.initial':
      return derived(row.middle, (middle) => leading(middle, 1));
    case 'last.initial':
      return derived(row.last, (last) => leading(last, 1));
    case 'last.3':
      return derived(row.last, (last) => leading(last, 3));
    case 'last.end3':
      return derived(row.last, (last) => trailing(last, 3));
    case 'last.soundex':
      return derived(row.last, soundex);
    case 'last_part':
      return surnames(row);
    case 'names.sorted':
      return sortedNames(row, (name) => name);
    case 'names3.sorted':
      return sortedNames(row, (name) => leading(name, 3));
    case 'birth_date':
      return derived(row.birth_date, (date) => dated(date, 0, 10));
    case 'birth_date.year':
      return derived(row.birth_date, (date) => dated(date, 0, 4));
    case 'birth_date.year_month':
      return derived(row.birth_date, (date) => dated(date, 0, 7));
    case 'birth_date.month_day':
      return derived(row.birth_date, (date) => dated(date, 5, 10));
    case 'birth_date.month':
      return derived(row.birth_date, (date) => dated(date, 5, 7));
    case 'birth_date.day':
      return derived(row.birth_date, (date) => dated(date, 8, 10));
    case 'birth_date.swap':
      return derived(row.birth_date, (date) => dated(unswapped(date), 0, 10));
    case 'month_day.sorted':
      return derived(row.birth_date, (date) => dated(unswapped(date), 5, 10));
    case 'street.4':
      return derived(row.street, (street) => leading(street, 4));
    default:
      return isKnownPart(part)
        ? derived(row[knownOf(part)] ?? null, () => 'known')
        : derived(row[part] ?? null, (value) => value);
  }
}

const KNOWN = '.known';
const isKnownPart = (part: RecordPart): part is KnownPart => part.endsWith(KNOWN);
const knownOf = (part: KnownPart) => part.slice(0, -KNOWN.length) as keyof Identifiers;

function derived(value: string | null, form: (value: string) => string | null): Alternatives {
  if (value === null || value.length === 0 || value.length > LONGEST_VALUE) return MISSING;
  const formed = form(value);
  return formed === null ? MISSING : [[formed]];
}

/** Where a code point takes two units; without them units are counted, which is ten times as fast. */
const PAIRS = /[\ud800-\udfff]/;

/** So many leading code points; the whole of a shorter name. */
const leading = (name: string, letters: number): string =>
  PAIRS.test(name) ? [...name].slice(0, letters).join('') : name.slice(0, letters);

/** So many last code points; the whole of a shorter name. */
const trailing = (name: string, letters: number): string =>
  PAIRS.test(name) ? [...name].slice(-letters).join('') : name.slice(-letters);

/** The joined surname and each part of a double one, the first six at most. */
function surnames({ last, last_parts }: Identifiers): Alternatives {
  if (last_parts === null) return derived(last, (value) => value);
  const joined = derived(last, (value) => value);
  const parts = derived(last_parts, (value) => value).flat();
  const all = new Set([...joined.flat(), ...parts.flatMap((value) => value.split(' '))]);
  all.delete('');
  return [...all].slice(0, MOST_SURNAMES).map((surname) => [surname]);
}

/** Both names in some form, the lower in code-point order first: two values and no delimiter. */
function sortedNames({ first, last }: Identifiers, form: (name: string) => string): Alternatives {
  const [one, other] = [derived(first, form)[0]?.[0], derived(last, form)[0]?.[0]];
  if (one === undefined || other === undefined) return MISSING;
  return [inCodePointOrder(one, other) ? [one, other] : [other, one]];
}

function inCodePointOrder(one: string, other: string): boolean {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return (one.codePointAt(at) ?? -1) <= (other.codePointAt(at) ?? -1);
}

/** A part of a date; missing where only the year or year and month are known, as ISO 8601 writes them. */
const dated = (date: string, from: number, until: number): string | null =>
  date.length < until ? null : date.slice(from, until);

/** 2014-09-03 and 2014-03-09 -> 2014-03-09 */
function unswapped(date: string): string {
  const [year = '', month = '', day = ''] = date.split('-');
  return month <= day ? date : `${year}-${day}-${month}`;
}
