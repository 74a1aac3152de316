import { byName } from '../candidate/cell.js';
import type { RecordCandidate, RecordSet } from '../records/record-sets.js';

/**
 * A night's cells with the records behind them: every cell by its label as a set of atoms, and who was in which atom.
 * Stays where the people's ids may be.
 */
export type RecordNight = {
  readonly candidate: Pick<RecordCandidate, 'atoms' | 'sets'>;
  readonly labels: ReadonlyMap<string, number>;
  /** The atom of every person, by an id that survives nights. */
  readonly atomOf: ReadonlyMap<string, number>;
};

/** A release as the ledger keeps it, for ever. Every printed set is an equation over people. */
export type RecordRelease = RecordNight & {
  /** Sets that are not printed as they were on this night; some of their labels may still show an earlier number. */
  readonly withheld: ReadonlySet<number>;
  /** What stands under a label: the position of the release whose number it is. A withheld label has none. */
  readonly standing: ReadonlyMap<string, number>;
  /** Its numbers are known for ever, and stand no longer. */
  readonly recalled?: boolean;
};

/** Several releases over one set of unknowns. */
export type Histories = {
  /**
   * An atom is now a combination of what people were at each release, absent or in an atom of it; a set is the same
   * whenever the same people are in it, so what does not change from night to night is one number.
   */
  readonly candidate: RecordCandidate;
  /** For each release, which set of the histories each of its sets is, of those that were asked for. */
  readonly places: readonly ReadonlyMap<number, number>[];
  /** Who came into a cell between any two releases, and who left it, where that is anybody. */
  readonly changes: readonly number[];
};

const ABSENT = '-';

/** People who were the same at every release, in canonical order. */
const atomsOf = (releases: readonly RecordNight[]) => {
  const people = new Set(releases.flatMap(({ atomOf }) => [...atomOf.keys()]));
  const counts = new Map<string, number>();
  for (const person of people) {
    const key = releases.map(({ atomOf }) => atomOf.get(person) ?? ABSENT).join(',');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([a], [b]) => byName(a, b));
  return { keys: sorted.map(([key]) => key.split(',')), counts: sorted.map(([, count]) => count) };
};

/** A 32-bit FNV-1a hash of positions: equal sets meet, and are compared then. */
const hashOf = (atoms: Int32Array): number => {
  let hash = 0x811c9dc5;
  for (const atom of atoms) hash = Math.imul(hash ^ atom, 0x01000193);
  return hash;
};

const areEqual = (one: Int32Array, other: Int32Array): boolean =>
  one.length === other.length && one.every((atom, at) => atom === other[at]);

/** Sets by their atoms. The last release's cells are those that a reader would lose. */
const register = (counts: readonly number[]) => {
  const sets: { atoms: Int32Array; count: number; cells: number }[] = [];
  const places = new Map<number, number[]>();
  const place = (atoms: Int32Array, cells: number): number => {
    const hash = hashOf(atoms);
    const alike = places.get(hash) ?? [];
    const known = alike.find((at) => areEqual(sets[at]?.atoms ?? atoms, atoms));
    const set = known === undefined ? undefined : sets[known];
    if (known !== undefined && set !== undefined) {
      set.cells += cells;
      return known;
    }
    const count = atoms.reduce((sum, atom) => sum + (counts[atom] ?? 0), 0);
    places.set(hash, [...alike, sets.length]);
    return sets.push({ atoms, count, cells }) - 1;
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
    const histories = through.get(Number(atom));
    if (histories === undefined) through.set(Number(atom), [at]);
    else histories.push(at);
  }
  return through;
};

const gathered = (set: RecordSet, through: ReadonlyMap<number, readonly number[]>): Int32Array =>
  Int32Array.from(Array.from(set.atoms).flatMap((atom) => through.get(atom) ?? [])).sort();

/** Positions of labels over several releases. */
const labelPlaces = (releases: readonly RecordNight[]): ReadonlyMap<string, number> =>
  new Map(
    [...new Set(releases.flatMap(({ labels }) => [...labels.keys()]))]
      .sort(byName)
      .map((label, at) => [label, at]),
  );

/**
 * What somebody in each atom of a release is, whatever the atom's number is: a hash of 64 bits over the places of the
 * cells that hold it. As text it would be larger than everything else here.
 */
const whatAtomsAre = (
  { candidate, labels }: RecordNight,
  places: ReadonlyMap<string, number>,
): readonly string[] => {
  const [high, low] = [new Int32Array(candidate.atoms.length), new Int32Array(candidate.atoms.length)];
  const ordered = [...labels].map(([label, set]) => [places.get(label) ?? 0, set] as const);
  for (const [place, set] of ordered.sort(([a], [b]) => a - b)) {
    for (const atom of candidate.sets[set]?.atoms ?? []) {
      high[atom] = Math.imul((high[atom] ?? 0) ^ (place + 1), 0x01000193) + 0x9e3779b9;
      low[atom] = Math.imul((low[atom] ?? 0) ^ (place + 0x7f4a7c15), 0x5bd1e995) + place;
    }
  }
  return candidate.atoms.map((_, atom) => `${high[atom]},${low[atom]}`);
};

