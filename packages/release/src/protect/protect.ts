import { audit, type Shortfall } from '../attack/attack.js';
import type { AttackerModel } from '../attack/model.js';
import { byName, type Candidate, type CellId, type Structure } from '../candidate/cell.js';
import { neverPrinted } from '../candidate/relations.js';
import { complementaryCells, type Protection, type Scope, type Shift } from './complement.js';
import { type ProtectionPolicy, requirePolicy } from './policy.js';
import { companions, farFromNone, isNeverWithheldAtZero, primaryCells } from './primary.js';
import { witnessesOf } from './witnesses.js';

/** For those who hold the exact counts. It tells which cells are sensitive, so it must never leave with a release. */
export type ProtectionAudit = {
  /** `refused`: part of the candidate could not be protected and is withheld whole. */
  readonly verdict: 'protected' | 'refused';
  /** Attacker models that every withheld cell was shown to stand against, but for the shortfalls. */
  readonly attackers: readonly string[];
  readonly rounds: number;
  /** What led to a refusal, with what an attacker would have concluded. */
  readonly shortfalls: readonly Shortfall[];
};

export type Protected = {
  /** Cells not to be printed, by name, so that their order tells nothing: one symbol for all, whatever the reason. */
  readonly withheld: ReadonlySet<CellId>;
  /** Cells that are sensitive by themselves. Never to be told apart from the rest of `withheld` in a release. */
  readonly primary: ReadonlySet<CellId>;
  readonly audit: ProtectionAudit;
};

/**
 * The attacker who has read the policy: where a zero would have been printed, a withheld cell is 1 or more, and beside
 * an outcome that is printed alone the other one is far from none. Every table this attacker believes possible the
 * outsider (A0) believes possible too, so a width shown against A1 is shown against A0.
 */
export const policyReader = (
  { cells, groups }: Candidate,
  policy: ProtectionPolicy,
  printed: ReadonlyMap<CellId, number> = new Map(),
): AttackerModel => {
  const atLeast = (least: number) => ({ least, most: Number.POSITIVE_INFINITY });
  const zeros = [...cells.values()].filter(({ status }) => isNeverWithheldAtZero(status, policy));
  const alone =
    policy.zeroCounts === 'publish-always'
      ? []
      : groups.flatMap(({ yes, no }) => (printed.has(yes) === printed.has(no) ? [] : [yes, no]));
  return {
    name: 'A1',
    beliefs: new Map([
      ...zeros.map(({ id }) => [id, atLeast(1)] as const),
      ...alone.map((id) => [id, atLeast(farFromNone(policy))] as const),
    ]),
  };
};

/** What readers have once `withheld` is withheld. */
export const publishedCells = (
  { cells }: Candidate,
  withheld: ReadonlySet<CellId>,
): ReadonlyMap<CellId, number> =>
  new Map([...cells.values()].filter(({ id }) => !withheld.has(id)).map(({ id, count }) => [id, count]));

/**
 * A sensitive cell must span the policy's width; no other cell that is still hidden may be known exactly, unless it
 * is one that no release prints.
 */
const demandsOf = (
  hidden: ReadonlySet<CellId>,
  primary: ReadonlySet<CellId>,
  { minIntervalWidth }: ProtectionPolicy,
): ReadonlyMap<CellId, number> =>
  new Map([
    ...[...hidden].map((cell) => [cell, 1] as const),
    ...[...primary].map((cell) => [cell, minIntervalWidth] as const),
  ]);

type Drafted = {
  readonly withheld: ReadonlySet<CellId>;
  readonly primary: ReadonlySet<CellId>;
  readonly shifts: readonly Shift[];
};

const auditOf = (
  { candidate, policy, alreadyPublic, unprinted, solver }: Protection,
  { withheld, primary, shifts }: Drafted,
): readonly Shortfall[] => {
  const hidden = new Set([...withheld].filter((cell) => !alreadyPublic.has(cell)));
  const published = publishedCells(candidate, hidden);
  const question = {
    published,
    structure: candidate.structure,
    model: policyReader(candidate, policy, publishedCells(candidate, withheld)),
    solver,
    tables: witnessesOf(candidate, shifts),
  };
  const unprintable = new Set([...neverPrinted(candidate), ...(unprinted ?? [])]);
  const demanding = new Set([...hidden].filter((cell) => !unprintable.has(cell)));
  return audit(question, demandsOf(demanding, primary, policy));
};

