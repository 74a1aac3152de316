import { describe, expect, it } from 'vitest';
import { clustersOf, personsOf } from '../cluster/clusters.js';
import { classOf, joinSealed, type WeighedPair } from './decide.js';

const pair = (a: number, b: number, probability: number, given: Partial<WeighedPair> = {}): WeighedPair => ({
  a,
  b,
  weight: 20,
  probability,
  chosen: true,
  first: 'equal',
  namesAlone: false,
  review: undefined,
  ...given,
});

/** Records 0 to 5 of sources 0, 0, 1, 1, 2, 2, nobody twice in a source. */
const apart = () =>
  clustersOf({ sourceOf: Int32Array.of(0, 0, 1, 1, 2, 2), capacityOf: Int32Array.of(1, 1, 1) });
const joining = (numbers: [number, number][] = [], others: { a: number; b: number }[] = []) => ({
  clusters: apart(),
  others,
  numbers: new Map(numbers),
  threshold: 0.4,
});

describe('classOf', () => {
  it('links within the error that is accepted, and shows what may be missed', () => {
    const classes = (threshold: number) =>
      [0.95, 0.9, 0.89, 0.5, 0.1, 0.09].map((probability) => classOf(pair(0, 2, probability), threshold));
    expect(classes(0.4)).toEqual(['link', 'link', 'possible', 'possible', 'possible', 'no']);
    expect(classes(0.93)).toEqual(['link', 'possible', 'possible', 'possible', 'possible', 'no']);
    expect(classOf(pair(0, 2, 0.99, { chosen: false }), 0.4)).toBe('no');
    expect(classOf(pair(0, 2, 0.99, { first: 'differs' }), 0.4)).toBe('possible');
    expect(classOf(pair(0, 2, 0.99, { namesAlone: true }), 0.4)).toBe('possible');
    expect(classOf(pair(0, 2, 0.2, { namesAlone: true, review: 'same' }), 0.4)).toBe('link');
  });
});

describe('joinSealed', () => {
  it('joins over several sources, and what tokens joined stays so', () => {
    const asked = joining();
    asked.clusters.join(0, 2);
    const pairs = [pair(0, 2, 0.99), pair(0, 4, 0.98), pair(1, 3, 0.95), pair(2, 4, 0.94), pair(1, 5, 0.5)];
    expect(joinSealed(pairs, asked)).toEqual(['together', 'linked', 'linked', 'linked', 'possible']);
    expect([...personsOf(asked.clusters)]).toEqual([0, 1, 0, 1, 0, 5]);
  });

  it('gives nobody two records of a source without duplicates', () => {
    const asked = joining();
    expect(joinSealed([pair(0, 2, 0.99), pair(1, 2, 0.97)], asked)).toEqual(['linked', 'refused']);
    expect([...personsOf(asked.clusters)]).toEqual([0, 1, 0, 3, 4, 5]);
  });

  it('does not join two who hold different numbers, themselves or through whom they were joined to', () => {
    expect(
      joinSealed(
        [pair(0, 2, 0.99)],
        joining([
          [0, 2],
          [2, 2],
        ]),
      ),
    ).toEqual(['refused']);
    expect(
      joinSealed(
        [pair(0, 2, 0.99)],
        joining([
          [0, 1],
          [2, 2],
        ]),
      ),
    ).toEqual(['linked']);
    expect(
      joinSealed(
        [pair(0, 2, 0.99, { first: 'alike' })],
        joining([
          [0, 2],
          [2, 2],
        ]),
      ),
    ).toEqual(['linked']);
    expect(
      joinSealed(
        [pair(0, 2, 0.99), pair(0, 4, 0.98)],
        joining([
          [2, 4],
          [4, 4],
        ]),
      ),
    ).toEqual(['linked', 'refused']);
  });

  it('does not join against what the other pairs of two persons say', () => {
    const asked = joining();
    const pairs = [pair(0, 2, 0.99), pair(0, 4, 0.92), pair(2, 4, 0.001, { chosen: false })];
    expect(joinSealed(pairs, asked)).toEqual(['linked', 'linked', 'no']);
    const doubted = joining();
    const against = [
      pair(0, 2, 0.99),
      pair(3, 4, 0.98),
      pair(0, 4, 0.91),
      pair(2, 4, 0.001, { chosen: false }),
      pair(0, 3, 0.001, { chosen: false }),
    ].filter(({ b, a }) => !(a === 0 && b === 3));
    expect(joinSealed([...against, pair(1, 2, 0.0001, { chosen: false })], doubted)[2]).toBe('refused');
  });

  it('does as both owners said, and joins nobody through a third against it', () => {
    const asked = joining([], [{ a: 1, b: 3 }]);
    const pairs = [
      pair(0, 2, 0.2, { review: 'same', first: 'differs' }),
      pair(1, 3, 0.99, { review: 'others' }),
      pair(1, 5, 0.98),
      pair(3, 5, 0.97),
    ];
    expect(joinSealed(pairs, asked)).toEqual(['linked', 'no', 'linked', 'refused']);
    expect([...personsOf(asked.clusters)]).toEqual([0, 1, 0, 3, 4, 1]);
  });

  it('joins nobody of whom an owner said no, though the two records do not meet', () => {
    const asked = joining([], [{ a: 0, b: 4 }]);
    expect(joinSealed([pair(0, 2, 0.99), pair(2, 4, 0.98)], asked)).toEqual(['linked', 'refused']);
    const elsewhere = joining([], [{ a: 0, b: 4 }]);
    elsewhere.clusters.join(0, 2);
    expect(joinSealed([pair(2, 4, 0.99)], elsewhere)).toEqual(['refused']);
  });
});