/** Histories of people who were not the same at all releases: few, and all that any cell can have changed by. */
const movingAmong = (
  releases: readonly RecordNight[],
  keys: readonly (readonly string[])[],
): readonly number[] => {
  if (releases.length < 2) return [];
  const places = labelPlaces(releases);
  const are = releases.map((release) => whatAtomsAre(release, places));
  const at = (key: readonly string[], release: number): string =>
    key[release] === ABSENT ? ABSENT : (are[release]?.[Number(key[release])] ?? ABSENT);
  return [...keys.keys()].filter((history) => {
    const key = keys[history] ?? [];
    return releases.some((_, release) => at(key, release) !== at(key, 0));
  });
};

/** For every release, which of the moving histories are in each cell. */
const moversByCell = (
  releases: readonly RecordNight[],
  keys: readonly (readonly string[])[],
  moving: readonly number[],
): readonly ReadonlyMap<string, ReadonlySet<number>>[] =>
  releases.map(({ candidate, labels }, release) => {
    const inAtom = new Map<number, number[]>();
    for (const history of moving) {
      const atom = keys[history]?.[release] ?? ABSENT;
      if (atom !== ABSENT) inAtom.set(Number(atom), [...(inAtom.get(Number(atom)) ?? []), history]);
    }
    const bySet = candidate.sets.map(
      ({ atoms }) => new Set([...inAtom].flatMap(([atom, members]) => (holds(atoms, atom) ? members : []))),
    );
    return new Map([...labels].map(([label, set]) => [label, bySet[set] ?? new Set<number>()]));
  });

/** Whether an atom is among ascending atoms. */
const holds = (atoms: Int32Array, atom: number): boolean => {
  let [low, high] = [0, atoms.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((atoms[middle] ?? 0) < atom) low = middle + 1;
    else high = middle;
  }
  return atoms[low] === atom;
};

const NOBODY: ReadonlySet<number> = new Set();

/** More unknowns than this are more than linear programs can take in. */
const MOST_UNKNOWNS = 6000;

/**
 * The same sets over fewer unknowns: those of the sets asked about, and of all others as many as linear programs can
 * take in. The rest is held at the truth. Whatever is wide to somebody who knows all those is wide to everybody.
 */
export const withFewerUnknowns = (
  candidate: RecordCandidate,
  asked: readonly number[],
  most = MOST_UNKNOWNS,
): RecordCandidate => {
  const { atoms, sets } = candidate;
  if (atoms.length <= most) return candidate;
  const chosen = new Set(asked.flatMap((at) => [...(sets[at]?.atoms ?? [])]));
  const step = Math.max(1, Math.floor(atoms.length / most));
  for (let atom = 0; atom < atoms.length && chosen.size < most; atom += step) chosen.add(atom);
  const kept = [...chosen].sort((a, b) => a - b);
  const places = new Map(kept.map((atom, at) => [atom, at]));
  return {
    atoms: kept.map((atom) => atoms[atom] ?? 0),
    tables: [],
    sets: sets.map((set) => {
      const members = set.atoms.filter((atom) => places.has(atom)).map((atom) => places.get(atom) ?? 0);
      const count = members.reduce((sum, atom) => sum + (atoms[kept[atom] ?? 0] ?? 0), 0);
      return { ...set, atoms: members, count };
    }),
  };
};

const movesBetween = (
  before: ReadonlyMap<string, ReadonlySet<number>>,
  after: ReadonlyMap<string, ReadonlySet<number>>,
): readonly Int32Array[] =>
  [...new Set([...before.keys(), ...after.keys()])].flatMap((label) => {
    const [was, is] = [before.get(label) ?? NOBODY, after.get(label) ?? NOBODY];
    const came = [...is].filter((history) => !was.has(history));
    const left = [...was].filter((history) => !is.has(history));
    return [came, left].filter((moved) => moved.length > 0).map((moved) => Int32Array.from(moved).sort());
  });

/**
 * Puts releases, the last of them a candidate, over one set of unknowns.
 *
 * @param wanted which sets of a release are looked at; all unless given. Changes are those of all cells.
 */
export const histories = (
  releases: readonly RecordNight[],
  wanted: (release: number, set: number) => boolean = () => true,
): Histories => {
  const { keys, counts } = atomsOf(releases);
  const registered = register(counts);
  const last = releases.length - 1;
  const places = releases.map(({ candidate }, release) => {
    const through = throughAtoms(keys, release);
    const found = new Map<number, number>();
    for (const [at, set] of candidate.sets.entries()) {
      if (wanted(release, at))
        found.set(at, registered.place(gathered(set, through), release === last ? set.cells : 0));
    }
    return found;
  });
  const movers = moversByCell(releases, keys, movingAmong(releases, keys));
  const moved = movers.flatMap((after, at) =>
    movers.slice(0, at).flatMap((before) => movesBetween(before, after)),
  );
  const changes = [...new Set(moved.map((atoms) => registered.place(atoms, 0)))].sort((a, b) => a - b);
  return { candidate: { atoms: counts, sets: registered.sets(), tables: [] }, places, changes };
};
