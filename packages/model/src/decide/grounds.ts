import { type Comparison, type ComparisonName, MISSING, SWAPPED } from '../compare/comparisons.js';

/**
 * Whether the first name agrees in full, and so its initial; or has nothing in common with the other; or is missing
 * on one side, and nothing that twins do not share agrees in its place.
 */
export type FirstName = 'equal' | 'alike' | 'missing' | 'differs';

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

/**
 * By comparison: how many of its levels, from the strongest on, tell twins apart. They share surname, birth date,
 * household and place of birth, and half of them their sex.
 */
const BESIDE_FAMILY: Partial<Record<ComparisonName, number>> = { middle: 2, state_id: 1, district_id: 1 };

/** Whether a pair may be joined at all without somebody who looks. */
export const mayBeOne = ({ first, namesAlone }: Grounds): boolean =>
  (first === 'equal' || first === 'alike') && !namesAlone;

/** What the levels of a pair say of that. A first name that no pair compares, or one in the place of the surname, is alike. */
export function groundsOf(comparisons: readonly Comparison[], levels: Uint8Array | undefined): Grounds {
  const agrees = (of: Partial<Record<ComparisonName, number>>): boolean =>
    comparisons.some(
      ({ name }, comparison) => (levels?.[comparison] ?? Number.POSITIVE_INFINITY) < (of[name] ?? 0),
    );
  const first = firstName(comparisons, levels);
  return {
    first: first === 'missing' && agrees(BESIDE_FAMILY) ? 'alike' : first,
    namesAlone: !agrees(BESIDE_NAMES),
  };
}

function firstName(comparisons: readonly Comparison[], levels: Uint8Array | undefined): FirstName {
  const [place, order] = ['first', 'order'].map((name) =>
    comparisons.findIndex((each) => each.name === name),
  );
  const level = levels?.[place ?? -1];
  if (level === 0) return 'equal';
  if (level === MISSING) return levels?.[order ?? -1] === SWAPPED ? 'alike' : 'missing';
  return level === (comparisons[place ?? -1]?.levels.length ?? 0) - 1 ? 'differs' : 'alike';
}
