import type { ProgramRow, Solver } from '../../linear/program.js';
import { type RecordCandidate, type RecordSet, sumOver } from '../../records/record-sets.js';

/** Another table of whole or nearly whole counts, one per atom, that prints the same wherever the true one is printed. */
export type Witness = Float64Array;

/** What the sets are to be opened to. */
export type Opening = {
  readonly candidate: RecordCandidate;
  readonly solver: Solver;
  /** The least count that a reader believes an atom to have: 1 where it is known to exist. */
  readonly least: number;
  /** Width in people that every target should span. */
  readonly width: number;
  /** Sets that a reader knows to have somebody in them. */
  readonly occupied?: readonly number[];
  /** Sets that readers have already, whatever is decided: none of them moves. */
  readonly fixed?: ReadonlySet<number>;
};

/** Which sets are withheld, and the tables that show how far each could be from the truth. */
export type Pattern = { readonly withheld: ReadonlySet<number>; readonly witnesses: readonly Witness[] };

/** Moving a set that is withheld anyway: nearly free, so that no table strays further than it has to. */
const WITHHELD_LOSS = 1e-3;

/** Clears the solver's tolerance. */
const TOLERANCE = 1e-6;

/** No count needs to be further from the truth than this many widths. */
const REACH = 64;

/** What a reader loses: every cell that prints the number, and more of it where the number is large. */
const lossOf = ({ cells, count }: RecordSet): number => cells * Math.sqrt(count);

type Draft = {
  readonly withheld: Set<number>;
  readonly lowest: Float64Array;
  readonly highest: Float64Array;
  readonly witnesses: Witness[];
};

const draftOf = ({ sets }: RecordCandidate, { withheld, witnesses }: Pattern): Draft => {
  const counts = Float64Array.from(sets, ({ count }) => count);
  const draft = { withheld: new Set(withheld), lowest: counts, highest: counts.slice(), witnesses: [] };
  for (const witness of witnesses) remember(draft, sets, witness);
  return draft;
};

const remember = (draft: Draft, sets: readonly RecordSet[], witness: Witness): void => {
  draft.witnesses.push(witness);
  for (const at of draft.withheld) {
    const set = sets[at];
    if (set === undefined) continue;
    const sum = sumOver(set, witness);
    draft.lowest[at] = Math.min(draft.lowest[at] ?? sum, sum);
    draft.highest[at] = Math.max(draft.highest[at] ?? sum, sum);
  }
};

const widthOf = ({ lowest, highest }: Draft, at: number): number => (highest[at] ?? 0) - (lowest[at] ?? 0);

/** Counts that are whole but for the solver's tolerance, as whole numbers. */
const cleaned = (values: Float64Array, atoms: number): Witness =>
  values.slice(0, atoms).map((value) => {
    const nearest = Math.round(value);
    return Math.abs(value - nearest) < TOLERANCE ? nearest + 0 : value;
  });

const ANYTHING = { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY };

/** Sets that are printed as yet, and how many targets are opened at once. */
type Plan = { readonly printed: readonly number[]; readonly batch: number };

/** About how many linear programs there may be: beyond, targets go in batches, which withhold a little more. */
const PROGRAMS = 600;

/** Columns: a count per atom, then for every set that is printed as yet its rise and its fall. */
const shapeOf = (
  { candidate: { atoms, sets }, least, width, fixed, occupied = [] }: Opening,
  { printed, batch }: Plan,
) => {
  const slack = (set: number) => ({ least: 0, most: fixed?.has(set) === true ? 0 : REACH * width });
  const rows = printed.map((set, at): ProgramRow => {
    const { atoms: members, count } = sets[set] ?? { atoms: new Int32Array(), count: 0 };
    const rise = atoms.length + 2 * at;
    const terms = Array.from(members, (atom) => [atom, 1] as const);
    return { terms: [...terms, [rise, -1], [rise + 1, 1]], least: count, most: count };
  });
  const somebody = occupied.map(
    (set): ProgramRow => ({
      terms: Array.from(sets[set]?.atoms ?? [], (atom) => [atom, 1] as const),
      least: 1,
      most: Number.POSITIVE_INFINITY,
    }),
  );
  return {
    columns: [
      ...atoms.map((count) => ({ least, most: count + REACH * width })),
      ...printed.flatMap((set) => [slack(set), slack(set)]),
    ],
    rows: [...rows, ...somebody, ...Array.from({ length: batch }, () => ({ ...ANYTHING, terms: [] }))],
    method: 'dual' as const,
  };
};

