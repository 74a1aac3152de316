import type { ReadArtifact, Session } from '@throughline/engine';
import { sql } from '@throughline/engine';
import type { ReleasedCell } from '../cells/released-cells.js';
import { type Rounding, roundedCount } from '../rules/rounding.js';

/** An outcome at one level of access, and what children without access in the same places would lead one to expect. */
export type ExactComparison = {
  readonly measure: string;
  readonly outcome: string;
  readonly access: string;
  readonly level: string;
  /** Children at the level who have anybody to be compared with, and those of them who are a yes. */
  readonly compared: number;
  readonly yes: number;
  readonly expected: number;
};

export type ReleasedComparison = {
  readonly measure: string;
  readonly outcome: string;
  readonly access: string;
  readonly level: string;
  readonly status: 'published' | 'withheld';
  readonly compared: number | null;
  readonly observed_percent: string | null;
  readonly expected_percent: string | null;
};

export async function readComparisons(
  measures: ReadArtifact<'measures'>,
  session: Session,
): Promise<ExactComparison[]> {
  const rows = await session.rows(
    'comparisons',
    sql`SELECT * FROM ${measures.table('comparisons')} ORDER BY ALL`,
  );
  return rows.map((row) => ({
    measure: String(row['measure']),
    outcome: String(row['outcome']),
    access: String(row['access']),
    level: String(row['level']),
    compared: Number(row['compared']),
    yes: Number(row['yes']),
    expected: Number(row['expected'] ?? 0),
  }));
}

/**
 * Prints a comparison in whole per cent where it tells of no small group: the level's own counts are printed, those
 * compared are many of either outcome, and so are those who are not compared, if there are any.
 */
export const releasedComparisons = (
  exact: readonly ExactComparison[],
  cells: readonly ReleasedCell[],
  { threshold, rounding }: { readonly threshold: number; readonly rounding: Rounding },
): ReleasedComparison[] =>
  exact.map((each) => {
    const { measure, outcome, access, level, compared, yes, expected } = each;
    const cell = cells.find(
      (found) =>
        found.measure === outcome &&
        found.dim_1 === access &&
        found.level_1 === level &&
        found.dim_2 === null,
    );
    const [whole, reached] = [roundedCount(compared, rounding), roundedCount(yes, rounding)];
    const isPrinted = cell !== undefined && whole > 0 && isTellingOfMany(each, cell, threshold);
    const percent = (part: number, of: number) => String(Math.round((100 * part) / of));
    return {
      measure,
      outcome,
      access,
      level,
      status: isPrinted ? 'published' : 'withheld',
      compared: isPrinted ? whole : null,
      observed_percent: isPrinted ? percent(reached, whole) : null,
      expected_percent: isPrinted ? percent(expected, compared) : null,
    };
  });

function isTellingOfMany({ compared, yes }: ExactComparison, cell: ReleasedCell, threshold: number): boolean {
  if (cell.yes === null || cell.no === null) return false;
  const no = compared - yes;
  const rest = [cell.yes - yes, cell.no - no];
  return (
    [yes, no].every((count) => count >= threshold) && rest.every((count) => count === 0 || count >= threshold)
  );
}
