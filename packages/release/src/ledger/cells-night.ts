import { byName } from '../candidate/cell.js';
import { type CountedTable, groupOf, type Level } from '../candidate/tables.js';
import type { RecordNight } from './histories.js';

/** A person as the tables count them. */
export type CountedPerson = {
  /** Of the people index: it survives nights and is derived from nothing of the person. */
  readonly id: string;
  /** By dimension. */
  readonly levels: ReadonlyMap<string, string>;
  /** By measure, of those in whose population the person is. */
  readonly verdicts: ReadonlyMap<string, 'yes' | 'no' | 'unknown'>;
};

/** A night of the tables of a release: its labels are names of cells, and those of a row stand together. */
export type CellsNight = RecordNight & { readonly rows: readonly (readonly string[])[] };

/** A row's own label for its total, which the rows of other measures may print on another night. */
export const totalLabel = (yes: string): string => JSON.stringify([TOTAL_BESIDE, yes]);
const TOTAL_BESIDE = 'total beside';

/** The place of a label that `totalLabel` made; null for any other label. */
export const placeOfTotal = (label: string): readonly (readonly [dim: string, level: string])[] | null => {
  const [kind, yes] = JSON.parse(label) as readonly unknown[];
  if (kind !== TOTAL_BESIDE || typeof yes !== 'string') return null;
  const [, , , ...place] = JSON.parse(yes) as readonly [unknown, unknown, unknown, ...[string, string][]];
  return place;
};

/** The labels of a row: yes, no, unknown, total. */
export const rowLabels = (table: CountedTable, levels: readonly Level[]): readonly string[] => {
  const { yes, no, unknown } = groupOf(table, levels);
  return [yes, no, unknown, totalLabel(yes)];
};

/** Every way to set each dimension at a person's level or at its margin. */
const placesOf = (levels: readonly string[]): readonly (readonly Level[])[] =>
  levels.reduce<readonly (readonly Level[])[]>(
    (sofar, level) =>
      sofar.flatMap((place) => [
        [...place, level],
        [...place, null],
      ]),
    [[]],
  );

const VERDICT_AT = { yes: 0, no: 1, unknown: 2 } as const;

type Labels = (table: CountedTable, place: readonly Level[]) => readonly string[];

const cached = (): Labels => {
  const known = new Map<CountedTable, Map<string, readonly string[]>>();
  return (table, place) => {
    const ofTable = known.get(table) ?? new Map<string, readonly string[]>();
    known.set(table, ofTable);
    const key = JSON.stringify(place);
    const labels = ofTable.get(key) ?? rowLabels(table, place);
    ofTable.set(key, labels);
    return labels;
  };
};

/** The cells in which somebody like this person is counted. */
const cellsFor = (
  { levels, verdicts }: CountedPerson,
  tables: readonly CountedTable[],
  labelsOf: Labels,
): readonly string[] =>
  tables.flatMap((table) => {
    const verdict = verdicts.get(table.measure);
    if (verdict === undefined) return [];
    const own = table.dims.map((dim) => levels.get(dim) ?? '');
    return placesOf(own).flatMap((place) => {
      const labels = labelsOf(table, place);
      return [labels[VERDICT_AT[verdict]] ?? '', labels[3] ?? ''];
    });
  });

const kindOf = (
  { levels, verdicts }: CountedPerson,
  dims: readonly string[],
  measures: readonly string[],
): string =>
  JSON.stringify([
    dims.map((dim) => levels.get(dim) ?? null),
    measures.map((measure) => verdicts.get(measure) ?? null),
  ]);

/** The people of each kind, in canonical order of kinds. */
const kindsOf = (people: readonly CountedPerson[], tables: readonly CountedTable[]) => {
  const dims = [...new Set(tables.flatMap((table) => table.dims))].sort(byName);
  const measures = [...new Set(tables.map(({ measure }) => measure))].sort(byName);
  const kinds = new Map<string, CountedPerson[]>();
  for (const person of people) {
    if (!measures.some((measure) => person.verdicts.has(measure))) continue;
    const kind = kindOf(person, dims, measures);
    const alike = kinds.get(kind);
    if (alike === undefined) kinds.set(kind, [person]);
    else alike.push(person);
  }
  return [...kinds].sort(([a], [b]) => byName(a, b)).map(([, alike]) => alike);
};

const requireCounts = (tables: readonly CountedTable[], countOf: (label: string) => number): void => {
  for (const table of tables) {
    for (const row of table.rows) {
      const [yes, no, unknown] = rowLabels(table, row.levels).map(countOf);
      if (yes !== row.yes || no !== row.no || unknown !== row.unknown)
        throw new RangeError('people: not those whom the tables count');
    }
  }
};

/**
 * The cells of tables with the people behind them. Depends on the people and the tables as sets.
 *
 * @throws RangeError if the people are not those whom the tables count.
 */
export const cellsNight = (tables: readonly CountedTable[], people: readonly CountedPerson[]): CellsNight => {
  const kinds = kindsOf(people, tables);
  const labelsOf = cached();
  const atoms = new Map<string, Set<number>>();
  for (const [atom, alike] of kinds.entries()) {
    const [one] = alike;
    for (const label of one === undefined ? [] : cellsFor(one, tables, labelsOf)) {
      const members = atoms.get(label);
      if (members === undefined) atoms.set(label, new Set([atom]));
      else members.add(atom);
    }
  }
  const counts = kinds.map((alike) => alike.length);
  const rows = uniqueRows(tables);
  const names = [...new Set(rows.flat())].sort(byName);
  const sets = names.map((label) => {
    const members = Int32Array.from(atoms.get(label) ?? []).sort();
    const count = members.reduce((sum, atom) => sum + (counts[atom] ?? 0), 0);
    return { atoms: members, count, cells: 1 };
  });
  const labels = new Map(names.map((label, at) => [label, at]));
  requireCounts(tables, (label) => sets[labels.get(label) ?? -1]?.count ?? Number.NaN);
  return {
    candidate: { atoms: counts, sets },
    labels,
    atomOf: new Map(kinds.flatMap((alike, atom) => alike.map(({ id }) => [id, atom] as const))),
    rows,
  };
};

/** A row that several tables print is one. */
const uniqueRows = (tables: readonly CountedTable[]): readonly (readonly string[])[] => [
  ...new Map(
    tables.flatMap((table) =>
      table.rows.map(({ levels }) => {
        const labels = rowLabels(table, levels);
        return [labels[0] ?? '', labels] as const;
      }),
    ),
  ).values(),
];
