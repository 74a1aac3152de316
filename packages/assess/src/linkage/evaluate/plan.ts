import type { SealingPass } from '@throughline/agreement';
import {
  type ChosenPass,
  type ComparedFields,
  choosePasses,
  comparedFields,
  decideGate,
  type GateDecision,
  LARGE_FILE,
  LEAST_PERSONS,
  type PassFile,
  partnerPlan,
} from '@throughline/tokenize';
import type { EvaluationConfig } from './config.js';
import type { Source } from './sources.js';

/** The fields that at least two sources have. */
export const fieldsOf = (sources: readonly Source[]): ComparedFields =>
  comparedFields(
    sources.map(({ rows }) => rows),
    2,
  );

/** Without a gate: a value that is nobody's alone in a twentieth of the cases or less. */
const UNIQUE_UNGATED = { two: 0.9, more: 0.95 } as const;

/** Passes as they would be chosen if how often strangers meet by them did not matter. */
export function ungatedPasses(files: readonly PassFile[], { passes }: EvaluationConfig): SealingPass[] {
  const unique = passes.unique ?? (files.length === 2 ? UNIQUE_UNGATED.two : UNIQUE_UNGATED.more);
  return named(choosePasses(files, { unique, most: passes.most }));
}

export type GateReport = {
  /** What the gate of the pipeline says where the files are all there is. */
  readonly profile: GateDecision['profile'];
  readonly reason: GateDecision['reason'];
  readonly unique_share: number;
  /** Of a record with persons who are somebody else, in all passes together. */
  readonly meetings_allowed: number;
  readonly meetings: number;
  /** Whether files are smaller than the pipeline seals unless two partners declare a large overlap. */
  readonly small_files: boolean;
  readonly passes: readonly {
    readonly pass: string;
    readonly unique_share: number;
    readonly meetings: number;
  }[];
};

export type Gated = { readonly passes: readonly SealingPass[]; readonly report: GateReport };

/**
 * Chooses passes under the limits of the gate, and asks the gate itself. Only the least size of a file is not asked
 * for: labelled files are samples, and what a sample may show of a city is what counts.
 */
export function gatedPasses(files: readonly PassFile[], { passes }: EvaluationConfig): Gated {
  const asked = {
    profile: 'sealed',
    expected_persons: undefined,
    expected_overlap: undefined,
    known_children: passes.known_children,
  } as const;
  const sizes = files.map(({ persons }, file) => ({
    partner: String(file),
    persons: new Set(persons).size,
    passes: new Map(),
  }));
  const limits = decideGate({
    plans: sizes,
    passes: [],
    terms: asked,
    leastPersons: 1,
    largeFile: LARGE_FILE,
  });
  const chosen = choosePasses(files, {
    unique: Math.max(passes.unique ?? 0, limits.uniqueShare),
    most: passes.most,
    meetings: limits.meetingsAllowed,
  });
  const plans = files.map((file, place) => partnerPlan(String(place), file, chosen));
  const names = chosen.map(({ name }) => name);
  const gate = (leastPersons: number) =>
    decideGate({ plans, passes: names, terms: asked, leastPersons, largeFile: LARGE_FILE });
  const decision = gate(1);
  const used = decision.passes.filter((pass) => pass.used);
  return {
    passes: named(chosen.filter(({ name }) => used.some(({ pass }) => pass === name))),
    report: {
      profile: gate(LEAST_PERSONS).profile,
      reason: gate(LEAST_PERSONS).reason,
      unique_share: decision.uniqueShare,
      meetings_allowed: decision.meetingsAllowed,
      meetings: used.reduce((sum, { meetings }) => sum + meetings, 0),
      small_files: gate(LEAST_PERSONS).partners.some(({ seals }) => !seals),
      passes: used.map(({ pass, uniqueShare, meetings }) => ({ pass, unique_share: uniqueShare, meetings })),
    },
  };
}

const named = (chosen: readonly ChosenPass[]): SealingPass[] =>
  chosen.map(({ name, parts }) => ({ name, parts: [...parts] }));
