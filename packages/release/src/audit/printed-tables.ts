import type { ReadArtifact, Row, Session } from '@throughline/engine';
import { sql } from '@throughline/engine';
import { byName, type CellId, type Structure } from '../candidate/cell.js';
import { groupOf, structureOf } from '../candidate/tables.js';
import { TOTAL } from '../cells/exact-cells.js';

/** A row of a release as anybody reads it: a withheld count is null. */
export type PrintedRow = {
  readonly levels: readonly (string | null)[];
  readonly yes: number | null;
  readonly no: number | null;
  readonly unknown: number | null;
  readonly total: number | null;
  /** The day that the counts are of; null where none is printed. */
  readonly asOf: string | null;
};

export type PrintedTable = {
  readonly measure: string;
  readonly dims: readonly string[];
  readonly rows: readonly PrintedRow[];
};

/** What a release tells: every cell that there is, how they add up, and the counts that are printed. */
export type Printed = { readonly structure: Structure; readonly published: ReadonlyMap<CellId, number> };

const STATUSES = { yes: 'yes', no: 'no', unknown: 'unknown', all: 'total' } as const;

const placeOf = ({ dims }: PrintedTable, { levels }: PrintedRow): string =>
  JSON.stringify(
    dims
      .map((dim, at) => [dim, levels[at] ?? null])
      .filter(([, level]) => level !== null)
      .sort(),
  );

/** The printed totals of a measure by place. */
const totalsOf = (tables: readonly PrintedTable[]): ReadonlyMap<string, number> =>
  new Map(
    tables.flatMap((table) =>
      table.rows.flatMap((row) => (row.total === null ? [] : [[placeOf(table, row), row.total] as const])),
    ),
  );

const agree = (left: ReadonlyMap<string, number>, right: ReadonlyMap<string, number>): boolean => {
  const shared = [...left].filter(([place]) => right.has(place));
  return shared.length > 0 && shared.every(([place, total]) => right.get(place) === total);
};

/**
 * A release does not say which measures count the same children. Whoever reads it takes those for the same whose
 * printed totals agree wherever both have one, and so does this attacker: a link more makes a stronger one.
 */
const populationsOf = (tables: readonly PrintedTable[]): ReadonlyMap<string, string> => {
  const measures = [...new Set(tables.map(({ measure }) => measure))].sort(byName);
  const totals = new Map(
    measures.map((measure) => [measure, totalsOf(tables.filter((table) => table.measure === measure))]),
  );
  const populations = new Map<string, string>();
  for (const measure of measures) {
    const own = totals.get(measure) ?? new Map<string, number>();
    const like = measures.find(
      (other) => populations.get(other) === other && agree(totals.get(other) ?? new Map(), own),
    );
    populations.set(measure, like ?? measure);
  }
  return populations;
};

/** The days that the counts of some tables are of, in order. */
export const daysOf = (tables: readonly PrintedTable[]): readonly string[] =>
  [...new Set(tables.flatMap(({ rows }) => rows.flatMap(({ asOf }) => asOf ?? [])))].sort(byName);

const NOTHING = { yes: null, no: null, unknown: null, total: null };

/** The tables with nothing but what is printed of one day: counts of two days need not add up. */
export const ofDay = (tables: readonly PrintedTable[], day: string): readonly PrintedTable[] =>
  tables.map((table) => ({
    ...table,
    rows: table.rows.map((row) => (row.asOf === day ? row : { ...row, ...NOTHING })),
  }));

/** The printed cells of tables of one day, and nothing else, as equations. */
export const printedIn = (tables: readonly PrintedTable[]): Printed => {
  const populations = populationsOf(tables);
  const placed = tables.map((table) => ({
    ...table,
    population: populations.get(table.measure) ?? table.measure,
  }));
  const published = new Map<CellId, number>();
  for (const table of placed) {
    for (const row of table.rows) {
      const group = groupOf(table, row.levels);
      for (const [status, column] of Object.entries(STATUSES) as [keyof typeof STATUSES, 'total'][]) {
        const count = row[column];
        if (count !== null) published.set(group[status], count);
      }
    }
  }
  return { structure: structureOf(placed), published };
};

const countOf = (value: Row[string] | undefined): number | null =>
  value === null || value === undefined ? null : Number(value);

const DIMS = ['1', '2'] as const;

const rowOf = (row: Row, dims: number): PrintedRow => ({
  levels: DIMS.slice(0, dims).map((at) => (row[`level_${at}`] === TOTAL ? null : String(row[`level_${at}`]))),
  yes: countOf(row['yes']),
  no: countOf(row['no']),
  unknown: countOf(row['unknown']),
  total: countOf(row['total']),
  asOf: typeof row['as_of'] === 'string' ? row['as_of'] : null,
});

/** The tables of a release artifact, as printed. */
export async function readPrintedTables(
  release: ReadArtifact<'release'>,
  session: Session,
): Promise<PrintedTable[]> {
  const rows = await session.rows('printed cells', sql`SELECT * FROM ${release.table('cells')} ORDER BY ALL`);
  const byTable = new Map<string, Row[]>();
  for (const row of rows) {
    const name = String(row['table_name']);
    const members = byTable.get(name) ?? [];
    members.push(row);
    byTable.set(name, members);
  }
  return [...byTable.values()].map((members) => {
    const first = members[0] ?? {};
    const dims = DIMS.map((at) => first[`dim_${at}`]).filter((dim) => typeof dim === 'string');
    return {
      measure: String(first['measure']),
      dims,
      rows: members.map((row) => rowOf(row, dims.length)),
    };
  });
}
