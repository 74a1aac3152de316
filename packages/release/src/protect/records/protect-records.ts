import { narrowSets, type RecordAttacker } from '../../attack/record-attack.js';
import type { Solver } from '../../linear/program.js';
import type { RecordCandidate } from '../../records/record-sets.js';
import { smallestSets } from '../../records/smallest-sets.js';
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
  const occupied = attacker === 'A1' ? smallestSets(candidate) : [];
  const primary = [
    ...new Set([...sensitiveSets(candidate, sensitive), ...(protection.alsoSensitive ?? [])]),
  ].sort((a, b) => a - b);
  let pattern: Pattern = { withheld: new Set(primary), witnesses: [] };
  let targets: readonly number[] = primary;
  for (const extra of EXTRA_WIDTHS) {
    const least = attacker === 'A3' ? 1 : 0;
    const opening = { candidate, solver, least, occupied, width: minWidth + extra };
    pattern = complementarySets(opening, targets, pattern);
    targets = narrowSets({ candidate, attacker, solver, ...pattern }, primary, minWidth);
    if (targets.length === 0) return { ...pattern, primary, verdict: 'protected' };
  }
  const withheld = new Set([...pattern.withheld, ...entangledWith(candidate, targets)]);
  return { withheld, witnesses: pattern.witnesses, primary, verdict: 'refused' };
};
