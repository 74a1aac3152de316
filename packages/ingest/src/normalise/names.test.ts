import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { folded } from './letters.js';
import { normalGuardian, normalName } from './names.js';
import { NICKNAMES } from './nickname-table.js';
import { rootOf } from './nicknames.js';

/** Any text, also with accents apart, other scripts, marks on their own and characters that nobody sees. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: fc.constantFrom(...'aÉñ -\'’"().,́​Ł王मि') }),
);
/** A name of one word that is no particle, suffix or placeholder. */
const word = fc
  .string({ unit: fc.constantFrom(...'BCFGKLMPRSTVWZ'), minLength: 3, maxLength: 9 })
  .map((letters) => `${letters}a`);

const latin = fc.string({ unit: fc.constantFrom(...'aáàâäãåæçéèêëíìîïñóòôöõøœšúùûüýÿžđłþ'), minLength: 1 });

describe('folded', () => {
  it('is the same when folded again', () => {
    fc.assert(
      fc.property(text, (raw) => {
        expect(folded(folded(raw))).toBe(folded(raw));
      }),
    );
  });

  it('does not tell composed from decomposed, nor upper from lower case', () => {
    fc.assert(
      fc.property(text, (raw) => {
        expect(folded(raw.normalize('NFD'))).toBe(folded(raw));
        expect(folded(raw.normalize('NFC'))).toBe(folded(raw));
      }),
    );
    fc.assert(
      fc.property(latin, (raw) => {
        expect(folded(raw.toUpperCase())).toBe(folded(raw));
      }),
    );
  });

  it('takes the short way for plain text to the same end', () => {
    const plain = fc.string({ unit: 'grapheme-ascii', maxLength: 40 });
    fc.assert(
      fc.property(plain, (raw) => {
        expect(folded(`${raw}\u200b`)).toBe(folded(raw));
      }),
    );
  });

  it('brings Latin letters to A to Z', () => {
    fc.assert(
      fc.property(latin, (raw) => {
        expect(folded(raw)).toMatch(/^[A-Z]+$/);
      }),
    );
  });
});

describe('normalName', () => {
  it('gives no empty text, and nothing but letters, digits and marks', () => {
    fc.assert(
      fc.property(text, text, text, (first, middle, last) => {
        const { test: _, notes: __, ...values } = normalName({ first, middle, last });
        for (const value of Object.values(values)) {
          if (value !== null) expect(value).toMatch(/^[\p{L}\p{N}\p{M}]+( [\p{L}\p{N}\p{M}]+)*$/u);
        }
      }),
    );
  });

  it('loses no surname in silence', () => {
    fc.assert(
      fc.property(text, (last) => {
        const found = normalName({ last });
        const lost = last.trim() !== '' && found.last === null;
        expect(lost).toBe(found.notes.some(({ note }) => note === 'placeholder'));
      }),
    );
  });

  it('reads a full name as it reads its columns', () => {
    fc.assert(
      fc.property(word, word, word, fc.constantFrom('', ' Jr.', ' III'), (first, middle, last, suffix) => {
        const columns = normalName({ first, middle, last });
        expect(normalName({ lastFirst: `${last}${suffix}, ${first} ${middle}` })).toEqual(columns);
        expect(normalName({ firstLast: `${last}, ${first} ${middle}${suffix}` })).toEqual(columns);
        expect(normalName({ firstLast: `${first} ${last}${suffix}` })).toEqual(normalName({ first, last }));
      }),
    );
  });

  it('does not tell how two surnames are joined', () => {
    fc.assert(
      fc.property(word, word, (one, other) => {
        const found = normalName({ last: `${one} ${other}` });
        expect(normalName({ last: `${one}-${other}` })).toEqual(found);
        expect(normalName({ last: `${one} y ${other}` })).toEqual(found);
        expect(normalName({ last: `${one}${other}` }).last).toBe(found.last);
        expect(found.lastParts).toBe(`${one} ${other}`.toUpperCase());
      }),
    );
  });

  it('stands names of 30,000 words', () => {
    const long = 'de '.repeat(15_000) + 'Jr '.repeat(15_000);
    expect(normalName({ last: long, first: long, lastFirst: `${long},${long}` }).last).not.toBeNull();
  });
});

describe('normalGuardian', () => {
  it('does not tell the order of the words', () => {
    fc.assert(
      fc.property(fc.uniqueArray(word, { minLength: 2, maxLength: 4 }), (words) => {
        expect(normalGuardian(words.toReversed().join(' '))).toEqual(normalGuardian(words.join(', ')));
      }),
    );
  });
});

describe('the table of nicknames', () => {
  const entries = NICKNAMES.split(',').map((names) => names.trim().split(/\s+/));
  const shortForms = entries.flatMap(([, ...nicknames]) => nicknames);

  it('gives each short form one root, and no root a root', () => {
    expect(new Set(shortForms).size).toBe(shortForms.length);
    for (const nickname of shortForms) expect(rootOf(rootOf(nickname))).toBe(rootOf(nickname));
  });

  it('holds names in normal form only', () => {
    for (const name of entries.flat()) expect(name).toMatch(/^[A-Z]{2,}$/);
  });

  it.each([
    ['BOB', 'ROBERT'],
    ['BETH', 'ELIZABETH'],
    ['TOMMY', 'THOMAS'],
    ['ALEX', 'ALEX'],
    ['SAM', 'SAM'],
    ['CHRIS', 'CHRIS'],
    ['MICAH', 'MICAH'],
    ['EMMA', 'EMMA'],
    ['LILA', 'LILA'],
  ])('%s is %s', (nickname, root) => expect(rootOf(nickname)).toBe(root));
});
