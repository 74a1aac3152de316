import { safeName, ThroughlineError } from '@throughline/core';
import { audit } from '../attack/attack.js';
import type { Candidate, CellId } from '../candidate/cell.js';
import { groupOf, type Level } from '../candidate/tables.js';
import { type NamedTable, TOTAL } from '../cells/exact-cells.js';
import type { ReleasedCell } from '../cells/released-cells.js';
import type { Solver } from '../linear/program.js';
import type { ProtectionPolicy } from '../protect/policy.js';
import { type Protected, policyReader, publishedCells } from '../protect/protect.js';

export type Verification = {
  readonly candidate: Candidate;
  readonly tables: readonly NamedTable[];
  readonly released: readonly ReleasedCell[];
  readonly outcome: Protected;
  readonly policy: ProtectionPolicy;
  readonly solver: Solver;
};

/**
 * Reads what is printed in the rows as they will be written, and nothing else. If that is, count by count, what the
 * attack on the plan was given, that attack's verdict holds for the rows; otherwise the rows are attacked themselves.
 *
 * @throws ThroughlineError RELEASE_UNSAFE with how many cells fall short; RELEASE_IDENTIFIER if a level looks like
 *   something that names a person.
 */
export function requireSafe(verification: Verification): void {
  requireNoIdentifier(verification.released);
  const { candidate, outcome } = verification;
  const printed = printedIn(verification);
  const planned = publishedCells(candidate, outcome.withheld);
  if (outcome.audit.verdict === 'protected' && areEqual(printed, planned)) return;
  requireWithstands(verification, printed);
}

const areEqual = (printed: ReadonlyMap<CellId, number>, planned: ReadonlyMap<CellId, number>): boolean =>
  printed.size === planned.size && [...printed].every(([cell, count]) => planned.get(cell) === count);

function requireWithstands(
  { candidate, outcome: { primary }, policy, solver }: Verification,
  published: ReadonlyMap<CellId, number>,
): void {
  const demands = new Map(
    [...candidate.cells.values()].flatMap(({ id, status }) =>
      published.has(id) || (status === 'overlap' && !primary.has(id))
        ? []
        : [[id, primary.has(id) ? policy.minIntervalWidth : 1] as const],
    ),
  );
  const printed = [...primary].filter((cell) => published.has(cell)).length;
  const model = policyReader(candidate, policy, published);
  const shortfalls = audit({ published, structure: candidate.structure, model, solver }, demands);
  if (printed + shortfalls.length === 0) return;
  throw new ThroughlineError('RELEASE_UNSAFE', {
    sensitive_cells_printed: printed,
    cells_too_narrow: shortfalls.length,
  });
}

const COUNTS = { yes: 'yes', no: 'no', unknown: 'unknown', total: 'all' } as const;

function printedIn({ tables, released }: Verification): ReadonlyMap<CellId, number> {
  const byName = new Map(tables.map((table) => [table.name, table]));
  const printed = new Map<CellId, number>();
  for (const row of released) {
    const table = byName.get(row.table_name);
    if (table === undefined)
      throw new ThroughlineError('RELEASE_UNSAFE', { unknown_table: safeName(row.table_name) });
    const group = groupOf(table, levelsOf(row, table));
    for (const [column, status] of Object.entries(COUNTS) as [
      keyof typeof COUNTS,
      'yes' | 'no' | 'unknown' | 'all',
    ][]) {
      const count = row[column];
      if (count !== null) printed.set(group[status], count);
    }
  }
  return printed;
}

const levelsOf = ({ level_1, level_2 }: ReleasedCell, { dims }: NamedTable): readonly Level[] =>
  [level_1, level_2].slice(0, dims.length).map(levelOf);

const levelOf = (level: string | null): Level => (level === TOTAL ? null : level);

/** Electronic mail, a full date, or nine digits and more (telephone, social security, state student numbers). */
const NAMES_SOMEBODY = /@|\d{4}-\d{2}-\d{2}|\d[\d ()./-]{7,}\d/;

/** @throws ThroughlineError RELEASE_IDENTIFIER with how many rows have a level that could name a person. */
export function requireNoIdentifier(released: readonly Pick<ReleasedCell, 'level_1' | 'level_2'>[]): void {
  const suspects = released.filter(({ level_1, level_2 }) =>
    [level_1, level_2].some((level) => level !== null && NAMES_SOMEBODY.test(level)),
  );
  if (suspects.length > 0) throw new ThroughlineError('RELEASE_IDENTIFIER', { rows: suspects.length });
}
