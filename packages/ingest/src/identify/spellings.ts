import type { ManifestField } from '@throughline/agreement';
import {
  type FurtherIdentifier,
  furtherIdentifiers,
  type IdentifierColumn,
  identifierColumns,
} from '@throughline/core';
import { normalAddress } from '../normalise/address.js';
import { normalEmail, normalPhone, normalZip } from '../normalise/contact.js';
import { birthDateReader } from '../normalise/dates.js';
import { normalFurther } from '../normalise/further.js';
import { normalId } from '../normalise/ids.js';
import { type NameColumn, type NormalName, normalGuardian, normalName } from '../normalise/names.js';
import { known, type Normal, type Note, unknown } from '../normalise/normal-form.js';
import { normalSex } from '../normalise/sex.js';

export type IdentityColumn = IdentifierColumn | FurtherIdentifier;

/** The identifier columns, in the order of the table. */
export const commonColumns = Object.keys(identifierColumns).filter(isIdentifier);
/** The same, and those that few extracts have. */
export const identityColumns: readonly IdentityColumn[] = [...commonColumns, ...furtherIdentifiers];

function isIdentifier(column: string): column is IdentifierColumn {
  return column !== 'record_id' && column !== 'space';
}

/** Identifiers of one spelling of a record, in normal form; and what was set aside, by the field's name. */
export type Spelling = {
  readonly values: Readonly<Partial<Record<IdentityColumn, string | null>>>;
  readonly test: boolean;
  readonly notes: readonly { readonly field: string; readonly note: Note }[];
};

/** A text longer than this is no identifier of anybody, and is not looked at. */
const LONGEST = 500;

/** What is being found of one spelling. Filled in place: this is done for every row, and garbage is what takes time. */
type Gathering = {
  readonly values: Partial<Record<IdentityColumn, string | null>>;
  readonly notes: { readonly field: string; readonly note: Note }[];
};

/** Brings the texts of an extract's link fields, in their order, into normal form. */
export function spellingReader(
  fields: readonly ManifestField[],
  today: string,
): (texts: readonly (string | null)[]) => Spelling {
  const readers = fields.map((field) => valueReader(field, today));
  const readName = nameReader(fields);
  return (texts) => {
    const gathered: Gathering = { values: {}, notes: [] };
    const { test } = readName(texts, gathered);
    for (let index = 0; index < readers.length; index += 1) {
      const text = texts[index] ?? null;
      if (text === null) continue;
      if (text.length <= LONGEST) readers[index]?.(text, gathered);
      else gathered.notes.push({ field: fields[index]?.name ?? '', note: 'bad_value' });
    }
    return { ...gathered, test };
  };
}

const NAME_ROLES: Readonly<Partial<Record<string, NameColumn>>> = {
  first: 'first',
  middle: 'middle',
  last: 'last',
  full_name_last_first: 'lastFirst',
  full_name_first_last: 'firstLast',
};

const nameColumnOf = ({ identifier }: ManifestField): NameColumn | undefined =>
  identifier === undefined ? undefined : NAME_ROLES[identifier];

/** Where each part of a name is written. */
function nameReader(
  fields: readonly ManifestField[],
): (texts: readonly (string | null)[], gathered: Gathering) => NormalName {
  const places = fields.flatMap((field, index) => {
    const column = nameColumnOf(field);
    return column === undefined ? [] : [{ column, index }];
  });
  const fieldOf = (of: NameColumn) => fields.find((field) => nameColumnOf(field) === of)?.name ?? '';
  return (texts, { values, notes }) => {
    const written: Partial<Record<NameColumn, string | null>> = {};
    for (const { column, index } of places) {
      const text = texts[index] ?? null;
      written[column] = text !== null && text.length > LONGEST ? null : text;
    }
    const name = normalName(written);
    values.first = name.first;
    values.first_root = name.firstRoot;
    values.middle = name.middle;
    values.last = name.last;
    values.last_parts = name.lastParts;
    for (const { of, note } of name.notes) notes.push({ field: fieldOf(of), note });
    return name;
  };
}

type ValueReader = (text: string, gathered: Gathering) => void;

/** How a field that is no name becomes identifier columns. */
function valueReader(field: ManifestField, today: string): ValueReader {
  const { identifier } = field;
  if (identifier === undefined || nameColumnOf(field) !== undefined) return () => undefined;
  if (identifier === 'address') return (text, gathered) => addressValues(field.name, text, gathered);
  const column = identifier as IdentityColumn;
  const normal = normalOf(field, today);
  return (text, { values, notes }) => {
    const { value, note } = normal(text);
    if (value !== null) values[column] = value;
    if (note !== null) notes.push({ field: field.name, note });
  };
}

function addressValues(field: string, text: string, { values, notes }: Gathering): void {
  const { streetNumber, street, zip, note } = normalAddress(text);
  values.street_number = streetNumber;
  values.street = street;
  if (zip !== null) values.zip = zip;
  if (note !== null) notes.push({ field, note });
}

function normalOf(field: ManifestField, today: string): (text: string) => Normal {
  switch (field.identifier) {
    case 'birth_date':
      return birthDateReader(field.format ?? [], today);
    case 'sex':
      return field.codes === undefined ? normalSex : codedSex(field.codes);
    case 'zip':
      return normalZip;
    case 'phone':
      return normalPhone;
    case 'email':
      return normalEmail;
    case 'guardian':
      return normalGuardian;
    case 'state_id':
    case 'district_id':
      return (text) => normalId(text, field);
    default:
      return normalFurther;
  }
}

/** The manifest's own codes go before the usual words. */
const codedSex =
  (codes: Readonly<Record<string, string>>) =>
  (text: string): Normal => {
    const sex = Object.hasOwn(codes, text) ? codes[text] : undefined;
    if (sex === undefined) return unknown('unmapped_code');
    return sex === 'unknown' ? unknown('placeholder') : known(sex);
  };
