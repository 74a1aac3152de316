import type { AttackLimits, EncodingTerms, Sealing, TokenRule } from '@throughline/agreement';
import { childrenKnown, LEAST_PERSONS } from '@throughline/tokenize';
import type { Chance } from './people/chance.js';
import type { Roll } from './people/files.js';

/** What is assessed: the encodings of a memorandum, on children that nobody tuned anything to. */
export type Assessed = {
  readonly rules: readonly TokenRule[];
  readonly terms: EncodingTerms;
  readonly sealing: Sealing;
  readonly limits: AttackLimits;
};

/** The sizes of a run. */
export type Effort = {
  /** Children in each file. */
  readonly children: number;
  readonly seeds: readonly number[];
  readonly overlaps: readonly number[];
  readonly partners: readonly number[];
  /** How many persons the gate asks of a file, as it does of real ones or less. */
  readonly leastPersons: number;
  readonly known: readonly number[];
  /** Of `known`, the one that is judged. */
  readonly judgedKnown: number;
  /** Rows of each list of the graph attacks, and candidates and targets of known plaintext. */
  readonly graphRows: number;
  readonly candidates: number;
  readonly targets: number;
  /** Rows whose real sealed bytes are compared and searched for filler. */
  readonly sealedRows: number;
  readonly nights: number;
  readonly plants: number;
};

const FULL: Omit<Effort, 'seeds' | 'children' | 'judgedKnown'> = {
  overlaps: [0.7, 0.3],
  partners: [2, 3, 5],
  leastPersons: LEAST_PERSONS,
  known: [250, 1_000, 4_000],
  graphRows: 1_000,
  candidates: 3_000,
  targets: 300,
  sealedRows: 1_500,
  nights: 30,
  plants: 1_000,
};

/**
 * All attacks on files of so many children. Judged is what the children give away whom the gate takes to be known: those
 * of the memorandum, or as many as it takes without.
 */
export function fullEffort(
  { known_children }: Pick<EncodingTerms, 'known_children'>,
  { seeds, children }: Pick<Effort, 'seeds' | 'children'>,
): Effort {
  const judgedKnown = known_children ?? childrenKnown(children);
  const known = [...new Set([...FULL.known, judgedKnown])].sort((one, other) => one - other);
  return { ...FULL, seeds, children, known, judgedKnown };
}

/** For tests: the same attacks on a few thousand children. */
export const quickEffort: Omit<Effort, 'seeds'> = {
  children: 3_000,
  overlaps: [0.7],
  partners: [2],
  leastPersons: 1,
  known: [250],
  judgedKnown: 250,
  graphRows: 400,
  candidates: 400,
  targets: 60,
  sealedRows: 150,
  nights: 8,
  plants: 200,
};

/** Of fewer records nothing is learned. */
export const FEWEST_RECORDS = 300;

/**
 * The same effort for an owner who has so many records and no more: nobody can be drawn twice, and whoever is known is no
 * target.
 */
export function fittedTo(effort: Effort, records: number): Effort {
  const third = Math.floor(records / 3);
  const known = effort.known.filter((count) => count <= third);
  const counts = known.length > 0 ? known : [third];
  return {
    ...effort,
    children: Math.min(effort.children, records),
    known: counts,
    judgedKnown: counts.includes(effort.judgedKnown) ? effort.judgedKnown : Math.max(...counts),
    candidates: Math.min(effort.candidates, third),
    targets: Math.min(effort.targets, third),
    graphRows: Math.min(effort.graphRows, Math.floor(third / 2)),
    sealedRows: Math.min(effort.sealedRows, Math.floor(third / 2)),
    plants: Math.min(effort.plants, third),
  };
}

/** Where people and chance come from. */
export type Ground = {
  /** So many children of a seed, or of the owner's own file, as far as there are any. */
  readonly rollOf: (seed: number, children: number) => Roll;
  readonly chanceOf: (seed: number, name: string) => Chance;
  readonly tell: (done: string) => void;
};
