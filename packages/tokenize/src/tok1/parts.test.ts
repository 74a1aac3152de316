import { knownParts, tokenParts } from '@throughline/agreement';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { publishedVectors } from '../fixture/vectors.fixture.js';
import { LONGEST_VALUE, nothingKnown, partOf } from './parts.js';

describe('partOf', () => {
  it.each(publishedVectors.records)('gives the published parts: $note', ({ identifiers, parts }) => {
    for (const part of tokenParts) expect(partOf(part, identifiers), part).toEqual(parts[part] ?? []);
  });

  it('takes an empty value, or one longer than any identifier, as missing', () => {
    for (const value of ['', 'A'.repeat(LONGEST_VALUE + 1)]) {
      const row = { ...nothingKnown, first: value, last: value, last_parts: value, birth_date: value };
      for (const part of tokenParts) expect(partOf(part, row), part).toEqual([]);
    }
  });

  it('knows of every identifier whether it is there, and nothing else of it', () => {
    for (const part of knownParts) {
      const identifier = part.slice(0, -'.known'.length);
      const holding = (value: string | null) => partOf(part, { ...nothingKnown, [identifier]: value });
      expect(holding('2014-09-03')).toEqual(holding('ANA'));
      expect(holding('ANA')).toEqual([['known']]);
      expect([null, '', 'A'.repeat(LONGEST_VALUE + 1)].flatMap(holding)).toEqual([]);
    }
  });

  it('gives the joined surname and each part, every one once and no more than six', () => {
    const surnames = (last: string | null, last_parts: string | null) =>
      partOf('last_part', { ...nothingKnown, last, last_parts }).flat();
    expect(surnames('VEGAVEGA', 'VEGA VEGA')).toEqual(['VEGAVEGA', 'VEGA']);
    expect(surnames('VEGA', null)).toEqual(['VEGA']);
    expect(surnames(null, 'VEGA LUNA')).toEqual(['VEGA', 'LUNA']);
    expect(surnames('X', 'A B C D E F G H')).toHaveLength(6);
  });

  it('is the same for swapped names and for a swapped day and month', () => {
    const name = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' });
    const number = fc.integer({ min: 1, max: 12 }).map((each) => String(each).padStart(2, '0'));
    fc.assert(
      fc.property(name, name, number, number, (one, other, a, b) => {
        const row = { ...nothingKnown, first: one, last: other, birth_date: `2014-${a}-${b}` };
        const swapped = { ...nothingKnown, first: other, last: one, birth_date: `2014-${b}-${a}` };
        expect(partOf('names.sorted', row)).toEqual(partOf('names.sorted', swapped));
        expect(partOf('birth_date.swap', row)).toEqual(partOf('birth_date.swap', swapped));
      }),
    );
  });
});
