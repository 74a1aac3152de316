import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clustersOf, personsOf } from './clusters.js';

/** The same by sets: slow and obvious. */
function slowly(
  sources: readonly number[],
  capacities: readonly number[],
  pairs: readonly [number, number][],
) {
  const persons = sources.map((_, record) => new Set([record]));
  const joined = pairs.map(([one, other]) => {
    const [left, right] = [persons[one], persons[other]];
    if (left === undefined || right === undefined) return false;
    const both = new Set([...left, ...right]);
    const tooMany = capacities.some(
      (capacity, source) => [...both].filter((record) => sources[record] === source).length > capacity,
    );
    if (left !== right && tooMany) return false;
    for (const record of both) persons[record] = both;
    return true;
  });
  return { joined, persons: persons.map((person) => Math.min(...person)) };
}

const graph = fc.integer({ min: 1, max: 30 }).chain((records) => {
  const record = fc.nat({ max: records - 1 });
  return fc.record({
    sources: fc.array(fc.nat({ max: 3 }), { minLength: records, maxLength: records }),
    capacities: fc.tuple(fc.constant(1), fc.constant(1), fc.constantFrom(1, 2), fc.constantFrom(2, 8)),
    pairs: fc.array(fc.tuple(record, record), { maxLength: 60 }),
  });
});

describe('clustersOf', () => {
  it('joins as sets do, on random graphs', () => {
    fc.assert(
      fc.property(graph, ({ sources, capacities, pairs }) => {
        const clusters = clustersOf({
          sourceOf: Int32Array.from(sources),
          capacityOf: Int32Array.from(capacities),
        });
        const joined = pairs.map(([one, other]) => clusters.join(one, other));
        const persons = [...personsOf(clusters)];
        expect({ joined, persons }).toEqual(slowly(sources, capacities, pairs));
        for (const [record, person] of persons.entries()) {
          const members = persons.flatMap((each, other) => (each === person ? [other] : []));
          expect([...clusters.membersOf(record)].sort((one, other) => one - other)).toEqual(members);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('does not join a chain of records of one source into one person', () => {
    const clusters = clustersOf({ sourceOf: new Int32Array(10_000), capacityOf: Int32Array.of(8) });
    for (let record = 1; record < 10_000; record += 1) clusters.join(record - 1, record);
    const sizes = new Map<number, number>();
    for (const person of personsOf(clusters)) sizes.set(person, (sizes.get(person) ?? 0) + 1);
    expect(Math.max(...sizes.values())).toBe(8);
  });
});
