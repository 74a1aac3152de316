import type { TokenPart } from '@throughline/agreement';
import { lengthValue } from '@throughline/core';
import { fieldNames } from '../emit/identifiers.js';

type Field = (typeof fieldNames)[number];
type Form = readonly [kind: number, field: Field, from?: number, until?: number | Field];

const [WHOLE, LEADING, TRAILING, SOUNDEX, SURNAMES, SORTED, DATED, UNSWAPPED] = [0, 1, 2, 3, 4, 5, 6, 7];

/** What is not the whole of the identifier of its name; `partOf` says the same slowly. */
const forms: Readonly<Partial<Record<TokenPart, Form>>> = {
  'first.initial': [LEADING, 'first', 1],
  'first.3': [LEADING, 'first', 3],
  'first.end3': [TRAILING, 'first', 3],
  'first.soundex': [SOUNDEX, 'first'],
  'middle.initial': [LEADING, 'middle', 1],
  'last.initial': [LEADING, 'last', 1],
  'last.3': [LEADING, 'last', 3],
  'last.end3': [TRAILING, 'last', 3],
  'last.soundex': [SOUNDEX, 'last'],
  last_part: [SURNAMES, 'last', 0, 'last_parts'],
  'names.sorted': [SORTED, 'first', 0, 'last'],
  'names3.sorted': [SORTED, 'first', 3, 'last'],
  birth_date: [DATED, 'birth_date', 0, 10],
  'birth_date.year': [DATED, 'birth_date', 0, 4],
  'birth_date.year_month': [DATED, 'birth_date', 0, 7],
  'birth_date.month_day': [DATED, 'birth_date', 5, 10],
  'birth_date.month': [DATED, 'birth_date', 5, 7],
  'birth_date.day': [DATED, 'birth_date', 8, 10],
  'birth_date.swap': [UNSWAPPED, 'birth_date', 0, 10],
  'month_day.sorted': [UNSWAPPED, 'birth_date', 5, 10],
  'street.4': [LEADING, 'street', 4],
};

/** Bytes that the kernel reads of a part. */
export const PART_BYTES = 12;
/** Bytes that it writes of one: how many alternatives there are, and where six of them are. */
export const WRITTEN_BYTES = 52;
/** Bytes of a field: its address and its length. */
export const FIELD_BYTES = 8;

/** LV of each part's name. */
export const labelsOf = (parts: readonly TokenPart[]): Uint8Array[] =>
  parts.map((part) => lengthValue([part]));

export type PartList = {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
  /** Where the list of parts goes, and where their labels do. */
  readonly list: number;
  readonly labels: number;
};

/** Lists parts for the kernel. */
export function listParts(parts: readonly TokenPart[], { bytes, words, list, labels }: PartList): void {
  let label = labels;
  for (const [place, name] of labelsOf(parts).entries()) {
    const part = parts[place] ?? 'first';
    const [kind = WHOLE, field = part, from = 0, until = 0] = forms[part] ?? [];
    const at = list + place * PART_BYTES;
    bytes.set([kind, placeOf(field), from, typeof until === 'number' ? until : placeOf(until)], at);
    words.set([label, name.length], at / 4 + 1);
    bytes.set(name, label);
    label += name.length;
  }
}

const placeOf = (field: string): number => {
  const place = (fieldNames as readonly string[]).indexOf(field);
  if (place < 0) throw new RangeError('parts: a part of an identifier expected');
  return place;
};
