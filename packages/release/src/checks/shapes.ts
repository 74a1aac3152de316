import type { ReleaseTerms } from '@throughline/agreement';
import { canonicalJson, type MeasureDefinition } from '@throughline/core';
import { byName } from '../candidate/cell.js';

/** A table of a release by what may be read in it, in canonical JSON: equal texts are one shape. */
export type TableShape = { readonly table: string; readonly text: string };

export type ShapedRelease = {
  /** Tables as the manifest of the release declares them. */
  readonly written: readonly {
    readonly name: string;
    readonly columns: readonly (readonly [name: string, type: string])[];
  }[];
  /** Measures and the dimensions by which they are broken down. */
  readonly printed: readonly { readonly measure: string; readonly dims: readonly string[] }[];
  readonly definitions: readonly MeasureDefinition[];
};

/**
 * The shape of every breakdown of every measure: the columns of all tables, the dimensions, the definition with its
 * version, and the rules under which it was protected. No count and no level is in it, so an unchanged shape holds on
 * another night; another column, another version of the measure or another rule makes a new one.
 */
export const shapesOf = (
  { written, printed, definitions }: ShapedRelease,
  terms: ReleaseTerms,
): readonly TableShape[] => {
  const columns = written.map(({ name, columns: own }) => [name, own.map((column) => [...column])]);
  const shapes = printed.map(({ measure, dims }) => {
    const definition = definitions.find(({ name }) => name === measure);
    return {
      table: [measure, ...dims].join('.'),
      text: canonicalJson({
        measure,
        version: definition?.version ?? 0,
        population: definition?.population ?? '',
        dims: [...dims],
        columns: columns as string[][],
        rules: rulesOf(terms),
      }),
    };
  });
  return shapes.sort((a, b) => byName(a.table, b.table));
};

const rulesOf = (terms: ReleaseTerms) => {
  const { minCell, minIntervalWidth, rateDecimals, zeroCounts, rateMode, rounding, dominance } = terms;
  const all = { minCell, minIntervalWidth, rateDecimals, zeroCounts, rateMode };
  return {
    ...all,
    rounding: rounding === null ? null : { ...rounding },
    dominance: dominance.map((rule) => ({ ...rule })),
  };
};
