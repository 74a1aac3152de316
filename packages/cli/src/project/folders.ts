import { join } from 'node:path';
import type { Pipeline } from '../pipeline/pipeline.js';

/** What lies at a partner, in a folder of its own for each kind. */
export type OwnedKind =
  | 'identifiers'
  | 'payload'
  | 'tokens'
  | 'interop'
  | 'planted'
  | 'canaries'
  | 'duplicates'
  | 'plan'
  | 'slots'
  | 'residual'
  | 'ledger';

/** Where everything of a run lies. Each role has a folder of its own, so that a role can move to another host. */
export type Folders = {
  readonly state: string;
  readonly partner: (name: string, kind: OwnedKind) => string;
  readonly gate: string;
  /** What the gate decided, as far as a night asks. */
  readonly gateNote: string;
  /** A partner's delivery as the linkage unit keeps it: under a key of its own. */
  readonly received: (partner: string, kind: 'tokens' | 'slots') => string;
  /** The owner's own notes: what was delivered and taken in, what is held, and lines to look up. */
  readonly owner: (name: string, kind: 'deliveries.json' | 'holds.json' | 'refused') => string;
  /** The register of the records that families have withdrawn; it stays with the partner. */
  readonly withdrawals: (partner: string) => string;
  /** The sheet of possible pairs that came for a partner, and what it answers. */
  readonly sheet: (partner: string, which: 'questions' | 'answers') => string;
  /** What this host has sent to others and taken in from them. */
  readonly parcels: string;
  readonly links: string;
  /** How long each pass of the last linkage took. */
  readonly passTimes: string;
  readonly people: string;
  /** The household index, where the pipeline asks for one. */
  readonly households: string;
  /** What linkage found in the records of the last night. */
  readonly findings: string;
  /** What owners have said of possible pairs. */
  readonly reviews: string;
  /** Pairs of records that the residual has found, for their owners to look at. */
  readonly residualPairs: string;
  /** At the linkage unit: which rows it has asked for in this epoch. */
  readonly residualAsked: string;
  /** At the keyholder: which rows were opened in this epoch. */
  readonly residualOpened: string;
  readonly counted: string;
  readonly measures: string;
  /** The release candidate's cells with the people behind them; they never leave the desk. */
  readonly equations: string;
  /** Frozen releases, a folder each: `release` as it was, and `counted`, which never leaves the desk. */
  readonly frozen: string;
  readonly release: string;
  /** The request to publish the candidate, and the votes on it. */
  readonly review: string;
  /** The equations of every published release, a folder each; they never leave the desk. */
  readonly ledger: string;
  /** Published releases, a folder each, for anybody. */
  readonly published: string;
  readonly report: string;
  /** The summary of the last night, as it was printed. */
  readonly summary: string;
  readonly throughlines: string;
  readonly linkage: string;
  readonly log: string;
  readonly work: string;
  /** What a restore has found here and set aside, until somebody removes it. */
  readonly beforeRestore: string;
};

export function foldersOf(pipeline: Pipeline): Folders {
  const state = pipeline.resolve(pipeline.state);
  return {
    state,
    partner: (name, kind) => join(state, 'partners', name, kind),
    gate: join(state, 'linkage-unit', 'gate'),
    gateNote: join(state, 'linkage-unit', 'gate-decision.json'),
    received: (partner, kind) => join(state, 'linkage-unit', 'received', partner, kind),
    owner: (name, kind) => join(state, 'partners', name, kind),
    withdrawals: (partner) => join(state, 'partners', partner, 'withdrawals'),
    sheet: (partner, which) => join(state, 'partners', partner, 'review', `${which}.csv`),
    parcels: join(state, 'parcels'),
    links: join(state, 'linkage-unit', 'links'),
    passTimes: join(state, 'linkage-unit', 'pass-times.json'),
    people: join(state, 'linkage-unit', 'people'),
    households: join(state, 'linkage-unit', 'households'),
    findings: join(state, 'linkage-unit', 'findings'),
    reviews: join(state, 'linkage-unit', 'reviews.json'),
    residualPairs: join(state, 'linkage-unit', 'residual-pairs.json'),
    residualAsked: join(state, 'linkage-unit', 'residual-asked.json'),
    residualOpened: join(state, 'keyholder', 'residual-opened.json'),
    counted: join(state, 'desk', 'counted'),
    measures: join(state, 'desk', 'measures'),
    equations: join(state, 'desk', 'release-equations'),
    frozen: join(state, 'desk', 'frozen'),
    release: join(state, 'desk', 'release-candidate'),
    review: join(state, 'desk', 'review'),
    ledger: join(state, 'desk', 'ledger'),
    published: join(state, 'published'),
    report: join(state, 'report.html'),
    summary: join(state, 'summary.txt'),
    throughlines: join(state, 'throughlines.html'),
    linkage: join(state, 'linkage.html'),
    log: join(state, 'log'),
    work: join(state, 'work'),
    beforeRestore: join(state, 'before-restore'),
  };
}
