import type { Definition, Preset } from '../definition/definition.js';
import type { Measure } from '../definition/measure.js';
import type { Counts } from '../definition/vocabulary.js';
import { attendanceBandMeasures, attendanceMeasure } from '../measures/chronic-absence/compile.js';
import { byAccessMeasure, type Lookup, severalMeasure } from './combined.js';
import { bandMeasures, eventMeasure, followedMeasure, linkedMeasure, schoolMeasure } from './kinds.js';
import type { Ruled } from './ruled.js';

/** A measure and one of its presets, as configurations name them. */
export type Asked = { readonly measure: string; readonly preset: string };

export const countsOf = ({ counts }: Definition, preset: Preset): Counts | undefined =>
  preset.counts ?? counts;

export function presetOf(definitions: readonly Definition[], asked: Asked): Ruled | undefined {
  const definition = definitions.find(({ measure }) => measure === asked.measure);
  const preset = definition?.presets.find(({ name }) => name === asked.preset);
  return definition === undefined || preset === undefined ? undefined : { definition, preset };
}

/**
 * The measures of a preset: one, or one a band.
 *
 * @throws RangeError if there is none; a configuration that was checked names none such.
 */
export function compiled(definitions: readonly Definition[], asked: Asked): readonly Measure[] {
  const ruled = presetOf(definitions, asked);
  const counts = ruled === undefined ? undefined : countsOf(ruled.definition, ruled.preset);
  if (ruled === undefined || counts === undefined) {
    throw new RangeError('compiled: a known measure and preset expected');
  }
  return ofKind(ruled, counts, (other) => compiled(definitions, other));
}

function ofKind(ruled: Ruled, counts: Counts, lookup: Lookup): readonly Measure[] {
  switch (counts.kind) {
    case 'events':
      return [eventMeasure(ruled, counts)];
    case 'bands':
      return bandMeasures(ruled, counts);
    case 'attendance':
      return [attendanceMeasure(ruled, counts)];
    case 'attendance_bands':
      return attendanceBandMeasures(ruled, counts);
    case 'followed':
      return [followedMeasure(ruled, counts)];
    case 'schools':
      return [schoolMeasure(ruled, counts)];
    case 'linked':
      return [linkedMeasure(ruled)];
    case 'several':
      return [severalMeasure(ruled, counts, lookup)];
    case 'by_access':
      return [byAccessMeasure(ruled, counts, lookup)];
  }
}

/** All measures that a configuration asks for, each after those that it is made of. */
export function measuresOf(config: {
  readonly definitions: readonly Definition[];
  readonly measures: readonly Asked[];
}): readonly Measure[] {
  const all = config.measures.flatMap((asked) => compiled(config.definitions, asked));
  return [
    ...all.filter(({ after }) => after === undefined),
    ...all.filter(({ after }) => after !== undefined),
  ];
}
