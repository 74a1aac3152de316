import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { byName, type Structure } from '../candidate/cell.js';
import { allTables, type Sums, spreadOf, sumAt } from '../fixtures/all-tables.js';
import { loadSolver, type Solver } from '../linear/program.js';
import { attack, audit } from './attack.js';
import { determined } from './elimination.js';
import { OUTSIDER } from './model.js';
import { systemOf } from './system.js';

let solver: Solver;
beforeAll(async () => {
  solver = await loadSolver();
});

const MOST = 4;

/** Up to 6 atoms, sums over arbitrary sets of them (no table layout at all), and which cells are printed. */
const world = fc.integer({ min: 3, max: 6 }).chain((atoms) => {
  const subset = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: atoms, maxLength: atoms });
  return fc.record({
    counts: fc.array(fc.integer({ min: 0, max: MOST }), { minLength: atoms, maxLength: atoms }),
    sums: fc.array(fc.record({ factors: subset, isPrinted: fc.boolean() }), { minLength: 1, maxLength: 8 }),
    printedAtoms: subset,
  });
});

type World = typeof world extends fc.Arbitrary<infer W> ? W : never;

/** Cells a0, a1 ... are the atoms, s0, s1 ... the sums; `total` over all atoms is printed, so all is bounded. */
const sumsOf = ({ counts, sums }: World): Sums =>
  new Map([
    ...counts.map((_, at) => [`a${at}`, counts.map((_, other) => Number(at === other))] as const),
    ...sums.map(({ factors }, at) => [`s${at}`, factors] as const),
    ['total', counts.map(() => 1)] as const,
  ]);

const structureOf = (sums: Sums): Structure => ({
  cells: [...sums.keys()].sort(byName),
  equations: [...sums]
    .filter(([cell]) => !cell.startsWith('a'))
    .map(([cell, factors]) => ({
      constant: 0,
      terms: [
        [cell, -1] as const,
        ...factors.flatMap((factor, at) => (factor === 0 ? [] : [[`a${at}`, factor] as const])),
      ],
    })),
});

const publishedIn = (drawn: World, sums: Sums): ReadonlyMap<string, number> => {
  const isPrinted = (cell: string): boolean => {
    const at = Number(cell.slice(1));
    if (cell === 'total') return true;
    return cell.startsWith('a') ? drawn.printedAtoms[at] === 1 : drawn.sums[at]?.isPrinted === true;
  };
  const printed = [...sums].filter(([cell]) => isPrinted(cell));
  return new Map(printed.map(([cell, factors]) => [cell, sumAt(factors, drawn.counts)]));
};

const questionOf = (drawn: World) => {
  const sums = sumsOf(drawn);
  const published = publishedIn(drawn, sums);
  const most = published.get('total') ?? 0;
  const truth = spreadOf(sums, allTables(sums, published, { atoms: drawn.counts.length, most }));
  return { question: { published, structure: structureOf(sums), model: OUTSIDER, solver }, truth };
};

describe('attack', () => {
  it('finds for every withheld cell the range that trying all tables finds', () => {
    fc.assert(
      fc.property(world, (drawn) => {
        const { question, truth } = questionOf(drawn);
        for (const [cell, { least, most, exact }] of attack(question)) {
          expect([cell, least, most, exact]).toEqual([cell, ...(truth.get(cell) ?? []), true]);
        }
      }),
      { numRuns: 60, seed: 1 },
    );
  });
});

describe('audit', () => {
  it('passes a cell exactly if trying all tables finds the width', () => {
    fc.assert(
      fc.property(world, fc.integer({ min: 1, max: 4 }), (drawn, width) => {
        const { question, truth } = questionOf(drawn);
        const demands = new Map([...truth.keys()].map((cell) => [cell, width]));
        const narrow = [...truth].filter(([, [least, most]]) => most - least < width).map(([cell]) => cell);
        expect(audit(question, demands).map(({ cell }) => cell)).toEqual(narrow.sort(byName));
      }),
      { numRuns: 50, seed: 2 },
    );
  });
});

describe('determined', () => {
  it('finds nothing that is not so, and every cell that is so without knowing that counts are not negative', () => {
    fc.assert(
      fc.property(world, (drawn) => {
        const { question, truth } = questionOf(drawn);
        const system = systemOf(question.published, question.structure, OUTSIDER);
        const known = determined(system);
        for (const [at, value] of known) expect(truth.get(system.unknowns[at] ?? '')).toEqual([value, value]);
        expect([...known.keys()].sort((a, b) => a - b)).toEqual(
          determinedByRank(system.rows, system.unknowns.length),
        );
      }),
      { numRuns: 80, seed: 3 },
    );
  });
});

type Rows = readonly { readonly terms: readonly (readonly [number, number])[] }[];

/** Rank over the rationals, in floating point: fine for a handful of factors of 1 and -1. */
const rankOf = (matrix: readonly (readonly number[])[]): number => {
  const rows = matrix.map((row) => [...row]);
  let rank = 0;
  for (let col = 0; col < (rows[0]?.length ?? 0); col++) {
    const pivot = rows.slice(rank).sort((a, b) => Math.abs(b[col] ?? 0) - Math.abs(a[col] ?? 0))[0];
    if (pivot === undefined || Math.abs(pivot[col] ?? 0) < 1e-9) continue;
    rows.splice(rows.indexOf(pivot), 1);
    for (const row of rows.slice(rank)) {
      const factor = (row[col] ?? 0) / (pivot[col] ?? 1);
      for (const [at, value] of pivot.entries()) row[at] = (row[at] ?? 0) - factor * value;
    }
    rows.splice(rank, 0, pivot);
    rank++;
  }
  return rank;
};

/** An unknown is determined if asking for it alone adds no rank to the equations. */
const determinedByRank = (rows: Rows, size: number): readonly number[] => {
  const dense = rows.map(({ terms }) =>
    Array.from({ length: size }, (_, at) => terms.find(([term]) => term === at)?.[1] ?? 0),
  );
  const unit = (at: number): readonly number[] =>
    Array.from({ length: size }, (_, other) => Number(at === other));
  const rank = rankOf(dense);
  return [...Array(size).keys()].filter((at) => rankOf([...dense, unit(at)]) === rank);
};
