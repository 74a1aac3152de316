import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CellId } from '../candidate/cell.js';
import { printedCounts } from '../cells/released-cells.js';
import { type Contribution, isAmountSensitive, type MagnitudeRules } from './dominance.js';
import { countsInRange, rateRange } from './rate-range.js';
import { countsRoundedTo, isRateOfRounded, type Rounding, roundedCount } from './rounding.js';
import { isStatisticPrinted, type Statistic } from './statistics.js';

const rowsOf = (name: string): string[][] =>
  readFileSync(new URL(`../../../../fixtures/disclosure/${name}`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.replaceAll('"', '').split(','));

describe('dominance', () => {
  const only = (...dominance: MagnitudeRules['dominance']): MagnitudeRules => ({
    leastContributors: 1,
    dominance,
  });

  it('finds what SSBtools finds in magnitude1 with n = 1 and k = 80', () => {
    const cells = new Map<string, Contribution[]>();
    for (const [sector = '', , geo = '', , contributor = '', amount] of rowsOf('magnitude1.csv')) {
      const cell = `${sector}-${geo}`;
      cells.set(cell, [...(cells.get(cell) ?? []), { contributor, amount: Number(amount) }]);
    }
    const found = [...cells].filter(([, each]) => isAmountSensitive(each, only({ rule: 'nk', n: 1, k: 80 })));
    expect(found.map(([cell]) => cell).sort()).toEqual([
      'Entertainment-Iceland',
      'Governmental-Portugal',
      'Industry-Portugal',
      'Industry-Spain',
    ]);
  });

  /** 100 records in 20 cells of a table and its total; one amount of 280 dominates its cell and the margin above it. */
  it('flags a cell and its margin for one amount of 280 among hundreds, by each rule', () => {
    const amounts = Array.from({ length: 100 }, (_, at) => ({
      contributor: `c${at}`,
      amount: at === 33 ? 280 : 3,
    }));
    const inCell = (cell: number) => amounts.filter((_, at) => at % 20 === cell);
    const inHalf = (half: number) => amounts.filter((_, at) => Math.floor((at % 20) / 10) === half);
    const groups = [...Array.from({ length: 20 }, (_, cell) => inCell(cell)), inHalf(0), inHalf(1)];
    for (const rule of [
      { rule: 'nk', n: 2, k: 60 },
      { rule: 'p', p: 70 },
      { rule: 'pq', p: 60, q: 80 },
    ] as const) {
      const flagged = groups.flatMap((group, at) => (isAmountSensitive(group, only(rule)) ? [at] : []));
      expect([rule.rule, flagged]).toEqual([rule.rule, [13, 21]]);
    }
  });

  it('counts a contributor with several records once, and one without an amount not at all', () => {
    const thrice = ['a', 'a', 'a', 'b'].map((contributor) => ({ contributor, amount: 1 }));
    expect(isAmountSensitive(thrice, { leastContributors: 3, dominance: [] })).toBe(true);
    expect(isAmountSensitive(thrice, only({ rule: 'nk', n: 1, k: 70 }))).toBe(true);
    expect(
      isAmountSensitive([{ contributor: 'a', amount: 0 }], { leastContributors: 3, dominance: [] }),
    ).toBe(false);
  });

  it('is exact at the edge: k % is not more than k %', () => {
    const halves = ['a', 'b'].map((contributor) => ({ contributor, amount: 5 }));
    expect(isAmountSensitive(halves, only({ rule: 'nk', n: 1, k: 50 }))).toBe(false);
    expect(isAmountSensitive(halves, only({ rule: 'nk', n: 1, k: 49 }))).toBe(true);
    expect(() => isAmountSensitive([{ contributor: 'a', amount: -1 }], only())).toThrow(RangeError);
  });
});

describe('rounding', () => {
  const midpoint: Rounding = { rule: 'midpoint6' };

  it('is OpenSAFELY’s midpoint 6', () => {
    const counts = [0, 1, 6, 7, 12, 13, 18].map((count) => roundedCount(count, midpoint));
    expect(counts).toEqual([0, 3, 3, 9, 9, 15, 15]);
  });

  it('keeps every number within half a base, halves up', () => {
    for (let count = 0; count <= 100; count++) {
      const rounded = roundedCount(count, { rule: 'nearest', base: 5 });
      expect([count, rounded % 5, Math.abs(rounded - count) <= 2.5]).toEqual([count, 0, true]);
    }
    expect(roundedCount(15, { rule: 'nearest', base: 10 })).toBe(20);
    expect(() => roundedCount(-1, { rule: 'none' })).toThrow(RangeError);
  });

  it.each([
    midpoint,
    { rule: 'nearest', base: 5 },
    { rule: 'nearest', base: 10 },
    { rule: 'none' },
  ] as const)('stands for the counts that are rounded to it and no others: %o', (rounding) => {
    const rounded = Array.from({ length: 101 }, (_, count) => roundedCount(count, rounding));
    for (const each of new Set(rounded.slice(0, 80))) {
      const [least, most] = [rounded.indexOf(each), rounded.lastIndexOf(each)];
      expect([each, countsRoundedTo(each, rounding)]).toEqual([each, { least, most }]);
    }
  });

  it('sums what is rounded, so that a total tells no more', () => {
    const group = { yes: 'y', no: 'n', unknown: 'u', all: 'a' } as const;
    const exact = new Map<CellId, number>([
      ['y', 8],
      ['n', 4],
      ['u', 1],
      ['a', 13],
    ]);
    expect(printedCounts(group, exact, midpoint)).toEqual({ yes: 9, no: 3, unknown: 3, total: 15 });
    exact.delete('n');
    expect(printedCounts(group, exact, midpoint)).toEqual({ yes: 9, no: null, unknown: 3, total: 15 });
  });

  it('refuses a rate that was made of raw counts', () => {
    const raw = { yes: 98, no: 4 };
    const rounded = { yes: 100, no: 5 };
    expect(isRateOfRounded((100 * raw.yes) / (raw.yes + raw.no), rounded, 1)).toBe(false);
    expect(isRateOfRounded(95.2, rounded, 1)).toBe(true);
    expect(isRateOfRounded(0, { yes: 0, no: 0 }, 0)).toBe(false);
  });
});

describe('ranges of rates', () => {
  it.each([
    [2, 9, null],
    [0, 15, '<=20'],
    [3, 15, '<=20'],
    [5, 15, '30-39'],
    [4, 19, '21-29'],
    [15, 15, '>=80'],
    [4, 30, '11-19'],
    [28, 30, '>=90'],
    [3, 100, '<=5'],
    [7, 100, '6-9'],
    [12, 100, '10-14'],
    [94, 100, '90-94'],
    [1, 200, '<=2'],
    [50, 200, '25'],
    [3, 301, '<=1'],
    [301, 301, '>=99'],
  ])('%d of %d is %s', (part, whole, range) => {
    expect(rateRange(part, whole)).toBe(range);
  });

  it('hide none and all at every size', () => {
    for (let whole = 10; whole <= 400; whole++) {
      expect([whole, rateRange(0, whole)]).toEqual([whole, rateRange(whole > 300 ? 3 : 1, whole)]);
      expect([whole, rateRange(whole, whole)?.startsWith('>=')]).toEqual([whole, true]);
    }
  });
});

describe('ranges that hide counts too', () => {
  it('have ends that no number of persons up to the hidden one leaves, or are none', () => {
    let [ranges, none] = [0, 0];
    for (let whole = 10; whole <= 400; whole++) {
      const ends = Array.from({ length: 11 }, (_, part) => [
        rateRange(part, whole, 10),
        rateRange(whole - part, whole, 10),
      ]);
      expect([whole, new Set(ends.map(([low]) => low)).size]).toEqual([whole, 1]);
      expect([whole, new Set(ends.map(([, high]) => high)).size]).toEqual([whole, 1]);
      if (rateRange(0, whole, 10) === null) none++;
      else ranges++;
    }
    expect([ranges > 300, none > 20]).toEqual([true, true]);
  });

  it.each([0, 10])('stand for the counts that are written so and no others, %i hidden', (hidden) => {
    for (let whole = 10; whole <= 320; whole += 7) {
      const written = Array.from({ length: whole + 1 }, (_, part) => rateRange(part, whole, hidden));
      for (const range of new Set(written)) {
        if (range === null) continue;
        const [least, most] = [written.indexOf(range), written.lastIndexOf(range)];
        expect([whole, range, countsInRange(range, whole)]).toEqual([whole, range, { least, most }]);
      }
    }
    expect(countsInRange('<1', 100)).toBe(null);
  });
});

describe('statistics other than counts', () => {
  const asked = (statistic: Statistic, persons: number, percentile?: number): boolean =>
    isStatisticPrinted({
      statistic,
      persons,
      threshold: 10,
      ...(percentile === undefined ? {} : { percentile }),
    });

  it('are printed of enough persons only', () => {
    expect([asked('mean', 1), asked('mean', 9), asked('mean', 10)]).toEqual([false, false, true]);
    expect([asked('standard-deviation', 9), asked('standard-deviation', 10)]).toEqual([false, true]);
  });

  it('never are the least and the most', () => {
    expect([asked('minimum', 10_000), asked('maximum', 10_000)]).toEqual([false, false]);
  });

  it('need enough persons on either side of a percentile', () => {
    expect([asked('median', 19), asked('median', 20)]).toEqual([false, true]);
    expect([asked('percentile', 100, 95), asked('percentile', 200, 95), asked('percentile', 200, 0)]).toEqual(
      [false, true, false],
    );
    expect(asked('percentile', 1000)).toBe(false);
  });
});
