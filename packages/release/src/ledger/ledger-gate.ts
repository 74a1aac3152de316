import { narrowSets } from '../attack/record-attack.js';
import type { Solver } from '../linear/program.js';
import { complementarySets, type Pattern } from '../protect/records/complementary-sets.js';
import type { RecordCandidate } from '../records/record-sets.js';
import {
  type Histories,
  histories,
  type RecordNight,
  type RecordRelease,
  withFewerUnknowns,
} from './histories.js';

/** What a candidate is held to beside the releases before it. */
export type LedgerRules = {
  /** The least count of people that may be known, and the least change of one. */
  readonly threshold: number;
  /** People between the least and the most that a smaller count may be, to anybody. */
  readonly minWidth: number;
  readonly solver: Solver;
  /** Sets of a night that everybody has from elsewhere, such as totals that the state publishes. None unless given. */
  readonly alreadyPublic?: PublicSets | undefined;
};

export type PublicSets = (night: RecordNight) => ReadonlySet<number>;

/** A night that asks what of it may be printed. */
export type LedgerCandidate = RecordNight & {
  /** Sets that are withheld whatever was published before. */
  readonly withheldAlone: ReadonlySet<number>;
  /** Labels that stand or fall together, so that a rate is of one night; a label in no row is one by itself. */
  readonly rows?: readonly (readonly string[])[];
  /** Labels that are printed only where another one is printed too. */
  readonly together?: ReadonlyMap<string, string>;
};

/** `held`: nothing of tonight is printed anew; what stood stands, and what would have to change is withheld. */
export type LedgerVerdict = {
  readonly verdict: 'publish' | 'held';
  /** The candidate with what is printed of it, fit for the ledger if it is published. */
  readonly release: RecordRelease;
  /** Cells that the candidate could print if nothing had been published before, and of how many a number stands. */
  readonly idealCells: number;
  readonly printedCells: number;
};

/** Sets that a release printed as they were on its own night. */
export const printedSets = (release: RecordRelease): ReadonlySet<number> =>
  new Set([...release.candidate.sets.keys()].filter((set) => !release.withheld.has(set)));

/** Sets of the histories that readers have: whatever any release printed. */
const publicSets = (history: Histories, releases: readonly RecordRelease[]): ReadonlySet<number> =>
  placed(history, releases.map(printedSets));

/** Sets of some releases as sets of the histories. */
export const placed = ({ places }: Histories, sets: readonly ReadonlySet<number>[]): ReadonlySet<number> =>
  new Set(sets.flatMap((own, at) => [...own].flatMap((set) => places[at]?.get(set) ?? [])));

/** What readers have from elsewhere about each of some nights. */
export const setsFromElsewhere = (
  nights: readonly RecordNight[],
  { alreadyPublic }: Pick<LedgerRules, 'alreadyPublic'>,
): readonly ReadonlySet<number>[] => nights.map((night) => alreadyPublic?.(night) ?? new Set());

/** Sets of the histories that nobody was ever given, by a release or from elsewhere. */
export const neverPrinted = (
  history: Histories,
  releases: readonly RecordRelease[],
  elsewhere: readonly ReadonlySet<number>[] = [],
): ReadonlySet<number> => {
  const known = new Set([...publicSets(history, releases), ...placed(history, elsewhere)]);
  return new Set([...history.candidate.sets.keys()].filter((at) => !known.has(at)));
};

/** Of more kinds of people than this only changes are asked about; small cells are protected by their sums alone. */
const MOST_KINDS = 25_000;

/**
 * Small cells of every release, and small changes between any two, that the printed sets say anything about. A set
 * of people of whom one kind was in no printed set is bounded by nothing.
 */
export const sensitiveHistory = (
  { candidate, places, changes }: Histories,
  threshold: number,
  printed: ReadonlySet<number>,
): readonly number[] => {
  const covered = new Uint8Array(candidate.atoms.length);
  for (const at of printed) for (const atom of candidate.sets[at]?.atoms ?? []) covered[atom] = 1;
  const asked = (at: number): boolean => {
    const { count = 0, atoms } = candidate.sets[at] ?? {};
    return count >= 1 && count < threshold && atoms?.every((atom) => covered[atom] === 1) === true;
  };
  const cells = candidate.atoms.length > MOST_KINDS ? [] : places.flatMap((each) => [...each.values()]);
  const all = [...cells, ...changes];
  return [...new Set(all)].filter(asked).sort((a, b) => a - b);
};

