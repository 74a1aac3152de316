import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formHouseholds, type Known } from './form.js';

/** A token of a rule that a person holds in a source. */
type Holding = {
  readonly person: number;
  readonly source: number;
  readonly rule: number;
  readonly value: number;
};

const token = ({ rule, value }: Holding): string => `${rule} ${value}`;

function grouped<Value, Key>(values: Iterable<Value>, keyOf: (value: Value) => Key): Map<Key, Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const value of values) groups.set(keyOf(value), [...(groups.get(keyOf(value)) ?? []), value]);
  return groups;
}

/** What the database hands over, of holdings in any order. */
function knownOf(holdings: readonly Holding[], most: number): Known {
  const holders = grouped(holdings, token);
  const persons = (of: string) => new Set((holders.get(of) ?? []).map(({ person }) => person));
  const clear = new Map([...holders.keys()].map((name) => [name, persons(name).size <= most]));
  const names = [...holders.keys()].sort();
  const numbers = new Map(names.map((name, number) => [name, number]));
  const rows = [
    ...new Map(holdings.map((each) => [`${each.person} ${each.source} ${token(each)}`, each])).values(),
  ];
  rows.sort((one, other) => one.person - other.person || one.source - other.source);
  const pairs = names.filter((name) => clear.get(name)).flatMap((name) => twosOf([...persons(name)]));
  const distinct = [...new Map(pairs.map((pair) => [pair.join(), pair])).values()];
  const column = (of: (row: Holding) => number) => Int32Array.from(rows, of);
  return {
    pairs: {
      x: Int32Array.from(distinct, ([x = 0]) => x),
      y: Int32Array.from(distinct, ([, y = 0]) => y),
    },
    held: {
      place: column(({ person }) => person),
      source: column(({ source }) => source),
      rule: column(({ rule }) => rule),
      token: column((row) => numbers.get(token(row)) ?? 0),
      clear: column((row) => Number(clear.get(token(row)))),
    },
  };
}

const twosOf = (persons: readonly number[]): number[][] =>
  persons.flatMap((one) => persons.filter((other) => one < other).map((other) => [one, other]));

/** The same in sets and loops, slowly: the rules of the page as they are written there. */
function slowly(holdings: readonly Holding[], most: number) {
  const all = [...new Set(holdings.map(({ person }) => person))].sort((a, b) => a - b);
  const sources = [...new Set(holdings.map(({ source }) => source))];
  const of = (person: number, source?: number) =>
    holdings.filter((each) => each.person === person && (source === undefined || each.source === source));
  const tokensOf = (person: number, source?: number) => new Set(of(person, source).map(token));
  const rulesOf = (person: number, source?: number) => new Set(of(person, source).map(({ rule }) => rule));
  const crowded = (name: string) =>
    new Set(holdings.filter((each) => token(each) === name).map(({ person }) => person)).size > most;
  const common = (x: number, y: number, source?: number) =>
    [...tokensOf(x, source)].filter((name) => tokensOf(y, source).has(name));
  const known = (x: number, y: number, source?: number) =>
    [...rulesOf(x, source)].some((rule) => rulesOf(y, source).has(rule));
  const together = (x: number, y: number) =>
    sources.filter((source) => common(x, y, source).some((name) => !crowded(name))).length;
  const parted = (x: number, y: number) =>
    sources.some((source) => known(x, y, source) && common(x, y, source).length === 0);
  const shares = (x: number, y: number) => common(x, y).some((name) => !crowded(name));
  const evident = (x: number, y: number) => together(x, y) > 0 || (shares(x, y) && !parted(x, y));
  const pairs = twosOf(all).filter(([x = 0, y = 0]) => shares(x, y));
  const believed = pairs.filter(([x = 0, y = 0]) => evident(x, y));
  believed.sort(([x = 0, y = 0], [v = 0, w = 0]) => together(v, w) - together(x, y) || x - v || y - w);
  let groups = all.map((person) => ({ members: [person], crowd: false }));
  let refused = 0;
  for (const [x = 0, y = 0] of believed) {
    const one = groups.find(({ members }) => members.includes(x));
    const other = groups.find(({ members }) => members.includes(y));
    if (one === undefined || other === undefined || one === other) continue;
    const fits = twosOf([...one.members, ...other.members].sort((a, b) => a - b)).every(
      ([a = 0, b = 0]) =>
        one.members.includes(a) === one.members.includes(b) || evident(a, b) || !known(a, b),
    );
    if (!fits && !one.crowd && !other.crowd) refused += 1;
    else {
      const members = [...one.members, ...other.members];
      const crowd = one.crowd || other.crowd || members.length > most;
      groups = [...groups.filter((group) => group !== one && group !== other), { members, crowd }];
    }
  }
  const together2 = groups.filter(({ members, crowd }) => !crowd && members.length > 1);
  return {
    households: new Map(
      together2.flatMap(({ members }) => members.map((person) => [person, Math.min(...members)] as const)),
    ),
    crowd: new Set(groups.filter(({ crowd }) => crowd).flatMap(({ members }) => members)),
    apart: pairs.length - believed.length,
    refused,
  };
}

