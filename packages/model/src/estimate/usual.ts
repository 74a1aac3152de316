import type { Comparison, ComparisonName } from '../compare/comparisons.js';

/*
 * How the records of one person usually agree, by level: where EM starts, what it leans on where there is little to
 * learn from, and what an owner judges its own duplicates by. Rounded from what is published of registers of children
 * and adults (Newcombe 1988; Winkler 2006), and fitted to no file at hand.
 */
const USUAL: Readonly<Record<string, readonly number[]>> = {
  first: [0.85, 0.03, 0.05, 0.02, 0.02, 0.03],
  last: [0.83, 0, 0.05, 0.02, 0.03, 0.07],
  order: [0.01, 0.99],
  birth: [0.9, 0.01, 0.06, 0.02, 0.01],
  sex: [0.99, 0.01],
  middle: [0.6, 0.28, 0.12],
  household: [0.6, 0.1, 0.1, 0.05, 0.15],
};
/** Of numbers, places and whatever else is equal or not. */
const USUALLY_EQUAL = [0.95, 0.05];
/** No level is impossible. */
const LEAST = 1e-4;

/** How the records of two strangers do, where no owner has counted any: of a town of children, likewise rounded. */
const USUAL_OF_STRANGERS: Readonly<Record<string, readonly number[]>> = {
  first: [0.005, 0.002, 0.005, 0.02, 0.008, 0.96],
  last: [0.005, 0, 0.005, 0.02, 0.01, 0.96],
  order: [0.0005, 0.9995],
  birth: [0.0003, 0.0003, 0.01, 0.15, 0.8394],
  sex: [0.5, 0.5],
  middle: [0.01, 0.08, 0.91],
  household: [0.0005, 0.002, 0.05, 0.3, 0.6475],
};
const SELDOM_EQUAL = [0.01, 0.99];

/** P(level | same person) before anything is known of the files. */
export const usualM = (comparisons: readonly Comparison[]): Float64Array[] =>
  spreadBy(comparisons, (name) => USUAL[name] ?? USUALLY_EQUAL);

/** P(level | strangers) before anything is known of the files. */
export const usualU = (comparisons: readonly Comparison[]): Float64Array[] =>
  spreadBy(comparisons, (name) => USUAL_OF_STRANGERS[name] ?? SELDOM_EQUAL);

const spreadBy = (
  comparisons: readonly Comparison[],
  sharesOf: (name: ComparisonName) => readonly number[],
): Float64Array[] =>
  comparisons.map(({ name, levels }) => {
    const shares = sharesOf(name);
    const of = Float64Array.from(levels, (_, level) => Math.max(LEAST, shares[level] ?? 0));
    const total = of.reduce((sum, share) => sum + share, 0);
    return of.map((share) => share / total);
  });
