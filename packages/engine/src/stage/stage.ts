import type { DocumentSet, Filed } from '@throughline/agreement';
import type { ArtifactKind, Emit, Sha256, StageName, WarningName } from '@throughline/core';
import type { z } from 'zod';
import type { ReadArtifact } from '../artifacts/read.js';
import type { OutputArtifact } from '../artifacts/write.js';
import type { Session } from '../database/session.js';
import type { ReadableFile, Scratch } from '../files/scratch.js';
import type { SecretKey } from '../keys/key-file.js';
import type { LogPlace } from '../log/key.js';

/**
 * A stage: a plain value whose `run` reads like a table of contents. Everything else about running it (its
 * configuration, the agreements, its inputs by hash, the locked-down database, writing, logging and renaming) is
 * done in one place, `runStage`.
 */
export type Stage<Config> = {
  readonly name: StageName;
  /** Raised whenever the same inputs would give another output. */
  readonly version: string;
  readonly config: z.ZodType<Config>;
  /** Renamed into place in this order: one that is carried on to the next night comes last. */
  readonly writes: readonly ArtifactKind[];
  readonly secrets: readonly string[];
  /**
   * Kinds of its own earlier output without which it does not start again, once any stage has read one: what it has
   * given out, it would give out twice.
   */
  readonly irreplaceable?: readonly ArtifactKind[];
  /** Identities of age with which inputs may be encrypted; each may be missing from a request. */
  readonly identities?: readonly string[];
  /** Whether the day decides the output, so that the same inputs on another day are another run. */
  readonly usesDay?: boolean;
  /**
   * What must be in force before a row is read. Pure.
   *
   * @returns every document that governs this run.
   * @throws ThroughlineError of exit status 10.
   */
  readonly governs: (documents: DocumentSet, asked: Governed<Config>) => readonly GoverningDocument[];
  readonly run: (context: StageContext<Config>) => Promise<void>;
};

export type Governed<Config> = { readonly of: string; readonly day: string; readonly config: Config };
export type GoverningDocument = Filed<{
  readonly kind: string;
  readonly id: string;
  readonly version: number;
}>;

/** An extract as the partner delivered it: an ordinary file, hashed. */
export type ExtractFile = ReadableFile & { readonly sha256: Sha256 };

/** What a stage is given; nothing else reaches it. */
export type StageContext<Config> = {
  readonly of: string;
  readonly day: string;
  readonly config: Config;
  readonly documents: DocumentSet;
  readonly session: Session;
  readonly scratch: Scratch;
  /** How many threads the stage may use beside the database's. */
  readonly threads: number;
  readonly extracts: readonly ExtractFile[];
  readonly inputs: <Kind extends ArtifactKind>(kind: Kind) => readonly ReadArtifact<Kind>[];
  /** The stage's own output of an earlier night, where it carries something on or compares with it. */
  readonly previous: <Kind extends ArtifactKind>(kind: Kind) => ReadArtifact<Kind> | undefined;
  readonly secret: (name: string) => SecretKey;
  readonly identity: (name: string) => string | undefined;
  readonly output: <Kind extends ArtifactKind>(kind: Kind) => OutputArtifact<Kind>;
  /** Runs a named step, telling when it starts and ends; a number that it returns is told as rows. */
  readonly step: <T>(name: string, work: () => Promise<T>) => Promise<T>;
  readonly warn: (about: WarningName) => void;
  /** Keeps a text at the owner, to look up why the stage refused; nothing where there is no place for it. */
  readonly aside: (name: string, text: string) => Promise<void>;
  readonly synthetic: boolean;
  /** The software and the database, by version: what is made may differ with another. */
  readonly software: string;
};

export type StageRequest = {
  /** Whose run it is: a partner, or the city. */
  readonly of: string;
  readonly config: unknown;
  readonly documents: DocumentSet;
  readonly day: string;
  readonly extracts?: readonly { readonly name: string; readonly path: string }[];
  readonly inputs?: readonly { readonly kind: ArtifactKind; readonly folder: string }[];
  /** Kinds of its own earlier output that it carries on, from the output folders. */
  readonly carriesOn?: readonly ArtifactKind[];
  /** The same of kinds that it can do without: one of another schema version is as none. */
  readonly mayCarryOn?: readonly ArtifactKind[];
  /**
   * Kinds of its own earlier output that it looks at to decide whether to go on. They decide nothing of what is
   * made, so they are no inputs; one of another schema version is as none.
   */
  readonly comparesWith?: readonly ArtifactKind[];
  readonly outputs: Readonly<Partial<Record<ArtifactKind, string>>>;
  /** Each by its path, or as it was handed over; the stage erases its own copy. */
  readonly secrets?: Readonly<Record<string, string | SecretKey>>;
  readonly identities?: Readonly<Record<string, string>>;
  /** Whether the extracts are of synthetic people; artifacts say it themselves. */
  readonly synthetic?: boolean;
  readonly work: string;
  /** The owner's folder for what a refused run leaves to be looked up; emptied when the stage starts. */
  readonly aside?: string;
  readonly log: LogPlace;
  readonly limits: { readonly memory: string; readonly threads: number };
  readonly effects: StageEffects;
};

/** What a stage's surroundings do for it. */
export type StageEffects = {
  readonly emit: Emit;
  readonly now: () => Date;
  /** Milliseconds from any fixed moment. */
  readonly elapsed: () => number;
  readonly software: string;
  readonly userId: number | undefined;
};

export type StageOutcome = {
  readonly status: 'made' | 'current';
  /** Each output's identity. */
  readonly artifacts: Readonly<Partial<Record<ArtifactKind, Sha256>>>;
};
