import { attackFiles, draw } from './attack-files.js';
import { type Finding, findingsOf, type Outcome } from './findings.js';
import type { Assessed, Effort, Ground } from './setup.js';

/** The attacks of known children, of patterns and of presence alone, under the gate that files so large meet. */
export function assessKnown(assessed: Assessed, ground: Ground, effort: Effort): Finding[] {
  const outcomes: Outcome[] = [];
  for (const seed of effort.seeds) {
    for (const overlap of effort.overlaps) {
      const drawn = draw(assessed, ground, { seed, overlap, effort });
      outcomes.push(...attackFiles(drawn, { assessed, ground, effort, seed }).outcomes);
    }
  }
  return findingsOf(outcomes);
}
