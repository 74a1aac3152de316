import type { CellId, Structure } from '../candidate/cell.js';
import type { Solver } from '../linear/program.js';
import { classesOf, reachIn, sumAt, sumsIn } from '../records/classes.js';
import { leastInEveryCell } from '../records/least-counts.js';
import { type RecordCandidate, sumOver } from '../records/record-sets.js';
import { smallestSets } from '../records/smallest-sets.js';
import { audit, type Narrowness, narrowest, type Question } from './attack.js';
import type { AttackerModel } from './model.js';

/**
 * An attacker on cells that are sets of records: one unknown for each combination that exists, and every printed
 * cell is the sum over its combinations. No hierarchy and no link is declared, as the records are the link.
 */
export type RecordAttack = {
  readonly candidate: RecordCandidate;
  /** Positions of the sets that are not printed. */
  readonly withheld: ReadonlySet<number>;
  readonly attacker: RecordAttacker;
  readonly solver: Solver;
  /** Tables of atoms that may prove a width, from whoever; each is checked before it counts. */
  readonly witnesses: readonly ArrayLike<number>[];
};

/**
 * Every attacker here knows which combinations could have somebody in them. A0: counts are 0 or more. A1: zeros are
 * printed, so a withheld cell is 1 or more. A3: knows which combinations exist, so each has somebody in it. Every
 * table that A3 believes possible A1 and A0 believe possible too: what is wide to A3 is wide to all three. A4: has
 * every earlier release, so a combination is a history over releases; one that nobody has is known to be empty.
 */
export type RecordAttacker = 'A0' | 'A1' | 'A3' | 'A4';

/** Whole tables of more unknowns than this are looked for only among those that somebody knows. */
const WHOLE_UP_TO = 200;

const atomName = (at: number): CellId => `a${at}`;
const setName = (at: number): CellId => `s${at}`;
const positionIn = (name: CellId): number => Number(name.slice(1));

/** Withheld sets that A1 believes something of: where the smallest have somebody in them, so has every other. */
const occupied = ({ candidate, withheld, attacker }: RecordAttack): ReadonlySet<number> =>
  new Set(attacker === 'A1' ? smallestSets(candidate).filter((at) => withheld.has(at)) : []);

/** Only sets that are printed, asked about or known to have somebody need be cells. */
const structureOf = (
  { candidate, withheld, attacker }: RecordAttack,
  asked: readonly number[],
): Structure => {
  const { atoms, sets } = candidate;
  const wanted = new Set(asked);
  const about = [...sets.keys()].filter((at) => attacker === 'A1' || !withheld.has(at) || wanted.has(at));
  return {
    cells: [...atoms.keys()].map(atomName).concat(about.map(setName)),
    equations: about.map((at) => ({
      constant: 0,
      terms: [
        [setName(at), -1],
        ...Array.from(sets[at]?.atoms ?? [], (atom) => [atomName(atom), 1] as const),
      ],
    })),
  };
};

const modelOf = (attack: RecordAttack): AttackerModel => {
  const { candidate, attacker } = attack;
  const somebody = { least: 1, most: Number.POSITIVE_INFINITY };
  const believed: Readonly<Record<RecordAttacker, readonly CellId[]>> = {
    A0: [],
    A1: [...occupied(attack)].map(setName),
    A3: [...candidate.atoms.keys()].map(atomName),
    A4: [],
  };
  return { name: attacker, beliefs: new Map(believed[attacker].map((cell) => [cell, somebody])) };
};

const questionOf = (attack: RecordAttack, asked: readonly number[]): Question => {
  const { candidate, withheld, solver, witnesses } = attack;
  const { sets } = candidate;
  const valueIn = (witness: ArrayLike<number>) => (cell: CellId) => {
    const at = positionIn(cell);
    const set = sets[at];
    return cell.startsWith('a') || set === undefined ? (witness[at] ?? 0) : sumOver(set, witness);
  };
  return {
    published: new Map(
      [...sets].flatMap(({ count }, at) => (withheld.has(at) ? [] : [[setName(at), count]])),
    ),
    structure: structureOf(attack, asked),
    model: modelOf(attack),
    solver,
    wholeUpTo: WHOLE_UP_TO,
    tables: [candidate.atoms, ...witnesses].map(valueIn),
  };
};

/** Of more sets than this, times the entries of what is printed, only the tables at hand are judged. */
const MOST_WORK = 5_000_000;

const isLarge = ({ candidate: { sets }, withheld, witnesses }: RecordAttack, asked: number): boolean =>
  witnesses.length > 0 &&
  asked * sets.reduce((sum, { atoms }, at) => sum + (withheld.has(at) ? 0 : atoms.length), 0) > MOST_WORK;

