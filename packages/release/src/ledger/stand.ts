import { safeName, ThroughlineError } from '@throughline/core';
import type { ReadArtifact, Row, Session } from '@throughline/engine';
import { sql } from '@throughline/engine';
import type { Candidate, CellId } from '../candidate/cell.js';
import { groupOf } from '../candidate/tables.js';
import type { NamedTable } from '../cells/exact-cells.js';
import type { ReleasedCell } from '../cells/released-cells.js';
import type { Solver } from '../linear/program.js';
import type { ProtectionPolicy } from '../protect/policy.js';
import { companions } from '../protect/primary.js';
import { type CellsNight, type CountedPerson, cellsNight, rowLabels, totalLabel } from './cells-night.js';
import type { LedgerRelease } from './equations.js';
import { againstLedger, type LedgerVerdict } from './ledger-gate.js';
import { publicTotalSets } from './public-sets.js';

/** What of a night may be printed anew, what stands on from before, and what the ledger is to keep of it. */
export type Standing = {
  /** Counts that are printed as they are tonight. */
  readonly published: ReadonlyMap<CellId, number>;
  /** Rows that are printed anew, by the label of their yes. */
  readonly isAnew: (yes: CellId) => boolean;
  /** Whether a row stands as it was printed in the last release. */
  readonly standsOn: (yes: CellId) => boolean;
  readonly release: LedgerRelease;
  readonly verdict: LedgerVerdict['verdict'];
};

export type StandingQuestion = {
  readonly tables: readonly NamedTable[];
  readonly candidate: Candidate;
  /** What is withheld if nothing had been published before. */
  readonly withheld: ReadonlySet<CellId>;
  readonly people: readonly CountedPerson[];
  readonly earlier: readonly LedgerRelease[];
  readonly policy: ProtectionPolicy;
  /** Breakdowns of which everybody has the totals. */
  readonly publicTotals: readonly (readonly string[])[];
  readonly day: string;
  readonly solver: Solver;
};

/** The name of the cell that each label of a night prints. */
const cellOfLabel = (tables: readonly NamedTable[]): ReadonlyMap<string, CellId> =>
  new Map(
    tables.flatMap((table) =>
      table.rows.flatMap(({ levels }) => {
        const { yes, no, unknown, all } = groupOf(table, levels);
        return [
          [yes, yes],
          [no, no],
          [unknown, unknown],
          [totalLabel(yes), all],
        ] as const;
      }),
    ),
  );

/** @throws ThroughlineError ARTIFACT_ALTERED if the people are not those whom the tables count. */
const nightOf = (tables: readonly NamedTable[], people: readonly CountedPerson[]): CellsNight => {
  try {
    return cellsNight(tables, people);
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    throw new ThroughlineError('ARTIFACT_ALTERED', {
      kind: safeName('counted'),
      rule: safeName('the people whom the measures count'),
    });
  }
};

/**
 * Holds the tables of a night against every release that was published.
 *
 * @throws ThroughlineError ARTIFACT_ALTERED
 */
export const standOnLedger = (question: StandingQuestion): Standing => {
  const { tables, candidate, withheld, people, earlier, policy, day, solver } = question;
  const night = nightOf(tables, people);
  const cellOf = cellOfLabel(tables);
  const withheldAlone = new Set(
    [...night.labels].flatMap(([label, set]) => (withheld.has(cellOf.get(label) ?? '') ? [set] : [])),
  );
  const { release, verdict } = againstLedger(
    earlier,
    { ...night, withheldAlone, together: companions(candidate, policy) },
    {
      threshold: policy.threshold,
      minWidth: policy.minIntervalWidth,
      solver,
      alreadyPublic: publicTotalSets(question.publicTotals, policy.threshold),
    },
  );
  const tonight = earlier.length;
  const asOf = new Map(
    [...release.standing].map(([label, of]) => [
      label,
      of === tonight ? day : (earlier[of]?.asOf.get(label) ?? ''),
    ]),
  );
  const published = new Map(
    [...release.standing].flatMap(([label, of]) => {
      const cell = of === tonight ? cellOf.get(label) : undefined;
      return cell === undefined ? [] : [[cell, candidate.cells.get(cell)?.count ?? 0] as const];
    }),
  );
  const stands = (yes: CellId, is: (of: number) => boolean): boolean =>
    labelsOfRow(yes).some((label) => {
      const of = release.standing.get(label);
      return of !== undefined && is(of);
    });
  const rows = new Map(night.rows.map((labels) => [labels[0] ?? '', labels]));
  const labelsOfRow = (yes: CellId): readonly string[] => rows.get(yes) ?? [];
  return {
    published,
    isAnew: (yes) => stands(yes, (of) => of === tonight),
    standsOn: (yes) => stands(yes, (of) => of < tonight),
    release: { ...release, asOf },
    verdict,
  };
};

/** The rows of a release as they were printed, by table and levels. */
export type PrintedRows = ReadonlyMap<string, ReleasedCell>;

type Place = Pick<ReleasedCell, 'table_name' | 'level_1' | 'level_2'>;

const rowKey = ({ table_name, level_1, level_2 }: Place): string =>
  JSON.stringify([table_name, level_1, level_2]);

/** The rows of the last release, from which those that stand on are taken as they are. */
export async function readPrintedRows(
  release: ReadArtifact<'release'> | undefined,
  session: Session,
): Promise<PrintedRows> {
  if (release === undefined) return new Map();
  const rows = await session.rows('last release', sql`SELECT * FROM ${release.table('cells')}`);
  return new Map(rows.map((row: Row) => [rowKey(row as unknown as Place), row as unknown as ReleasedCell]));
}

/**
 * The rows to print: those of tonight, and in place of each that stands on, the row as it was printed.
 *
 * @param tonight rows in the order of the tables' rows.
 */
export const standingRows = (
  tables: readonly NamedTable[],
  tonight: readonly ReleasedCell[],
  { standing, last, day }: { readonly standing: Standing; readonly last: PrintedRows; readonly day: string },
): ReleasedCell[] => {
  const ids = tables.flatMap((table) => table.rows.map(({ levels }) => rowLabels(table, levels)[0] ?? ''));
  return tonight.map((row, at) => {
    const yes = ids[at] ?? '';
    if (standing.standsOn(yes)) return last.get(rowKey(row)) ?? { ...row, as_of: null };
    return { ...row, as_of: standing.isAnew(yes) ? day : null };
  });
};
