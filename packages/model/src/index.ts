export { type Link, MOST_DUPLICATES, personsOfAll } from './cluster/persons-of-all.js';
export {
  type Comparing,
  type Comparison,
  type ComparisonName,
  comparing,
  FIELD_DIFFERS,
  FIELD_EQUAL,
  type Fields,
  MISSING,
} from './compare/comparisons.js';
export {
  type Added,
  addedUp,
  type Expected,
  expectedOf,
  expectedOfSums,
  type Interval,
  type ToldSums,
} from './decide/expected.js';
export { type FirstName, type Grounds, groundsOf, mayBeOne } from './decide/grounds.js';
export { marginals, type Pairs, type Sides } from './decide/one-to-one.js';
export { type Beforehand, type Between, beforehand, mostRelatives } from './estimate/beforehand.js';
export { type Draw, drawing, shuffled } from './estimate/draw.js';
export {
  type Candidates,
  type Estimate,
  type EstimateBetween,
  estimateMatches,
  type Learning,
} from './estimate/expectation-maximisation.js';
export {
  chanceOf,
  type LevelCounts,
  type NonMatches,
  nonMatches,
  type OwnPairs,
} from './estimate/non-matches.js';
export {
  gatherPatterns,
  likelihood,
  type Patterns,
  type PerLevel,
  perLevel,
} from './estimate/patterns.js';
export { usualM } from './estimate/usual.js';
