import type { SealingPass, SlotPart } from '@throughline/agreement';
import { drawing } from '@throughline/model';
import { describe, expect, it } from 'vitest';
import { expectedOfAll } from './expected.js';
import { unmetShare } from './unmet.js';

const pass = (...parts: SlotPart[]): SealingPass => ({ name: parts.join('_'), parts });
const PASSES = [
  pass('first', 'last'),
  pass('first', 'birth_date'),
  pass('last.3', 'birth_date'),
  pass('names.sorted', 'zip'),
];

/** Matches whose fields fail independently, each at a rate; by the passes that find them, and how many none does. */
function drawn(rates: Readonly<Record<string, number>>, matches: number) {
  const draw = drawing('unmet');
  const found = new Map<bigint, number>();
  for (let match = 0; match < matches; match += 1) {
    const failed = new Set(Object.keys(rates).filter((field) => draw(1e6) < 1e6 * (rates[field] ?? 0)));
    const lost = (part: string) => part.split('.').some((word) => failed.has(word));
    const lostNames = failed.has('first') || failed.has('last');
    let by = 0n;
    for (const [place, { parts }] of PASSES.entries()) {
      if (parts.some((part) => (part === 'names.sorted' ? lostNames : lost(part)))) continue;
      by |= 1n << BigInt(place);
    }
    found.set(by, (found.get(by) ?? 0) + 1);
  }
  const missed = found.get(0n) ?? 0;
  found.delete(0n);
  return { missed, met: [...found].map(([passes, of]) => ({ passes, matches: of })) };
}

const RATES = { first: 0.15, last: 0.2, birth_date: 0.1, zip: 0.3 };

describe('unmetShare', () => {
  it('tells how many matches no pass brings together from those that some bring together', () => {
    const { missed, met } = drawn(RATES, 20_000);
    const { value, low, high } = unmetShare(PASSES, met);
    expect(missed / 20_000).toBeGreaterThan(0.05);
    expect(Math.abs(value - missed / 20_000)).toBeLessThan(0.01);
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
    expect(high - low).toBeLessThan(0.03);
  });

  it('says nothing is missed where nothing fails, or nothing is known', () => {
    expect(unmetShare(PASSES, drawn({}, 500).met)).toEqual({ value: 0, low: 0, high: 0 });
    expect(unmetShare(PASSES, [])).toEqual({ value: 0, low: 0, high: 0 });
  });
});

describe('expectedOfAll', () => {
  const { met } = drawn(RATES, 2000);
  const pairs = met.flatMap(({ passes, matches }) => Array.from({ length: matches }, () => passes));
  const of = (most: number) =>
    expectedOfAll({
      met: [{ probabilities: new Float64Array(pairs.length).fill(1), passes: pairs }],
      linked: pairs.map(() => 1),
      passes: PASSES,
      most,
    });

  it('counts matches that did not meet against the recall', () => {
    const { recall, recall_low, recall_high, unmet, precision } = of(5000);
    expect(unmet).toBeGreaterThan(50);
    expect(recall).toBeCloseTo(pairs.length / (pairs.length + unmet), 9);
    expect(recall_low).toBeLessThan(recall);
    expect(recall_high).toBeGreaterThan(recall);
    expect(precision).toBe(1);
  });

  it('expects no more matches than a matching can hold', () => {
    expect(of(pairs.length)).toMatchObject({ unmet: 0, recall: 1 });
  });
});
