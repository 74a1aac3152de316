import { byName } from '../candidate/cell.js';
import type {
  Crossing,
  MarginLevel,
  Microdata,
  RecordCandidate,
  RecordRow,
  RecordSet,
  RecordTable,
} from './record-sets.js';

/** More entries than this would not fit into memory; the whole crossing of too many columns has more. */
export const MOST_ENTRIES = 20_000_000;

/** A level as columns and values in code: column * stride + value. -1 is the total. */
type Encoded = {
  readonly columns: readonly string[];
  readonly values: readonly (readonly string[])[];
  readonly codes: readonly Int32Array[];
};

const encode = ({ columns, combinations }: Microdata): Encoded => {
  const values = columns.map((_, at) =>
    [...new Set(combinations.map((combination) => combination[at] ?? ''))].sort(byName),
  );
  const places = values.map((list) => new Map(list.map((value, place) => [value, place])));
  const codes = columns.map((_, at) =>
    Int32Array.from(combinations, (combination) => places[at]?.get(combination[at] ?? '') ?? 0),
  );
  return { columns, values, codes };
};

/** How many entries the sets of all tables have together. @throws RangeError naming a column that is not there. */
export const entriesOf = ({ columns, combinations }: Microdata, tables: readonly Crossing[]): number => {
  const known = new Set(columns);
  for (const { name, cross } of tables) {
    const missing = cross.flat().find((column) => !known.has(column));
    if (missing !== undefined) throw new RangeError(`table ${name} names the unknown column ${missing}`);
  }
  const perCombination = tables.reduce(
    (sum, { cross }) => sum + cross.reduce((product, margin) => product * (margin.length + 1), 1),
    0,
  );
  return perCombination * combinations.length;
};

/** Every way to set each margin at its total or at one of its columns: column positions, -1 for the total. */
const settings = (cross: readonly (readonly string[])[], columns: readonly string[]): readonly number[][] =>
  cross.reduce<readonly number[][]>(
    (sofar, margin) =>
      sofar.flatMap((setting) =>
        [-1, ...margin.map((column) => columns.indexOf(column))].map((at) => [...setting, at]),
      ),
    [[]],
  );

type Group = { readonly levels: readonly MarginLevel[]; readonly atoms: number[] };

const levelsAt = (
  { columns, values, codes }: Encoded,
  setting: readonly number[],
  atom: number,
): readonly MarginLevel[] =>
  setting.map((at) =>
    at < 0 ? null : { column: columns[at] ?? '', value: values[at]?.[codes[at]?.[atom] ?? 0] ?? '' },
  );

/** The rows of a table under one setting of its margins, with the atoms of each. */
const groupsAt = (encoded: Encoded, setting: readonly number[], size: number): readonly Group[] => {
  const groups = new Map<string, Group>();
  const used = setting.filter((at) => at >= 0);
  for (let atom = 0; atom < size; atom++) {
    let key = '';
    for (const at of used) key += `${encoded.codes[at]?.[atom] ?? 0},`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { levels: levelsAt(encoded, setting, atom), atoms: [atom] });
    else group.atoms.push(atom);
  }
  return [...groups.values()];
};

/** A cell's name in the release: its levels without totals, whatever the table and the order of its margins. */
export const cellLabel = (levels: readonly MarginLevel[]): string =>
  JSON.stringify(
    levels
      .flatMap((level) => (level === null ? [] : [[level.column, level.value]]))
      .sort((a, b) => byName(a[0] ?? '', b[0] ?? '')),
  );

const rowName = (levels: readonly MarginLevel[]): string => JSON.stringify(levels);

/** Sets by their atoms, in the order in which they are first met. */
const setRegister = (counts: readonly number[]) => {
  const sets: { atoms: Int32Array; count: number; labels: Set<string> }[] = [];
  const places = new Map<string, number>();
  const placeOf = (atoms: readonly number[]): number => {
    const key = atoms.join(',');
    const known = places.get(key);
    if (known !== undefined) return known;
    const count = atoms.reduce((sum, atom) => sum + (counts[atom] ?? 0), 0);
    places.set(key, sets.length);
    return sets.push({ atoms: Int32Array.from(atoms), count, labels: new Set() }) - 1;
  };
  return {
    sets: (): RecordSet[] => sets.map(({ atoms, count, labels }) => ({ atoms, count, cells: labels.size })),
    add: ({ levels, atoms }: Group): RecordRow => {
      const set = placeOf(atoms);
      sets[set]?.labels.add(cellLabel(levels));
      return { levels, set };
    },
  };
};

/**
 * The candidate that the tables make of the people: every cell as the set of its records. Depends on the people as
 * combinations in their order and on nothing else.
 *
 * @throws RangeError if a table names a column that is not there.
 */
export const recordCandidate = (microdata: Microdata, tables: readonly Crossing[]): RecordCandidate => {
  entriesOf(microdata, tables);
  const encoded = encode(microdata);
  const register = setRegister(microdata.counts);
  const made = tables.map(({ name, cross }): RecordTable => {
    const rows = settings(cross, microdata.columns).flatMap((setting) =>
      groupsAt(encoded, setting, microdata.counts.length).map(register.add),
    );
    return { name, rows: rows.sort((a, b) => byName(rowName(a.levels), rowName(b.levels))) };
  });
  return { atoms: microdata.counts, sets: register.sets(), tables: made };
};
