import { beforeAll, describe, expect, it } from 'vitest';
import { loadSolver, type Method, type Outcome, type Solver } from './program.js';

let solver: Solver;
beforeAll(async () => {
  solver = await loadSolver();
});

const UP_TO_10 = { least: 0, most: 10 };

/** 2x + 2y <= 7: at its most, x + y is 3.5, or 3 in whole numbers. */
const shapeBy = (method: Method, most = 7) => ({
  method,
  columns: [UP_TO_10, UP_TO_10],
  rows: [{ terms: [[0, 2] as const, [1, 2] as const], least: Number.NEGATIVE_INFINITY, most }],
});

const sum = (outcome: Outcome): number | null =>
  outcome.state === 'optimal' ? (outcome.values[0] ?? 0) + (outcome.values[1] ?? 0) : null;

describe('a program', () => {
  it.each([
    ['primal', 3.5],
    ['dual', 3.5],
    ['whole', 3],
  ] as const)('by %s reaches %d', (method, most) => {
    const found = solver.withProgram(shapeBy(method), (program) => {
      program.setCost(0, -1);
      program.setCost(1, -1);
      return program.solve();
    });
    expect(sum(found)).toBeCloseTo(most, 6);
  });

  it('is solved again after a change of costs and factors', () => {
    const found = solver.withProgram(shapeBy('dual'), (program) => {
      program.setCost(0, -1);
      program.setCost(1, -1);
      program.solve();
      program.setFactor(0, 1, 0);
      return program.solve();
    });
    expect(sum(found)).toBeCloseTo(13.5, 6);
  });

  it('says so if nothing fits', () => {
    expect(solver.withProgram(shapeBy('primal', -1), (program) => program.solve())).toEqual({
      state: 'infeasible',
    });
  });

  it('does not mistake the unbounded for an answer', () => {
    const endless = {
      ...shapeBy('primal'),
      columns: [UP_TO_10, { least: 0, most: Number.POSITIVE_INFINITY }],
      rows: [],
    };
    const found = solver.withProgram(endless, (program) => {
      program.setCost(1, -1);
      return program.solve();
    });
    expect(found).toEqual({ state: 'undecided' });
  });
});
