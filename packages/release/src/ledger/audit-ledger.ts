import { narrowSets } from '../attack/record-attack.js';
import { histories, type RecordRelease, withFewerUnknowns } from './histories.js';
import {
  type LedgerRules,
  neverPrinted,
  placed,
  printedSets,
  sensitiveHistory,
  setsFromElsewhere,
  toldElsewhere,
} from './ledger-gate.js';

/** What an attack on several releases together found. Counts of sets of people. */
export type LedgerAudit = {
  /** Small counts and small changes that the releases say anything about. */
  readonly asked: number;
  /** Of those, printed or not shown to be as wide as the rules ask. */
  readonly narrow: number;
};

/**
 * Attacks releases together with everything that they ever printed and what is public from elsewhere (A4). Knows
 * nothing of how the patterns were chosen.
 */
export const auditLedger = (releases: readonly RecordRelease[], rules: LedgerRules): LedgerAudit => {
  const { threshold, minWidth, solver } = rules;
  const printed = releases.map(printedSets);
  const fromElsewhere = setsFromElsewhere(releases, rules);
  const isSmall = (release: number, set: number): boolean => {
    const count = releases[release]?.candidate.sets[set]?.count ?? 0;
    return count >= 1 && count < threshold;
  };
  const isKnown = (release: number, set: number): boolean =>
    [printed, fromElsewhere].some((each) => each[release]?.has(set) === true);
  const history = histories(releases, (release, set) => isKnown(release, set) || isSmall(release, set));
  const withheld = neverPrinted(history, releases, fromElsewhere);
  const known = new Set([...history.candidate.sets.keys()].filter((at) => !withheld.has(at)));
  const small = sensitiveHistory(history, threshold, known);
  const candidate = withFewerUnknowns(history.candidate, small);
  const elsewhere = placed(history, fromElsewhere);
  const told = toldElsewhere(candidate, { elsewhere, asked: small }, rules);
  const asked = small.filter((at) => !told.has(at));
  const attack = { candidate, withheld, attacker: 'A4', solver, witnesses: [] } as const;
  const hidden = asked.filter((at) => withheld.has(at));
  const narrow = asked.length - hidden.length + narrowSets(attack, hidden, minWidth).length;
  return { asked: asked.length, narrow };
};

/** Whether a release prints a number that no earlier one told: if not, nobody learns anything from it. */
export const printsAnew = (earlier: readonly RecordRelease[], release: RecordRelease): boolean =>
  [...release.standing.values()].some((of) => of === earlier.length);
