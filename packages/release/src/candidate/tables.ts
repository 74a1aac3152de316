import type { Candidate, Cell, CellId, Equation, Further, Group, Status, Structure } from './cell.js';
import { byName } from './cell.js';

/** A level of a dimension, or null for the total over it. */
export type Level = string | null;

/** One row of a table: counts of children, with a level or a total for each of the table's dimensions. */
export type CountedRow = {
  readonly levels: readonly Level[];
  readonly yes: number;
  readonly no: number;
  readonly unknown: number;
};

/** The rows of a table by their levels, without a count. */
export type LabelledTable = {
  readonly measure: string;
  /** Who is counted. Measures over one population share its denominators. */
  readonly population: string;
  readonly dims: readonly string[];
  readonly rows: readonly { readonly levels: readonly Level[] }[];
};

/** The full crossing of up to two dimensions, margins and empty combinations included. */
export type CountedTable = Omit<LabelledTable, 'rows'> & { readonly rows: readonly CountedRow[] };

const STATUSES: readonly Status[] = ['yes', 'no', 'unknown', 'all'];
const MOST_DIMS = 2;

type Place = readonly (readonly [dim: string, level: string])[];

export const placeOf = (dims: readonly string[], levels: readonly Level[]): Place =>
  dims
    .flatMap((dim, at) => {
      const level = levels[at];
      return typeof level === 'string' ? [[dim, level] as const] : [];
    })
    .sort(([a], [b]) => byName(a, b));

/**
 * A total is left out of the name, so the margin of one table and the interior of another are one cell. The
 * denominator belongs to the population, not to the measure, for the same reason. JSON keeps the name
 * unambiguous whatever a level contains.
 */
const cellId = (table: LabelledTable, place: Place, status: Status): CellId =>
  status === 'all'
    ? JSON.stringify(['population', table.population, status, ...place])
    : JSON.stringify(['measure', table.measure, status, ...place]);

const groupAt = (table: LabelledTable, place: Place): Group => ({
  yes: cellId(table, place, 'yes'),
  no: cellId(table, place, 'no'),
  unknown: cellId(table, place, 'unknown'),
  all: cellId(table, place, 'all'),
});

const countOf = (row: CountedRow, status: Status): number =>
  status === 'all' ? row.yes + row.no + row.unknown : row[status];

const rowKey = (levels: readonly Level[]): string => JSON.stringify(levels);

export const levelsOf = (table: Pick<LabelledTable, 'rows'>, dim: number): readonly string[] => [
  ...new Set(table.rows.flatMap((row) => row.levels[dim] ?? [])),
];

export const withLevel = (levels: readonly Level[], dim: number, level: Level): readonly Level[] =>
  levels.map((old, at) => (at === dim ? level : old));

const requireCount = (count: number, where: string): void => {
  if (!Number.isSafeInteger(count) || count < 0)
    throw new RangeError(`${where} must be a whole number, 0 or more`);
};

const requireRows = (table: CountedTable, where: string): void => {
  const seen = new Set<string>();
  for (const [at, row] of table.rows.entries()) {
    const here = `${where}.rows[${at}]`;
    if (row.levels.length !== table.dims.length)
      throw new RangeError(`${here} must have one level per dimension`);
    if (seen.has(rowKey(row.levels))) throw new RangeError(`${here} repeats an earlier row`);
    seen.add(rowKey(row.levels));
    for (const status of STATUSES) requireCount(countOf(row, status), `${here}.${status}`);
  }
};

/** Without the full crossing a missing row would be a count that everybody can work out and nobody protects. */
const requireCrossing = (table: CountedTable, where: string): void => {
  const crossing = table.dims.reduce((size, _, dim) => size * (levelsOf(table, dim).length + 1), 1);
  if (table.rows.length !== crossing) {
    throw new RangeError(`${where} must have ${crossing} rows, every combination and every total`);
  }
};

const requireTable = (table: CountedTable, where: string): void => {
  if (table.dims.length > MOST_DIMS)
    throw new RangeError(`${where} must have at most ${MOST_DIMS} dimensions`);
  if (new Set(table.dims).size !== table.dims.length) throw new RangeError(`${where} repeats a dimension`);
  requireRows(table, where);
  requireCrossing(table, where);
};

const requireOnePopulation = (tables: readonly CountedTable[]): void => {
  const populations = new Map<string, string>();
  for (const [at, { measure, population }] of tables.entries()) {
    if ((populations.get(measure) ?? population) !== population) {
      throw new RangeError(`tables[${at}] must have the population of the other tables of its measure`);
    }
    populations.set(measure, population);
  }
};