/**
 * Sets that are narrow to whoever has nothing but what is public from elsewhere. No release could keep them, so none
 * is asked to.
 */
export const toldElsewhere = (
  candidate: RecordCandidate,
  { elsewhere, asked }: { readonly elsewhere: ReadonlySet<number>; readonly asked: readonly number[] },
  { minWidth, solver }: LedgerRules,
): ReadonlySet<number> => {
  if (elsewhere.size === 0) return new Set();
  const withheld = new Set([...candidate.sets.keys()].filter((at) => !elsewhere.has(at)));
  const known = asked.filter((at) => elsewhere.has(at));
  const hidden = asked.filter((at) => !elsewhere.has(at));
  const attack = { candidate, withheld, attacker: 'A4', solver, witnesses: [] } as const;
  return new Set([...known, ...narrowSets(attack, hidden, minWidth)]);
};

/** Numbers are printed anew only when they have changed by at least this many people, or by nobody. */
const leastChange = ({ threshold, minWidth }: LedgerRules): number => Math.max(threshold, minWidth + 1);

const countIn = ({ candidate, labels }: RecordNight, label: string): number =>
  candidate.sets[labels.get(label) ?? -1]?.count ?? 0;

/** What stands before tonight under a label: not what a release printed that was recalled since. */
const standsIn = (earlier: readonly RecordRelease[], label: string): number | undefined => {
  const of = earlier.findLast(({ recalled }) => recalled !== true)?.standing.get(label);
  return of === undefined || earlier[of]?.recalled === true ? undefined : of;
};

type Drift = {
  /** Change of a label's number since the release whose number stands there; undefined where none stands. */
  readonly sinceStanding: (label: string) => number | undefined;
  /** Whether a label's number is a small change away from any that was printed of it. */
  readonly isNearPrinted: (label: string) => boolean;
};

const driftOf = (earlier: readonly RecordRelease[], tonight: RecordNight, least: number): Drift => {
  const change = (label: string, of: RecordRelease | undefined): number =>
    of === undefined ? 0 : countIn(tonight, label) - countIn(of, label);
  return {
    sinceStanding: (label) => {
      const stands = standsIn(earlier, label);
      return stands === undefined ? undefined : change(label, earlier[stands]);
    },
    isNearPrinted: (label) =>
      earlier.some((release) => {
        const set = release.labels.get(label);
        const by = Math.abs(change(label, release));
        return set !== undefined && !release.withheld.has(set) && by > 0 && by < least;
      }),
  };
};

const rowsOf = ({ labels, rows = [] }: LedgerCandidate): readonly (readonly string[])[] => {
  const together = new Set(rows.flat());
  return [...rows, ...[...labels.keys()].filter((label) => !together.has(label)).map((label) => [label])];
};

type Plan = { readonly standing: ReadonlyMap<string, number>; readonly fresh: readonly string[] };

/**
 * What stands on as it is, and what is to be printed anew. A row stands on while every number in it is less than the
 * least change away from tonight's. So no printed number is further from tonight's truth than that, and no two
 * releases differ in a cell by less.
 */
const planOf = (earlier: readonly RecordRelease[], tonight: LedgerCandidate, rules: LedgerRules): Plan => {
  const least = leastChange(rules);
  const { sinceStanding, isNearPrinted } = driftOf(earlier, tonight, least);
  const standing = new Map<string, number>();
  const fresh: string[] = [];
  for (const row of rowsOf(tonight)) {
    const changes = row.flatMap((label) => sinceStanding(label) ?? []);
    if (changes.length > 0 && changes.every((change) => Math.abs(change) < least)) {
      for (const label of row) {
        const stands = standsIn(earlier, label);
        if (stands !== undefined) standing.set(label, stands);
      }
    } else {
      const printable = (label: string): boolean =>
        !tonight.withheldAlone.has(tonight.labels.get(label) ?? -1) && !isNearPrinted(label);
      fresh.push(...row.filter(printable));
    }
  }
  return { standing, fresh };
};

/** A release of which every number is known already tells nothing more, so nothing has to be withheld. */
const NOTHING: Pattern = { withheld: new Set(), witnesses: [] };

