import { linkSources, type MetPersons } from '@throughline/link';
import { comparing, type OwnPairs } from '@throughline/model';
import { describe, expect, it } from 'vitest';
import { linkEachTwo, pairwiseOf, type TwoSources } from './pairwise.js';
import type { Source } from './sources.js';

const { comparisons } = comparing({
  similar: ['first', 'last'],
  exact: ['birth_date.year', 'birth_date.month', 'birth_date.day'],
});
const level = (of: (levels: number) => number) =>
  Uint8Array.from(comparisons, ({ levels }) => of(levels.length));
const [EQUAL, DIFFERS] = [level(() => 0), level((levels) => levels - 1)];
const PERSONS = 60;
const own: OwnPairs = {
  persons: PERSONS,
  random: [{ levels: DIFFERS, pairs: 5000 }],
  related: [],
};

/** Everybody meets whoever has the same number; the first so many of them agree. */
const meeting = (left: number, right: number, agreeing: number): MetPersons => {
  const numbers = Int32Array.from({ length: PERSONS }, (_, number) => number);
  return {
    left,
    right,
    a: numbers,
    b: numbers,
    levels: [...numbers].map((number) => (number < agreeing ? EQUAL : DIFFERS)),
  };
};
const persons = [0, 1, 2].map(() => Array.from({ length: PERSONS }, (_, record) => record));
const sources = { comparisons, names: ['a', 'b', 'c'], own: [own, own, own] };

describe('linkEachTwo', () => {
  it('links two sources as if there were no other', () => {
    const met = [meeting(0, 1, 50), meeting(0, 2, 40), meeting(1, 2, 30)];
    const each = linkEachTwo([sources, met], persons);
    expect(each.map(({ left, right, linked }) => [left, right, linked.length])).toEqual([
      [0, 1, 50],
      [0, 2, 40],
      [1, 2, 30],
    ]);
    const alone = linkSources({ comparisons, names: ['a', 'c'], own: [own, own] }, [meeting(0, 1, 40)]);
    expect(each[1]?.threshold).toBe(alone.expectation.threshold);
    expect(each[1]?.linked.map(({ probability }) => probability)).toEqual(
      alone.chosen.slice(0, 40).map(({ probability }) => probability),
    );
  });
});

describe('pairwiseOf', () => {
  it('is the mean over the pairs of sources, each over its own true pairs', () => {
    const source = (name: string, truth: string[]): Source => ({ name, rows: [], truth, group: undefined });
    const three = [source('a', ['1', '2', '3', '4']), source('b', ['1', '2', '5']), source('c', ['2', '9'])];
    const link = (a: number, b: number) => ({ left: 0, right: 1, a, b, probability: 1 });
    const decided: TwoSources[] = [
      // Of two true pairs one is found, and one link is false.
      { left: 0, right: 1, linked: [link(0, 0), link(2, 2)], threshold: 0.5 },
      { left: 0, right: 2, linked: [link(1, 0)], threshold: 0.9 },
      // Nothing is linked, though there is one to link.
      { left: 1, right: 2, linked: [], threshold: 1 },
    ];
    expect(pairwiseOf(three, decided)).toEqual({
      precision: (0.5 + 1 + 1) / 3,
      recall: (0.5 + 1 + 0) / 3,
      f1: (0.5 + 1 + 0) / 3,
      source_pairs: 3,
    });
  });
});
