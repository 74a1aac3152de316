import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { iso } from '../calendar/days.js';
import { daysInSession } from '../calendar/school-year.js';
import { knownTo, trueIdentity } from '../dirt/identity.js';
import type { Child } from '../people/child.js';
import { generateCity } from '../write/generate-city.js';
import type { City } from './city.js';

const namesDir = join(import.meta.dirname, '../../../../fixtures/names');
const city = generateCity({ seed: 3, students: 1_500, canaries: true, namesDir });
const people = city.children.filter(({ trap }) => trap !== 'canary');

const share = (children: readonly Child[], of: (child: Child) => boolean) =>
  children.filter(of).length / children.length;

function households(): Child[][] {
  const byHousehold = new Map<string, Child[]>();
  for (const child of city.children) {
    byHousehold.set(child.household.id, [...(byHousehold.get(child.household.id) ?? []), child]);
  }
  return [...byHousehold.values()];
}

/** A city without its streams, which are functions. */
const facts = ({ streams: _, ...rest }: City) => JSON.stringify(rest);

describe('generateCity', () => {
  it('is equal for equal plans and unlike for another seed', () => {
    const plan = { students: 120, namesDir };
    expect(facts(generateCity({ seed: 5, ...plan }))).toBe(facts(generateCity({ seed: 5, ...plan })));
    expect(facts(generateCity({ seed: 5, ...plan }))).not.toBe(facts(generateCity({ seed: 6, ...plan })));
  });

  it('enrols exactly the students asked for, and more children besides', () => {
    expect(people.filter(({ spans }) => spans.length > 0)).toHaveLength(1_500);
    expect(people.length).toBeGreaterThan(1_520);
  });

  it('refuses sizes, nights and dates it cannot make', () => {
    const make = (plan: object) => () => generateCity({ seed: 1, students: 100, namesDir, ...plan });
    expect(make({ students: 1_000_000 })).toThrow(RangeError);
    expect(make({ students: 10.5 })).toThrow(RangeError);
    expect(make({ night: 0 })).toThrow(RangeError);
    expect(make({ schoolYear: { start: '2025-08-32', end: '2026-06-17' } })).toThrow(RangeError);
  });

  it('serves another school year', () => {
    const schoolYear = { start: '2023-08-30', end: '2024-06-20' };
    const earlier = generateCity({ seed: 3, students: 200, namesDir, schoolYear });
    for (const calendar of earlier.calendars.values()) {
      expect(daysInSession(calendar).length).toBeGreaterThan(174);
      expect(daysInSession(calendar).length).toBeLessThan(186);
    }
    expect(iso(earlier.year.snapshot)).toBe('2024-06-18');
    const kindergarten = earlier.children
      .filter(({ grade }) => grade === 0)
      .map(({ birth }) => iso(birth).slice(0, 4));
    expect([...new Set(kindergarten)].sort().slice(-2)).toEqual(['2017', '2018']);
  });

  it('spaces siblings by ten months, and gives twins one birth date', () => {
    for (const siblings of households()) {
      for (const child of siblings.filter(({ trap }) => trap !== 'canary')) {
        for (const other of siblings.filter((each) => each.index > child.index)) {
          const gap = Math.abs(child.birth - other.birth);
          if (child.twinGroup !== '' && child.twinGroup === other.twinGroup) expect(gap).toBe(0);
          else expect(gap).toBeGreaterThanOrEqual(300);
        }
      }
    }
  });

  it('has the mixture of a small city', () => {
    expect(share(people, ({ hispanic }) => hispanic)).toBeCloseTo(0.36, 1);
    expect(share(people, ({ sex }) => sex === 'X')).toBeLessThan(0.02);
    expect(share(people, ({ disability }) => disability !== '')).toBeCloseTo(0.18, 1);
    expect(share(people, ({ twinGroup }) => twinGroup !== '')).toBeCloseTo(0.03, 1);
    expect(share(people, ({ household }) => household.meals !== 'not_eligible')).toBeCloseTo(0.5, 1);
    const participants = new Set(city.participants.map(({ child }) => child.id));
    expect(share(people, ({ id }) => participants.has(id))).toBeCloseTo(0.26, 1);
    const poor = people.filter(({ household }) => household.meals !== 'not_eligible');
    const rest = people.filter(({ household }) => household.meals === 'not_eligible');
    const mean = (children: readonly Child[]) =>
      children.reduce((sum, { absenceRate }) => sum + absenceRate, 0) / children.length;
    expect(mean(poor)).toBeGreaterThan(1.2 * mean(rest));
  });

  it('has the hard cases', () => {
    const twins = households().flatMap((each) => each.filter(({ twinGroup }) => twinGroup !== ''));
    const participants = new Set(city.participants.map(({ child }) => child.id));
    const joined = new Map<string, Set<boolean>>();
    for (const { twinGroup, id } of twins)
      joined.set(twinGroup, (joined.get(twinGroup) ?? new Set()).add(participants.has(id)));
    expect([...joined.values()].some((answers) => answers.size === 2)).toBe(true);
    expect(
      twins.some((child) =>
        twins.some(
          (other) => other !== child && other.twinGroup === child.twinGroup && other.sex === child.sex,
        ),
      ),
    ).toBe(true);
    expect(people.some(({ name }) => name.surnames.length === 2 && name.joiner === '-')).toBe(true);
    expect(people.some(({ name }) => name.surnames.join().includes("'"))).toBe(true);
    expect(people.some(({ name }) => /^d[aeo] /.test(name.surnames.join()))).toBe(true);
    expect(people.some(({ formerSurnames }) => formerSurnames !== null)).toBe(true);
    expect(people.some(({ localId, charterNumber }) => localId !== '' && charterNumber !== '')).toBe(true);
    expect(people.some(({ spans, stateId }) => spans.length > 0 && stateId === '')).toBe(true);
    expect(people.some(({ spans, id }) => spans.length === 0 && participants.has(id))).toBe(true);
    expect(people.some(({ spans }) => spans.some(({ noShow }) => noShow))).toBe(true);
    expect(people.some(({ spans }) => spans.some(({ goneFrom }) => goneFrom !== null))).toBe(true);
  });

  it('keeps the children of earlier nights as they were, and adds a few', () => {
    const plan = { seed: 3, students: 1_500, canaries: true, namesDir };
    const third = generateCity({ ...plan, night: 3 });
    expect(JSON.stringify(third.children.slice(0, city.children.length))).toBe(JSON.stringify(city.children));
    expect(third.children.length).toBe(city.children.length + 4);
    expect(third.participants.slice(0, 3).map(({ id }) => id)).toEqual(
      city.participants.slice(0, 3).map(({ id }) => id),
    );
  });
});

