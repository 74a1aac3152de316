import type { MeasureDefinition } from '@throughline/core';
import type { MeasureConfig } from '../config/config.js';
import type { Definition } from './definition.js';
import { type Measure, type Partners, partnersIn } from './measure.js';

/** The words of the measures, which travel with the cells to the release. */
export function definitionsOf(
  { definitions, partners }: Pick<MeasureConfig, 'definitions' | 'partners'>,
  chosen: readonly Measure[],
): string {
  const described = chosen.map(
    ({ name, measure, preset, version, title, population, source, caveats, ...more }): MeasureDefinition => ({
      name,
      measure,
      preset,
      version,
      title,
      population,
      source,
      caveats: [...caveats],
      ...(more.partition === undefined ? {} : { partition: more.partition }),
      ...(more.amount === undefined
        ? {}
        : { amount: { unit: more.amount.unit, smallest_reach: more.amount.smallest_reach } }),
      ...(more.crossing === undefined
        ? {}
        : { breakdown: { measure: more.crossing.outcome, dimension: more.crossing.access } }),
      sources: sourcesOf(more.needs, partners),
      ...wordsOf(definitions.find((each) => each.measure === measure)),
    }),
  );
  return `${JSON.stringify(described, undefined, 2)}\n`;
}

const sourcesOf = (needs: Measure['needs'], partners: Partners): string[] =>
  [
    ...new Set(
      needs.flatMap(({ role, table }) => partnersIn(partners, role).map((partner) => `${partner} ${table}`)),
    ),
  ].sort();

function wordsOf(definition: Definition | undefined): Pick<MeasureDefinition, 'words'> {
  if (definition === undefined) return {};
  const { question, formula, numerator, denominator, excluded, unknown, use, decided, example } = definition;
  return {
    words: {
      question,
      formula,
      numerator,
      denominator,
      excluded,
      unknown,
      use,
      decided,
      example: example.map(({ is, counts_as }) => ({ is, counts_as })),
    },
  };
}
