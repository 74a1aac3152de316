import { attackFiles, type Drawn, draw, type GateTold } from './attack-files.js';
import { attackSimilarity, type BitStatistics } from './attack-similarity.js';
import { attackSlots } from './attack-slots.js';
import { attackTokens } from './attack-tokens.js';
import { type Finding, findingsOf, type Outcome, type Verdict, verdictOf } from './findings.js';
import type { Assessed, Effort, Ground } from './setup.js';

/** What a run of the attacks found. It holds counts, shares and names of rules and passes, and nothing of a row. */
export type EncodingAssessment = {
  readonly kind: 'encoding-assessment';
  readonly version: 1;
  readonly verdict: Verdict;
  readonly effort: Effort;
  readonly profile: Assessed['terms']['profile'];
  readonly findings: readonly Finding[];
  /** What the software's own gate let through, with the first seed. */
  readonly gates: readonly GateTold[];
  readonly bits: readonly BitStatistics[];
};

/**
 * Attacks the encodings of a memorandum without the key, with children nobody tuned anything to. Each attack must also
 * break something weaker that it is known to break, or the assessment is void.
 */
export function assessEncoding(assessed: Assessed, ground: Ground, effort: Effort): EncodingAssessment {
  const outcomes: Outcome[] = [];
  const gates: GateTold[] = [];
  const bits: BitStatistics[] = [];
  for (const seed of effort.seeds) {
    const asked = { assessed, ground, effort, seed };
    const similarity = attackSimilarity(asked);
    outcomes.push(...similarity.outcomes);
    if (seed === effort.seeds[0]) bits.push(...similarity.statistics);
    for (const overlap of effort.overlaps) {
      const drawn: Drawn = draw(assessed, ground, { seed, overlap, effort });
      const files = attackFiles(drawn, asked);
      outcomes.push(...files.outcomes);
      if (seed === effort.seeds[0]) gates.push(...files.gates);
      if (overlap === effort.overlaps[0])
        outcomes.push(...attackTokens(drawn, assessed), ...attackSlots(drawn, asked));
      ground.tell(`seed ${seed}: files that overlap by ${overlap}`);
    }
  }
  const findings = findingsOf(outcomes);
  const verdict = verdictOf(findings);
  const { profile } = assessed.terms;
  return { kind: 'encoding-assessment', version: 1, verdict, effort, profile, findings, gates, bits };
}
