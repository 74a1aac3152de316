import type { ReleaseTerms } from '@throughline/agreement';
import { artifactTables, columnsOf, type MeasureDefinition } from '@throughline/core';
import { ident, type OutputArtifact, type ReadArtifact, type Session, sql } from '@throughline/engine';
import { readAmounts } from './amounts/exact-amounts.js';
import { type ReleasedAmount, releasedAmounts } from './amounts/protect-amounts.js';
import type { CellId } from './candidate/cell.js';
import { furtherOf } from './candidate/relations.js';
import { candidateOf } from './candidate/tables.js';
import { type NamedTable, TOTAL } from './cells/exact-cells.js';
import type { ExactRelations } from './cells/exact-relations.js';
import { printedLinks } from './cells/printed-links.js';
import { type ReleasedCell, releasedCells, unlinkedAtMost } from './cells/released-cells.js';
import { type ReleasedComparison, readComparisons, releasedComparisons } from './derived/comparisons.js';
import type { ReleasedEquity } from './derived/equity.js';
import type { CountedPerson } from './ledger/cells-night.js';
import type { LedgerRelease } from './ledger/equations.js';
import { readPrintedRows, standingRows, standOnLedger } from './ledger/stand.js';
import { rowsBefore, standing } from './ledger/stand-beside.js';
import { loadSolver } from './linear/program.js';
import type { ProtectionPolicy } from './protect/policy.js';
import { type Protected, protect } from './protect/protect.js';
import { publicTotalsIn } from './protect/public-totals.js';
import { outcomesInRanges, safeRanges } from './protect/ranges.js';
import type { Rounding } from './rules/rounding.js';
import { requireSafe } from './verify/verify.js';

const policyOf = ({ minCell, minIntervalWidth, zeroCounts }: ReleaseTerms): ProtectionPolicy => ({
  threshold: minCell,
  zeroCounts,
  minIntervalWidth,
});

/** What is licensed of an exact artifact. */
export type Exact = {
  readonly tables: readonly NamedTable[];
  readonly definitions: readonly MeasureDefinition[];
  readonly relations: ExactRelations;
};

/** What was published before, and whom the tables of tonight count. */
export type Ledger = {
  readonly earlier: readonly LedgerRelease[];
  readonly day: string;
  readonly last: ReadArtifact<'release'> | undefined;
  readonly people: (measures: readonly string[]) => Promise<readonly CountedPerson[]>;
};

type ProtectedTables = {
  readonly released: readonly ReleasedCell[];
  readonly outcome: Protected;
  readonly published: ReadonlyMap<CellId, number>;
  readonly kept: LedgerRelease;
};

const roundingOf = ({ rounding }: ReleaseTerms): Rounding => rounding ?? { rule: 'none' };

const printingOf = ({ unlinked }: ExactRelations, terms: ReleaseTerms) => ({
  decimals: terms.rateDecimals,
  rounding: roundingOf(terms),
  unlinkedAtMost: new Map(
    [...unlinked].map(([measure, count]) => [measure, unlinkedAtMost(count, terms.minIntervalWidth)]),
  ),
});

/**
 * Withholds, holds what is left against every published release, and attacks what will be printed anew. The ledger
 * does not follow counts by link and ranges of rates; they are printed in the first release, and stand with their row.
 *
 * @throws ThroughlineError RELEASE_UNSAFE
 */
