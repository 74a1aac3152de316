import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clustersOf, personsOf } from '../cluster/clusters.js';
import { RULES } from '../fixture/children.fixture.js';
import { type Pass, passesOf } from '../passes/passes.js';
import { decideProbable, type Verdict } from './probable.js';

const PASSES = passesOf(RULES);
const bits = (...names: string[]): number =>
  PASSES.reduce((sum, { name, bit }) => (names.includes(name) ? sum | bit : sum), 0);

const WHOLE = bits('first_lastinitial_dob');
const BEGINNING = bits('first3_last3_dob');
const BEGINNING_AND_SOUND = bits('first3_last3_dob', 'soundex_both_dob');
const NUMBER = bits('state_id_initial');

type Pair = { readonly x: number; readonly y: number; readonly agreeing: number; readonly inDoubt: boolean };
type Situation = {
  /** The source of each person, who has one record. */
  readonly sources: readonly number[];
  readonly capacities: readonly number[];
  readonly pairs: readonly Pair[];
  readonly numbered?: readonly number[];
  readonly lookalikes?: readonly number[];
};

function decided({ sources, capacities, pairs, numbered = [], lookalikes = [] }: Situation) {
  const clusters = clustersOf({
    sourceOf: Int32Array.from(sources),
    capacityOf: Int32Array.from(capacities),
  });
  const verdicts = decideProbable({
    proposals: {
      x: Int32Array.from(pairs, ({ x }) => x),
      y: Int32Array.from(pairs, ({ y }) => y),
      agreeing: Int32Array.from(pairs, ({ agreeing }) => agreeing),
      inDoubt: Int32Array.from(pairs, ({ inDoubt }) => Number(inDoubt)),
    },
    passes: PASSES,
    surroundings: {
      numbers: new Map(numbered.map((person) => [person, NUMBER])),
      lookalikes: new Set(lookalikes),
    },
    clusters,
  });
  return { verdicts, persons: [...personsOf(clusters)] };
}

const APART = { sources: [0, 1, 2], capacities: [1, 1, 1] };
const pair = (x: number, y: number, agreeing: number, inDoubt = false): Pair => ({ x, y, agreeing, inDoubt });

describe('decideProbable', () => {
  it.each<[string, Situation, Verdict[]]>([
    ['the whole first name', { ...APART, pairs: [pair(0, 1, WHOLE)] }, ['linked']],
    ['its beginning and its sound', { ...APART, pairs: [pair(0, 1, BEGINNING_AND_SOUND)] }, ['linked']],
    ['its beginning only', { ...APART, pairs: [pair(0, 1, BEGINNING)] }, ['ambiguous']],
    [
      'a part, with a look-alike',
      { ...APART, pairs: [pair(0, 1, BEGINNING_AND_SOUND)], lookalikes: [1] },
      ['ambiguous'],
    ],
    ['the whole, with a look-alike', { ...APART, pairs: [pair(0, 1, WHOLE)], lookalikes: [1] }, ['linked']],
    [
      'one source that has no duplicates',
      { sources: [0, 0], capacities: [1], pairs: [pair(0, 1, WHOLE)] },
      ['refused'],
    ],
    [
      'one source that may have some',
      { sources: [0, 0], capacities: [8], pairs: [pair(0, 1, WHOLE)] },
      ['linked'],
    ],
    ['a name that fits somebody else too', { ...APART, pairs: [pair(0, 1, WHOLE, true)] }, ['ambiguous']],
    ['a number that is another', { ...APART, pairs: [pair(0, 1, WHOLE)], numbered: [0, 1] }, ['refused']],
    ['a number that one of them has', { ...APART, pairs: [pair(0, 1, WHOLE)], numbered: [0] }, ['linked']],
    [
      'numbers that may differ by the initial only',
      { ...APART, pairs: [pair(0, 1, bits('first_last_phone'))], numbered: [0, 1] },
      ['refused'],
    ],
  ])('judges a proposal on %s', (_, situation, verdicts) => {
    expect(decided(situation).verdicts).toEqual(verdicts);
  });

  it('links neither of two rivals, unless they may be duplicates', () => {
    const pairs = [pair(0, 1, WHOLE), pair(0, 2, WHOLE)];
    const rivals = { sources: [0, 1, 1], pairs };
    expect(decided({ ...rivals, capacities: [1, 1] }).verdicts).toEqual(['ambiguous', 'ambiguous']);
    expect(decided({ ...rivals, capacities: [1, 8] }).verdicts).toEqual(['linked', 'linked']);
    const partly = pairs.map(({ x, y }) => pair(x, y, BEGINNING_AND_SOUND));
    expect(decided({ ...rivals, capacities: [1, 8], pairs: partly }).verdicts).toEqual([
      'ambiguous',
      'ambiguous',
    ]);
  });

  it('does not join two numbers through a third record that has none', () => {
    const chain = { ...APART, pairs: [pair(0, 1, WHOLE), pair(1, 2, WHOLE)], numbered: [0, 2] };
    expect(decided(chain)).toEqual({ verdicts: ['linked', 'refused'], persons: [0, 0, 2] });
  });

  it('agrees with a slow reference on random situations', () => {
    const situation = fc.integer({ min: 2, max: 10 }).chain((persons) => {
      const person = fc.nat({ max: persons - 1 });
      const proposal = fc
        .record({
          x: person,
          y: person,
          agreeing: fc.constantFrom(WHOLE, BEGINNING, BEGINNING_AND_SOUND),
          inDoubt: fc.boolean(),
        })
        .filter(({ x, y }) => x < y);
      return fc.record({
        sources: fc.array(fc.nat({ max: 3 }), { minLength: persons, maxLength: persons }),
        capacities: fc.constant([1, 1, 2, 8]),
        pairs: fc.uniqueArray(proposal, { selector: ({ x, y }) => `${x} ${y}`, maxLength: 15 }),
        numbered: fc.uniqueArray(person),
        lookalikes: fc.uniqueArray(person, { maxLength: 2 }),
      });
    });
    fc.assert(
      fc.property(situation, (each) => {
        expect(decided(each)).toEqual(slowly(each));
      }),
      { numRuns: 1000 },
    );
  });
});

