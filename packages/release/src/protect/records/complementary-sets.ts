import type { Program, ProgramRow, Solver } from '../../linear/program.js';
import { type Classes, classesOf, type Reach, reachIn, sumAt, sumsIn } from '../../records/classes.js';
import type { RecordCandidate, RecordSet } from '../../records/record-sets.js';

/** Another table of whole or nearly whole counts, one per atom, that prints the same wherever the true one is printed. */
export type Witness = Float64Array;

/** What the sets are to be opened to. */
export type Opening = {
  readonly candidate: RecordCandidate;
  readonly solver: Solver;
  /** The least count that a reader believes each atom to have: 1 where it is known to exist. */
  readonly least: ArrayLike<number>;
  /** Width in people that every target should span. */
  readonly width: number;
  /** Sets that readers have already, whatever is decided: none of them moves. */
  readonly fixed?: ReadonlySet<number>;
  /** Steps of the simplex times the columns and rows, after which targets that are narrow yet stay narrow; no limit unless given. */
  readonly work?: number;
};

/** Which sets are withheld, and the tables that show how far each could be from the truth. */
export type Pattern = { readonly withheld: ReadonlySet<number>; readonly witnesses: readonly Witness[] };

/** Moving a set that is withheld anyway: nearly free, so that no table strays further than it has to. */
const WITHHELD_LOSS = 1e-3;

/** Clears the solver's tolerance. */
const TOLERANCE = 1e-6;

/** No count needs to be further from the truth than this many widths. */
const REACH = 64;

/** About how many linear programs there may be: beyond, targets go in batches, which withhold a little more. */
const PROGRAMS = 600;

/** Programs, times the factors of each: larger programs are fewer, so that the whole takes about as long. */
const FACTORS = 60_000_000;

/** Work of one program, in steps times columns and rows, after which its targets are left as they are. */
const WORK_PER_PROGRAM = 60_000_000;

/** Where no more than this share of the sets is still printed, what they tell apart is found anew. */
const ANEW = 0.5;

/** What a reader loses: every cell that prints the number, and more of it where the number is large. */
const lossOf = ({ cells, count }: RecordSet): number => cells * Math.sqrt(count);

/**
 * The candidate as the printed sets show it: people beyond the least that a reader believes, summed in the classes
 * that the printed sets can tell from one another. Within a class people can be moved about unseen.
 */
type Room = {
  readonly classes: Classes;
  readonly excess: Float64Array;
  readonly printed: readonly { readonly set: number; readonly places: Int32Array; readonly sum: number }[];
  readonly reaches: ReadonlyMap<number, Reach>;
};

const roomOf = (
  { candidate, least }: Opening,
  targets: readonly number[],
  withheld: ReadonlySet<number>,
): Room => {
  const { sets, atoms } = candidate;
  const about = [...sets.keys()].filter((at) => !withheld.has(at));
  const classes = classesOf(candidate, about);
  const reach = reachIn(classes);
  const excess = sumsIn(
    classes,
    atoms.map((count, atom) => count - (least[atom] ?? 0)),
  );
  const printed = about.map((set) => {
    const places = reach(sets[set] ?? NOBODY).inner;
    return { set, places, sum: sumAt(places, excess) };
  });
  return { classes, excess, printed, reaches: new Map(targets.map((at) => [at, reach(sets[at] ?? NOBODY)])) };
};

type Draft = {
  readonly withheld: Set<number>;
  readonly lowest: Map<number, number>;
  readonly highest: Map<number, number>;
  readonly witnesses: Witness[];
};

/** Notes how far each target could be from the truth in a table of classes, within which people move freely. */
const remember = (draft: Draft, { reaches }: Room, excess: Float64Array): void => {
  for (const [at, { inner, outer }] of reaches) {
    const low = sumAt(inner, excess);
    const high = sumAt(outer, excess);
    if (low < (draft.lowest.get(at) ?? Number.POSITIVE_INFINITY)) draft.lowest.set(at, low);
    if (high > (draft.highest.get(at) ?? Number.NEGATIVE_INFINITY)) draft.highest.set(at, high);
  }
};

const draftOf = ({ least }: Opening, room: Room, { withheld, witnesses }: Pattern): Draft => {
  const draft = {
    withheld: new Set(withheld),
    lowest: new Map(),
    highest: new Map(),
    witnesses: [...witnesses],
  };
  remember(draft, room, room.excess);
  for (const witness of witnesses) {
    remember(
      draft,
      room,
      sumsIn(
        room.classes,
        witness.map((count, atom) => count - (least[atom] ?? 0)),
      ),
    );
  }
  return draft;
};

const widthOf = ({ lowest, highest }: Draft, at: number): number =>
  (highest.get(at) ?? 0) - (lowest.get(at) ?? 0);

/** A table of atoms with given people beyond the least in each class: all of a class's in its first atom. */
const witnessOf = ({ candidate, least }: Opening, { classes }: Room, excess: Float64Array): Witness => {
  const left = excess.slice();
  return Float64Array.from(candidate.atoms, (_, atom) => {
    const at = classes.of[atom] ?? 0;
    const here = left[at] ?? 0;
    left[at] = 0;
    return (least[atom] ?? 0) + here;
  });
};

/** Counts that are whole but for the solver's tolerance, as whole numbers. */
const cleaned = (values: Float64Array, size: number): Float64Array =>
  values.slice(0, size).map((value) => {
    const nearest = Math.round(value);
    return Math.abs(value - nearest) < TOLERANCE ? nearest + 0 : value;
  });

const ANYTHING = { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY };

const ones = (places: Int32Array) => Array.from(places, (place) => [place, 1] as const);