/** All cells that equations tie, directly or not, to one of `cells`. */
const entangledWith = (cells: Iterable<CellId>, { equations }: Structure): ReadonlySet<CellId> => {
  const entangled = new Set(cells);
  for (let before = -1; before !== entangled.size; ) {
    before = entangled.size;
    for (const { terms } of equations) {
      if (terms.some(([cell]) => entangled.has(cell))) for (const [cell] of terms) entangled.add(cell);
    }
  }
  return entangled;
};

/**
 * What is tried, round by round, for the cells that the audit of the round before found wanting. Most releases end
 * after the second. The extra children of the last rounds are for a width that exists in fractions of a child only.
 */
const ROUNDS: readonly { readonly scope: Scope; readonly extraWidth: number }[] = [
  { scope: 'outcomes', extraWidth: 0 },
  { scope: 'everything', extraWidth: 0 },
  { scope: 'everything', extraWidth: 1 },
  { scope: 'everything', extraWidth: 2 },
  { scope: 'everything', extraWidth: 4 },
];

const ATTACKERS = ['A0', 'A1'] as const;

type Found = Omit<ProtectionAudit, 'verdict'>;

const inOrder = (cells: Iterable<CellId>): ReadonlySet<CellId> => new Set([...cells].sort(byName));

const refuse = (
  { structure }: Candidate,
  { withheld, primary, found }: Omit<Protected, 'audit'> & { readonly found: Found },
): Protected => {
  const failed = found.shortfalls.map(({ cell }) => cell);
  const all = [...withheld, ...entangledWith(failed, structure)];
  return { withheld: inOrder(all), primary, audit: { ...found, verdict: 'refused' } };
};

/**
 * Decides what to withhold from a release so that nobody can work out a sensitive count: the sensitive cells
 * themselves, complementary cells by least loss, and then, with nothing but what would be printed, an attack on the
 * outcome. What the attack finds is protected in turn, until it finds nothing. Fails closed: what cannot be
 * protected is withheld together with everything that equations tie to it, a whole measure or all measures of a
 * population.
 *
 * Deterministic: the outcome depends on the candidate as a set of cells, not on its order.
 *
 * Not covered: an attacker who runs this function on guesses and compares patterns, and the records behind the cells
 * (two cells of different names may count the same children). For the latter, give a structure that says so.
 *
 * @throws RangeError if the policy is out of range.
 */
export const protectCells = (protection: Protection, primary: ReadonlySet<CellId>): Protected => {
  const { candidate, policy } = protection;
  requirePolicy(policy);
  const together = companions(candidate, policy);
  const withheld = new Set([
    ...[...primary].flatMap((cell) => [cell, together.get(cell) ?? cell]),
    ...neverPrinted(candidate),
    ...(protection.unprinted ?? []),
  ]);
  let found: Found = { attackers: ATTACKERS, rounds: 0, shortfalls: [] };
  const shifts: Shift[] = [];
  let targets: readonly CellId[] = [...primary];
  for (const { scope, extraWidth } of ROUNDS) {
    const goal = { targets, width: policy.minIntervalWidth + extraWidth, scope };
    const complement = complementaryCells(protection, withheld, goal);
    for (const cell of complement.cells) withheld.add(cell);
    shifts.push(...complement.shifts);
    const shortfalls = auditOf(protection, { withheld, primary, shifts });
    found = { ...found, rounds: found.rounds + 1, shortfalls };
    if (found.shortfalls.length === 0) {
      return { withheld: inOrder(withheld), primary, audit: { ...found, verdict: 'protected' } };
    }
    targets = found.shortfalls.map(({ cell }) => cell);
  }
  return refuse(candidate, { withheld, primary, found });
};

/** `protectCells` for the cells that the policy's own rules find sensitive. */
export const protect = (protection: Protection): Protected =>
  protectCells(protection, primaryCells(protection.candidate, protection.policy));
