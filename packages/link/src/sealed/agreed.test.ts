import { describe, expect, it } from 'vitest';
import { clustersOf } from '../cluster/clusters.js';
import { joinAgreed } from './agreed.js';

/** Records 0 and 1 of one source without duplicates, 2 and 3 of another. */
const sources = () => clustersOf({ sourceOf: Int32Array.of(0, 0, 1, 1), capacityOf: Int32Array.of(1, 1) });
const yes = (a: number, b: number) => ({ a, b });
const no = yes;
const NONE = new Map<number, number>();

describe('joinAgreed', () => {
  it('joins two records of which both owners said yes, though nothing brings them together', () => {
    const clusters = sources();
    expect(joinAgreed([yes(0, 3)], { clusters, others: [no(1, 2)], numbers: NONE })).toEqual([yes(0, 3)]);
    expect(clusters.personOf(3)).toBe(clusters.personOf(0));
    expect(clusters.personOf(1)).not.toBe(clusters.personOf(2));
  });

  it('never gives a person two records of a source', () => {
    expect(joinAgreed([yes(0, 2), yes(1, 2)], { clusters: sources(), others: [], numbers: NONE })).toEqual([
      yes(0, 2),
    ]);
  });

  it('joins nobody with whom an owner said that it is not, through a third either', () => {
    const clusters = clustersOf({ sourceOf: Int32Array.of(0, 1, 2), capacityOf: Int32Array.of(1, 1, 1) });
    expect(joinAgreed([yes(0, 1), yes(1, 2)], { clusters, others: [no(0, 2)], numbers: NONE })).toEqual([
      yes(0, 1),
    ]);
  });

  it('joins nobody who holds another number of one kind, through a third either', () => {
    const clusters = clustersOf({ sourceOf: Int32Array.of(0, 1, 2), capacityOf: Int32Array.of(1, 1, 1) });
    const numbers = new Map([
      [0, 2],
      [1, 1],
      [2, 2],
    ]);
    expect(joinAgreed([yes(0, 1), yes(1, 2)], { clusters, others: [], numbers })).toEqual([yes(0, 1)]);
  });
});
