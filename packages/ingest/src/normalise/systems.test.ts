import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalAddress } from './address.js';
import { normalPhone, normalZip } from './contact.js';
import { birthDateReader } from './dates.js';
import { normalId } from './ids.js';
import { folded } from './letters.js';
import { normalName } from './names.js';

/** How systems write one and the same word: case, accents composed or apart, width. */
const CASES = [
  (word: string) => word,
  (word: string) => word.toUpperCase(),
  (word: string) => word.toLowerCase(),
  (word: string) => word.normalize('NFD'),
  (word: string) => word.normalize('NFD').replace(/\p{M}/gu, ''),
  (word: string) => ` ${word} `,
  (word: string) => `\u200e${word}\u200b`,
] as const;
const written = fc.constantFrom(...CASES);

const FIRST = ['José', 'Zoë', 'Anaïs', 'Nguyễn', 'Łukasz', 'Siobhán', 'Maria', 'Renée', 'Søren', 'Đức'];
const LAST = [
  'Núñez',
  'García',
  'Müller',
  'O’Brien',
  'de la Cruz',
  'St. James',
  'McDonald',
  'Ibáñez',
  'Trần',
  'Hall',
];
/** A letter that Unicode does not take apart cannot be lost by dropping accents. */
const first = fc.constantFrom(...FIRST);
const last = fc.constantFrom(...LAST);
const apostrophe = fc.constantFrom("'", '’', '\u2018', '`', '\u02bc', '');
const suffix = fc.constantFrom('', ' Jr', ' JR.', ' III', ', Jr.');

const withApostrophe = (name: string, sign: string) => name.replace('’', sign);

describe('the same person, the same normal form, whatever the system', () => {
  it('names in columns, in one column, in capitals, without accents, with a suffix', () => {
    fc.assert(
      fc.property(first, last, written, written, apostrophe, suffix, (given, family, one, two, sign, end) => {
        const known = normalName({ first: given, last: family });
        const spelt = withApostrophe(two(family), sign);
        expect({ ...normalName({ first: one(given), last: `${spelt}${end}` }), notes: [] }).toEqual({
          ...known,
          notes: [],
        });
        expect({ ...normalName({ lastFirst: `${spelt}${end}, ${one(given)}` }), notes: [] }).toEqual({
          ...known,
          notes: [],
        });
      }),
    );
  });

  it('surnames joined by a space, a hyphen, a dash or nothing', () => {
    const joint = fc.constantFrom(' ', '-', ' - ', '–', '‑', '');
    fc.assert(
      fc.property(last, last, joint, (one, other, between) => {
        const names = normalName({ last: `${one} ${other}` });
        const joined = normalName({ last: `${one}${between}${other}` });
        expect(joined.last).toBe(names.last);
        if (between !== '') expect(joined.lastParts).toBe(names.lastParts);
      }),
    );
  });

  it('birth dates in the format of each system', () => {
    const day = fc.date({ min: new Date('2000-01-01'), max: new Date('2026-06-15'), noInvalidDate: true });
    fc.assert(
      fc.property(day, (date) => {
        const iso = date.toISOString().slice(0, 10);
        const [year = '', month = '', dayOfMonth = ''] = iso.split('-');
        const texts: readonly (readonly [string, string])[] = [
          ['%Y-%m-%d', iso],
          ['%m/%d/%Y', `${Number(month)}/${Number(dayOfMonth)}/${year}`],
          ['%d/%m/%Y', `${dayOfMonth}/${month}/${year}`],
          ['%Y%m%d', `${year}${month}${dayOfMonth}`],
          ['%m%d%Y', `${month}${dayOfMonth}${year}`],
          ['%m/%d/%y', `${month}/${dayOfMonth}/${year.slice(2)}`],
          ['%m/%d/%Y %H:%M:%S', `${month}/${dayOfMonth}/${year} 00:00:00`],
        ];
        for (const [format, text] of texts)
          expect(birthDateReader([format], '2026-06-16')(text).value).toBe(iso);
      }),
    );
  });

  it('numbers with lost zeros, of a spreadsheet, with punctuation', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1000, max: 999_998 }), (number) => {
        const form = { pattern: 'digits', width: 8 } as const;
        const id = normalId(String(number).padStart(8, '0'), form).value;
        for (const text of [String(number), `${number}.0`, ` ${number} `])
          expect(normalId(text, form).value).toBe(id);
        expect(normalId(number.toExponential(2), form).value).toBeNull();
        const line = String(2_000_000 + number);
        const phone = normalPhone(`617${line}`).value;
        for (const text of [
          `(617) ${line.slice(0, 3)}-${line.slice(3)}`,
          `+1 617.${line}`,
          `1617${line} x12`,
        ])
          expect(normalPhone(text).value).toBe(phone);
      }),
    );
    expect(['02143', '2143', '02143-1234', '21431234'].map((zip) => normalZip(zip).value)).toEqual(
      Array.from({ length: 4 }, () => '02143'),
    );
  });

  it('addresses with the unit, the kind of street and the direction in every spelling', () => {
    const unit = fc.constantFrom('', ' Apt 3', ', Apt. 3B', ' #3', ', Unit 3', ', Fl 2', ' Suite 100');
    const kind = fc.constantFrom('Street', 'St', 'St.', 'STREET', 'str');
    const direction = fc.constantFrom('North', 'N', 'N.', 'north');
    fc.assert(
      fc.property(unit, kind, direction, (which, street, way) => {
        const { streetNumber, street: name } = normalAddress(`12 ${way} Elm ${street}${which}`);
        expect([streetNumber, name]).toEqual(['12', 'N ELM ST']);
      }),
    );
  });
});

describe('no value is lost in silence', () => {
  const scripts = [
    '王秀英',
    '김민준',
    'محمد',
    'נועה',
    'राम',
    'สมชาย',
    'Ελένη',
    'Наталья',
    'አበበ',
    'தமிழ்',
    '田中',
    'ญาณิศา',
  ];

  it.each(scripts)('%s survives as letters of its own script', (name) => {
    const { first: given, last: family, notes } = normalName({ first: name, last: name });
    expect([given, family].every((value) => value !== null && /^[\p{L}\p{M}]+$/u.test(value))).toBe(true);
    expect(notes).toEqual([]);
    for (const other of scripts)
      if (other !== name) expect(normalName({ first: other }).first).not.toBe(given);
  });

  it.each([
    'X',
    'Li',
    'Ng',
    'O',
    'Wang',
    'N'.repeat(200),
    "O'Brien",
    'Nuñez-O’Hara',
  ])('%s is a name', (name) => {
    expect(normalName({ last: name }).last).toMatch(/^\p{L}+$/u);
  });

  it.each(['😀', '—', '...', '\u200b', '   ', '\u0301'])('%j says nothing, and is counted', (text) => {
    const { last: family, notes } = normalName({ last: text });
    expect(family).toBeNull();
    if (text.trim() !== '') expect(notes.map(({ note }) => note)).toContain('placeholder');
  });

  it('gives null or letters, never an empty text, for any text at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        for (const value of Object.values(normalName({ first: text, middle: text, last: text })))
          expect(value).not.toBe('');
        if (/^[\p{L}\p{N}]$/u.test(text)) expect(folded(text)).not.toBe('');
      }),
    );
  });
});
