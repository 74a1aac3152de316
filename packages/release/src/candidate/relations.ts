import type { Candidate, CellId, CellStatus, Equation, Further } from './cell.js';
import { byName } from './cell.js';
import { groupOf, type LabelledTable, type Level, levelsOf, placeOf, withLevel } from './tables.js';

/** The rows of a table by their levels, each with counts by name; a name that is missing counts nobody. */
export type CountedRows = {
  readonly dims: readonly string[];
  readonly rows: readonly {
    readonly levels: readonly Level[];
    readonly counts: ReadonlyMap<string, number>;
  }[];
};

/**
 * A table of two measures that count the same children: how many are counted as what under both, by
 * `<verdict>,<verdict of the other>`; `none` where a measure does not count them. Never printed.
 */
export type OverlapTable = CountedRows & { readonly measure: string; readonly other: string };

/** What ties the cells of a release beside totals and margins. */
export type Relations = {
  /** Measures that add up: in every place their yes are all children whose answer is known. */
  readonly partitions: readonly (readonly string[])[];
  readonly overlaps: readonly OverlapTable[];
};

export const NO_RELATIONS: Relations = { partitions: [], overlaps: [] };

export type Place = ReturnType<typeof placeOf>;

const overlapId = ({ measure, other }: OverlapTable, key: string, place: Place): CellId =>
  JSON.stringify(['overlap', measure, key, other, ...place]);

/** The whole is the sum of its parts. */
const sumOf = (whole: CellId, parts: readonly CellId[]): Equation => ({
  terms: [[whole, -1], ...parts.toSorted(byName).map((part) => [part, 1] as const)],
  constant: 0,
});

type Family = {
  readonly table: CountedRows;
  readonly keys: readonly string[];
  readonly status: CellStatus;
  readonly idOf: (key: string, place: Place) => CellId;
};

/** A cell for each row and key, and that each total is the sum over the levels below it. */
function familyOf({ table, keys, status, idOf }: Family): Further {
  const { dims, rows } = table;
  const cells = rows.flatMap(({ levels, counts }) => {
    const place = placeOf(dims, levels);
    return keys.map((key) => ({
      id: idOf(key, place),
      status,
      depth: place.length,
      count: counts.get(key) ?? 0,
    }));
  });
  const equations = rows.flatMap(({ levels }) =>
    dims.flatMap((_, dim) => {
      if (levels[dim] !== null) return [];
      const below = levelsOf(table, dim).map((level) => placeOf(dims, withLevel(levels, dim, level)));
      return keys.map((key) =>
        sumOf(
          idOf(key, placeOf(dims, levels)),
          below.map((place) => idOf(key, place)),
        ),
      );
    }),
  );
  return { cells, equations };
}

const measureTable = (measure: string, { dims }: CountedRows): LabelledTable => ({
  measure,
  population: '',
  dims,
  rows: [],
});

const verdicts = ['yes', 'no', 'unknown'] as const;

/** Combinations that nobody in the city has are left out: whoever knows both rules knows that they are empty. */
function overlapsOf(table: OverlapTable): Further {
  const keys = [...new Set(table.rows.flatMap(({ counts }) => [...counts.keys()]))].toSorted(byName);
  const idOf = (key: string, place: Place) => overlapId(table, key, place);
  const family = familyOf({ table, keys, status: 'overlap', idOf });
  const sums = [table.measure, table.other].flatMap((measure, at) =>
    verdicts.flatMap((verdict) =>
      table.rows.map(({ levels }) =>
        sumOf(
          groupOf(measureTable(measure, table), levels)[verdict],
          keys
            .filter((key) => key.split(',')[at] === verdict)
            .map((key) => idOf(key, placeOf(table.dims, levels))),
        ),
      ),
    ),
  );
  return { cells: family.cells, equations: [...family.equations, ...sums] };
}

/** In every place where all of them have a row: the yes of all and one unknown are the children of the population. */
function partitionEquations(
  measures: readonly string[],
  tables: readonly LabelledTable[],
): readonly Equation[] {
  const [first] = measures;
  return tables
    .filter(({ measure }) => measure === first)
    .flatMap((table) =>
      table.rows.flatMap(({ levels }) => {
        const groups = measures.map((measure) => groupOf({ ...table, measure }, levels));
        const [one, ...others] = groups;
        if (one === undefined) return [];
        const same = others.map(({ unknown }) => sumOf(one.unknown, [unknown]));
        return [sumOf(one.all, [...groups.map(({ yes }) => yes), one.unknown]), ...same];
      }),
    );
}

/** The cells and equations that relations add to those of the tables. */
export function furtherOf(tables: readonly LabelledTable[], relations: Relations): Further {
  const all = relations.overlaps.map(overlapsOf);
  return {
    cells: all.flatMap(({ cells }) => cells),
    equations: [
      ...all.flatMap(({ equations }) => equations),
      ...relations.partitions.flatMap((measures) => partitionEquations(measures, tables)),
    ],
  };
}

/** Cells that stand for a number that no release prints, and that must stay in doubt if it is small. */
export const neverPrinted = ({ cells }: Candidate): readonly CellId[] =>
  [...cells.values()].flatMap(({ id, status }) => (status === 'overlap' ? [id] : []));
