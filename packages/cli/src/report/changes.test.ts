import { describe, expect, it } from 'vitest';
import { changesBetween } from './changes.js';
import { exampleNight } from './example-night.fixture.js';
import { type Reported, reported, reportedOf, rolled } from './reported.js';

const before = { ...reportedOf(exampleNight), day: '2026-06-15' };
const wordsAfter = (change: (now: Reported) => Partial<Reported>): readonly string[] => {
  const now = structuredClone(before);
  return changesBetween(before, { ...now, day: '2026-06-16', ...change(now) })?.words ?? [];
};
const partner = (now: Reported, name: string) =>
  now.partners[name] ?? { rows: 0, rejected: 0, records: 0, linked: 0 };

describe('changes since a report', () => {
  it('are none where nothing that a person would remark on has moved', () => {
    expect(wordsAfter(() => ({}))).toEqual([]);
    const rows = before.partners['district']?.rows ?? 0;
    const few = wordsAfter((now) => ({
      partners: { ...now.partners, district: { ...partner(now, 'district'), rows: rows + 3 } },
    }));
    expect(few).toEqual([]);
  });

  it('name partner, direction, size and both counts', () => {
    const words = wordsAfter((now) => ({
      partners: {
        ...now.partners,
        city: { ...partner(now, 'city'), rows: 1624, linked: 900 },
        district: { ...partner(now, 'district'), rejected: 9000 },
      },
    }));
    expect(words).toEqual([
      'City brought 38.0% fewer rows: 1,624, 2,619 before.',
      'Fewer records of city are linked: 64.8%, 79.3% before.',
      'More rows of district were rejected: 9,000, 391 before.',
    ]);
  });

  it('name what came, went, was held, merged, published and renewed', () => {
    const { charter, ...others } = before.partners;
    const { chronic_absence: absence, ...measures } = before.measures;
    const { 'dsa-city': city, ...agreements } = before.agreements;
    expect([charter, absence, city]).not.toContain(undefined);
    const words = wordsAfter((now) => ({
      partners: { ...others, library: partner(now, 'charter') },
      measures: { ...measures, vision: { title: 'Vision', rate: null, cells: 9, withheld: 9 } },
      agreements: { ...agreements, 'dsa-health': { title: 'Health', version: 4, expires: '2031-06-30' } },
      holds: ['city-2'],
      people: { ...now.people, merged: 8, split: 24, new: 9000 },
      latest: 4,
      candidate: 'pending',
    }));
    expect(words).toEqual([
      'A delivery is held: city-2.',
      'Afterschool-4 is held no longer.',
      'Charter is no longer a partner.',
      'Library is a new partner.',
      'A few persons were merged into others.',
      'About 20 persons were split.',
      'Chronic absence is no longer in the release candidate.',
      'Vision is new in the release candidate.',
      'Release 4 was published.',
      'The release candidate is pending; it was partially reviewed.',
      'Agreement with the City of Millbrook is no longer among the agreements.',
      'Health is now version 4, until June 30, 2031.',
    ]);
  });

  it('say that a rate is withheld, and never what it was withheld from', () => {
    const absence = before.measures['chronic_absence'];
    const words = wordsAfter((now) => ({
      measures: {
        ...now.measures,
        chronic_absence: { title: 'Chronic absence', cells: 68, withheld: 22, ...absence, rate: null },
      },
    }));
    expect(words).toEqual(['Chronic absence over all children: withheld, 19% before.']);
  });

  it('are unknown before there is anything to compare with', () => {
    expect(changesBetween(null, before)).toBeNull();
  });
});

describe('what is kept for the next report', () => {
  const of = (day: string, persons: number): Reported => ({ ...before, day, persons });

  it('is what its own form says', () => {
    expect(reported.parse(JSON.parse(JSON.stringify(before)))).toEqual(before);
  });

  it('stays the last report of an earlier day, however often a day is reported', () => {
    const first = rolled(undefined, of('2026-06-15', 1));
    expect(first.before).toBeNull();
    const next = rolled(first, of('2026-06-16', 2));
    const again = rolled(next, of('2026-06-16', 3));
    expect([next.before?.persons, again.before?.persons, again.latest.persons]).toEqual([1, 1, 3]);
    expect(rolled(again, of('2026-06-17', 4)).before?.persons).toBe(3);
  });

  it('is the first report while there is no earlier day', () => {
    const first = rolled(undefined, of('2026-06-15', 1));
    expect(rolled(first, of('2026-06-15', 1))).toEqual(first);
    const changed = rolled(first, of('2026-06-15', 2));
    expect(rolled(changed, of('2026-06-15', 3)).before?.persons).toBe(1);
  });
});
