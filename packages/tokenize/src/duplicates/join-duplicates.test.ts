import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinDuplicates } from './join-duplicates.js';

const likeness = (one: number, other: number, probability = 0.95) => ({ one, other, probability });
const SURE = 0.9;

describe('joinDuplicates', () => {
  it('does not join two children through one pair against what their other records say', () => {
    const child = [
      likeness(0, 1),
      likeness(0, 2),
      likeness(0, 3),
      likeness(1, 2),
      likeness(1, 3),
      likeness(2, 3),
    ];
    const slip = likeness(0, 4, 0.91);
    const against = [1, 2, 3].map((record) => likeness(record, 4, 0.01));
    expect(joinDuplicates(5, [...child, slip, ...against], SURE).persons).toEqual([0, 0, 0, 0, 4]);
    expect(joinDuplicates(5, [...child, slip], SURE).persons).toEqual([0, 0, 0, 0, 0]);
  });

  it('joins a few records one by another, whoever comes first', () => {
    expect(joinDuplicates(5, [likeness(3, 1), likeness(4, 3)], SURE)).toEqual({
      persons: [0, 1, 2, 1, 1],
      crowded: 0,
    });
  });

  it('never makes one person of a ladder, and says that there is one', () => {
    const rungs = Array.from({ length: 400 }, (_, rung) => likeness(rung, rung + 1));
    const { persons, crowded } = joinDuplicates(401, rungs, SURE);
    expect(crowded).toBe(1);
    const sizes = new Map<number, number>();
    for (const person of persons) sizes.set(person, (sizes.get(person) ?? 0) + 1);
    expect(Math.max(...sizes.values())).toBeLessThanOrEqual(2);
  });

  it('never gives one record that resembles thousands more than one of them', () => {
    const star = Array.from({ length: 3000 }, (_, at) => likeness(0, at + 1, 0.9 + at / 100_000));
    const { persons, crowded } = joinDuplicates(3001, star, SURE);
    expect(crowded).toBe(1);
    expect(persons.filter((person) => person === 0)).toHaveLength(2);
    expect(persons[3000]).toBe(0);
  });

  it('never joins more records than a person can have', () => {
    const pairs = fc.array(fc.tuple(fc.nat(30), fc.nat(30), fc.double({ min: 0.9, max: 1, noNaN: true })));
    fc.assert(
      fc.property(pairs, (given) => {
        const all = given.flatMap(([x, y, p]) => (x === y ? [] : [likeness(x, y, p)]));
        const { persons } = joinDuplicates(31, all, SURE);
        for (const person of persons) {
          expect(persons.filter((each) => each === person).length).toBeLessThanOrEqual(8);
        }
      }),
    );
  });
});
