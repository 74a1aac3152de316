import { describe, expect, it } from 'vitest';
import { OTHER_PATTERNS, withoutRare } from './likeness.js';

describe('withoutRare', () => {
  it('tells no pattern of fewer than eleven pairs by itself', () => {
    const counted = new Map([
      ['000', 11],
      ['003', 10],
      ['033', 9],
      ['333', 400],
    ]);
    expect(withoutRare(counted)).toEqual(
      new Map([
        ['000', 11],
        ['333', 400],
        [OTHER_PATTERNS, 19],
      ]),
    );
    expect(
      withoutRare(
        new Map([
          ['000', 11],
          ['003', 10],
        ]),
      ),
    ).toEqual(new Map([['000', 11]]));
  });
});
