import type { IdentifierColumn } from '@throughline/core';
import type { ColumnBatch } from '@throughline/engine';
import type { Identifiers } from '../tok1/parts.js';

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

/** Behind two others: `record` and `space`, or `record_id` and what goes with it. */
const FIRST_COLUMN = 2;

/** The identifiers of one row of a batch. */
export function identifiersAt(batch: ColumnBatch, row: number): Identifiers {
  const text = (column: (typeof identifierNames)[number]): string | null => {
    const value = batch[FIRST_COLUMN + identifierNames.indexOf(column)]?.[row];
    return typeof value === 'string' ? value : null;
  };
  return {
    first: text('first'),
    first_root: text('first_root'),
    middle: text('middle'),
    last: text('last'),
    last_parts: text('last_parts'),
    birth_date: text('birth_date'),
    sex: text('sex'),
    street_number: text('street_number'),
    street: text('street'),
    zip: text('zip'),
    phone: text('phone'),
    email: text('email'),
    guardian: text('guardian'),
    state_id: text('state_id'),
    district_id: text('district_id'),
  };
}
