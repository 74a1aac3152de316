import type { ManifestField } from '@throughline/agreement';
import { type IdentifierColumn, identifierColumns } from '@throughline/core';
import { normalAddress } from '../normalise/address.js';
import { normalEmail, normalPhone, normalZip } from '../normalise/contact.js';
import { birthDateReader } from '../normalise/dates.js';
import { normalId } from '../normalise/ids.js';
import { type NameColumn, type NormalName, normalGuardian, normalName } from '../normalise/names.js';
import { known, type Normal, type Note, unknown } from '../normalise/normal-form.js';
import { normalSex } from '../normalise/sex.js';

/** The identifier columns, in the order of the table. */
export const identityColumns = Object.keys(identifierColumns).filter(isIdentifier);

function isIdentifier(column: string): column is IdentifierColumn {
  return column !== 'record_id' && column !== 'space';
}

/** Identifiers of one spelling of a record, in normal form; and what was set aside, by the field's name. */
export type Spelling = {
  readonly values: Readonly<Partial<Record<IdentifierColumn, string | null>>>;
  readonly test: boolean;
  readonly notes: readonly { readonly field: string; readonly note: Note }[];
};

/** A text longer than this is no identifier of anybody, and is not looked at. */
const LONGEST = 500;

/** Brings the texts of an extract's link fields, in their order, into normal form. */
export function spellingReader(
  fields: readonly ManifestField[],
  today: string,
): (texts: readonly (string | null)[]) => Spelling {
  const readers = fields.map((field) => valueReader(field, today));
  return (texts) => {
    const short = texts.map((text) => (text !== null && text.length > LONGEST ? null : text));
    const name = nameOf(fields, short);
    const single = readers.map((read, index) => read(short[index] ?? null));
    const tooLong = fields.flatMap(({ name: field }, index) =>
      short[index] === texts[index] ? [] : [{ field, note: 'bad_value' as const }],
    );
    return {
      values: { ...nameValues(name), ...Object.assign({}, ...single.map(({ values }) => values)) },
      test: name.test,
      notes: [...nameNotes(fields, name), ...single.flatMap(({ notes }) => notes), ...tooLong],
    };
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

function nameOf(fields: readonly ManifestField[], texts: readonly (string | null)[]): NormalName {
  const columns = fields.flatMap((field, index): [NameColumn, string | null][] => {
    const column = nameColumnOf(field);
    return column === undefined ? [] : [[column, texts[index] ?? null]];
  });
  return normalName(Object.fromEntries(columns));
}

const nameValues = ({ first, firstRoot, middle, last, lastParts }: NormalName): Spelling['values'] => ({
  first,
  first_root: firstRoot,
  middle,
  last,
  last_parts: lastParts,
});

const nameNotes = (fields: readonly ManifestField[], { notes }: NormalName): Spelling['notes'] =>
  notes.flatMap(({ of, note }) => {
    const field = fields.find((each) => nameColumnOf(each) === of);
    return field === undefined ? [] : [{ field: field.name, note }];
  });

type ValueReader = (text: string | null) => Pick<Spelling, 'values' | 'notes'>;

const NOTHING = { values: {}, notes: [] } as const;

/** How a field that is no name becomes identifier columns. */
function valueReader(field: ManifestField, today: string): ValueReader {
  const { identifier } = field;
  if (identifier === undefined || nameColumnOf(field) !== undefined) return () => NOTHING;
  if (identifier === 'address') return (text) => (text === null ? NOTHING : addressValues(field.name, text));
  const normal = normalOf(field, today);
  return (text) => {
    if (text === null) return NOTHING;
    const { value, note } = normal(text);
    const values = value === null ? {} : { [identifier]: value };
    return { values, notes: note === null ? [] : [{ field: field.name, note }] };
  };
}

function addressValues(field: string, text: string): Pick<Spelling, 'values' | 'notes'> {
  const { streetNumber, street, zip, note } = normalAddress(text);
  const values = { street_number: streetNumber, street, ...(zip === null ? {} : { zip }) };
  return { values, notes: note === null ? [] : [{ field, note }] };
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
    default:
      return (text) => normalId(text, field);
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
