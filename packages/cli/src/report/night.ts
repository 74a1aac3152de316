import type { ReleasedRow } from '@throughline/pages';
import type { ReviewState } from '../publishing/state.js';

/**
 * What the report shows of one night: counts and names only, nothing of a row. Counts about persons come from the
 * protected release candidate; counts of records are internal to the city's desk.
 */
export type Night = {
  readonly city: string;
  /** What the pipeline file is called, for the commands that a person is told. */
  readonly file: string;
  readonly synthetic: boolean;
  /** ISO date of the night. */
  readonly day: string;
  readonly software: string;
  readonly partners: readonly NightPartner[];
  readonly passes: readonly NightPass[];
  readonly people: {
    readonly persons: number;
    readonly records: number;
    readonly changes: readonly NightCount[];
  };
  readonly measures: readonly NightMeasure[];
  readonly agreements: readonly NightAgreement[];
  readonly release: {
    readonly minCell: number;
    readonly minCellFrom: string;
    readonly minIntervalWidth: number;
  };
  readonly candidate: NightCandidate;
  /** Deliveries that wait for a person. */
  readonly holds: readonly NightHold[];
  readonly changes: NightChanges;
  readonly warnings: readonly string[];
};

export type NightCount = { readonly name: string; readonly value: number };

/** Whether the data in use are of this night. Reasons are words only: their counts stay at the owner. */
export type NightStanding = {
  readonly state: 'current' | 'held' | 'resting';
  /** ISO date of the delivery in use. */
  readonly since: string;
  readonly hold: string;
  readonly reasons: readonly string[];
};

export type NightPartner = {
  readonly name: string;
  readonly standing: NightStanding;
  readonly extracts: readonly NightExtract[];
  /** Source records, and how many of them are linked to a record of another partner. */
  readonly records: number;
  readonly linked: number;
  /** Records with no token at all, which cannot be linked. */
  readonly unlinkable: number;
};

export type NightExtract = {
  readonly name: string;
  readonly rowsIn: number;
  readonly kept: number;
  readonly rejected: readonly NightCount[];
  /** Rows that cannot be trusted, as those of two children under one key. */
  readonly quarantined: readonly NightCount[];
  readonly excluded: readonly NightCount[];
  /** Values set aside: unmapped codes, impossible dates, placeholders. */
  readonly noted: readonly NightCount[];
};

export type NightPass = {
  readonly name: string;
  readonly basis: 'exact' | 'probable' | 'weak';
  readonly pairs: number;
  readonly linked: number;
  readonly ambiguous: number;
  readonly refused: number;
};

export type NightMeasure = {
  readonly name: string;
  readonly title: string;
  readonly tables: readonly { readonly name: string; readonly cells: number; readonly withheld: number }[];
  /** One-way rows of the release candidate; null where withheld. */
  readonly rows: readonly ReleasedRow[];
  readonly coverage: readonly { readonly name: string; readonly by: string | null; readonly count: number }[];
};

export type NightAgreement = {
  readonly id: string;
  readonly title: string;
  readonly version: number;
  readonly expires: string;
};

/** Where the release candidate stands on its way out. */
export type NightCandidate = {
  readonly state: ReviewState;
  readonly votes: number;
  readonly votesNeeded: number;
  /** Tables whose shape nobody has approved yet; known once somebody asks to publish. */
  readonly newTables: readonly string[];
  /** Number and ISO date of the latest release that is out, null before the first. */
  readonly latest: { readonly number: number; readonly on: string } | null;
};

/** A delivery that is held: what it means and what may be done, in words; counts stay at the owner. */
export type NightHold = {
  readonly partner: string;
  readonly id: string;
  /** ISO date. */
  readonly opened: string;
  readonly rejected: boolean;
  readonly meaning: string;
  readonly remedy: string;
  readonly reasons: readonly { readonly name: string; readonly meaning: string; readonly look: string }[];
  /** Whether the delivery may be taken in as it is. */
  readonly acceptable: boolean;
};

/** What is other than in an earlier report, sentence by sentence; null where there is none to compare with. */
export type NightChanges = { readonly since: string; readonly words: readonly string[] } | null;
