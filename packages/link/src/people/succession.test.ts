import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Claims, type Heritage, succeed } from './succession.js';

/** One record of tonight: its person, and the number it had last night. */
type Known = { readonly person: number; readonly earlier: number | undefined };

function heritageOf(records: readonly Known[], living: readonly number[], issued: number): Heritage {
  const counts = new Map<string, [number, number, number]>();
  for (const { person, earlier } of records) {
    if (earlier === undefined) continue;
    const found = counts.get(`${person} ${earlier}`)?.[2] ?? 0;
    counts.set(`${person} ${earlier}`, [person, earlier, found + 1]);
  }
  const rows = [...counts.values()];
  const column = (index: 0 | 1 | 2) => Int32Array.from(rows, (row) => row[index]);
  const claims: Claims = { person: column(0), earlier: column(1), records: column(2) };
  const persons = Int32Array.from([...new Set(records.map(({ person }) => person))].sort((a, b) => a - b));
  return { persons, claims, living: Int32Array.from(living), withdrawn: new Int32Array(), issued };
}

const numbersOf = (heritage: Heritage) => {
  const { numbers } = succeed(heritage);
  return new Map([...heritage.persons].map((person, index) => [person, numbers[index]]));
};

const of = (person: number, ...earlier: (number | undefined)[]): Known[] =>
  earlier.map((number) => ({ person, earlier: number }));

describe('succeed', () => {
  it('numbers the first night in the order of the first records', () => {
    expect(succeed(heritageOf([...of(4, undefined), ...of(0, undefined, undefined)], [], 0))).toMatchObject({
      numbers: Int32Array.of(1, 2),
      issued: 2,
      changes: [
        { change: 'new', reason: 'first-seen', number: 1, other: undefined },
        { change: 'new', reason: 'first-seen', number: 2, other: undefined },
      ],
    });
  });

  it('lets the larger part of a merged person keep its number, and of equal parts the elder', () => {
    expect(numbersOf(heritageOf(of(0, 1, 2, 2), [1, 2], 2))).toEqual(new Map([[0, 2]]));
    const even = heritageOf(of(0, 2, 1), [1, 2], 2);
    expect(succeed(even).changes).toEqual([
      { change: 'merged', reason: 'records-joined', number: 2, other: 1 },
    ]);
  });

  it('lets the larger part of a split person keep its number, and of equal parts the first', () => {
    const uneven = heritageOf([...of(0, 1), ...of(1, 1, 1)], [1], 1);
    expect(numbersOf(uneven)).toEqual(
      new Map([
        [0, 2],
        [1, 1],
      ]),
    );
    expect(succeed(uneven).changes).toEqual([
      { change: 'new', reason: 'parted', number: 2, other: 1 },
      { change: 'split', reason: 'records-parted', number: 1, other: 2 },
    ]);
    expect(numbersOf(heritageOf([...of(3, 1), ...of(5, 1)], [1], 1))).toEqual(
      new Map([
        [3, 1],
        [5, 2],
      ]),
    );
  });

  it('retires a person without records and never gives its number again', () => {
    const { numbers, issued, changes } = succeed(heritageOf(of(0, undefined), [1], 1));
    expect([...numbers, issued]).toEqual([2, 2]);
    expect(changes.map(({ change, number }) => [change, number])).toEqual([
      ['new', 2],
      ['retired', 1],
    ]);
  });

  const known = fc.record({
    person: fc.nat({ max: 12 }),
    earlier: fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined }),
  });
  const nights = fc.record({
    records: fc.array(known, { maxLength: 40 }),
    gone: fc.array(fc.integer({ min: 1, max: 8 })),
  });

  it('changes no number of a record without an event, and gives none twice, on random nights', () => {
    fc.assert(
      fc.property(nights, ({ records, gone }) => {
        const before = records.flatMap(({ earlier }) => (earlier === undefined ? [] : [earlier]));
        const living = [...new Set([...before, ...gone])].sort((a, b) => a - b);
        const heritage = heritageOf(records, living, 8);
        const { numbers, issued, changes } = succeed(heritage);
        const number = numbersOf(heritage);
        expect(new Set(numbers).size).toBe(numbers.length);
        for (const { person, earlier } of records) {
          const now = number.get(person);
          if (earlier === undefined || earlier === now) continue;
          expect(changes).toContainEqual(expect.objectContaining({ number: earlier, other: now }));
        }
        for (const earlier of living) {
          const alive = [...numbers].includes(earlier);
          const ended = changes.filter(
            (each) => each.number === earlier && (each.change === 'merged' || each.change === 'retired'),
          );
          expect(ended.length > 0).toBe(!alive);
        }
        const fresh = changes.filter(({ change }) => change === 'new').map((each) => each.number);
        expect(fresh).toEqual(Array.from({ length: issued - 8 }, (_, index) => index + 9));
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps every number where the persons are the same', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 30 }), { minLength: 1 }), (persons) => {
        const records = persons.map((person) => ({ person, earlier: person + 1 }));
        const living = [...new Set(records.map(({ earlier }) => earlier))];
        const { changes } = succeed(heritageOf(records, living, 31));
        expect(changes).toEqual([]);
      }),
    );
  });
});
