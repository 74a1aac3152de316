import { describe, expect, it } from 'vitest';
import { candidateOf } from '../candidate/tables.js';
import { releasedCells } from '../cells/released-cells.js';
import { PLAIN_PRINTING } from '../fixtures/plain.js';
import { loadSolver } from '../linear/program.js';
import { protect, publishedCells } from '../protect/protect.js';
import { requireSafe } from './verify.js';

const policy = { threshold: 10, zeroCounts: 'publish-structural', minIntervalWidth: 10 } as const;
const row = (level: string | null, yes: number, no: number) => ({ levels: [level], yes, no, unknown: 0 });
const table = {
  name: 'm.school',
  measure: 'm',
  population: 'p',
  dims: ['school'],
  rows: [row('A', 40, 100), row('B', 50, 120), row('C', 3, 60), row('D', 30, 90), row(null, 123, 370)],
};

async function verified() {
  const solver = await loadSolver();
  const candidate = candidateOf([table]);
  const outcome = protect({ candidate, policy, solver, alreadyPublic: new Set() });
  const released = releasedCells([table], publishedCells(candidate, outcome.withheld), PLAIN_PRINTING);
  return { candidate, tables: [table], released, outcome, policy, solver, rounding: PLAIN_PRINTING.rounding };
}

describe('requireSafe', () => {
  it('lets rows pass that print what was attacked', async () => {
    const verification = await verified();
    expect(verification.released.some(({ status }) => status === 'withheld')).toBe(true);
    expect(() => requireSafe(verification)).not.toThrow();
  });

  it('finds a sensitive count printed after all', async () => {
    const verification = await verified();
    const released = verification.released.map((each) => (each.level_1 === 'C' ? { ...each, yes: 3 } : each));
    expect(() => requireSafe({ ...verification, released })).toThrow(
      /RELEASE_UNSAFE.*sensitive_cells_printed=1/,
    );
  });

  it('finds complementary counts printed, from which the sensitive one follows', async () => {
    const verification = await verified();
    const exact = new Map(table.rows.map(({ levels, yes, no }) => [levels[0] ?? 'Total', { yes, no }]));
    const released = verification.released.map((each) =>
      each.level_1 === 'C' ? each : { ...each, ...exact.get(each.level_1 ?? '') },
    );
    expect(() => requireSafe({ ...verification, released })).toThrow(
      /RELEASE_UNSAFE.*cells_too_narrow=[1-9]/,
    );
  });
});