/** Columns: people beyond the least per class, then for every printed set its rise and its fall. */
const shapeOf = ({ width, fixed }: Opening, { excess, printed }: Room, batch: number) => {
  const slack = (set: number) => ({ least: 0, most: fixed?.has(set) === true ? 0 : REACH * width });
  const rows = printed.map(({ places, sum }, at): ProgramRow => {
    const rise = excess.length + 2 * at;
    return { terms: [...ones(places), [rise, -1], [rise + 1, 1]], least: sum, most: sum };
  });
  return {
    columns: [
      ...Array.from(excess, (count) => ({ least: 0, most: count + REACH * width })),
      ...printed.flatMap(({ set }) => [slack(set), slack(set)]),
    ],
    rows: [...rows, ...Array.from({ length: batch }, () => ({ ...ANYTHING, terms: [] }))],
    method: 'dual' as const,
    mostSteps: Math.ceil(WORK_PER_PROGRAM / (excess.length + 3 * printed.length)),
  };
};

/** Classes and the count that they are to reach at least together. */
type Goal = { readonly places: Int32Array; readonly count: number };

/** The table of least loss in which all classes of a batch reach their counts; null if none was found. */
const reached = (
  program: Program,
  { excess, printed }: Room,
  goals: readonly Goal[],
): Float64Array | null => {
  const aim = (factor: number): void => {
    for (const [at, { places, count }] of goals.entries()) {
      for (const place of places) program.setFactor(printed.length + at, place, factor);
      program.setRow(printed.length + at, factor === 0 ? ANYTHING : { ...ANYTHING, least: count });
    }
  };
  aim(1);
  const outcome = program.solve();
  aim(0);
  return outcome.state === 'optimal' ? cleaned(outcome.values, excess.length) : null;
};

const NOBODY: RecordSet = { atoms: new Int32Array(), count: 0, cells: 0 };

/** Smallest first: their ways around are the narrowest, and often widen larger targets on the way. */
const inOrder = (targets: readonly number[], { sets }: RecordCandidate): readonly number[] =>
  [...targets].sort((a, b) => (sets[a]?.count ?? 0) - (sets[b]?.count ?? 0) || a - b);

const batchFor = (targets: number, { printed }: Room): number => {
  const factors = printed.reduce((sum, { places }) => sum + places.length + 2, 0);
  return Math.ceil(targets / Math.max(8, Math.min(PROGRAMS, FACTORS / factors)));
};

/**
 * Sets to withhold beside those withheld already, so that every target spans the width.
 *
 * For each target that is narrow yet, a linear program looks for the table of least loss that reaches from the
 * lowest count seen to a width above it, over the counts of the atoms, where leaving a printed number as it is costs
 * nothing and moving it costs what a reader loses with it (the heuristic of Kelly, Golden and Assad 1992; Fischetti
 * and Salazar 2000 call the width a sliding protection level). What the table moves is withheld, and the table is
 * kept: with the truth it shows at once for every set how far it can be from the truth.
 *
 * Rejected: to publish greedily what leaves every target out of the span of the published (Gaussian elimination,
 * Langsrud 2024). It withholds a fifth less and makes no target wide: on four linked tables of 10,000 people 393
 * of 564 sensitive counts stayed exact to a reader who knows that an existing combination has somebody in it.
 */
export const complementarySets = (opening: Opening, targets: readonly number[], before: Pattern): Pattern => {
  let pattern = before;
  let left = opening.work ?? Number.POSITIVE_INFINITY;
  for (;;) {
    const round = openedIn({ ...opening, work: left }, targets, pattern);
    pattern = round.pattern;
    left -= round.work;
    if (round.ended || left <= 0) return pattern;
  }
};

/** What one program reached: `ended` if no target waits. */
type Round = { readonly pattern: Pattern; readonly work: number; readonly ended: boolean };

const openedIn = (opening: Opening, targets: readonly number[], before: Pattern): Round => {
  const { candidate, width, solver, work = Number.POSITIVE_INFINITY } = opening;
  const room = roomOf(opening, targets, before.withheld);
  const draft = draftOf(opening, room, before);
  const narrow = (at: number): boolean => widthOf(draft, at) < width - TOLERANCE;
  const waiting = inOrder(targets.filter(narrow), candidate);
  const rows = room.printed.length;
  const size = room.excess.length + 3 * rows;
  if (waiting.length === 0 || rows === 0) return { pattern: draft, work: 0, ended: true };
  const few = before.withheld.size + ANEW * rows;
  const batch = batchFor(waiting.length, room);
  return solver.withProgram(shapeOf(opening, room, batch), (program) => {
    const price = (at: number, loss: number): void => {
      program.setCost(room.excess.length + 2 * at, loss);
      program.setCost(room.excess.length + 2 * at + 1, loss);
    };
    for (const [at, { set }] of room.printed.entries()) price(at, lossOf(candidate.sets[set] ?? NOBODY));
    let next = 0;
    while (next < waiting.length && draft.withheld.size < few && program.steps() * size < work) {
      const goals: Goal[] = [];
      for (; goals.length < batch && next < waiting.length; next++) {
        const target = waiting[next] ?? 0;
        const places = room.reaches.get(target)?.outer;
        if (places !== undefined && narrow(target))
          goals.push({ places, count: (draft.lowest.get(target) ?? 0) + width });
      }
      const table = goals.length === 0 ? null : reached(program, room, goals);
      if (table === null) continue;
      for (const [at, { set, places, sum }] of room.printed.entries()) {
        if (draft.withheld.has(set) || Math.abs(sumAt(places, table) - sum) < TOLERANCE) continue;
        draft.withheld.add(set);
        price(at, WITHHELD_LOSS);
      }
      remember(draft, room, table);
      draft.witnesses.push(witnessOf(opening, room, table));
    }
    return { pattern: draft, work: program.steps() * size, ended: next >= waiting.length };
  });
};
