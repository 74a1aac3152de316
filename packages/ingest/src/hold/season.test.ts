import { describe, expect, it } from 'vitest';
import { seasonOf, termDaysBetween } from './season.js';

const covers = { covers_from: '2025-08-27', covers_to: '2026-06-17' };
const years = [
  {
    first_day: '2025-08-27',
    last_day: '2026-06-15',
    breaks: [{ from: '2025-12-24', to: '2026-01-02' }],
  },
];

describe('the season', () => {
  it.each([
    ['2025-08-12', 'summer'],
    ['2025-08-13', 'rollover'],
    ['2025-08-27', 'rollover'],
    ['2025-09-10', 'rollover'],
    ['2025-09-11', 'term'],
    ['2025-12-23', 'term'],
    ['2025-12-24', 'break'],
    ['2026-01-02', 'break'],
    ['2026-01-03', 'term'],
    ['2026-06-12', 'term'],
    ['2026-06-13', 'summer'],
    ['2026-07-20', 'summer'],
  ])('on %s is %s', (day, season) => expect(seasonOf(day, years, covers)).toBe(season));

  it('is term on the days that a manifest covers, where no years are known', () => {
    const seasons = ['2025-08-26', '2025-08-27', '2026-06-17', '2026-06-18'].map((day) =>
      seasonOf(day, [], covers),
    );
    expect(seasons).toEqual(['summer', 'term', 'term', 'summer']);
  });

  it('counts days of term without breaks', () => {
    const seasonOn = (day: string) => seasonOf(day, years, covers);
    expect(termDaysBetween('2025-12-20', '2026-01-05', seasonOn)).toBe(6);
    expect(termDaysBetween('2026-02-02', '2026-02-02', seasonOn)).toBe(0);
    expect(termDaysBetween('2026-06-30', '2026-07-30', seasonOn)).toBe(0);
  });
});