const form = (holdings: readonly Holding[], most = 8) => formHouseholds(knownOf(holdings, most), most);
const households = (holdings: readonly Holding[], most = 8): number[][] =>
  [...grouped(form(holdings, most).households, ([, first]) => first).values()]
    .map((members) => members.map(([person]) => person).sort((a, b) => a - b))
    .sort(([a = 0], [b = 0]) => a - b);

const [ADDRESS, PHONE, GUARDIAN] = [0, 1, 2];
const [SCHOOL, CLINIC] = [0, 1];
const held = (person: number, source: number, rule: number, value: number): Holding => ({
  person,
  source,
  rule,
  value,
});

describe('formHouseholds', () => {
  const holding = fc.record({
    person: fc.nat({ max: 11 }),
    source: fc.nat({ max: 2 }),
    rule: fc.nat({ max: 2 }),
    value: fc.nat({ max: 5 }),
  });

  it('comes out as the slow reference does, on random holdings, in any order of rows', () => {
    fc.assert(
      fc.property(
        fc.array(holding, { maxLength: 40 }),
        fc.integer({ min: 2, max: 5 }),
        fc.infiniteStream(fc.nat()),
        (holdings, most, noise) => {
          const keys = new Map(holdings.map((each) => [each, noise.next().value ?? 0]));
          const shuffled = holdings.toSorted((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0));
          const expected = slowly(holdings, most);
          expect(form(shuffled, most)).toEqual(expected);
          for (const members of grouped(expected.households, ([, first]) => first).values())
            expect(members.length).toBeLessThanOrEqual(most);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('joins by one thing in common, counted once: an address, a telephone, or a guardian', () => {
    expect(
      households([
        ...[1, 2].map((person) => held(person, SCHOOL, ADDRESS, 7)),
        ...[2, 3].map((person) => held(person, CLINIC, PHONE, 7)),
        ...[4, 5].map((person) => held(person, CLINIC, GUARDIAN, 7)),
      ]),
    ).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
  });

  it('takes what a crowd shares for no evidence, and leaves families in it whole', () => {
    const shelter = Array.from({ length: 5000 }, (_, person) => held(person, SCHOOL, ADDRESS, 1));
    const family = [10, 11, 12].map((person) => held(person, SCHOOL, PHONE, 2));
    const called = [held(20, SCHOOL, PHONE, 3), held(21, CLINIC, PHONE, 3)];
    expect(households([...shelter, ...family, ...called])).toEqual([
      [10, 11, 12],
      [20, 21],
    ]);
  });

  it('makes no household of a group that is larger than one, and none of what is tied to it', () => {
    const block = [0, 4, 8].flatMap((first, rule) =>
      Array.from({ length: 6 }, (_, index) => held(first + index, rule, rule, 1)),
    );
    const { households: found, crowd } = form([...block, held(13, 2, 2, 1)]);
    expect([found.size, crowd.size]).toEqual([0, 14]);
  });

  it('keeps a ladder of near neighbours from becoming one household', () => {
    const ladder = (source: (rung: number) => number) =>
      Array.from({ length: 2000 }, (_, rung) => [
        held(rung, source(rung), ADDRESS, rung),
        held(rung, source(rung), ADDRESS, rung + 1),
      ]).flat();
    for (const found of [households(ladder(() => SCHOOL)), households(ladder((rung) => rung % 2))])
      expect(Math.max(...found.map(({ length }) => length))).toBe(2);
  });

  it('parts a child of two homes from one of them, and joins no two homes through it', () => {
    const found = households([
      ...[1, 2].map((person) => held(person, SCHOOL, ADDRESS, 1)),
      ...[2, 3].map((person) => held(person, CLINIC, ADDRESS, 2)),
      held(2, SCHOOL, PHONE, 5),
      held(1, CLINIC, PHONE, 5),
    ]);
    expect(found).toEqual([[1, 2]]);
  });

  it('lets a family go that has moved, once every source knows, and does not join the next tenants to it', () => {
    const old = [1, 2].map((person) => held(person, CLINIC, ADDRESS, 1));
    const moved = [1, 2].map((person) => held(person, SCHOOL, ADDRESS, 2));
    const tenants = [3, 4].map((person) => held(person, SCHOOL, ADDRESS, 1));
    expect(households([...old, ...moved, ...tenants])).toEqual([
      [1, 2],
      [3, 4],
    ]);
    const apart = [held(1, SCHOOL, ADDRESS, 2), held(2, SCHOOL, ADDRESS, 3)];
    expect(households([...old, ...apart])).toEqual([[1, 2]]);
    expect(households(apart)).toEqual([]);
  });
});
