import { type ReadOnlyDatabase, type Shown, sql } from '@throughline/engine';
import type { ReleasedRow } from '@throughline/pages';
import type { Release } from './open-release.js';
import type { TableInfo } from './tables.js';

const NEEDED = ['measure', 'dim_1', 'level_1', 'dim_2', 'total', 'rate_percent', 'coverage_percent'];

const hasRates = (tables: readonly TableInfo[]): boolean =>
  tables.some(
    ({ name, columns }) =>
      name === 'cells' && NEEDED.every((needed) => columns.some((column) => column.name === needed)),
  );

const textOrNull = (value: Shown | undefined): string | null =>
  value === null || value === undefined ? null : String(value);

const LIMITS = { rows: 5_000, ms: 10_000 };

/** Rates of a measure by one dimension and over all children; none if the release has no such measure. */
export async function ratesOf(release: Release, measure: string): Promise<readonly ReleasedRow[]> {
  if (!hasRates(release.tables)) return [];
  const { rows } = await oneWay(release.database, measure);
  return rows.map(([dimension, level, rate, coverage, total]) => ({
    dimension: level === 'Total' || dimension === null ? '' : String(dimension),
    level: level === null ? 'Total' : String(level),
    ratePercent: textOrNull(rate),
    coveragePercent: textOrNull(coverage),
    total: total === null ? null : Number(total),
  }));
}

/** Every one-way table repeats the row over all children; one of them will do. */
const oneWay = (database: ReadOnlyDatabase, measure: string) =>
  database.answer(
    sql`SELECT dim_1, level_1, rate_percent, coverage_percent, total FROM cells
      WHERE measure = ${measure} AND dim_2 IS NULL
      ORDER BY coalesce(level_1, 'Total') <> 'Total', table_name, level_1`,
    LIMITS,
  );

/** Names of the measures that have rates, in order. */
export async function measuresOf(release: Release): Promise<readonly string[]> {
  if (!hasRates(release.tables)) return [];
  const { rows } = await release.database.answer(sql`SELECT DISTINCT measure FROM cells ORDER BY 1`, LIMITS);
  return rows.map(([name]) => String(name));
}