describe('what partners know', () => {
  const known = (vendor: 'district' | 'afterschool', night: number) =>
    people.map((child) => knownTo(vendor, child, { streams: city.streams, night, registration: 0 }));

  it('is nearly always true in the district, and often not in a programme', () => {
    const wrong = (vendor: 'district' | 'afterschool') =>
      known(vendor, 1).filter((each, index) => {
        const child = people[index];
        return child !== undefined && each.birth !== trueIdentity(child).birth;
      }).length / people.length;
    expect(wrong('district')).toBeLessThan(0.01);
    expect(wrong('afterschool')).toBeGreaterThan(0.005);
    expect(wrong('afterschool')).toBeLessThan(0.04);
  });

  it('gets better from night to night, never worse', () => {
    const nights = [1, 2, 6].map((night) => known('afterschool', night).map((each) => JSON.stringify(each)));
    const settled = known('afterschool', 60).map((each) => JSON.stringify(each));
    const wrong = nights.map((each) => each.filter((text, index) => text !== settled[index]).length);
    expect(wrong[0]).toBeGreaterThan(20);
    expect(wrong[1]).toBeLessThan(wrong[0] ?? 0);
    expect(wrong[2]).toBeLessThan(wrong[1] ?? 0);
    const corrected = (from: number, to: number) =>
      nights[from]?.every(
        (text, index) => text === nights[to]?.[index] || nights[to]?.[index] === settled[index],
      );
    expect(corrected(0, 1) && corrected(1, 2)).toBe(true);
  });

  it('knows some children by a short form or half a surname', () => {
    const programme = known('afterschool', 1);
    const short = programme.filter(({ given }, index) => people[index]?.nickname === given);
    expect(short.length).toBeGreaterThan(30);
    const halved = programme.filter(({ surname }, index) => {
      const surnames = people[index]?.name.surnames ?? [];
      return surnames.length === 2 && surnames.includes(surname);
    });
    expect(halved.length).toBeGreaterThan(10);
  });

  it('knows the canaries truly', () => {
    for (const child of city.children.filter(({ trap }) => trap === 'canary')) {
      expect(knownTo('afterschool', child, { streams: city.streams, night: 1, registration: 0 })).toEqual(
        trueIdentity(child),
      );
    }
  });
});
