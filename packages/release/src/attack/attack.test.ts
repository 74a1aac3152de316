import { beforeAll, describe, expect, it } from 'vitest';
import type { Candidate, CellId } from '../candidate/cell.js';
import { CYCLE_4X4, LINKED, THREE_SINGLETONS, ZEROS_AND_ONES } from '../fixtures/instances.js';
import { plainCandidate, plainTable, without } from '../fixtures/plain.js';
import { loadSolver, type Solver } from '../linear/program.js';
import { attack, audit } from './attack.js';
import { type AttackerModel, OUTSIDER } from './model.js';

let solver: Solver;
beforeAll(async () => {
  solver = await loadSolver();
});

const knowing = (name: string, cells: Iterable<CellId>, least: number, most: number): AttackerModel => ({
  name,
  beliefs: new Map([...cells].map((cell) => [cell, { least, most }])),
});

const ranges = (candidate: Candidate, withheld: readonly CellId[], model = OUTSIDER) => {
  const question = { published: without(candidate, withheld), structure: candidate.structure, model, solver };
  return Object.fromEntries([...attack(question)].map(([cell, { least, most }]) => [cell, [least, most]]));
};

describe('a 4 x 4 table with two suppressed cells in every row and column', () => {
  const { rows, cols, counts, suppressed, intervals, remedies } = CYCLE_4X4;
  const table = plainTable(rows, cols, counts);

  it('gives one of them away', () => {
    expect(ranges(table, suppressed)).toEqual(intervals);
  });

  it('keeps it once (x, d) is withheld too', () => {
    expect(ranges(table, [...suppressed, 'x,d'])['w,b']).toEqual([0, 78]);
  });

  it.each(remedies)('and once (%s) is', (remedy) => {
    const [least, most] = ranges(table, [...suppressed, remedy])['w,b'] ?? [];
    expect(least).toBeLessThan(most ?? 0);
  });

  it.each(['w,Total', 'Total,b'])('but not if only the margin (%s) is', (margin) => {
    expect(ranges(table, [...suppressed, margin])['w,b']).toEqual([47, 47]);
  });
});

describe('two linked tables', () => {
  const { leaves, counties, sizes, primary } = LINKED;
  const byCounty = [...Object.entries(counties), ['Total', Object.keys(counties)] as const];
  const bySize = [...Object.entries(sizes), ['Total', Object.keys(sizes)] as const];

  it('are safe each alone', () => {
    expect(ranges(plainCandidate(leaves, byCounty), primary)).toEqual(LINKED.byCounty);
    expect(ranges(plainCandidate(leaves, bySize), primary)).toEqual(LINKED.bySize);
  });

  it('determine a cell together', () => {
    expect(ranges(plainCandidate(leaves, [...byCounty, ...bySize]), primary)).toEqual(LINKED.together);
  });

  it('do not once another cell is withheld', () => {
    const both = plainCandidate(leaves, [...byCounty, ...bySize]);
    expect(ranges(both, [...primary, 'N'])).toMatchObject({ K: [0, 10] });
  });
});

describe('three singletons', () => {
  const { rows, cols, counts, primary, sensitiveUpTo } = THREE_SINGLETONS;
  const table = plainTable(rows, cols, counts);

  it('look safe to whoever does not know which cells are sensitive', () => {
    expect(ranges(table, primary)).toEqual(Object.fromEntries(primary.map((cell) => [cell, [0, 3]])));
  });

  it('are exact to whoever does', () => {
    const told = knowing('A2', primary, 1, sensitiveUpTo);
    const truth = primary.map((cell) => [cell, Array(2).fill(table.cells.get(cell)?.count)]);
    expect(ranges(table, primary, told)).toEqual(Object.fromEntries(truth));
  });
});

describe('zeros and ones', () => {
  it.each(ZEROS_AND_ONES)('are exact: case %#', ({ parts, suppressed, areZerosPublished }) => {
    const names = parts.map((_, at) => `part-${at}`);
    const table = plainCandidate(Object.fromEntries(parts.map((count, at) => [`part-${at}`, count])), [
      ['Total', names],
    ]);
    const withheld = suppressed.map((at) => `part-${at}`);
    const model = areZerosPublished ? knowing('A1', withheld, 1, Number.POSITIVE_INFINITY) : OUTSIDER;
    const truth = suppressed.map((at) => [`part-${at}`, [parts[at], parts[at]]]);
    expect(ranges(table, withheld, model)).toEqual(Object.fromEntries(truth));
  });
});

