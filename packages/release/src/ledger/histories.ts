import { byName } from '../candidate/cell.js';
import { cellLabel } from '../records/crossings.js';
import type { RecordCandidate, RecordSet } from '../records/record-sets.js';

/**
 * A release as the ledger keeps it, for ever: its tables with the records behind every cell, who was in which atom, and
 * what was withheld. Every printed set is an equation over people. Stays where the people's ids may be.
 */
export type RecordRelease = {
  readonly candidate: RecordCandidate;
  /** The atom of every person, by an id that survives nights. */
  readonly atomOf: ReadonlyMap<string, number>;
  readonly withheld: ReadonlySet<number>;
};

/** Several releases over one set of unknowns. */
export type Histories = {
  /**
   * An atom is now a combination of what people were at each release, absent or in an atom of it; a set is the same
   * whenever the same people are in it, so what does not change from night to night is one number.
   */
  readonly candidate: RecordCandidate;
  /** For each release, which set of the histories each of its sets is. */
  readonly places: readonly (readonly number[])[];
  /** Who came into a cell between any two releases, and who left it, where that is anybody. */
  readonly changes: readonly number[];
};

const ABSENT = '-';

/** People who were the same at every release, in canonical order. */
const atomsOf = (releases: readonly RecordRelease[]) => {
  const people = new Set(releases.flatMap(({ atomOf }) => [...atomOf.keys()]));
  const counts = new Map<string, number>();
  for (const person of people) {
    const key = releases.map(({ atomOf }) => atomOf.get(person) ?? ABSENT).join(',');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([a], [b]) => byName(a, b));
  return { keys: sorted.map(([key]) => key.split(',')), counts: sorted.map(([, count]) => count) };
};

/** Sets by their atoms. The last release's cells are those that a reader would lose. */
const register = (counts: readonly number[]) => {
  const sets: { atoms: Int32Array; count: number; cells: number }[] = [];
  const places = new Map<string, number>();
  const place = (atoms: readonly number[], cells: number): number => {
    const key = atoms.join(',');
    const known = places.get(key);
    const set = known === undefined ? undefined : sets[known];
    if (known !== undefined && set !== undefined) {
      set.cells += cells;
      return known;
    }
    const count = atoms.reduce((sum, atom) => sum + (counts[atom] ?? 0), 0);
    places.set(key, sets.length);
    return sets.push({ atoms: Int32Array.from(atoms), count, cells }) - 1;
  };
  return { place, sets: (): readonly RecordSet[] => sets };
};

/** For each atom of a release, the histories that go through it. */
const throughAtoms = (
  keys: readonly (readonly string[])[],
  release: number,
): ReadonlyMap<number, number[]> => {
  const through = new Map<number, number[]>();
  for (const [at, key] of keys.entries()) {
    const atom = key[release];
    if (atom === undefined || atom === ABSENT) continue;
    through.set(Number(atom), [...(through.get(Number(atom)) ?? []), at]);
  }
  return through;
};

const gathered = (set: RecordSet, through: ReadonlyMap<number, readonly number[]>): readonly number[] =>
  Array.from(set.atoms)
    .flatMap((atom) => through.get(atom) ?? [])
    .sort((a, b) => a - b);

const labelled = ({ tables }: RecordCandidate): ReadonlyMap<string, number> =>
  new Map(tables.flatMap(({ rows }) => rows.map(({ levels, set }) => [cellLabel(levels), set] as const)));

const without = (left: readonly number[], right: readonly number[]): readonly number[] => {
  const drop = new Set(right);
  return left.filter((atom) => !drop.has(atom));
};

/** The atoms of every cell of a release by its label. */
const cellsOf = (release: RecordRelease, members: readonly (readonly number[])[]) =>
  new Map([...labelled(release.candidate)].map(([label, set]) => [label, members[set] ?? []]));

const movesBetween = (
  before: ReadonlyMap<string, readonly number[]>,
  after: ReadonlyMap<string, readonly number[]>,
): readonly (readonly number[])[] =>
  [...new Set([...before.keys(), ...after.keys()])].flatMap((label) => {
    const [was, is] = [before.get(label) ?? [], after.get(label) ?? []];
    return [without(is, was), without(was, is)].filter((moved) => moved.length > 0);
  });

/** Puts releases, the last of them a candidate, over one set of unknowns. */
export const histories = (releases: readonly RecordRelease[]): Histories => {
  const { keys, counts } = atomsOf(releases);
  const registered = register(counts);
  const last = releases.length - 1;
  const members = releases.map(({ candidate }, at) => {
    const through = throughAtoms(keys, at);
    return candidate.sets.map((set) => gathered(set, through));
  });
  const places = releases.map(({ candidate }, at) =>
    candidate.sets.map((set, position) =>
      registered.place(members[at]?.[position] ?? [], at === last ? set.cells : 0),
    ),
  );
  const cells = releases.map((release, at) => cellsOf(release, members[at] ?? []));
  const moved = cells.flatMap((after, at) =>
    cells.slice(0, at).flatMap((before) => movesBetween(before, after)),
  );
  const changes = [...new Set(moved.map((atoms) => registered.place(atoms, 0)))].sort((a, b) => a - b);
  return { candidate: { atoms: counts, sets: registered.sets(), tables: [] }, places, changes };
};