export async function protectTables(
  { tables, relations }: Exact,
  terms: ReleaseTerms,
  { ledger, session }: { readonly ledger: Ledger; readonly session: Session },
): Promise<ProtectedTables> {
  const { earlier, day, last } = ledger;
  const solver = await loadSolver();
  const policy = policyOf(terms);
  const candidate = candidateOf(tables, furtherOf(tables, relations));
  const alreadyPublic = publicTotalsIn(tables, terms.publicTotals, terms.minCell);
  const areRanges = terms.rateMode === 'nces-2011-603';
  const unprinted = areRanges ? outcomesInRanges(candidate) : new Set<CellId>();
  const alone = protect({ candidate, policy, solver, alreadyPublic, unprinted });
  const people = await ledger.people([...new Set(tables.map(({ measure }) => measure))]);
  const { withheld } = alone;
  const stand = standOnLedger({
    ...{ tables, candidate, withheld, people, earlier, policy, day, solver },
    publicTotals: terms.publicTotals,
  });
  const { published } = stand;
  const isFirst = earlier.length === 0;
  const links = printedLinks(isFirst ? relations.links : [], { published, policy });
  const ranges =
    isFirst && areRanges
      ? safeRanges({ candidate, policy, published, primary: alone.primary, solver })
      : new Map<CellId, string>();
  const outcome = {
    ...alone,
    withheld: new Set([...candidate.cells.keys()].filter((cell) => !published.has(cell))),
  };
  const printing = { ...printingOf(relations, terms), links, ranges };
  const tonight = releasedCells(tables, published, printing);
  requireSafe({ ...{ candidate, tables, released: tonight, outcome, policy, solver }, ...printing });
  const printedBefore = await readPrintedRows(last, session);
  const released = standingRows(tables, tonight, { standing: stand, last: printedBefore, day });
  return { released, outcome, published, kept: stand.release };
}

type Read = { readonly measures: ReadArtifact<'measures'>; readonly session: Session };

type Printed = {
  readonly terms: ReleaseTerms;
  readonly published: ReadonlyMap<CellId, number>;
  readonly released: readonly ReleasedCell[];
  readonly ledger: Ledger;
};

/** Sums over children, protected apart: they are in units of their own. Returns their rows. */
export async function protectedAmounts(
  read: Read,
  { tables, definitions }: Exact,
  { terms, published, ...printed }: Printed,
): Promise<ReleasedAmount[]> {
  const amounts = await readAmounts(read, tables, definitions);
  const solver = await loadSolver();
  const protection = { policy: policyOf(terms), dominance: terms.dominance, rounding: roundingOf(terms) };
  const tonight = releasedAmounts({ tables: amounts, published, ...protection, solver }, TOTAL);
  const before = await rowsBefore('magnitudes', printed.ledger, read.session);
  return standing(tonight, before, {
    ...printed,
    cellOf: (row) => [row.table_name, row.level_1, row.level_2],
    withheld: { status: 'withheld', volume: null, children: null, average: null },
  });
}

export async function comparisonsOf(
  { measures, session }: Read,
  definitions: readonly MeasureDefinition[],
  { released, terms, ledger }: Printed,
): Promise<ReleasedComparison[]> {
  const names = new Set(definitions.map(({ name }) => name));
  const exact = await readComparisons(measures, session);
  const own = exact.filter(({ measure, outcome }) => names.has(measure) && names.has(outcome));
  const tonight = releasedComparisons(own, released, {
    threshold: terms.minCell,
    rounding: roundingOf(terms),
  });
  return standing(tonight, await rowsBefore('comparisons', ledger, session), {
    released,
    ledger,
    cellOf: (row) => [`${row.outcome}.${row.access}`, row.level, null],
    withheld: { status: 'withheld', compared: null, observed_percent: null, expected_percent: null },
  });
}

/** The tables of a release, row by row. */
export type ReleasedTables = {
  readonly cells: readonly ReleasedCell[];
  readonly magnitudes: readonly ReleasedAmount[];
  readonly equity: readonly ReleasedEquity[];
  readonly comparisons: readonly ReleasedComparison[];
};

/** Returns the number of cells. */
export async function writeTables(
  output: OutputArtifact<'release'>,
  session: Session,
  rows: ReleasedTables,
): Promise<number> {
  for (const [name, schema] of Object.entries(artifactTables.release)) {
    const members: readonly object[] = rows[name as keyof ReleasedTables];
    const columns = columnsOf(schema).map(({ name: column }) =>
      members.map((row) => (row as Readonly<Record<string, string | number | null>>)[column] ?? null),
    );
    const table = `released_${name}`;
    await session.append(name, { name: table, schema }, [columns]);
    await output.table(name as keyof ReleasedTables, sql`SELECT * FROM ${ident(table)}`);
  }
  return rows.cells.length;
}
