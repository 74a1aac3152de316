import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pickBy, streams } from './streams.js';

const draws = (seed: string | number, ...name: (string | number)[]) => {
  const rng = streams(seed)(...name);
  return Array.from({ length: 50 }, rng.next);
};

describe('streams', () => {
  it('gives equal draws for equal seeds and names', () => {
    expect(draws(7, 'absence', 17)).toEqual(draws('7', 'absence', 17));
  });

  it('gives unlike draws for any other seed or name', () => {
    const name = fc.array(fc.oneof(fc.string(), fc.integer()), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(name, name, (left, right) => {
        fc.pre(left.map(String).join('\u0000') !== right.map(String).join('\u0000'));
        expect(draws('seed', ...left)).not.toEqual(draws('seed', ...right));
      }),
    );
    expect(draws(1, 'a')).not.toEqual(draws(2, 'a'));
  });

  it('keeps the parts of a name apart', () => {
    expect(draws(1, 'a', 'b')).not.toEqual(draws(1, 'ab'));
    expect(draws(1, 'a', 12)).not.toEqual(draws(1, 'a', 1, 2));
  });

  it('is even, also across the first draws of neighbouring names', () => {
    const rng = streams('even');
    const firsts = Array.from({ length: 20_000 }, (_, index) => rng('child', index).next());
    const counts = Array.from(
      { length: 10 },
      (_, tenth) => firsts.filter((each) => Math.floor(each * 10) === tenth).length,
    );
    for (const count of counts) expect(Math.abs(count - 2_000)).toBeLessThan(200);
    const pairs = firsts.slice(1).map((each, index) => (each - 0.5) * ((firsts[index] ?? 0) - 0.5));
    expect(Math.abs(pairs.reduce((sum, each) => sum + each, 0) / pairs.length)).toBeLessThan(0.004);
  });

  it('stays in range', () => {
    const rng = streams('range')('x');
    for (let round = 0; round < 2_000; round += 1) {
      expect(rng.between(-3, 4)).toSatisfy(
        (value: number) => Number.isInteger(value) && value >= -3 && value <= 4,
      );
      expect(rng.below(1)).toBe(0);
    }
    expect(new Set(Array.from({ length: 200 }, () => rng.between(0, 2)))).toEqual(new Set([0, 1, 2]));
  });

  it('refuses to choose from nothing', () => {
    expect(() => streams(1)('x').pick([])).toThrow(RangeError);
    expect(pickBy(['a', 'b'], 0.49, 1)).toBe('a');
    expect(pickBy(['a', 'b'], 0.51, 1)).toBe('b');
  });
});
