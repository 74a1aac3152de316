import type { ManifestChange } from '@throughline/agreement';
import type { Preview } from '@throughline/ingest';
import type { SheetSource } from '@throughline/sheet';
import type { HoldRecord } from '../holds/hold-records.js';
import type { ManifestFile } from '../manifest/sources.js';
import type { ReviewState } from '../publishing/state.js';

/** A field manifest that somebody approves, has approved, or is asked to. */
export type ManifestUnderReview = {
  /** A part of an address: its id and version. */
  readonly name: string;
  readonly source: SheetSource;
  readonly file: ManifestFile;
  /** The path to give to a command, from the folder in which the pages were asked for. */
  readonly path: string;
  /** Where the file goes once it is signed; undefined where it lies there already. */
  readonly belongs: string | undefined;
  readonly approval: Approval;
  /** The version that it is compared with, and how it differs; undefined where there is none. */
  readonly since: { readonly version: number; readonly changes: readonly ManifestChange[] } | undefined;
};

export type Approval = {
  /** Who approved it; undefined where it is not approved. */
  readonly by: readonly string[] | undefined;
  /** What it lacks, in words. */
  readonly lacks: string;
  /** Whether a signature would mend that. */
  readonly waits: boolean;
  readonly approvers: readonly { readonly person: string; readonly words: string }[];
  readonly needed: number;
};

/** What the export in the inbox looks like under a manifest; or the code of what keeps anybody from looking. */
export type Sample =
  | { readonly preview: Preview; readonly shapes: ReadonlyMap<string, readonly string[]> }
  | { readonly refused: string };

export type HoldUnderReview = {
  readonly partner: string;
  readonly hold: HoldRecord;
  /** ISO date of the delivery in use; undefined where there is none yet. */
  readonly inUse: string | undefined;
};

/** One table of the release candidate beside the same one of the latest release that is out. */
export type TableUnderReview = {
  readonly name: string;
  readonly cells: number;
  readonly withheld: number;
  readonly before: { readonly cells: number; readonly withheld: number } | undefined;
  readonly isNew: boolean | undefined;
};

export type CandidateUnderReview = {
  readonly state: ReviewState;
  readonly sha256: string;
  /** SHA-256 of the request that people sign; undefined where nobody has asked. */
  readonly request: string | undefined;
  readonly author: string | undefined;
  readonly votes: number;
  readonly votesNeeded: number;
  readonly voters: readonly string[];
  readonly files: readonly { readonly name: string; readonly sha256: string }[];
  readonly tables: readonly TableUnderReview[];
  readonly latest: number | undefined;
};

/** What is to be reviewed in a project. */
export type Desk = {
  readonly city: string;
  readonly synthetic: boolean;
  readonly day: string;
  /** The pipeline file, as a command is given it. */
  readonly pipeline: string;
  readonly manifests: readonly ManifestUnderReview[];
  readonly holds: readonly HoldUnderReview[];
  /** Undefined before the first night. */
  readonly candidate: CandidateUnderReview | undefined;
  /** The code and meaning of what keeps anybody from looking at the candidate. */
  readonly candidateRefused?: string;
};
