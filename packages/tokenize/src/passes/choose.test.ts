import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Identifiers, nothingKnown } from '../tok1/parts.js';
import { choosePasses } from './choose.js';
import { compositions } from './compositions.js';
import { DRAWS, survivors } from './error-model.js';

/** People with names of random letters: nearly all different, but for `sharers`, who are all called the same. */
function people(count: number, sharers: number): Identifiers[] {
  const letter = (seed: number) =>
    String.fromCharCode(65 + ((Math.abs(Math.imul(seed, 2654435761)) >>> 8) % 26));
  const word = (seed: number) =>
    Array.from({ length: 6 }, (_, place) => letter(seed * 31 + place * 7)).join('');
  return Array.from({ length: count }, (_, index) => ({
    ...nothingKnown,
    first: index < sharers ? 'ANA' : word(index),
    last: index < sharers ? 'VEGA' : word(index + count),
    birth_date: `20${String(5 + (index % 12)).padStart(2, '0')}-${String(1 + (index % 11)).padStart(2, '0')}-${String(1 + (index % 28)).padStart(2, '0')}`,
  }));
}
const file = (rows: readonly Identifiers[]) => ({ rows, persons: rows.map((_, row) => row) });

describe('choosePasses', () => {
  it('takes passes of which each file has near-unique values, and no more than asked for', () => {
    const passes = choosePasses([file(people(400, 0)), file(people(300, 0))], { unique: 0.9, most: 5 });
    expect(passes).toHaveLength(5);
    expect(new Set(passes.map(({ name }) => name)).size).toBe(5);
    for (const { parts } of passes) expect(parts.length > 1 || parts[0] === 'names.sorted').toBe(true);
  });

  it('needs no field that nobody has', () => {
    const passes = choosePasses([file(people(300, 0))], { unique: 0.9, most: 40 });
    const parts = new Set(passes.flatMap((pass) => pass.parts));
    for (const missing of ['zip', 'sex', 'guardian', 'phone', 'custom_1'])
      expect(parts).not.toContain(missing);
  });

  it('leaves out what several persons share, but not what one person has in two records', () => {
    const alike = people(2000, 2000);
    const oneName = (persons: readonly number[]) =>
      choosePasses([{ rows: alike, persons }], { unique: 0.9, most: 40 }).map(({ name }) => name);
    expect(oneName(alike.map((_, row) => row))).toEqual([]);
    const few = people(200, 0).flatMap((row) => [row, row]);
    const twice = few.map((_, row) => Math.floor(row / 2));
    expect(choosePasses([{ rows: few, persons: twice }], { unique: 0.9, most: 3 })).toHaveLength(3);
  });

  it('keeps the meetings of all passes within what is allowed, and finds more where more is', () => {
    const files = [file(people(1500, 0)), file(people(1500, 0))];
    const total = (passes: readonly { meetings: number }[]) =>
      passes.reduce((sum, { meetings }) => sum + meetings, 0);
    const free = choosePasses(files, { unique: 0.5, most: 12 });
    const bound = choosePasses(files, { unique: 0.5, most: 12, meetings: total(free) / 4 });
    expect(total(free)).toBeGreaterThan(0);
    expect(bound.length).toBeGreaterThan(0);
    expect(total(bound)).toBeLessThanOrEqual(total(free) / 4);
  });

  it('gives equal passes for equal files', () => {
    const files = [file(people(300, 20))];
    const limits = { unique: 0.85, most: 20 };
    expect(choosePasses(files, limits)).toEqual(choosePasses(files, limits));
  });
});

describe('compositions', () => {
  it('imply what they tell', () => {
    const all = compositions.all((part) => /^(?:first|last|birth_date|zip)/.test(part));
    fc.assert(
      fc.property(fc.constantFrom(...all), fc.constantFrom(...all), (one, other) => {
        if (compositions.implies(one, other) && compositions.implies(other, one)) {
          expect(new Set(one.parts)).toEqual(new Set(other.parts));
        }
      }),
    );
    expect(
      compositions.implies({ parts: ['first', 'birth_date'] }, { parts: ['first.3', 'birth_date.year'] }),
    ).toBe(true);
    expect(
      compositions.implies({ parts: ['first.3', 'birth_date'] }, { parts: ['first', 'birth_date.year'] }),
    ).toBe(false);
  });
});

describe('survivors', () => {
  const whole = survivors();
  const share = (part: Parameters<typeof whole.get>[0]) =>
    [...(whole.get(part) ?? [])].reduce((sum, word) => sum + word.toString(2).replaceAll('0', '').length, 0) /
    DRAWS;

  it('cover every part that a pass may be made of', () => {
    for (const part of compositions.parts) expect(share(part)).toBeGreaterThan(0.2);
  });

  it('survive less often the more they tell', () => {
    expect(share('first.3')).toBeGreaterThan(share('first'));
    expect(share('first.initial')).toBeGreaterThan(share('first.3'));
    expect(share('birth_date.year')).toBeGreaterThan(share('birth_date'));
    expect(share('names.sorted')).toBeLessThan(share('first'));
  });
});
