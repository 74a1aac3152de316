import { type Column, toldOrNot } from './hierarchies.js';
import { smallestLoss } from './lattice.js';
import { suppressLocally, type Told } from './local-suppression.js';
import { averageRisk, frequencies, populationFrequencies } from './risk.js';
import { type Demand, encode, type Row } from './rows.js';

export type RowTerms = Demand & {
  /** The largest share of rows of which a cell is suppressed, or that are left out. */
  readonly mostSuppressed: number;
  /** The least number of people of the population that each row could be of (k-map); 1 asks for nothing. */
  readonly populationK: number;
};

export type RowProtection = {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  /** Everybody whom a neighbour could take a row for, by the same columns. */
  readonly population: readonly (readonly string[])[];
  /** Coarser values of a column; told or not told where there are none. */
  readonly hierarchies?: readonly Column[];
};

export type ProtectedRows = {
  /** By position of the row; null where it is left out. */
  readonly told: readonly (Told | null)[];
  /** By column: how coarse it is told. */
  readonly levels: ReadonlyMap<string, number>;
  readonly rowsLeftOut: number;
  readonly cellsSuppressed: number;
  /** The fewest rows that a row could be of, a suppressed cell taken for a value, and for anything. */
  readonly smallestClass: number;
  readonly averageRisk: number;
  readonly smallestInPopulation: number;
};

const valuesOf = ({ rows, population }: RowProtection, at: number): ReadonlySet<string> =>
  new Set([...rows.map(({ keys }) => keys[at] ?? ''), ...population.map((keys) => keys[at] ?? '')]);

/**
 * Rows about people as they may be told: the same levels for all of them with the smallest loss found, then single
 * cells, then rows left out. Null if the terms cannot be met.
 *
 * @throws RangeError naming a column without a hierarchy for one of its values.
 */
export function protectRows(protection: RowProtection, terms: RowTerms): ProtectedRows | null {
  const { columns, rows, population, hierarchies = [] } = protection;
  const used = columns.map(
    (name, at) => hierarchies.find((each) => each.name === name) ?? toldOrNot(name, valuesOf(protection, at)),
  );
  const found = smallestLoss(encode(used, rows), terms, terms.mostSuppressed);
  if (found === null) return null;
  const general = (keys: readonly string[]): string[] =>
    keys.map((value, at) => used[at]?.hierarchy.get(value)?.[found.levels[at] ?? 0] ?? '');
  const generalised = rows.map(({ keys, sensitive }) => ({ keys: general(keys), sensitive }));
  const told = mapped(suppressLocally(generalised, terms), population.map(general), terms);
  return {
    ...measured(told, generalised, population.map(general)),
    told,
    levels: levelsBy(columns, found.levels),
  };
}

const levelsBy = (columns: readonly string[], levels: readonly number[]): ReadonlyMap<string, number> =>
  new Map(columns.map((name, at) => [name, levels[at] ?? 0]));

/**
 * Leaves out the rows that could be of too few people of the population, and then those whose class has become too
 * small by it, until there are none.
 */
function mapped(
  told: readonly (Told | null)[],
  population: readonly (readonly string[])[],
  terms: RowTerms,
): readonly (Told | null)[] {
  const kept = told.flatMap((row) => (row === null ? [] : [row.keys]));
  const people = populationFrequencies(kept, population);
  let place = -1;
  const many = told.map((row) => {
    if (row === null) return null;
    place += 1;
    return (people[place] ?? 0) >= terms.populationK ? row : null;
  });
  const whole = many.filter((row) => row !== null);
  const sizes = new Map<string, Told[]>();
  for (const row of whole) {
    const key = JSON.stringify(row.keys);
    sizes.set(key, [...(sizes.get(key) ?? []), row]);
  }
  const isWhole = (row: Told): boolean => {
    const alike = sizes.get(JSON.stringify(row.keys)) ?? [];
    return (
      alike.length >= terms.k &&
      row.sensitive.every((_, at) => new Set(alike.map(({ sensitive }) => sensitive[at])).size >= terms.l)
    );
  };
  return many.map((row) => (row !== null && isWhole(row) ? row : null));
}

function measured(
  told: readonly (Told | null)[],
  generalised: readonly Told[],
  population: readonly (readonly string[])[],
) {
  const kept = told.flatMap((row) => (row === null ? [] : [row.keys]));
  const classes = new Map<string, number>();
  for (const keys of kept) classes.set(JSON.stringify(keys), (classes.get(JSON.stringify(keys)) ?? 0) + 1);
  const suppressed = told.reduce(
    (sum, row, at) =>
      sum +
      (row === null ? 0 : row.keys.filter((key, column) => key !== generalised[at]?.keys[column]).length),
    0,
  );
  return {
    rowsLeftOut: told.length - kept.length,
    cellsSuppressed: suppressed,
    smallestClass: kept.length === 0 ? 0 : Math.min(...classes.values()),
    averageRisk: averageRisk(frequencies(kept)),
    smallestInPopulation: kept.length === 0 ? 0 : Math.min(...populationFrequencies(kept, population)),
  };
}