describe('children are whole', () => {
  /** Three cells of which each two, and a stranger, sum to 1: at most one of the three is 1, or each is a half. */
  const oddCycle = (name: string) => ({
    leaves: {
      [`${name}0`]: 1,
      [`${name}1`]: 0,
      [`${name}2`]: 0,
      [`${name}x`]: 0,
      [`${name}y`]: 1,
      [`${name}z`]: 0,
    },
    sums: [
      [`${name}-01`, [`${name}0`, `${name}1`, `${name}x`]],
      [`${name}-12`, [`${name}1`, `${name}2`, `${name}y`]],
      [`${name}-02`, [`${name}0`, `${name}2`, `${name}z`]],
    ] as const,
  });

  it('which narrows what sums alone would leave open', () => {
    const [a, b] = [oddCycle('a'), oddCycle('b')];
    const both = ['a0', 'a1', 'a2', 'b0', 'b1', 'b2'];
    const table = plainCandidate({ ...a.leaves, ...b.leaves }, [...a.sums, ...b.sums, ['both', both]]);
    const withheld = [...both, 'ax', 'ay', 'az', 'bx', 'by', 'bz', 'both'];
    expect(ranges(table, withheld)).toMatchObject({ both: [0, 2], a0: [0, 1], bz: [0, 1] });
  });
});

describe('what is not bounded', () => {
  it('has no most', () => {
    const table = plainCandidate({ A: 3, B: 4 }, [['Total', ['A', 'B']]]);
    expect(ranges(table, ['A', 'Total'])).toEqual({
      A: [0, Number.POSITIVE_INFINITY],
      Total: [4, Number.POSITIVE_INFINITY],
    });
  });

  it('may be in no equation at all', () => {
    expect(ranges(plainCandidate({ A: 3 }, []), ['A'])).toEqual({ A: [0, Number.POSITIVE_INFINITY] });
  });
});

describe('a contradiction', () => {
  const table = plainCandidate({ A: 3, B: 4, C: 5 }, [['Total', ['A', 'B', 'C']]]);
  const structure = table.structure;

  it('is refused where it shows in the sums', () => {
    const published = new Map([...without(table, []), ['Total', 13]]);
    expect(() => attack({ published, structure, model: OUTSIDER, solver })).toThrow(RangeError);
  });

  it('is refused where a single cell would be negative', () => {
    const published = new Map([...without(table, ['A']), ['Total', 5]]);
    expect(() => attack({ published, structure, model: OUTSIDER, solver })).toThrow(RangeError);
  });

  it('is refused where no table fits the beliefs, in words that hold no count', () => {
    const published = without(table, ['A', 'B']);
    const model = knowing('A1', ['A', 'B'], 4, Number.POSITIVE_INFINITY);
    expect(() => attack({ published, structure, model, solver })).toThrow(/^[^0-9]*$/);
  });

  it('is refused where an equation names a cell that nobody knows of', () => {
    const broken = { cells: ['A'], equations: structure.equations };
    expect(() => attack({ published: new Map(), structure: broken, model: OUTSIDER, solver })).toThrow(
      RangeError,
    );
  });
});

describe('audit', () => {
  const { rows, cols, counts, suppressed } = CYCLE_4X4;
  const table = plainTable(rows, cols, counts);
  const shortOf = (withheld: readonly CellId[], demands: ReadonlyMap<CellId, number>) =>
    audit(
      { published: without(table, withheld), structure: table.structure, model: OUTSIDER, solver },
      demands,
    );
  const demanding = (cells: readonly CellId[], width: number) => new Map(cells.map((cell) => [cell, width]));

  it('names exactly the cells whose range is narrower than asked for', () => {
    expect(shortOf(suppressed, demanding(suppressed, 1)).map(({ cell }) => cell)).toEqual(['w,b']);
    expect(shortOf(suppressed, demanding(suppressed, 69)).map(({ cell }) => cell)).toEqual(['w,b']);
    const narrowerThan70 = ['w,a', 'w,b', 'w,c', 'x,a', 'x,c'];
    expect(shortOf(suppressed, demanding(suppressed, 70)).map(({ cell }) => cell)).toEqual(narrowerThan70);
  });

  it('tells the range of a cell that falls short', () => {
    const [shortfall] = shortOf(suppressed, demanding(['w,a'], 70));
    expect(shortfall).toEqual({ cell: 'w,a', demanded: 70, interval: { least: 25, most: 94, exact: true } });
  });

  it('counts a published cell as known', () => {
    expect(shortOf(suppressed, demanding(['x,d'], 1)).map(({ cell }) => cell)).toEqual(['x,d']);
  });

  it('does not pass over a cell that it has not heard of', () => {
    expect(() => shortOf(suppressed, demanding(['w,e'], 1))).toThrow(RangeError);
  });
});
