import { describe, expect, it } from 'vitest';
import { streams } from '../random/streams.js';
import { dayOf, iso, isWeekend } from './days.js';
import { calendarsFor, daysInSession, dayType, inSession, schoolYear } from './school-year.js';

const DATES = { start: dayOf('2025-08-27'), end: dayOf('2026-06-17') };
const calendars = (seed: string) => calendarsFor(schoolYear(DATES, 1), streams(seed));

describe('school year', () => {
  it('is read on the last day in session, a day later for each later night', () => {
    expect(iso(schoolYear(DATES, 1).snapshot)).toBe('2026-06-15');
    expect(schoolYear(DATES, 1).lastDay).toBe(schoolYear(DATES, 1).snapshot);
    expect(iso(schoolYear(DATES, 3).snapshot)).toBe('2026-06-17');
    expect(iso(schoolYear(DATES, 3).lastDay)).toBe('2026-06-15');
  });

  it('ends on a weekday when the dates end on a weekend', () => {
    const year = schoolYear({ ...DATES, end: dayOf('2026-06-21') }, 1);
    expect(iso(year.lastDay)).toBe('2026-06-17');
    expect(iso(schoolYear({ ...DATES, end: dayOf('2026-06-16') }, 1).lastDay)).toBe('2026-06-12');
  });

  it('has 180, 178 and 182 days in session whatever the snow', () => {
    for (const seed of ['a', 'b', 'c', 'd']) {
      const counts = [...calendars(seed)].map(([name, calendar]) => [name, daysInSession(calendar).length]);
      expect(Object.fromEntries(counts)).toEqual({ standard: 180, 'late-start': 178, charter: 182 });
    }
  });

  it('closes for two snow days, the same everywhere, on weekdays', () => {
    const snow = [...calendars('a').values()].map((calendar) =>
      calendar.dayTypes.flatMap((type, offset) => (type === 'Snow Day' ? [calendar.first + offset] : [])),
    );
    expect(snow[0]).toHaveLength(2);
    expect(new Set(snow.map((days) => days.join())).size).toBe(1);
    for (const day of snow[0] ?? []) expect(isWeekend(day)).toBe(false);
  });

  it('is shut on holidays, weekends and teacher days, and has no day after the last', () => {
    for (const calendar of calendars('a').values()) {
      for (const text of [
        '2025-09-01',
        '2025-11-11',
        '2025-11-27',
        '2025-12-25',
        '2026-01-19',
        '2026-04-20',
      ]) {
        expect(dayType(calendar, dayOf(text))).toBe('Holiday');
      }
      expect(dayType(calendar, dayOf('2026-06-16'))).toBe('Teacher Day');
      expect(inSession(calendar, dayOf('2025-10-04'))).toBe(false);
      expect(inSession(calendar, dayOf('2026-06-15'))).toBe(true);
      expect(Math.max(...daysInSession(calendar))).toBe(dayOf('2026-06-15'));
      expect(inSession(calendar, dayOf('2026-07-01'))).toBe(false);
    }
  });
});
