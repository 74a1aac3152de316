import type { ReadArtifact, Row, Session } from '@throughline/engine';
import { sql } from '@throughline/engine';
import { TOTAL } from '../cells/exact-cells.js';
import { type PrintedTable, readPrintedTables } from './printed-tables.js';

/** A sum over children as anybody reads it. */
export type PrintedAmount = {
  readonly measure: string;
  /** Dimensions of its table, and a level or a total for each. */
  readonly dims: readonly string[];
  readonly levels: readonly (string | null)[];
  readonly volume: number | null;
  readonly children: number | null;
  /** The day of the row of counts beside which it stands. */
  readonly asOf: string | null;
};

/** An outcome at one level of access beside what was to be expected. */
export type PrintedComparison = {
  readonly outcome: string;
  readonly access: string;
  readonly level: string;
  readonly compared: number | null;
  readonly observed: string | null;
};

/** Everything in a release that is a number of children or made of one. */
export type PrintedRelease = {
  readonly tables: readonly PrintedTable[];
  readonly amounts: readonly PrintedAmount[];
  readonly comparisons: readonly PrintedComparison[];
};

const numberOf = (value: Row[string] | undefined): number | null =>
  value === null || value === undefined ? null : Number(value);

const textOf = (value: Row[string] | undefined): string | null => (typeof value === 'string' ? value : null);

async function rowsOf(
  release: ReadArtifact<'release'>,
  table: 'magnitudes' | 'comparisons',
  session: Session,
): Promise<readonly Row[]> {
  if (!release.manifest.tables.some(({ name }) => name === table)) return [];
  return session.rows(`printed ${table}`, sql`SELECT * FROM ${release.table(table)} ORDER BY ALL`);
}

const DIMS = ['1', '2'] as const;

const placeOf = (row: Row) => {
  const dims = DIMS.flatMap((at) => textOf(row[`dim_${at}`]) ?? []);
  const levels = dims.map((_, at) => {
    const level = textOf(row[`level_${DIMS[at]}`]);
    return level === TOTAL ? null : level;
  });
  return { dims, levels };
};

const keyOf = (...place: readonly unknown[]): string => JSON.stringify(place);

/** What a release artifact prints. */
export async function readPrintedRelease(
  release: ReadArtifact<'release'>,
  session: Session,
): Promise<PrintedRelease> {
  const tables = await readPrintedTables(release, session);
  const days = new Map(
    tables.flatMap(({ measure, dims, rows }) =>
      rows.map(({ levels, asOf }) => [keyOf(measure, dims, levels), asOf] as const),
    ),
  );
  const amounts = await rowsOf(release, 'magnitudes', session);
  const comparisons = await rowsOf(release, 'comparisons', session);
  return {
    tables,
    amounts: amounts.map((row) => {
      const measure = String(row['measure']);
      const { dims, levels } = placeOf(row);
      const asOf = days.get(keyOf(measure, dims, levels)) ?? null;
      return {
        measure,
        dims,
        levels,
        asOf,
        volume: numberOf(row['volume']),
        children: numberOf(row['children']),
      };
    }),
    comparisons: comparisons.map((row) => ({
      outcome: String(row['outcome']),
      access: String(row['access']),
      level: String(row['level']),
      compared: numberOf(row['compared']),
      observed: textOf(row['observed_percent']),
    })),
  };
}
