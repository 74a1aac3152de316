import { beforeAll, describe, expect, it } from 'vitest';
import { candidateOf } from '../candidate/tables.js';
import { releasedCells } from '../cells/released-cells.js';
import { rowsPrintingSensitive } from '../checks/printed-sensitive.js';
import { cityTables } from '../fixtures/city.js';
import { PLAIN_PRINTING } from '../fixtures/plain.js';
import { loadSolver, type Solver } from '../linear/program.js';
import { STRICT_POLICY } from '../protect/policy.js';
import { protect, publishedCells } from '../protect/protect.js';
import { type AuditQuestion, type AuditRules, auditRelease } from './audit-release.js';
import type { PrintedRelease } from './printed-release.js';
import type { PrintedRow, PrintedTable } from './printed-tables.js';
import type { PublicTotals } from './public-totals.js';

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
    population: table.population,
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

describe('what else a release prints', () => {
  const asOf = '2026-06-15';
  const always: AuditRules = { ...rules, zeroCounts: 'publish-always' };
  const row = (
    level: string | null,
    [yes, no, total]: readonly (number | null)[],
    more: Partial<PrintedRow> = {},
  ) => ({
    ...{ levels: [level], yes: yes ?? null, no: no ?? null, unknown: 0, total: total ?? null, asOf },
    ...more,
  });
  const withheldTotals = [
    row('X', [null, 90, null]),
    row('Y', [40, 60, 100]),
    row('Z', [null, 70, null]),
    row(null, [70, 220, 290]),
  ];
  const bySchool = (rows: readonly PrintedRow[]): PrintedTable => ({
    ...{ measure: 'm', population: 'p', dims: ['school'] },
    rows,
  });
  const auditedOf = (release: Partial<PrintedRelease>, more: Partial<AuditQuestion> = {}) =>
    auditRelease({ ...only([bySchool(withheldTotals)]), ...release }, [], { rules: always, solver, ...more });
  const totals = (children: number, as_of = asOf): PublicTotals => ({
    kind: 'public-totals',
    source: 'The state',
    as_of,
    totals: [
      { at: { school: 'X' }, children },
      { at: {}, children: 290 },
    ],
  });

  it('gives away what it withholds to whoever has a total from elsewhere', () => {
    expect(auditedOf({}).attacks.map(({ exact }) => exact)).toEqual([0, 0]);
    const told = auditedOf({}, { publicTotals: totals(93) });
    expect([told.verdict, told.public_totals]).toEqual(['gives-away', { given: 2, used: 2 }]);
    expect(told.attacks[0]?.exact).toBeGreaterThan(0);
    expect(auditedOf({}, { publicTotals: totals(93, '2026-06-14') }).public_totals.used).toBe(0);
  });

  it('is of another population where such a total contradicts it', () => {
    const other = {
      ...totals(93),
      totals: [
        { at: { school: 'Y' }, children: 101 },
        { at: { school: 'X' }, children: 93 },
      ],
    };
    expect(auditedOf({}, { publicTotals: other })).toMatchObject({
      verdict: 'withstands',
      public_totals: { used: 0 },
    });
    const impossible = { ...totals(20), totals: [{ at: { school: 'X' }, children: 20 }] };
    expect(auditedOf({}, { publicTotals: impossible })).toMatchObject({
      verdict: 'withstands',
      public_totals: { used: 0 },
    });
  });

  it('gives a sum away that follows from the others', () => {
    const sum = (level: string | null, volume: number | null) => ({
      ...{ measure: 'm', dims: ['school'], levels: [level], asOf },
      ...{ volume, children: null },
    });
    const safe = [sum('X', null), sum('Y', 400), sum('Z', null), sum(null, 900)];
    expect(auditedOf({ amounts: safe })).toMatchObject({
      verdict: 'withstands',
      amounts: { exact: 0, narrowest: 500 },
    });
    const given = [sum('X', null), sum('Y', 400), sum('Z', 450), sum(null, 900)];
    expect(auditedOf({ amounts: given })).toMatchObject({ verdict: 'gives-away', amounts: { exact: 1 } });
  });

  it('gives small counts away by percentages and by differences', () => {
    const comparison = (compared: number, observed: string) => ({
      comparisons: [{ outcome: 'm', access: 'school', level: 'Y', compared, observed }],
    });
    expect(auditedOf(comparison(100, '40')).derived).toEqual({ counts: 4, small: 0 });
    expect(auditedOf(comparison(40, '5')).derived.small).toBe(1);
    expect(auditedOf(comparison(95, '40')).derived.small).toBe(2);
    const links = (exact: number) =>
      withheldTotals.map((each) => (each.levels[0] === 'Y' ? { ...each, links: [exact, null, null] } : each));
    expect(auditedOf({ tables: [bySchool(links(37))] })).toMatchObject({
      verdict: 'gives-away',
      derived: { small: 1 },
    });
    expect(auditedOf({ tables: [bySchool(links(20))] }).derived.small).toBe(0);
  });

  it('may be rounded, so that it need not add up, or told in ranges', () => {
    const rounded = [row('Y', [39, 63, 105]), row('Z', [33, 69, 105]), row(null, [75, 129, 207])].map(
      (each) => ({ ...each, unknown: 3 }),
    );
    const midpoints = { ...rules, rounding: { rule: 'midpoint6' } } as const;
    const audit = auditRelease(only([bySchool(rounded)]), [], { rules: midpoints, solver });
    expect(audit).toMatchObject({ verdict: 'withstands', withheld: 0 });
    expect(() => auditedOf({ tables: [bySchool(rounded)] })).toThrow(RangeError);
    const ranged = (range: string) => [
      row('Y', [null, null, 300], { range }),
      row('Z', [null, null, 240], { range: '20' }),
      row(null, [null, null, 540]),
    ];
    expect(auditedOf({ tables: [bySchool(ranged('<=5'))] }).verdict).toBe('withstands');
    expect(auditedOf({ tables: [bySchool(ranged('<=1'))] }).verdict).toBe('gives-away');
  });

  it('contradicts itself neither by a nobody that is printed, nor by ranges of exact counts beside rounded ones', () => {
    const midpoints = { ...rules, rounding: { rule: 'midpoint6' } } as const;
    const auditedRounded = (rows: readonly PrintedRow[]) =>
      auditRelease(only([bySchool(rows)]), [], { rules: midpoints, solver }).verdict;
    const everybodyKnown = [row('Y', [39, 63, 102]), row('Z', [33, 69, 102]), row(null, [75, 129, 204])];
    expect(auditedRounded(everybodyKnown.map((each) => ({ ...each, unknown: 0 })))).toBe('withstands');
    const schools = Array.from({ length: 20 }, (_, at) => ({
      ...row(`S${at}`, [null, null, 105], { range: '>=90' }),
      unknown: 3,
    }));
    const all = { ...row(null, [null, null, 2157], { range: '>=99' }), unknown: 57 };
    expect(() => auditedRounded([...schools, all])).not.toThrow();
  });

  it('prints what is sensitive by itself where few children stand behind a sum or a comparison', () => {
    const sum = (children: number) => ({
      ...{ measure: 'm', dims: ['school'], levels: ['X'], asOf },
      ...{ volume: null, children },
    });
    const comparison = (compared: number) => ({
      ...{ outcome: 'm', access: 'school', level: 'Y' },
      ...{ compared, observed: null },
    });
    const few = { tables: [], amounts: [sum(3), sum(30)], comparisons: [comparison(4), comparison(40)] };
    expect(rowsPrintingSensitive(few, rules)).toBe(2);
  });
});

const isWhole = ({ yes, no, unknown, total }: PrintedTable['rows'][number]): boolean =>
  [yes, no, unknown, total].every((count) => count !== null);
