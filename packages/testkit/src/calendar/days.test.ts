import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  american,
  americanShort,
  compact,
  dayFrom,
  dayOf,
  iso,
  nthWeekday,
  parts,
  weekday,
  weekdayFrom,
} from './days.js';

describe('days', () => {
  it('writes any date as the platform does', () => {
    fc.assert(
      fc.property(fc.integer({ min: -60_000, max: 60_000 }), (day) => {
        const date = new Date(day * 86_400_000);
        const text = date.toISOString().slice(0, 10);
        expect(iso(day)).toBe(text);
        expect(dayOf(text)).toBe(day);
        expect(weekday(day)).toBe(date.getUTCDay());
        expect(compact(day)).toBe(text.split('-').join(''));
        const { year, month, dayOfMonth } = parts(day);
        expect(dayFrom(year, month, dayOfMonth)).toBe(day);
      }),
    );
  });

  it('writes American dates with and without zeros', () => {
    expect(american(dayOf('2014-03-09'))).toBe('03/09/2014');
    expect(americanShort(dayOf('2014-03-09'))).toBe('3/9/2014');
  });

  it('refuses what is no date', () => {
    for (const text of ['2026-02-30', '2026-13-01', '26-01-01', '', 'today'])
      expect(() => dayOf(text)).toThrow(RangeError);
  });

  it('finds the holidays of 2025-26', () => {
    expect(iso(nthWeekday({ year: 2025, month: 9 }, 1, 1))).toBe('2025-09-01');
    expect(iso(nthWeekday({ year: 2025, month: 11 }, 4, 4))).toBe('2025-11-27');
    expect(iso(nthWeekday({ year: 2026, month: 1 }, 1, 3))).toBe('2026-01-19');
    expect(iso(nthWeekday({ year: 2026, month: 5 }, 1, -1))).toBe('2026-05-25');
  });

  it('moves a weekend to the Monday', () => {
    expect(iso(weekdayFrom(dayOf('2026-06-13')))).toBe('2026-06-15');
    expect(iso(weekdayFrom(dayOf('2026-06-12')))).toBe('2026-06-12');
  });
});
