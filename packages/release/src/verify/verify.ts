import { safeName, ThroughlineError } from '@throughline/core';
import { audit } from '../attack/attack.js';
import type { Candidate, CellId, Group } from '../candidate/cell.js';
import { groupOf, type Level } from '../candidate/tables.js';
import { type NamedTable, TOTAL } from '../cells/exact-cells.js';
import { type Counts, printedCounts, type ReleasedCell } from '../cells/released-cells.js';
import type { Solver } from '../linear/program.js';
import type { ProtectionPolicy } from '../protect/policy.js';
import { type Protected, policyReader, publishedCells } from '../protect/protect.js';
import { boundsOfRanges, outcomesInRanges, type Ranges, withRanges } from '../protect/ranges.js';
import type { Rounding } from '../rules/rounding.js';
import { requireNoIdentifier } from './identifiers.js';

export type Verification = {
  readonly candidate: Candidate;
  readonly tables: readonly NamedTable[];
  readonly released: readonly ReleasedCell[];
  readonly outcome: Protected;
  readonly policy: ProtectionPolicy;
  readonly rounding: Rounding;
  readonly solver: Solver;
};

/**
 * Reads what is printed in the rows as they will be written, and nothing else. If that is, count by count, what the
 * attack on the plan was given (each rounded as the policy says), that attack's verdict holds for the rows; otherwise,
 * or where rates are ranges, the rows are attacked themselves.
 *
 * @throws ThroughlineError RELEASE_UNSAFE with how many cells fall short; RELEASE_IDENTIFIER if a level looks like
 *   something that names a person.
 */
export function requireSafe(verification: Verification): void {
  requireNoIdentifier(verification.released);
  const { candidate, outcome } = verification;
  const printed = rowsIn(verification);
  const planned = publishedCells(candidate, outcome.withheld);
  const isAsPlanned = printed.every((row) => isPlanned(row, planned, verification.rounding));
  const ranges = rangesIn(printed);
  if (isAsPlanned && ranges.size === 0 && outcome.audit.verdict === 'protected') return;
  requireWithstands(verification, isAsPlanned ? planned : countsIn(printed), ranges);
}

type Row = { readonly group: Group; readonly cell: ReleasedCell };

const countsOf = ({ yes, no, unknown, total }: Counts): readonly (number | null)[] => [
  yes,
  no,
  unknown,
  total,
];

/** Whether a row prints what was planned for it, no count more or less. */
const isPlanned = (
  { group, cell }: Row,
  planned: ReadonlyMap<CellId, number>,
  rounding: Rounding,
): boolean => {
  const expected = countsOf(printedCounts(group, planned, rounding));
  return countsOf(cell).every((count, at) => count === expected[at]);
};

const rangesIn = (rows: readonly Row[]): Ranges =>
  new Map(
    rows.flatMap(({ group, cell: { status, rate_percent: rate } }) =>
      status === 'range' && rate !== null ? [[group.yes, rate] as const] : [],
    ),
  );

function requireWithstands(
  { candidate, outcome: { primary }, policy, solver }: Verification,
  published: ReadonlyMap<CellId, number>,
  ranges: Ranges,
): void {
  const inRanges = ranges.size === 0 ? new Set<CellId>() : outcomesInRanges(candidate);
  const demands = new Map(
    [...candidate.cells.values()].flatMap(({ id, status }) => {
      const isUnasked = status === 'overlap' || inRanges.has(id);
      if (published.has(id) || (isUnasked && !primary.has(id))) return [];
      return [[id, primary.has(id) ? policy.minIntervalWidth : 1] as const];
    }),
  );
  const printed = [...primary].filter((cell) => published.has(cell)).length;
  const bounds = boundsOfRanges(candidate.groups, published, ranges);
  const model = withRanges(policyReader(candidate, policy, published), bounds);
  const shortfalls = audit({ published, structure: candidate.structure, model, solver }, demands);
  if (printed + shortfalls.length === 0) return;
  throw new ThroughlineError('RELEASE_UNSAFE', {
    sensitive_cells_printed: printed,
    cells_too_narrow: shortfalls.length,
  });
}

function rowsIn({ tables, released }: Verification): readonly Row[] {
  const byName = new Map(tables.map((table) => [table.name, table]));
  return released.map((cell) => {
    const table = byName.get(cell.table_name);
    if (table === undefined)
      throw new ThroughlineError('RELEASE_UNSAFE', { unknown_table: safeName(cell.table_name) });
    return { group: groupOf(table, levelsOf(cell, table)), cell };
  });
}

/** The counts that rows print, by cell. */
const countsIn = (rows: readonly Row[]): ReadonlyMap<CellId, number> =>
  new Map(
    rows.flatMap(({ group, cell }) =>
      [group.yes, group.no, group.unknown, group.all].flatMap((id, at) => {
        const count = countsOf(cell)[at];
        return typeof count === 'number' ? [[id, count] as const] : [];
      }),
    ),
  );

const levelsOf = ({ level_1, level_2 }: ReleasedCell, { dims }: NamedTable): readonly Level[] =>
  [level_1, level_2].slice(0, dims.length).map(levelOf);

const levelOf = (level: string | null): Level => (level === TOTAL ? null : level);
