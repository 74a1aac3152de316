import type { IdentifierColumn } from '@throughline/core';
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

/** The identifiers of one text. @throws RangeError if it is not what `identifiersJoined` makes. */
export function identifiersOf(joined: unknown): Identifiers {
  const values = String(joined).split(SEPARATOR);
  if (values.length !== identifierNames.length) throw new RangeError('identifiers: normal forms expected');
  const [first, first_root, middle, last, last_parts, birth_date, sex, street_number, ...others] = values;
  const [street, zip, phone, email, guardian, state_id, district_id] = others;
  const known = (value: string | undefined) => (value === undefined || value === '' ? null : value);
  return {
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
}

/** UTF-16 units that a joined text has at most, once what is too long to be an identifier is left out. */
export const LONGEST_JOINED = identifierNames.length * (LONGEST_VALUE + 1);

/** A joined text without the values that are too long, which count as missing. */
export const withoutTooLong = (joined: string): string =>
  joined.length <= LONGEST_JOINED
    ? joined
    : joined
        .split(SEPARATOR)
        .map((value) => (value.length > LONGEST_VALUE ? '' : value))
        .join(SEPARATOR);
