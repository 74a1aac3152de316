import { type Asked, compiled, countsOf, presetOf } from '../compile/compile.js';
import type { Definition } from '../definition/definition.js';
import type { Measure } from '../definition/measure.js';
import type { Counts } from '../definition/vocabulary.js';
import type { MeasureConfig, Problem } from './config.js';

/** Whether what is asked for is defined, whole, and has partners, windows and populations of one meaning. */
export function measureProblems(config: MeasureConfig): Problem[] {
  const unknown = unknownProblems(config);
  if (unknown.length > 0) return unknown;
  const parts = partProblems(config);
  if (parts.length > 0) return parts;
  const measures = config.measures.flatMap((asked) => compiled(config.definitions, asked));
  return [
    ...measures.flatMap((measure) => roleProblems(config, measure)),
    ...measures.flatMap((measure) => windowProblems(config, measure)),
    ...nameProblems(measures),
    ...populationProblems(measures),
  ];
}

function unknownProblems({ definitions, measures }: MeasureConfig): Problem[] {
  const known = definitions.flatMap(({ measure, presets }) =>
    presets.map(({ name }) => `${measure}/${name}`),
  );
  return measures.flatMap((asked, index) =>
    presetOf(definitions, asked) === undefined
      ? [{ path: ['measures', index], message: `one of ${known.join(', ')} expected` }]
      : [],
  );
}

/** What a measure is made of. */
const partsOf = (counts: Counts | undefined): readonly Asked[] =>
  counts?.kind === 'several'
    ? counts.of
    : counts?.kind === 'by_access'
      ? [counts.outcome, counts.access]
      : [];

function partProblems({ definitions, dimensions, measures }: MeasureConfig): Problem[] {
  const kindOf = (asked: Asked) => {
    const ruled = presetOf(definitions, asked);
    return ruled === undefined ? undefined : countsOf(ruled.definition, ruled.preset);
  };
  const isAsked = (part: Asked) =>
    measures.some(({ measure, preset }) => measure === part.measure && preset === part.preset);
  const isBanded = (part: Asked) => ['bands', 'attendance_bands'].includes(kindOf(part)?.kind ?? '');
  return measures.flatMap((asked, index) => {
    const counts = kindOf(asked);
    const path = ['measures', index];
    const parts = partsOf(counts);
    const missing = parts.filter((part) => !isAsked(part));
    if (missing.length > 0) {
      return missing.map((part) => ({
        path,
        message: `needs ${part.measure}/${part.preset} to be asked for too`,
      }));
    }
    const composite = parts.some((part) => partsOf(kindOf(part)).length > 0);
    const whole = counts?.kind === 'by_access' ? [counts.outcome] : parts;
    const banded = whole.some(isBanded);
    const strata = counts?.kind === 'by_access' ? counts.matched_on : [];
    const missingStrata = strata.filter((each) => !dimensions.includes(each));
    const unbanded = counts?.kind === 'by_access' && !isBanded(counts.access);
    return [
      ...(composite ? [{ path, message: 'is made of a measure that is itself made of others' }] : []),
      ...(banded ? [{ path, message: 'is made of a measure in bands' }] : []),
      ...missingStrata.map((each) => ({ path, message: `needs the dimension ${each}` })),
      ...(unbanded ? [{ path, message: 'needs a measure in bands as its access' }] : []),
    ];
  });
}

function roleProblems({ partners }: MeasureConfig, { name, needs }: Measure): Problem[] {
  const roles = [...new Set(needs.map(({ role }) => role))];
  return roles.flatMap((role) =>
    (partners[role] ?? []).length === 0
      ? [{ path: ['partners', role], message: `${name} needs a partner in this role` }]
      : [],
  );
}

function windowProblems({ windows }: MeasureConfig, { name, windows: needed }: Measure): Problem[] {
  return [...new Set(needed)].flatMap((window) =>
    windows[window] === undefined
      ? [{ path: ['windows', window], message: `${name} needs this window` }]
      : [],
  );
}

function nameProblems(measures: readonly Measure[]): Problem[] {
  const names = measures.map(({ name }) => name);
  return new Set(names).size === names.length
    ? []
    : [{ path: ['measures'], message: 'two measures would have cells of one name' }];
}

/** Cells of one population are one number in a release: two rules under one name would be caught nowhere else. */
function populationProblems(measures: readonly Measure[]): Problem[] {
  const rules = new Map<string, string>();
  return measures.flatMap(({ population, populationRule }) => {
    const known = rules.get(population) ?? populationRule;
    rules.set(population, known);
    return known === populationRule
      ? []
      : [{ path: ['measures'], message: `two different populations are called ${population}` }];
  });
}

/** The definitions that a configuration needs, and no others: a change of the rest changes nothing here. */
export const definitionsFor = (
  definitions: readonly Definition[],
  measures: readonly Asked[],
): readonly Definition[] =>
  definitions.filter(({ measure }) => measures.some((asked) => asked.measure === measure));
