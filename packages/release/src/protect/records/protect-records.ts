import { narrowSets, type RecordAttacker } from '../../attack/record-attack.js';
import type { Solver } from '../../linear/program.js';
import { classesOf, reachIn } from '../../records/classes.js';
import { leastInEveryCell } from '../../records/least-counts.js';
import type { RecordCandidate } from '../../records/record-sets.js';
import { complementarySets, type Pattern } from './complementary-sets.js';
import { type SensitiveCounts, sensitiveSets } from './sensitive-sets.js';

export type RecordProtection = {
  readonly candidate: RecordCandidate;
  readonly sensitive: SensitiveCounts;
  /** Sets that are sensitive for another reason than their own count, such as group disclosure. */
  readonly alsoSensitive?: readonly number[];
  /** People between the least and the most a sensitive count may be, to anybody. 1 or more. */
  readonly minWidth: number;
  readonly solver: Solver;
  /** Against whom; the strongest reader of one release unless given. */
  readonly attacker?: RecordAttacker;
};

/** Exact: it tells which cells are sensitive. Never to leave with a release. */
export type ProtectedRecords = Pattern & {
  readonly primary: readonly number[];
  /** `refused`: part of the candidate could not be protected and is withheld whole. */
  readonly verdict: 'protected' | 'refused';
};

/** Where more of the people than this are alone in their combination, to know which exist is to know everybody. */
const MOST_ALONE = 0.2;

const shareAlone = ({ atoms }: RecordCandidate): number =>
  atoms.filter((count) => count === 1).length / atoms.reduce((sum, count) => sum + count, 0);

/**
 * The strongest reader to protect from. Where zeros are printed that is A3, for whom every existing combination has
 * somebody in it. Where most people are alone in theirs, such a reader has the microdata already, and every printed
 * total would only confirm them; the strongest who has something to learn is then A1, for whom the combinations that
 * exist are the only ones that could have somebody, and every withheld cell has.
 */
export const strongestReader = (candidate: RecordCandidate, { zero }: SensitiveCounts): RecordAttacker => {
  if (zero === 'suppress') return 'A0';
  return shareAlone(candidate) > MOST_ALONE ? 'A1' : 'A3';
};

/** What is asked beyond the policy's width, round by round: some widths exist in fractions of a person only. */
const EXTRA_WIDTHS = [0, 1, 2, 4] as const;

/** Every set that shares an atom, directly or not, with one of `sets`. */
const entangledWith = ({ sets }: RecordCandidate, failed: readonly number[]): ReadonlySet<number> => {
  const reached = new Set(failed);
  const atoms = new Set<number>();
  for (let before = -1; before !== reached.size; ) {
    before = reached.size;
    for (const at of reached) for (const atom of sets[at]?.atoms ?? []) atoms.add(atom);
    for (const [at, set] of sets.entries()) if (set.atoms.some((atom) => atoms.has(atom))) reached.add(at);
  }
  return reached;
};

/** Least count of each atom that a reader believes: 1 where it is known to exist. */
const leastTo = (attacker: RecordAttacker, candidate: RecordCandidate): ArrayLike<number> => {
  if (attacker === 'A1') return leastInEveryCell(candidate);
  return new Float64Array(candidate.atoms.length).fill(attacker === 'A3' ? 1 : 0);
};

/** More printed sets, classes in them, or columns and rows times targets, than these make linear programs that have no end. */
const MOST_PRINTED = 5000;
const MOST_TIMES_TARGETS = 18_000_000;
const MOST_IN_PRINTED = 400_000;

/** Whether what is printed beside `withheld` makes linear programs that end soon. */
const isWithinReach = (
  candidate: RecordCandidate,
  targets: number,
  withheld: ReadonlySet<number>,
): boolean => {
  const printed = [...candidate.sets.keys()].filter((at) => !withheld.has(at));
  if (printed.length > MOST_PRINTED) return false;
  const classes = classesOf(candidate, printed);
  if ((3 * printed.length + classes.size) * targets > MOST_TIMES_TARGETS) return false;
  const reach = reachIn(classes);
  let entries = 0;
  for (const at of printed) {
    const set = candidate.sets[at];
    entries += set === undefined ? 0 : reach(set).inner.length;
    if (entries > MOST_IN_PRINTED) return false;
  }
  return true;
};

/**
 * The sensitive sets and, where the rest is more than linear programs can take in, every set of a count so small
 * that what is left they can. Small counts are the least loss, and most of them would be withheld anyway.
 */
const firstWithheld = (candidate: RecordCandidate, primary: readonly number[]): ReadonlySet<number> => {
  const { sets } = candidate;
  let withheld: ReadonlySet<number> = new Set(primary);
  for (let most = 2; !isWithinReach(candidate, primary.length, withheld); most = 2 * most) {
    const small = [...sets.keys()].filter((at) => (sets[at]?.count ?? 0) <= most);
    withheld = new Set([...primary, ...small]);
  }
  return withheld;
};

/** Work of linear programs in the first round, in steps times columns and rows, and in every other. */
const WORK = 700_000_000;
const WORK_AGAIN = 100_000_000;

/** Where more targets than this are narrow after the first round, to ask for more width is in vain. */
const MOST_AGAIN = 50;

/** When no more width helps, the smaller half of the sets that are printed goes, again and again. */
const COARSER_ROUNDS = Array.from({ length: 10 }, () => ({ extra: 0, coarser: true }));

const coarsened = ({ sets }: RecordCandidate, { withheld, witnesses }: Pattern): Pattern => {
  const printed = [...sets.keys()].filter((at) => !withheld.has(at));
  const bySize = printed.sort((a, b) => (sets[a]?.count ?? 0) - (sets[b]?.count ?? 0) || a - b);
  return { withheld: new Set([...withheld, ...bySize.slice(0, Math.ceil(bySize.length / 2))]), witnesses };
};

/**
 * Decides what to withhold from tables whose cells know their records: sensitive sets, complementary sets by least
 * loss, and then an attack with nothing but what would be printed. What the attack finds is opened further, until it
 * finds nothing; what cannot be protected is withheld with everything that shares a record with it.
 *
 * Deterministic: the outcome depends on the candidate, whose order is canonical.
 */
export const protectRecords = (protection: RecordProtection): ProtectedRecords => {
  const { candidate, sensitive, minWidth, solver } = protection;
  const { attacker = strongestReader(candidate, sensitive) } = protection;
  const primary = [
    ...new Set([...sensitiveSets(candidate, sensitive), ...(protection.alsoSensitive ?? [])]),
  ].sort((a, b) => a - b);
  const least = leastTo(attacker, candidate);
  const rounds = [...EXTRA_WIDTHS.map((extra) => ({ extra, coarser: false })), ...COARSER_ROUNDS];
  let pattern: Pattern = { withheld: firstWithheld(candidate, primary), witnesses: [] };
  let targets: readonly number[] = primary;
  let work = WORK;
  for (const { extra, coarser } of rounds) {
    if (coarser) pattern = coarsened(candidate, pattern);
    else if (work < WORK && targets.length > MOST_AGAIN) continue;
    pattern = complementarySets(
      { candidate, solver, least, width: minWidth + extra, work },
      targets,
      pattern,
    );
    targets = narrowSets({ candidate, attacker, solver, ...pattern }, primary, minWidth);
    if (targets.length === 0) return { ...pattern, primary, verdict: 'protected' };
    work = WORK_AGAIN;
  }
  const withheld = new Set([...pattern.withheld, ...entangledWith(candidate, targets)]);
  return { withheld, witnesses: pattern.witnesses, primary, verdict: 'refused' };
};
