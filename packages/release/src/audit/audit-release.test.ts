import { beforeAll, describe, expect, it } from 'vitest';
import { candidateOf } from '../candidate/tables.js';
import { releasedCells } from '../cells/released-cells.js';
import { cityTables } from '../fixtures/city.js';
import { PLAIN_PRINTING } from '../fixtures/plain.js';
import { loadSolver, type Solver } from '../linear/program.js';
import { STRICT_POLICY } from '../protect/policy.js';
import { protect, publishedCells } from '../protect/protect.js';
import { type AuditRules, auditRelease } from './audit-release.js';
import type { PrintedRelease } from './printed-release.js';
import type { PrintedTable } from './printed-tables.js';

let solver: Solver;
let released: readonly PrintedTable[];

const rules: AuditRules = {
  threshold: 11,
  minWidth: 10,
  zeroCounts: 'publish-structural',
  rounding: { rule: 'none' },
};

const tables = cityTables(900, 3)
  .filter(({ dims }) => dims.length === 1 && ['grade', 'sex', 'income', 'race'].includes(dims[0] ?? ''))
  .map((table) => ({ ...table, name: `${table.measure}.${table.dims.join('.')}` }));

/** Tables as they are printed if some cells are withheld. */
const printedWith = (withheld: ReadonlySet<string>): readonly PrintedTable[] =>
  tables.map((table) => ({
    measure: table.measure,
    dims: table.dims,
    rows: releasedCells([table], publishedCells(candidateOf(tables), withheld), PLAIN_PRINTING).map(
      (cell, at) => ({
        levels: table.rows[at]?.levels ?? [],
        yes: cell.yes,
        no: cell.no,
        unknown: cell.unknown,
        total: cell.total,
        asOf: '2026-06-15',
      }),
    ),
  }));

beforeAll(async () => {
  solver = await loadSolver();
  const candidate = candidateOf(tables);
  const { withheld } = protect({ candidate, policy: STRICT_POLICY, alreadyPublic: new Set(), solver });
  released = printedWith(withheld);
});

const audited = (earlier: readonly (readonly PrintedTable[])[] = [], of = released) =>
  auditRelease(only(of), earlier.map(only), { rules, solver });

const only = (of: readonly PrintedTable[]): PrintedRelease => ({ tables: of, amounts: [], comparisons: [] });

describe('the audit of a release', () => {
  it('finds nothing where the gate has been at work, with nothing but what is printed', () => {
    const audit = audited();
    expect(audit.verdict).toBe('withstands');
    expect(audit.withheld).toBeGreaterThan(20);
    expect(audit.attacks.map(({ attacker, exact, small }) => [attacker, exact, small])).toEqual([
      ['A0', 0, 0],
      ['A1', 0, 0],
    ]);
  });

  it('finds what is given away where only small counts are withheld', () => {
    const candidate = candidateOf(tables);
    const small = [...candidate.cells.values()].filter(({ count }) => count > 0 && count < 11);
    const audit = audited([], printedWith(new Set(small.map(({ id }) => id))));
    expect(audit.verdict).toBe('gives-away');
    expect(audit.attacks[0]?.exact).toBeGreaterThan(0);
  });

  it('takes no counts of two days for one: rows that stand need not add up, and small changes between them are found', () => {
    const standing = released.map((table) => ({
      ...table,
      rows: table.rows.map((row, at) => (at % 2 === 0 ? row : { ...row, asOf: '2026-06-16' })),
    }));
    const [first] = standing;
    expect(audited([], standing).withheld).toBe(audited().withheld);
    expect(audited([], standing).within.small).toBe(0);
    const later = { asOf: '2026-06-16', unknown: 0, no: 0 };
    const again = (first?.rows ?? []).flatMap((row) =>
      row.yes === null ? [] : [{ ...row, ...later, yes: row.yes + 1, total: row.yes + 1 }],
    );
    const both = standing.map((table, at) =>
      at === 0 ? { ...table, rows: [...table.rows, ...again] } : table,
    );
    expect(audited([], both)).toMatchObject({ verdict: 'gives-away' });
    expect(audited([], both).within.small).toBeGreaterThan(0);
  });

  it('finds a small change since an earlier release, and none since the same', () => {
    const changed = released.map((table, at) =>
      at > 0
        ? table
        : {
            ...table,
            rows: table.rows.map((row) => {
              const { yes, no, unknown, total } = row;
              if (yes === null || no === null || unknown === null || total === null) return row;
              return { ...row, yes: yes + 1, total: total + 1 };
            }),
          },
    );
    expect(audited([released])).toMatchObject({ verdict: 'withstands', earlier: [{ changed: 0, small: 0 }] });
    const alone = released.slice(0, 1);
    const first = changed.slice(0, 1).map((table) => ({ ...table, rows: table.rows.filter(isWhole) }));
    const before = alone.map((table) => ({ ...table, rows: table.rows.filter(isWhole) }));
    const loose = (each: readonly PrintedTable[]) =>
      each.map((table) => ({ ...table, rows: table.rows.slice(0, 1) }));
    const audit = audited([loose(before)], loose(first));
    expect(audit.verdict).toBe('gives-away');
    expect(audit.earlier[0]?.small).toBeGreaterThan(0);
  });
});

const isWhole = ({ yes, no, unknown, total }: PrintedTable['rows'][number]): boolean =>
  [yes, no, unknown, total].every((count) => count !== null);
