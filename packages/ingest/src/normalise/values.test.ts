import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalAddress } from './address.js';
import { normalEmail, normalPhone, normalZip } from './contact.js';
import { birthDateReader, dateReader } from './dates.js';
import { normalId } from './ids.js';
import { normalGuardian } from './names.js';
import type { Normal } from './normal-form.js';
import { normalSex } from './sex.js';

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 30 }),
);
const day = fc.date({ min: new Date('1900-01-02'), max: new Date('2026-06-16'), noInvalidDate: true });
const isoOf = (date: Date) => date.toISOString().slice(0, 10);
const digits = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length });

const normals: Readonly<Record<string, (raw: string) => Normal>> = {
  id: (raw) => normalId(raw, { pattern: 'letters-digits', width: 20 }),
  sex: normalSex,
  zip: normalZip,
  phone: normalPhone,
  email: normalEmail,
  guardian: normalGuardian,
  birthDate: birthDateReader(['%Y-%m-%d', '%m/%d/%Y'], '2026-06-16'),
};

describe.each(Object.entries(normals))('%s', (_, normal) => {
  it('gives a value or says why it gives none, and its value again for its value', () => {
    fc.assert(
      fc.property(text, (raw) => {
        const { value, note } = normal(raw);
        expect(value === null ? note : value).not.toBeNull();
        expect(value).not.toBe('');
        if (value !== null) expect(normal(value)).toEqual({ value, note: null });
      }),
    );
  });
});

describe('birth dates', () => {
  it('are read in the format declared and in no other', () => {
    const american = dateReader('%m/%d/%Y');
    fc.assert(
      fc.property(day, (date) => {
        const [year = '', month = '', dayOfMonth = ''] = isoOf(date).split('-');
        expect(american(`${month}/${dayOfMonth}/${year}`)).toBe(isoOf(date));
        expect(american(`${Number(month)}/${Number(dayOfMonth)}/${year}`)).toBe(isoOf(date));
        expect(american(isoOf(date))).toBeNull();
        expect(american(`${year}${month}${dayOfMonth}`)).toBeNull();
      }),
    );
  });
});

describe('ids', () => {
  it('are the same with and without their leading zeros', () => {
    fc.assert(
      fc.property(digits(6), (id) => {
        const form = { pattern: 'digits', width: 6 } as const;
        const withoutZeros = String(Number(id));
        expect(normalId(withoutZeros, form).value).toBe(normalId(id, form).value);
      }),
    );
  });
});

describe('a prefix of ids', () => {
  const form = { pattern: 'digits', width: 6, prefix: 'S' } as const;

  it('is taken off where it is there, so that two systems name one child', () => {
    fc.assert(
      fc.property(digits(6), fc.constantFrom('S', 's', ' S ', 'S'), (id, prefix) => {
        expect(normalId(`${prefix}${id}`, form).value).toBe(normalId(id, form).value);
      }),
    );
  });

  it.each([
    ['S004101', '004101', 'repaired'],
    ['SS4101', null, 'bad_value'],
    ['X4101', null, 'bad_value'],
    ['S', null, 'bad_value'],
    ['S000000', null, 'placeholder'],
  ])('%s becomes %s', (text, value, note) => {
    expect(normalId(text, form)).toEqual({ value, note });
  });

  it('that nobody has declared makes an id unreadable', () => {
    expect(normalId('S4101', { pattern: 'digits', width: 6 })).toMatchObject({ note: 'bad_value' });
  });
});

describe('telephones', () => {
  it('are the same in every punctuation', () => {
    fc.assert(
      fc.property(digits(10), (number) => {
        const [area, exchange, line] = [number.slice(0, 3), number.slice(3, 6), number.slice(6)];
        const plain = normalPhone(number);
        expect(normalPhone(`(${area}) ${exchange}-${line}`)).toEqual(plain);
        expect(normalPhone(`1-${area}-${exchange}-${line} ext. 7`)).toEqual(plain);
      }),
    );
  });
});

describe('addresses', () => {
  it('give nothing empty, and stand any text', () => {
    fc.assert(
      fc.property(text, (raw) => {
        const { note: _, ...values } = normalAddress(raw);
        for (const value of Object.values(values)) expect(value).not.toBe('');
      }),
    );
  });

  it('are the same with the unit in every spelling', () => {
    const plain = normalAddress('41 Union Ave');
    for (const unit of [', Apt 3', ' Apt 3', ' #3', ', Unit 3', ' FL 2', ' Ste 100']) {
      expect(normalAddress(`41 Union Avenue${unit}`)).toEqual(plain);
    }
  });
});