/** A set and the count that it is to reach at least. */
type Goal = { readonly set: RecordSet; readonly count: number };

type Widener = {
  readonly price: (set: number, loss: number) => void;
  /** The table of least loss in which all sets of a batch reach their counts. */
  readonly reach: (goals: readonly Goal[]) => Witness | null;
};

const withWidener = <Result>(opening: Opening, plan: Plan, use: (widener: Widener) => Result): Result => {
  const { candidate, solver, occupied = [] } = opening;
  const { printed } = plan;
  const places = new Map(printed.map((set, at) => [set, candidate.atoms.length + 2 * at]));
  const goalRow = printed.length + occupied.length;
  return solver.withProgram(shapeOf(opening, plan), (program) => {
    const aim = (goals: readonly Goal[], factor: number): void => {
      for (const [at, { set, count }] of goals.entries()) {
        for (const atom of set.atoms) program.setFactor(goalRow + at, atom, factor);
        program.setRow(goalRow + at, factor === 0 ? ANYTHING : { ...ANYTHING, least: count });
      }
    };
    return use({
      price: (set, loss) => {
        const place = places.get(set);
        if (place === undefined) return;
        program.setCost(place, loss);
        program.setCost(place + 1, loss);
      },
      reach: (goals) => {
        aim(goals, 1);
        const outcome = program.solve();
        aim(goals, 0);
        return outcome.state === 'optimal' ? cleaned(outcome.values, candidate.atoms.length) : null;
      },
    });
  });
};

const NOBODY: RecordSet = { atoms: new Int32Array(), count: 0, cells: 0 };

/** Printed sets whose count a table changes. */
const movedBy = (
  witness: Witness,
  printed: readonly number[],
  sets: readonly RecordSet[],
): readonly number[] =>
  printed.filter((at) => {
    const set = sets[at] ?? NOBODY;
    return Math.abs(sumOver(set, witness) - set.count) >= TOLERANCE;
  });

/** Smallest first: their ways around are the narrowest, and often widen larger targets on the way. */
const inOrder = (targets: readonly number[], { sets }: RecordCandidate): readonly number[] =>
  [...targets].sort((a, b) => (sets[a]?.count ?? 0) - (sets[b]?.count ?? 0) || a - b);

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
  const { candidate, width } = opening;
  const { sets } = candidate;
  const draft = draftOf(candidate, before);
  const narrow = (at: number): boolean => widthOf(draft, at) < width - TOLERANCE;
  if (!targets.some(narrow)) return { withheld: draft.withheld, witnesses: draft.witnesses };
  const printed = [...sets.keys()].filter((at) => !draft.withheld.has(at));
  const plan = { printed, batch: Math.ceil(targets.length / PROGRAMS) };
  withWidener(opening, plan, ({ price, reach }) => {
    for (const at of printed) price(at, lossOf(sets[at] ?? NOBODY));
    const waiting = [...inOrder(targets, candidate)];
    for (;;) {
      const goals: Goal[] = [];
      while (goals.length < plan.batch && waiting.length > 0) {
        const target = waiting.shift() ?? 0;
        const set = sets[target];
        if (set !== undefined && narrow(target))
          goals.push({ set, count: (draft.lowest[target] ?? 0) + width });
      }
      if (goals.length === 0) return;
      const witness = reach(goals);
      if (witness === null) continue;
      for (const at of movedBy(witness, printed, sets)) {
        if (draft.withheld.has(at)) continue;
        draft.withheld.add(at);
        price(at, WITHHELD_LOSS);
      }
      remember(draft, sets, witness);
    }
  });
  return { withheld: draft.withheld, witnesses: draft.witnesses };
};
