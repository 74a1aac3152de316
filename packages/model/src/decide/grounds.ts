import type { Comparison, ComparisonName } from '../compare/comparisons.js';

/** Whether the first name agrees in full, and so its initial; or has nothing in common with the other. */
export type FirstName = 'equal' | 'alike' | 'differs';

/** What a pair rests on, beside how probable it is. */
export type Grounds = {
  readonly first: FirstName;
  /** Whether nothing but names agrees: a namesake agrees in as much. */
  readonly namesAlone: boolean;
};

/**
 * By comparison: how many of its levels, from the strongest on, show the person by something else than a name. A birth
 * date by two of its parts, a household by its ZIP code at least; a city, a sex or one part of a date is anybody's.
 */
const BESIDE_NAMES: Partial<Record<ComparisonName, number>> = {
  birth: 3,
  household: 3,
  state_id: 1,
  district_id: 1,
  birth_place: 1,
  custom_1: 1,
  custom_2: 1,
  custom_3: 1,
  custom_4: 1,
};

/** What the levels of a pair say of that. A first name that is not compared is alike. */
export function groundsOf(comparisons: readonly Comparison[], levels: Uint8Array | undefined): Grounds {
  const place = comparisons.findIndex(({ name }) => name === 'first');
  const level = levels?.[place];
  const last = (comparisons[place]?.levels.length ?? 0) - 1;
  return {
    first: level === 0 ? 'equal' : level === last ? 'differs' : 'alike',
    namesAlone: !comparisons.some(
      ({ name }, comparison) =>
        (levels?.[comparison] ?? Number.POSITIVE_INFINITY) < (BESIDE_NAMES[name] ?? 0),
    ),
  };
}
