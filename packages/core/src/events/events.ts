import type { ErrorCode } from '../errors/codes.js';
import type { ErrorDetails } from '../errors/error.js';
import type { SafeName } from '../names/safe-name.js';

export const stageNames = [
  'ingest',
  'interop',
  'plant',
  'duplicates',
  'tokenize',
  'plan',
  'gate',
  'seal',
  'residual',
  'receive',
  'receive-slots',
  'link',
  'households',
  'measure',
  'release',
  'freeze',
] as const;
export type StageName = (typeof stageNames)[number];

/**
 * Everything a stage can say while it works. A closed union without free text: counts, durations in
 * milliseconds and names only. The terminal and the JSON lines are both rendered from it.
 */
export type ThroughlineEvent =
  | { readonly event: 'run.start'; readonly pipeline: SafeName }
  | { readonly event: 'run.done'; readonly pipeline: SafeName; readonly ms: number }
  | { readonly event: 'stage.start'; readonly stage: StageName; readonly of: SafeName }
  | { readonly event: 'stage.current'; readonly stage: StageName; readonly of: SafeName }
  | { readonly event: 'stage.done'; readonly stage: StageName; readonly of: SafeName; readonly ms: number }
  | {
      readonly event: 'stage.failed';
      readonly stage: StageName;
      readonly of: SafeName;
      readonly code: ErrorCode;
    }
  | {
      readonly event: 'step.start';
      readonly stage: StageName;
      readonly of: SafeName;
      readonly step: SafeName;
    }
  | {
      readonly event: 'step.done';
      readonly stage: StageName;
      readonly of: SafeName;
      readonly step: SafeName;
      readonly rows: number;
      readonly ms: number;
    }
  | {
      readonly event: 'parcel.sent' | 'parcel.taken';
      readonly host: SafeName;
      readonly sequence: number;
      readonly contents: number;
    }
  | { readonly event: 'parcel.refused'; readonly host: SafeName; readonly code: ErrorCode }
  | { readonly event: 'parcel.landing'; readonly parcels: number }
  | {
      readonly event: 'release.check';
      readonly number: number;
      readonly check: SafeName;
      readonly verdict: 'passed' | 'not-applicable' | 'failed';
    }
  | {
      readonly event: 'command.failed';
      readonly code: ErrorCode;
      readonly exit: number;
      readonly details: ErrorDetails;
      readonly meaning: string;
      readonly remedy: string;
    }
  | {
      readonly event: 'warning';
      readonly stage: StageName;
      readonly of: SafeName;
      readonly about: WarningName;
    };

/** Things worth a person's attention that do not stop the night. */
export const warningNames = {
  'key-within-reach':
    'The token key can be opened where linkage runs. Allowed here only because every input is synthetic.',
  'no-gate':
    'No gate has decided yet what may be sealed in this epoch: exact tokens only. Run tokenize --plan at every partner, then gate.',
  'files-too-small':
    'Sealed fields are agreed on, but fewer than two partners have files large enough for them: exact tokens only.',
  'no-pass-unique-enough':
    'Sealed fields are agreed on, but no pass is unique enough in every file: exact tokens only.',
  'identifiers-thin':
    'More than a fifth of the records of an extract lack a name or a birth date that its manifest links: they will hardly be linked. Ask the owner.',
  'own-duplicates-crowded':
    'Some of an owner’s records resemble one another and are more than one child can have, such as a ladder of near-duplicates: only those that are all alike count as one child. Ask the owner.',
  'scope-too-few-to-tell':
    'Too few children have left to tell whether an export of absences leaves them out: that rests on the word of its manifest. Ask the owner.',
  'first-name-seldom-equal':
    'Few of the pairs that count as one child have one first name: households or namesakes may have been found. Look at the page on linkage before publishing.',
  'untrained-level':
    'Too few pairs show some level of a comparison to learn what it weighs: the published value stands in. The page on linkage names it.',
  'dependent-fields':
    'Two comparisons of a child disagree together, so that one piece of evidence counts twice. The page on linkage names them.',
  'pass-finds-households':
    'A pass brings brothers and sisters together more often than records of one child. The page on linkage names it; leave it out of the memorandum if it stays so.',
} as const;
export type WarningName = keyof typeof warningNames;

export type Emit = (event: ThroughlineEvent) => void;
