import { describe, expect, it } from 'vitest';
import { streams } from './streams.js';
import { sampler } from './weighted.js';

describe('sampler', () => {
  it('draws in proportion to weight, and never what has none', () => {
    const draw = sampler<string>([
      ['never', 0],
      ['one', 1],
      ['three', 3],
      ['never either', 0],
    ]);
    const rng = streams('weights')('x');
    const drawn = Array.from({ length: 20_000 }, () => draw(rng));
    expect(drawn.filter((each) => each === 'one').length / 20_000).toBeCloseTo(0.25, 1);
    expect(new Set(drawn)).toEqual(new Set(['one', 'three']));
  });

  it('refuses a list without weight', () => {
    expect(() => sampler([['a', 0]])).toThrow(RangeError);
    expect(() => sampler([])).toThrow(RangeError);
  });
});
