import { type FurtherIdentifier, furtherIdentifiers, type IdentifierColumn } from '@throughline/core';
import { type Identifiers, LONGEST_VALUE } from '../tok1/parts.js';

export const identifierNames = [
  'first',
  'first_root',
  'middle',
  'last',
  'last_parts',
  'birth_date',
  'sex',
  'street_number',
  'street',
  'zip',
  'phone',
  'email',
  'guardian',
  'state_id',
  'district_id',
] as const satisfies readonly IdentifierColumn[];

/** Stands between identifiers; a normal form holds no control character. */
export const SEPARATOR = '\u001f';

/** All identifiers: those that few extracts have stand behind the others. */
export const fieldNames = [...identifierNames, ...furtherIdentifiers] as const;

/** The identifiers of one text. @throws RangeError if it is not what `identifiersJoined` makes. */
export function identifiersOf(joined: unknown): Identifiers {
  const values = String(joined).split(SEPARATOR);
  if (!isWhole(values.length)) throw new RangeError('identifiers: normal forms expected');
  const [first, first_root, middle, last, last_parts, birth_date, sex, street_number, ...others] = values;
  const [street, zip, phone, email, guardian, state_id, district_id] = others;
  const common = {
    first: known(first),
    first_root: known(first_root),
    middle: known(middle),
    last: known(last),
    last_parts: known(last_parts),
    birth_date: known(birth_date),
    sex: known(sex),
    street_number: known(street_number),
    street: known(street),
    zip: known(zip),
    phone: known(phone),
    email: known(email),
    guardian: known(guardian),
    state_id: known(state_id),
    district_id: known(district_id),
  };
  return values.length === identifierNames.length ? common : { ...common, ...furtherOf(values) };
}

const known = (value: string | undefined): string | null =>
  value === undefined || value === '' ? null : value;

/** Whether a text of so many values is one of a record: with or without those that few extracts have. */
export const isWhole = (values: number): boolean =>
  values === identifierNames.length || values === fieldNames.length;

const furtherOf = (values: readonly string[]): Partial<Record<FurtherIdentifier, string | null>> =>
  Object.fromEntries(
    furtherIdentifiers.map((name, place) => [name, known(values[identifierNames.length + place])]),
  );

/** UTF-16 units that a joined text has at most, once what is too long to be an identifier is left out. */
export const LONGEST_JOINED = fieldNames.length * (LONGEST_VALUE + 1);

/** A joined text without the values that are too long, which count as missing. */
export const withoutTooLong = (joined: string): string =>
  joined.length <= LONGEST_JOINED
    ? joined
    : joined
        .split(SEPARATOR)
        .map((value) => (value.length > LONGEST_VALUE ? '' : value))
        .join(SEPARATOR);