const cellsOf = (tables: readonly CountedTable[]): ReadonlyMap<CellId, Cell> => {
  const cells = new Map<CellId, Cell>();
  for (const [at, table] of tables.entries()) {
    for (const [rowAt, row] of table.rows.entries()) {
      const place = placeOf(table.dims, row.levels);
      for (const status of STATUSES) {
        const cell = {
          id: cellId(table, place, status),
          status,
          depth: place.length,
          count: countOf(row, status),
        };
        if ((cells.get(cell.id)?.count ?? cell.count) !== cell.count) {
          throw new RangeError(
            `tables[${at}].rows[${rowAt}].${status} differs from the same cell seen earlier`,
          );
        }
        cells.set(cell.id, cell);
      }
    }
  }
  return cells;
};

const inOrder = (cells: readonly Cell[]): ReadonlyMap<CellId, Cell> =>
  new Map(cells.toSorted((a, b) => byName(a.id, b.id)).map((cell) => [cell.id, cell]));

const groupsOf = (tables: readonly LabelledTable[]): readonly Group[] => {
  const groups = tables.flatMap((table) =>
    table.rows.map((row) => groupAt(table, placeOf(table.dims, row.levels))),
  );
  return [...new Map(groups.map((group) => [group.yes, group])).values()].sort((a, b) =>
    byName(a.yes, b.yes),
  );
};

const sumOf = (whole: CellId, parts: readonly CellId[]): Equation => ({
  terms: [[whole, -1], ...[...parts].sort(byName).map((part) => [part, 1] as const)],
  constant: 0,
});

const totalsIn = (table: LabelledTable, row: { readonly levels: readonly Level[] }): readonly Equation[] =>
  table.dims.flatMap((_, dim) => {
    if (row.levels[dim] !== null) return [];
    const whole = groupAt(table, placeOf(table.dims, row.levels));
    const parts = levelsOf(table, dim).map((level) =>
      groupAt(table, placeOf(table.dims, withLevel(row.levels, dim, level))),
    );
    return STATUSES.map((status) =>
      sumOf(
        whole[status],
        parts.map((part) => part[status]),
      ),
    );
  });

const equationsOf = (tables: readonly LabelledTable[], groups: readonly Group[]): readonly Equation[] => {
  const statuses = groups.map(({ all, yes, no, unknown }) => sumOf(all, [yes, no, unknown]));
  const totals = tables.flatMap((table) => table.rows.flatMap((row) => totalsIn(table, row)));
  return unique([...statuses, ...totals]);
};

const unique = (equations: readonly Equation[]): readonly Equation[] => {
  const byKey = new Map(equations.map((equation) => [JSON.stringify(equation.terms), equation]));
  return [...byKey].sort(([a], [b]) => byName(a, b)).map(([, equation]) => equation);
};

const requireAdditive = (cells: ReadonlyMap<CellId, Cell>, equations: readonly Equation[]): void => {
  const holds = ({ terms, constant }: Equation): boolean =>
    terms.reduce((sum, [id, factor]) => sum + factor * (cells.get(id)?.count ?? Number.NaN), 0) === constant;
  const broken = equations.filter((equation) => !holds(equation)).length;
  if (broken > 0) throw new RangeError(`tables: ${broken} totals differ from the sum of their parts`);
};

/**
 * The cells of a release and how they add up, with what is known of them further, one entry per number however many tables print it. Depends on the
 * tables as a set: their order and the order of their rows do not matter.
 *
 * @throws RangeError naming the table and row, never a count, if a table is not the full crossing of its levels
 * with all totals, a count is not a whole number, two tables give one cell two values, or a total is not the sum
 * of its parts, or what is given further does not fit the tables.
 */
export const candidateOf = (
  tables: readonly CountedTable[],
  further: Further = { cells: [], equations: [] },
): Candidate => {
  for (const [at, table] of tables.entries()) requireTable(table, `tables[${at}]`);
  requireOnePopulation(tables);
  const groups = groupsOf(tables);
  const cells = inOrder([...cellsOf(tables).values(), ...further.cells]);
  const equations = unique([...equationsOf(tables, groups), ...further.equations]);
  requireAdditive(cells, equations);
  return { cells, groups, structure: { cells: [...cells.keys()], equations } };
};

/** What everybody knows about how the cells of some tables add up, from their labels alone. */
export const structureOf = (tables: readonly LabelledTable[]): Structure => {
  const groups = groupsOf(tables);
  const cells = groups.flatMap((group) => STATUSES.map((status) => group[status]));
  return { cells: [...new Set(cells)].sort(byName), equations: equationsOf(tables, groups) };
};

/** The four cells of one row of a table, by which a writer looks up what may be printed. */
export const groupOf = (table: LabelledTable, levels: readonly Level[]): Group =>
  groupAt(table, placeOf(table.dims, levels));
