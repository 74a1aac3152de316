import { join } from 'node:path';
import { measureDefinitions } from '@throughline/core';
import { type ReadArtifact, type Row, readText, type Session, sql } from '@throughline/engine';
import { byName, type CellId, type Equation, type Group, type Structure } from '../candidate/cell.js';
import {
  groupOf,
  type Level,
  levelsOf,
  placeOf as placeOfLevels,
  structureOf,
  withLevel,
} from '../candidate/tables.js';
import { TOTAL } from '../cells/exact-cells.js';
import { bases, linkId } from '../cells/printed-links.js';
import type { Bounds } from '../linear/program.js';
import { countsInRange } from '../rules/rate-range.js';
import { countsRoundedTo, type Rounding } from '../rules/rounding.js';

/** A row of a release as anybody reads it: a withheld count is null. */
export type PrintedRow = {
  readonly levels: readonly (string | null)[];
  readonly yes: number | null;
  readonly no: number | null;
  readonly unknown: number | null;
  readonly total: number | null;
  /** In per cent, as it is printed. */
  readonly rate?: string | null;
  /** The rate, where it is printed as a range. */
  readonly range?: string | null;
  /** The share of children about whom it is known, in per cent. */
  readonly coverage?: string | null;
  /** Of yes, by exact, probable and weak links. */
  readonly links?: readonly (number | null)[];
  /** The day that the counts are of; null where none is printed. */
  readonly asOf: string | null;
};

export type PrintedTable = {
  readonly measure: string;
  /** Who is counted, by the name that the definitions of the release give it: measures over one share denominators. */
  readonly population: string;
  readonly dims: readonly string[];
  readonly rows: readonly PrintedRow[];
};

/** What a release tells of one day: every cell that there is, how they add up, and what is printed of them. */
export type Printed = {
  readonly structure: Structure;
  /** Counts that are printed as they are. */
  readonly published: ReadonlyMap<CellId, number>;
  /** What a rounded count, or a rate that is a range, leaves of a count. */
  readonly bounds: ReadonlyMap<CellId, Bounds>;
  /** Cells of which a number is printed, rounded or not. */
  readonly printed: ReadonlySet<CellId>;
  /** Cells of which nothing but a rate in a range is printed. */
  readonly ranged: ReadonlySet<CellId>;
};

const STATUSES = { yes: 'yes', no: 'no', unknown: 'unknown', all: 'total' } as const;

/** The days that the counts of some tables are of, in order. */
export const daysOf = (tables: readonly PrintedTable[]): readonly string[] =>
  [...new Set(tables.flatMap(({ rows }) => rows.flatMap(({ asOf }) => asOf ?? [])))].sort(byName);

const NOTHING = { yes: null, no: null, unknown: null, total: null, range: null, coverage: null, links: [] };

/** The tables with nothing but what is printed of one day: counts of two days need not add up. */
export const ofDay = (tables: readonly PrintedTable[], day: string): readonly PrintedTable[] =>
  tables.map((table) => ({
    ...table,
    rows: table.rows.map((row) => (row.asOf === day ? row : { ...row, ...NOTHING })),
  }));

type Told = { readonly cell: CellId; readonly bounds: Bounds };

const sum = (all: readonly Bounds[]): Bounds => ({
  least: all.reduce((total, { least }) => total + least, 0),
  most: all.reduce((total, { most }) => total + most, 0),
});

/** What the counts of a row stand for. A total beside three printed counts is the sum of these as they are rounded. */
const countsOf = (row: PrintedRow, group: Group, rounding: Rounding): readonly Told[] => {
  const told = (count: number | null) => (count === null ? [] : [countsRoundedTo(count, rounding)]);
  const parts = [row.yes, row.no, row.unknown].flatMap(told);
  const total = parts.length === 3 && row.total !== null ? [sum(parts)] : told(row.total);
  return (Object.entries(STATUSES) as [keyof typeof STATUSES, 'total'][]).flatMap(([status, column]) =>
    (status === 'all' ? total : told(row[column])).map((bounds) => ({ cell: group[status], bounds })),
  );
};

/** What a rate in a range tells of a group's yes and no. The range is of exact counts, those beside it may be rounded. */
const rangeOf = (
  { range, total, unknown }: PrintedRow,
  { yes, no }: Group,
  rounding: Rounding,
): readonly Told[] => {
  if (range === null || range === undefined || total === null || unknown === null) return [];
  const [all, without] = [countsRoundedTo(total, rounding), countsRoundedTo(unknown, rounding)];
  const [fewest, most] = [Math.max(0, all.least - without.most), all.most - without.least];
  // Of one more person known, each end of what a range holds, and of what it leaves, grows by one at most and never shrinks.
  const [atLeast, atMost] = [countsInRange(range, fewest), countsInRange(range, most)];
  if (atLeast === null || atMost === null) return [];
  return [
    { cell: yes, bounds: { least: atLeast.least, most: atMost.most } },
    { cell: no, bounds: { least: fewest - atLeast.most, most: most - atMost.least } },
  ];
};

