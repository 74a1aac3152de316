import { narrowSets } from '../attack/record-attack.js';
import type { Solver } from '../linear/program.js';
import { complementarySets, type Pattern } from '../protect/records/complementary-sets.js';
import { protectRecords } from '../protect/records/protect-records.js';
import type { SensitiveCounts } from '../protect/records/sensitive-sets.js';
import { type Histories, histories, type RecordRelease } from './histories.js';

/** What a candidate is held to beside the releases before it. */
export type LedgerRules = {
  readonly sensitive: SensitiveCounts;
  readonly minWidth: number;
  /** The least share of the cells that the candidate alone could print: below it, it is held. */
  readonly leastShare: number;
  readonly solver: Solver;
};

/** `held`: nothing of tonight is published, and the last release stands. */
export type LedgerVerdict = {
  readonly verdict: 'publish' | 'held';
  /** The candidate with what is withheld of it, fit for the ledger if it is published. */
  readonly release: RecordRelease;
  /** Cells that the candidate could print if nothing had been published before, and how many of them it prints. */
  readonly idealCells: number;
  readonly printedCells: number;
};

/** Sets of the histories that readers have: whatever any earlier release printed. */
const publicSets = ({ places }: Histories, earlier: readonly RecordRelease[]): ReadonlySet<number> =>
  new Set(
    earlier.flatMap(({ candidate, withheld }, at) =>
      [...candidate.sets.keys()].flatMap((set) =>
        withheld.has(set) ? [] : [places[at]?.[set] ?? Number.NaN],
      ),
    ),
  );

/** Sets of the histories that nobody was ever given: the complement of what all releases printed. */
export const neverPrinted = (history: Histories, releases: readonly RecordRelease[]): ReadonlySet<number> => {
  const known = publicSets(history, releases);
  return new Set([...history.candidate.sets.keys()].filter((at) => !known.has(at)));
};

/** Small cells of every release, and small changes since any: what must stay wide whatever is printed tonight. */
export const sensitiveHistory = ({ candidate, places, changes }: Histories, sensitive: SensitiveCounts) => {
  const small = (at: number): boolean => {
    const count = candidate.sets[at]?.count ?? 0;
    return count >= 1 && count >= sensitive.from && count <= sensitive.to;
  };
  return [...new Set([...places.flat(), ...changes].filter(small))].sort((a, b) => a - b);
};

type Joint = {
  readonly history: Histories;
  readonly known: ReadonlySet<number>;
  readonly primary: readonly number[];
};

/** What of the histories' sets is to be withheld so that all releases together leave every sensitive one wide. */
const jointPattern = (
  { history, known, primary }: Joint,
  alone: ReadonlySet<number>,
  { minWidth, solver }: LedgerRules,
): Pattern | null => {
  const { candidate } = history;
  const withheld = new Set([...alone, ...primary].filter((at) => !known.has(at)));
  const tonight = new Set(history.places.at(-1));
  for (const at of candidate.sets.keys()) if (!tonight.has(at) && !known.has(at)) withheld.add(at);
  const opening = {
    candidate,
    solver,
    least: new Float64Array(candidate.atoms.length),
    width: minWidth,
    fixed: known,
  };
  const pattern = complementarySets(opening, primary, { withheld, witnesses: [] });
  const narrow = narrowSets({ candidate, solver, attacker: 'A4', ...pattern }, primary, minWidth);
  return narrow.length === 0 ? pattern : null;
};

/**
 * Holds a candidate against every release before it. The attacker is A4: knows which histories there are and has
 * every earlier release. Protected are small cells of every release and small changes: who came into a cell, and who
 * left it, since any earlier release. What cannot be printed beside the earlier releases is withheld; if that leaves
 * too little, or something would be narrow whatever is withheld, the candidate is held.
 */
export const againstLedger = (
  earlier: readonly RecordRelease[],
  tonight: Omit<RecordRelease, 'withheld'>,
  rules: LedgerRules,
): LedgerVerdict => {
  const { sensitive, minWidth, solver, leastShare } = rules;
  const { candidate } = tonight;
  const alone = protectRecords({ candidate, sensitive, minWidth, solver, attacker: 'A0' });
  const history = histories([...earlier, { ...tonight, withheld: alone.withheld }]);
  const places = history.places.at(-1) ?? [];
  const known = publicSets(history, earlier);
  const joint = {
    history,
    known,
    primary: sensitiveHistory(history, sensitive).filter((at) => !known.has(at)),
  };
  const pattern = jointPattern(joint, new Set([...alone.withheld].map((at) => places[at] ?? at)), rules);
  const hidden = (set: number): boolean =>
    pattern === null || pattern.withheld.has(places[set] ?? Number.NaN);
  const cellsOf = (chosen: (set: number) => boolean): number =>
    candidate.sets.reduce((sum, { cells }, set) => sum + (chosen(set) ? cells : 0), 0);
  const idealCells = cellsOf((set) => !alone.withheld.has(set));
  const printedCells = cellsOf((set) => !alone.withheld.has(set) && !hidden(set));
  return {
    verdict: pattern !== null && printedCells >= leastShare * idealCells ? 'publish' : 'held',
    release: { ...tonight, withheld: new Set([...candidate.sets.keys()].filter(hidden)) },
    idealCells,
    printedCells,
  };
};
