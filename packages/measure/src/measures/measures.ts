import type { Measure } from '../definition/measure.js';
import { afterschoolParticipation } from './afterschool-participation/measure.js';
import { chronicAbsence } from './chronic-absence/measure.js';

/** Every measure under every rule. A new measure is a folder here and a line in this list. */
export const measures: readonly Measure[] = [...chronicAbsence, ...afterschoolParticipation];

/** @throws RangeError if there is none; a configuration that was checked names none such. */
export function measureOf(asked: { readonly measure: string; readonly preset: string }): Measure {
  const found = measures.find(({ measure, preset }) => measure === asked.measure && preset === asked.preset);
  if (found === undefined) throw new RangeError('measureOf: a known measure and preset expected');
  return found;
}