const leastFor = ({ candidate, attacker }: RecordAttack): ArrayLike<number> => {
  if (attacker === 'A1') return leastInEveryCell(candidate);
  return new Float64Array(candidate.atoms.length).fill(attacker === 'A3' ? 1 : 0);
};

/** What a sum over a table may be off by where it need not be of whole numbers. */
const OFF_BY = 1e-4;

/**
 * The width of each set that the truth and the witnesses show, with no linear program. Atoms that no printed set
 * tells apart are one class, within which people beyond the least can be moved about unseen: a set is lowest with
 * none of those in classes that it shares, and highest with all of them. A witness counts only if every printed set
 * has its printed count in it and no class has fewer people than the least.
 */
const widthsShown = (attack: RecordAttack, asked: readonly number[]): readonly number[] => {
  const { candidate, withheld, witnesses } = attack;
  const { sets, atoms } = candidate;
  const printed = [...sets.keys()].filter((at) => !withheld.has(at));
  const classes = classesOf(candidate, printed);
  const reach = reachIn(classes);
  const reachAt = (at: number) => reach(sets[at] ?? { atoms: new Int32Array(), count: 0, cells: 0 });
  const least = leastFor(attack);
  const beyond = (table: ArrayLike<number>) =>
    sumsIn(
      classes,
      Float64Array.from(least, (count, atom) => (table[atom] ?? 0) - count),
    );
  const truth = beyond(atoms);
  const offBy = atoms.length > WHOLE_UP_TO ? OFF_BY : 0;
  const rows = printed.map((at) => reachAt(at).inner);
  const fits = (table: Float64Array): boolean =>
    (offBy > 0 || table.every(Number.isInteger)) &&
    table.every((count) => count >= -offBy) &&
    rows.every((places) => Math.abs(sumAt(places, table) - sumAt(places, truth)) <= offBy);
  const tables = [truth, ...witnesses.map(beyond).filter(fits)];
  return asked.map((at) => {
    const { inner, outer } = reachAt(at);
    const high = tables.reduce((most, table) => Math.max(most, sumAt(outer, table)), 0);
    const low = tables.reduce(
      (fewest, table) => Math.min(fewest, sumAt(inner, table)),
      Number.POSITIVE_INFINITY,
    );
    return high - low + offBy;
  });
};

/** The sets, of those asked about, that are not shown to have a width in people; a printed one has width 0. */
export const narrowSets = (
  attack: RecordAttack,
  asked: readonly number[],
  width: number,
): readonly number[] => {
  const shown = widthsShown(attack, asked);
  const open = asked.filter((_, at) => (shown[at] ?? 0) < width);
  if (open.length === 0 || isLarge(attack, open.length)) return open;
  return audit(questionOf(attack, open), new Map(open.map((at) => [setName(at), width]))).map(({ cell }) =>
    positionIn(cell),
  );
};

/**
 * Of the sets asked about, how many the attacker knows exactly, and the width of the narrowest. Where there is more
 * than linear programs can take in, only sets that no witness shows to be wide `enough` get one, and if these are too
 * many, a set that no witness shows to be wide at all counts as known: the truth is never less safe than the answer.
 */
export const narrowestSet = (
  attack: RecordAttack,
  asked: readonly number[],
  enough = Number.POSITIVE_INFINITY,
): Narrowness => {
  const printed = asked.filter((at) => !attack.withheld.has(at)).length;
  const hidden = asked.filter((at) => attack.withheld.has(at));
  const found = isLarge(attack, hidden.length)
    ? shownNarrowness(attack, hidden, enough)
    : exactNarrowness(attack, hidden);
  return printed === 0 ? found : { exact: found.exact + printed, width: 0 };
};

const exactNarrowness = (attack: RecordAttack, hidden: readonly number[]): Narrowness =>
  narrowest(questionOf(attack, hidden), new Set(hidden.map(setName)));

const narrownessOf = (widths: readonly number[]): Narrowness => ({
  exact: widths.filter((width) => width < 1).length,
  width: widths.reduce((least, width) => Math.min(least, width), Number.POSITIVE_INFINITY),
});

const shownNarrowness = (attack: RecordAttack, hidden: readonly number[], enough: number): Narrowness => {
  const widths = widthsShown(attack, hidden).map(Math.floor);
  const open = hidden.filter((_, at) => (widths[at] ?? 0) < enough);
  if (isLarge(attack, open.length)) return narrownessOf(widths);
  const wide = narrownessOf(widths.filter((width) => width >= enough));
  if (open.length === 0) return wide;
  const { exact, width } = exactNarrowness(attack, open);
  return { exact, width: Math.min(width, wide.width) };
};