/** The same, word by word from the rules. */
function slowly({ sources, capacities, pairs, numbered = [], lookalikes = [] }: Required<Situation>) {
  const whole = ({ agreeing }: Pair) => agreeing === WHOLE;
  const isNumbered = (person: number) => numbered.includes(person);
  const possible = pairs.filter(
    ({ x, y }) =>
      !(sources[x] === sources[y] && capacities[sources[x] ?? 0] === 1) && !(isNumbered(x) && isNumbered(y)),
  );
  const partners = (person: number) =>
    possible.flatMap(({ x, y }) => (x === person ? [y] : y === person ? [x] : []));
  const rival = (each: Pair, one: number, other: number) =>
    partners(one).filter((person) => sources[person] === sources[other]).length > 1 &&
    !(whole(each) && (capacities[sources[other] ?? 0] ?? 0) > 1);
  let persons = sources.map((_, index) => index);
  const verdicts = pairs.map((each): Verdict => {
    const { x, y } = each;
    if (!possible.includes(each)) return 'refused';
    if (each.inDoubt || rival(each, x, y) || rival(each, y, x)) return 'ambiguous';
    if (!whole(each) && (each.agreeing === BEGINNING || lookalikes.includes(x) || lookalikes.includes(y))) {
      return 'ambiguous';
    }
    const [left, right] = [persons[x] ?? 0, persons[y] ?? 0];
    const members = (person: number) => persons.flatMap((each, index) => (each === person ? [index] : []));
    const both = [...members(left), ...members(right)];
    const numbersOnBothSides = members(left).some(isNumbered) && members(right).some(isNumbered);
    const full = both.some(
      (record) =>
        both.filter((other) => sources[other] === sources[record]).length >
        (capacities[sources[record] ?? 0] ?? 0),
    );
    if (left !== right && (full || numbersOnBothSides)) return 'refused';
    persons = persons.map((person) => (person === left || person === right ? Math.min(left, right) : person));
    return 'linked';
  });
  return { verdicts, persons };
}

/** The passes are those of the fixture: a change there must not make these tests say nothing. */
it('rests on passes that say what the tests mean', () => {
  const said = (mask: number) =>
    PASSES.filter(({ bit }: Pass) => (bit & mask) !== 0).map(({ firstName }) => firstName);
  expect(said(WHOLE)).toEqual(['whole']);
  expect(said(BEGINNING_AND_SOUND)).toEqual(['partly', 'partly']);
});