/** What several numbers leave of each cell that they tell of. */
const together = (all: readonly Told[]): ReadonlyMap<CellId, Bounds> => {
  const left = new Map<CellId, Bounds>();
  for (const { cell, bounds } of all) {
    const before = left.get(cell) ?? bounds;
    left.set(cell, {
      least: Math.max(before.least, bounds.least),
      most: Math.min(before.most, bounds.most),
    });
  }
  return left;
};

/** Links of the rows of a table that prints any below its total; of the total alone they tell nothing of its levels. */
const showsLinks = ({ rows, dims }: PrintedTable): boolean =>
  rows.some(
    ({ levels, links }) =>
      (dims.length === 0 || levels.some((level) => level !== null)) &&
      links?.some((count) => count !== null) === true,
  );

const linksIn = (table: PrintedTable, rounding: Rounding) => {
  const idsOf = (levels: readonly Level[]) =>
    bases.map((basis) => linkId(table.measure, basis, placeOfLevels(table.dims, levels)));
  const equations = table.rows.flatMap(({ levels }): readonly Equation[] => {
    const ids = idsOf(levels);
    const whole = {
      terms: [[groupOf(table, levels).yes, -1] as const, ...ids.map((id) => [id, 1] as const)],
      constant: 0,
    };
    const over = table.dims.flatMap((_, dim) =>
      levels[dim] !== null
        ? []
        : ids.map((id, basis) => ({
            terms: [
              [id, -1] as const,
              ...levelsOf(table, dim).map(
                (level) => [idsOf(withLevel(levels, dim, level))[basis] ?? id, 1] as const,
              ),
            ],
            constant: 0,
          })),
    );
    return [whole, ...over];
  });
  const told = table.rows.flatMap(({ levels, links, yes }): readonly Told[] =>
    idsOf(levels).flatMap((cell, basis) => {
      const count = yes === 0 && rounding.rule === 'none' ? 0 : (links?.[basis] ?? null);
      return count === null ? [] : [{ cell, bounds: countsRoundedTo(count, rounding) }];
    }),
  );
  return { cells: table.rows.flatMap(({ levels }) => idsOf(levels)), equations, told };
};

/** What is printed in tables of one day, and nothing else, as equations and bounds. */
export const printedIn = (tables: readonly PrintedTable[], rounding: Rounding): Printed => {
  const inRows = (tell: (row: PrintedRow, group: Group) => readonly Told[]) =>
    tables.flatMap((table) => table.rows.flatMap((row) => tell(row, groupOf(table, row.levels))));
  const links = tables.filter(showsLinks).map((table) => linksIn(table, rounding));
  const counts = [
    ...inRows((row, group) => countsOf(row, group, rounding)),
    ...links.flatMap(({ told }) => told),
  ];
  const ranges = inRows((row, group) => rangeOf(row, group, rounding));
  const isExact = ({ bounds: { least, most } }: Told): boolean => least === most && rounding.rule === 'none';
  const structure = structureOf(tables);
  return {
    structure: {
      cells: [...new Set([...structure.cells, ...links.flatMap(({ cells }) => cells)])].sort(byName),
      equations: [...structure.equations, ...links.flatMap(({ equations }) => equations)],
    },
    published: new Map(counts.filter(isExact).map(({ cell, bounds }) => [cell, bounds.least])),
    bounds: together([...ranges, ...counts.filter((told) => !isExact(told))]),
    printed: new Set(counts.map(({ cell }) => cell)),
    ranged: new Set(ranges.map(({ cell }) => cell)),
  };
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
  rate: textOf(row['rate_percent']),
  range: row['status'] === 'range' ? textOf(row['rate_percent']) : null,
  coverage: textOf(row['coverage_percent']),
  links: [row['by_exact_links'], row['by_probable_links'], row['by_weak_links']].map(countOf),
  asOf: textOf(row['as_of']),
});

const textOf = (value: Row[string] | undefined): string | null => (typeof value === 'string' ? value : null);

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
  const definitions = measureDefinitions.parse(
    JSON.parse(await readText(join(release.folder, 'definitions.json'))),
  );
  const populations = new Map(definitions.map(({ name, population }) => [name, population]));
  return [...byTable.values()].map((members) => {
    const first = members[0] ?? {};
    const dims = DIMS.map((at) => first[`dim_${at}`]).filter((dim) => typeof dim === 'string');
    const measure = String(first['measure']);
    return {
      measure,
      population: populations.get(measure) ?? measure,
      dims,
      rows: members.map((row) => rowOf(row, dims.length)),
    };
  });
}
