import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Link, personsOfAll } from './persons-of-all.js';

const SOURCES = Int32Array.of(0, 0, 1, 1, 2, 2, 3);

const someLinks = fc.uniqueArray(
  fc.record({
    one: fc.nat({ max: 6 }),
    other: fc.nat({ max: 6 }),
    probability: fc.double({ min: 0.01, max: 1, noNaN: true }),
  }),
  { maxLength: 15, selector: ({ one, other }) => Math.min(one, other) * 10 + Math.max(one, other) },
);
const between = (links: readonly Link[]) =>
  links
    .filter(({ one, other }) => SOURCES[one] !== SOURCES[other])
    .map(({ one, other, probability }) => ({
      one: Math.min(one, other),
      other: Math.max(one, other),
      probability,
    }));

describe('personsOfAll', () => {
  it('never puts two of one source together, and names a group by its first member', () => {
    fc.assert(
      fc.property(someLinks, (links) => {
        const groups = personsOfAll(SOURCES, between(links), 0.4);
        for (const [node, group] of groups.entries()) {
          expect(group).toBeLessThanOrEqual(node);
          expect(groups[group]).toBe(group);
          const rivals = [...groups.keys()].filter((each) => each !== node && groups[each] === group);
          expect(rivals.map((each) => SOURCES[each])).not.toContain(SOURCES[node]);
        }
      }),
    );
  });

  it('does not depend on the order of links', () => {
    fc.assert(
      fc.property(someLinks, (links) => {
        const forward = personsOfAll(SOURCES, between(links), 0.4);
        expect(personsOfAll(SOURCES, between(links).reverse(), 0.4)).toEqual(forward);
      }),
    );
  });

  it('joins two through a third, but not against what they say of each other', () => {
    const chain = [
      { one: 0, other: 2, probability: 0.9 },
      { one: 2, other: 4, probability: 0.9 },
    ];
    expect([...personsOfAll(SOURCES, chain, 0.5)]).toEqual([0, 1, 0, 3, 0, 5, 6]);
    const against = [...chain, { one: 0, other: 4, probability: 1e-6 }];
    const doubtful = against.map((link) => (link.one === 2 ? { ...link, probability: 0.55 } : link));
    expect([...personsOfAll(SOURCES, doubtful, 0.5)]).toEqual([0, 1, 0, 3, 4, 5, 6]);
  });
});
