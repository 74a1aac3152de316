import { safeName, ThroughlineError } from '@throughline/core';
import { audit } from '../attack/attack.js';
import type { Candidate, CellId } from '../candidate/cell.js';
import { groupOf, type Level } from '../candidate/tables.js';
import { type NamedTable, TOTAL } from '../cells/exact-cells.js';
import type { ReleasedCell } from '../cells/released-cells.js';
import type { Solver } from '../linear/program.js';
import type { ProtectionPolicy } from '../protect/policy.js';
import { policyReader } from '../protect/protect.js';

export type Verification = {
  readonly candidate: Candidate;
  readonly tables: readonly NamedTable[];
  readonly released: readonly ReleasedCell[];
  readonly primary: ReadonlySet<CellId>;
  readonly policy: ProtectionPolicy;
  readonly solver: Solver;
};

/**
 * Attacks the rows as they will be written, not the plan that they were made from: reads what is printed in them and
 * nothing else, and asks what it tells about every cell that is not.
 *
 * @throws ThroughlineError RELEASE_UNSAFE with how many cells fall short; RELEASE_IDENTIFIER if a level looks like
 *   something that names a person.
 */
export function requireSafe(verification: Verification): void {
  requireNoIdentifier(verification.released);
  const { candidate, primary, policy, solver } = verification;
  const published = printedIn(verification);
  const demands = new Map(
    candidate.structure.cells.flatMap((cell) =>
      published.has(cell) ? [] : [[cell, primary.has(cell) ? policy.minIntervalWidth : 1] as const],
    ),
  );
  const printed = [...primary].filter((cell) => published.has(cell)).length;
  const model = policyReader(candidate, policy);
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
    const group = groupOf(table, [row.level_1, row.level_2].slice(0, table.dims.length).map(levelOf));
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

const levelOf = (level: string | null): Level => (level === TOTAL ? null : level);

/** Electronic mail, a full date, or nine digits and more (telephone, social security, state student numbers). */
const NAMES_SOMEBODY = /@|\d{4}-\d{2}-\d{2}|\d[\d ()./-]{7,}\d/;

function requireNoIdentifier(released: readonly ReleasedCell[]): void {
  const suspects = released.filter(({ level_1, level_2 }) =>
    [level_1, level_2].some((level) => level !== null && NAMES_SOMEBODY.test(level)),
  );
  if (suspects.length > 0) throw new ThroughlineError('RELEASE_IDENTIFIER', { rows: suspects.length });
}
