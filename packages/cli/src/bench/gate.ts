import { attackLimits, encodingTerms, sealingOf } from '@throughline/agreement';
import { type Assessed, assessKnown, type Effort, fullEffort, type Ground } from '@throughline/assess';
import { streams } from '@throughline/testkit';
import { madeUpRolls } from '../commands/assess.js';
import { findingLine } from '../report/assessment-words.js';

type City = Pick<Effort, 'children' | 'seeds' | 'overlaps' | 'partners'>;

/** Small files, as the gate lets them be sealed: below 10,000 two that overlap by .6 or more. */
const CITIES: readonly City[] = [
  { children: 1_000, seeds: [51, 52, 53], overlaps: [0.7], partners: [2] },
  { children: 3_000, seeds: [51, 52, 53], overlaps: [0.7], partners: [2] },
  { children: 5_000, seeds: [51, 52, 53], overlaps: [0.7], partners: [2] },
  { children: 10_000, seeds: [51, 52], overlaps: [0.7, 0.3], partners: [2, 3, 5] },
];

/** What known children and patterns of meetings give away of small files, under the budget that the gate sets them. */
export function benchGate(print: (line: string) => void): void {
  const terms = encodingTerms.parse({});
  const assessed: Assessed = { rules: [], terms, sealing: sealingOf(terms), limits: attackLimits.parse({}) };
  const ground: Ground = {
    rollOf: madeUpRolls(),
    chanceOf: (seed, name) => streams(seed)(name),
    tell: () => undefined,
  };
  for (const city of CITIES) {
    print(`${city.children.toLocaleString('en')} children a file, seeds ${city.seeds.join(', ')}`);
    const findings = assessKnown(assessed, ground, { ...fullEffort(terms, city), ...city });
    for (const finding of findings) print(findingLine(finding));
  }
}
