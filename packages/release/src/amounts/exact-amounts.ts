import type { MeasureDefinition } from '@throughline/core';
import type { ReadArtifact, Row, Session } from '@throughline/engine';
import { sql } from '@throughline/engine';
import type { Level } from '../candidate/tables.js';
import { type NamedTable, TOTAL } from '../cells/exact-cells.js';

/** What the children of one row add up to, exactly. */
export type ExactAmount = {
  readonly levels: readonly Level[];
  /** Children who add anything. */
  readonly reach: number;
  readonly volume: number;
  /** What the two who add most add. */
  readonly largest: number;
  readonly second: number;
};

/** The volume of a measure beside one of its tables. */
export type AmountTable = {
  readonly table: NamedTable;
  readonly unit: string;
  /** The least number of children of whom a sum is told. */
  readonly smallestReach: number;
  readonly rows: readonly ExactAmount[];
};

const keyOf = (levels: readonly unknown[]): string => JSON.stringify(levels);

/** A row for each row of the tables; where nobody adds anything the volume is 0. */
export async function readAmounts(
  { measures, session }: { readonly measures: ReadArtifact<'measures'>; readonly session: Session },
  tables: readonly NamedTable[],
  definitions: readonly MeasureDefinition[],
): Promise<AmountTable[]> {
  const rows = await session.rows(
    'amounts',
    sql`SELECT table_name, level_1, level_2, reach, volume, largest, second FROM ${measures.table('magnitudes')}`,
  );
  const byPlace = new Map(
    rows.map((row) => [keyOf([row['table_name'], row['level_1'], row['level_2']]), row]),
  );
  return tables.flatMap((table) => {
    const amount = definitions.find(({ name }) => name === table.measure)?.amount;
    if (amount === undefined) return [];
    return [
      {
        table,
        unit: amount.unit,
        smallestReach: amount.smallest_reach,
        rows: table.rows.map(({ levels }) => amountAt(levels, byPlace.get(placeKey(table, levels)))),
      },
    ];
  });
}

const placeKey = ({ name, dims }: NamedTable, levels: readonly Level[]): string =>
  keyOf([name, ...[0, 1].map((at) => (dims[at] === undefined ? null : (levels[at] ?? TOTAL)))]);

const amountAt = (levels: readonly Level[], row: Row | undefined): ExactAmount => ({
  levels,
  reach: Number(row?.['reach'] ?? 0),
  volume: Number(row?.['volume'] ?? 0),
  largest: Number(row?.['largest'] ?? 0),
  second: Number(row?.['second'] ?? 0),
});