/** What of the sets to be printed anew is withheld so that all releases together leave every small count wide. */
const jointPattern = (
  earlier: readonly RecordRelease[],
  tonight: RecordNight,
  { fresh, rules }: { readonly fresh: ReadonlySet<number>; readonly rules: LedgerRules },
): { readonly history: Histories; readonly pattern: Pattern | null } => {
  const { threshold, minWidth, solver } = rules;
  const releases = [...earlier, tonight];
  const fromElsewhere = setsFromElsewhere(releases, rules);
  const isSmall = (release: number, set: number): boolean => {
    const count = releases[release]?.candidate.sets[set]?.count ?? 0;
    return count >= 1 && count < threshold;
  };
  const isPrinted = earlier.map(printedSets);
  const history = histories(
    releases,
    (release, set) =>
      (isPrinted[release] ?? fresh).has(set) ||
      fromElsewhere[release]?.has(set) === true ||
      isSmall(release, set),
  );
  const { places } = history;
  const elsewhere = placed(history, fromElsewhere);
  const known = new Set([...publicSets(history, earlier), ...elsewhere]);
  const open = new Set([...fresh].flatMap((set) => places.at(-1)?.get(set) ?? []));
  if ([...open].every((at) => known.has(at))) return { history, pattern: NOTHING };
  const printed = new Set([...known, ...open]);
  const small = sensitiveHistory(history, threshold, printed).filter((at) => !known.has(at));
  const candidate = withFewerUnknowns(history.candidate, small);
  const told = toldElsewhere(candidate, { elsewhere, asked: small }, rules);
  const primary = small.filter((at) => !told.has(at));
  const sensitive = new Set(small);
  const withheld = new Set(
    [...history.candidate.sets.keys()].filter((at) => !known.has(at) && (!open.has(at) || sensitive.has(at))),
  );
  const least = new Float64Array(candidate.atoms.length);
  const opening = { candidate, solver, least, width: minWidth, fixed: known };
  const pattern = complementarySets(opening, primary, { withheld, witnesses: [] });
  const narrow = narrowSets({ candidate, solver, attacker: 'A4', ...pattern }, primary, minWidth);
  return { history, pattern: narrow.length === 0 ? pattern : null };
};

/** Without those of which the other one is not there. */
const inPairs = (
  labels: ReadonlySet<string>,
  { together }: Pick<LedgerCandidate, 'together'>,
): ReadonlySet<string> => new Set([...labels].filter((label) => labels.has(together?.get(label) ?? label)));

/**
 * Holds a candidate against every release before it. The attacker is A4: knows which histories there are and has
 * every earlier release. Protected are small cells of every release and small changes: who came into a cell, and who
 * left it, between any two releases.
 *
 * A number that changed by few stands as it was printed last. What is printed anew is withheld where it would not
 * stand beside the earlier releases; if something would be narrow whatever is withheld, nothing is printed anew.
 */
export const againstLedger = (
  earlier: readonly RecordRelease[],
  tonight: LedgerCandidate,
  rules: LedgerRules,
): LedgerVerdict => {
  const { candidate, labels, atomOf, withheldAlone } = tonight;
  const plan = planOf(earlier, tonight, rules);
  const fresh = new Set(plan.fresh.flatMap((label) => labels.get(label) ?? []));
  const { history, pattern } = jointPattern(earlier, tonight, { fresh, rules });
  const place = (set: number): number => history.places.at(-1)?.get(set) ?? Number.NaN;
  const isSafe = (label: string): boolean =>
    pattern !== null && !pattern.withheld.has(place(labels.get(label) ?? -1));
  const anew = inPairs(new Set(plan.fresh.filter(isSafe)), tonight);
  const printed = new Set([...anew].flatMap((label) => labels.get(label) ?? []));
  const standing = new Map([...plan.standing, ...[...anew].map((label) => [label, earlier.length] as const)]);
  const ideal = [...labels].filter(([, set]) => !withheldAlone.has(set));
  return {
    verdict: pattern === null ? 'held' : 'publish',
    release: {
      candidate,
      labels,
      atomOf,
      withheld: new Set([...candidate.sets.keys()].filter((set) => !printed.has(set))),
      standing,
    },
    idealCells: ideal.length,
    printedCells: ideal.filter(([label]) => standing.has(label)).length,
  };
};
