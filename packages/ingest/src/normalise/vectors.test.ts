import { readText } from '@throughline/engine';
import { describe, expect, it } from 'vitest';
import { normalAddress } from './address.js';
import { normalEmail, normalPhone, normalZip } from './contact.js';
import { birthDateReader } from './dates.js';
import { normalFurther } from './further.js';
import { type IdForm, normalId } from './ids.js';
import { normalGuardian, normalName } from './names.js';
import { NORMAL_FORM, type Normal } from './normal-form.js';
import { normalSex } from './sex.js';

type Vector = { readonly written: string; readonly normal: string | null; readonly note: string | null };
type Names = {
  readonly first?: string;
  readonly middle?: string;
  readonly last?: string;
  readonly last_first?: string;
  readonly first_last?: string;
};

const vectors: {
  readonly norm: string;
  readonly today: string;
  readonly names: readonly {
    written: Names;
    normal: Readonly<Record<string, string | null>>;
    notes: readonly string[];
  }[];
  readonly test_names: readonly { written: Names; test: boolean }[];
  readonly birth_dates: readonly (Vector & { formats: readonly string[] })[];
  readonly ids: readonly (Vector & IdForm)[];
  readonly addresses: readonly {
    written: string;
    normal: Readonly<Record<string, string | null>>;
    note: string | null;
  }[];
} & Readonly<Record<'sexes' | 'zips' | 'phones' | 'emails' | 'guardians' | 'further', readonly Vector[]>> =
  JSON.parse(await readText(new URL('../../../../fixtures/vectors/norm-1.json', import.meta.url).pathname));

const written = ({ last_first: lastFirst, first_last: firstLast, ...columns }: Names) => ({
  ...columns,
  ...(lastFirst === undefined ? {} : { lastFirst }),
  ...(firstLast === undefined ? {} : { firstLast }),
});

describe('the published vectors of norm-1', () => {
  it('are of this normal form', () => expect(vectors.norm).toBe(NORMAL_FORM));

  it.each(vectors.names)('name $written', ({ written: names, normal, notes }) => {
    const found = normalName(written(names));
    expect({
      first: found.first,
      first_root: found.firstRoot,
      middle: found.middle,
      last: found.last,
      last_parts: found.lastParts,
    }).toEqual(normal);
    expect(found.notes.map(({ note }) => note)).toEqual(notes);
  });

  it.each(vectors.test_names)('test name $written', ({ written: names, test }) => {
    expect(normalName(written(names)).test).toBe(test);
  });

  it.each(vectors.birth_dates)('birth date $written as $formats', ({ formats, ...vector }) => {
    expectVector(birthDateReader(formats, vectors.today), vector);
  });

  it.each(vectors.ids)('id $written', (vector) => expectVector((raw) => normalId(raw, vector), vector));
  it.each(vectors.sexes)('sex $written', (vector) => expectVector(normalSex, vector));
  it.each(vectors.zips)('ZIP code $written', (vector) => expectVector(normalZip, vector));
  it.each(vectors.phones)('telephone $written', (vector) => expectVector(normalPhone, vector));
  it.each(vectors.emails)('e-mail $written', (vector) => expectVector(normalEmail, vector));
  it.each(vectors.further)('further $written', (vector) => expectVector(normalFurther, vector));
  it.each(vectors.guardians)('guardian $written', (vector) => expectVector(normalGuardian, vector));

  it.each(vectors.addresses)('address $written', ({ written: address, normal, note }) => {
    const found = normalAddress(address);
    expect({ street_number: found.streetNumber, street: found.street, zip: found.zip }).toEqual(normal);
    expect(found.note).toBe(note);
  });
});

function expectVector(normal: (raw: string) => Normal, { written: raw, normal: value, note }: Vector): void {
  expect(normal(raw)).toEqual({ value, note });
}
