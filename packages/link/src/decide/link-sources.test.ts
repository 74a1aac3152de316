import { comparing, type OwnPairs } from '@throughline/model';
import { describe, expect, it } from 'vitest';
import { linkSources, type MetPersons } from './link-sources.js';

const { comparisons } = comparing({
  similar: ['first', 'last'],
  exact: ['birth_date.year', 'birth_date.month', 'birth_date.day', 'sex'],
});
const EQUAL = new Uint8Array(comparisons.length);
const DIFFERS = Uint8Array.from(comparisons, ({ levels }) => levels.length - 1);
const own = (persons: number): OwnPairs => ({
  persons,
  random: [{ levels: DIFFERS, pairs: 5000 }],
  related: [],
});

const BOTH = 50;
const AGAIN = 10;
const places = [...Array(BOTH + AGAIN).keys()];

/** Fifty persons of either source, ten of whom the first holds a second time. */
const met: MetPersons = {
  left: 0,
  right: 1,
  a: Int32Array.from(places),
  b: Int32Array.from(places, (place) => place % BOTH),
  levels: places.map(() => EQUAL),
};
const linked = (oneToOne?: boolean) => {
  const sources = { comparisons, names: ['a', 'b'], own: [own(BOTH + AGAIN), own(BOTH)] };
  const { chosen, expectation } = linkSources(oneToOne === undefined ? sources : { ...sources, oneToOne }, [
    met,
  ]);
  return chosen.filter(({ probability }) => probability >= expectation.threshold);
};

describe('linkSources', () => {
  it('gives a person one partner at most where sources are free of duplicates', () => {
    const partners = linked().map(({ b }) => b);
    expect(new Set(partners).size).toBe(partners.length);
  });

  it('gives a person several where a source may hold somebody twice', () => {
    const pairs = linked(false);
    expect(pairs).toHaveLength(BOTH + AGAIN);
    expect(pairs.filter(({ b }) => b < AGAIN)).toHaveLength(2 * AGAIN);
  });
});
