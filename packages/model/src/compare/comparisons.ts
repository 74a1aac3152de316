import { identifiersOfPart } from '@throughline/core';

/*
 * From what two slots say of each field to the comparisons of a Fellegi-Sunter model. A comparison is one piece of
 * evidence: the parts of a birth date are one, and whatever shows a common household is one, since parts that agree
 * and differ together would otherwise count several times (Fellegi and Sunter 1969 assume independence).
 */

/** The place of a level among `levels`; MISSING where the records cannot be compared, which says nothing. */
export const MISSING = 255;

/** The level of `order` of two whose names stand in each other's place. */
export const SWAPPED = 0;

export type Comparison = {
  readonly name: ComparisonName;
  /** From the strongest agreement to disagreement. */
  readonly levels: readonly string[];
};

export type ComparisonName =
  | 'first'
  | 'last'
  | 'order'
  | 'birth'
  | 'sex'
  | 'middle'
  | 'household'
  | 'state_id'
  | 'district_id'
  | 'birth_place'
  | 'suffix'
  | `custom_${1 | 2 | 3 | 4}`;

/** What a slot holds: similar fields first, then exact ones; see `slotLayout`. */
export type Fields = { readonly similar: readonly string[]; readonly exact: readonly string[] };

/** One field of two records: a place in `slotLevels`, or that one of them lacks it, where that is known. */
export const FIELD_EQUAL = 0;
export const FIELD_TWO_EDITS = 2;
export const FIELD_DIFFERS = 3;
export const FIELD_MISSING = 4;

/** The fields of two records, by name; FIELD_MISSING for a field that no slot holds. */
type FieldsSeen = (field: string) => number;

type Reading = Comparison & {
  readonly needs: readonly string[];
  readonly read: (seen: FieldsSeen) => number;
};

export type Comparing = {
  readonly comparisons: readonly Comparison[];
  /** Comparison levels of a pair, from the levels of its fields in the order of the layout. */
  readonly levelsOf: (fields: Uint8Array) => Uint8Array;
};

/**
 * The comparisons that the fields of a layout allow. Where it has the known part of an identifier, and not both records
 * hold the identifier, what is made of it is missing; without that part it differs.
 */
export function comparing({ similar, exact }: Fields): Comparing {
  const places = new Map(
    [...similar.map((each) => `~${each}`), ...exact].map((field, place) => [field, place]),
  );
  const known = new Map(
    [...places].flatMap(([field, place]) => {
      const parts = identifiersOfPart(field.replace('~', '')).flatMap(
        (identifier) => places.get(`${identifier}.known`) ?? [],
      );
      return parts.length === 0 ? [] : [[place, parts] as const];
    }),
  );
  const usable = READINGS.filter(({ needs }) => needs.some((field) => places.has(field)));
  return {
    comparisons: usable.map(({ name, levels }) => ({ name, levels })),
    levelsOf: (fields) => {
      const seen: FieldsSeen = (field) => {
        const place = places.get(field);
        if (place === undefined) return FIELD_MISSING;
        const held = known.get(place)?.every((part) => fields[part] === FIELD_EQUAL) ?? true;
        return held ? (fields[place] ?? FIELD_MISSING) : FIELD_MISSING;
      };
      return Uint8Array.from(usable, ({ read }) => read(seen));
    },
  };
}

const equal = (seen: FieldsSeen, field: string): boolean => seen(field) === FIELD_EQUAL;
const missing = (seen: FieldsSeen, field: string): boolean => seen(field) === FIELD_MISSING;

/** Both names agree when they are put in order, and do not as they stand. */
const swapped = (seen: FieldsSeen): boolean =>
  equal(seen, 'names.sorted') && !equal(seen, '~first') && !missing(seen, '~first');

const NAME_LEVELS = ['equal', 'root', 'one_edit', 'two_edits', 'beginning', 'differs'] as const;
const [NAME_EQUAL, NAME_ROOT, , , NAME_BEGINNING, NAME_DIFFERS] = [0, 1, 2, 3, 4, 5] as const;

/** Swapped names say by `order` what they say, and nothing here: each would count as a disagreement. */
function nameLevel(seen: FieldsSeen, name: 'first' | 'last'): number {
  const level = seen(`~${name}`);
  if (level === FIELD_MISSING || swapped(seen)) return MISSING;
  if (level === FIELD_EQUAL) return NAME_EQUAL;
  if (name === 'first' && equal(seen, 'first_root')) return NAME_ROOT;
  if (level <= FIELD_TWO_EDITS) return level + 1;
  return equal(seen, `${name}.3`) ? NAME_BEGINNING : NAME_DIFFERS;
}

const BIRTH_LEVELS = ['equal', 'day_month_swapped', 'two_parts', 'one_part', 'differs'] as const;

function birthLevel(seen: FieldsSeen): number {
  const parts = ['birth_date.year', 'birth_date.month', 'birth_date.day'];
  const known = parts.filter((part) => !missing(seen, part));
  if (known.length === 0) return MISSING;
  const agreeing = known.filter((part) => equal(seen, part)).length;
  if (known.length === 1) return agreeing === 1 ? 3 : 4;
  if (agreeing === known.length) return known.length === 3 ? 0 : 2;
  if (equal(seen, 'birth_date.year') && agreeing === 1 && equal(seen, 'month_day.sorted')) return 1;
  return agreeing === 2 ? 2 : agreeing === 1 ? 3 : 4;
}

const MIDDLE_LEVELS = ['equal', 'initial', 'differs'] as const;

function middleLevel(seen: FieldsSeen): number {
  const name = seen('~middle');
  if (name === FIELD_EQUAL) return 0;
  if (missing(seen, 'middle.initial')) return name === FIELD_MISSING ? MISSING : 2;
  return equal(seen, 'middle.initial') ? 1 : 2;
}

const HOUSEHOLD_LEVELS = ['shared', 'near', 'zip', 'city', 'differs'] as const;
const HOUSEHOLD_FIELDS = ['~street', '~guardian', 'street_number', 'phone', 'email', 'zip', 'city'];

/** One address, telephone, mailbox or guardian is as good as all of them: children of one household share them. */
function householdLevel(seen: FieldsSeen): number {
  const compared = HOUSEHOLD_FIELDS.filter((field) => !missing(seen, field));
  if (compared.every((field) => field === 'street_number')) return MISSING;
  const likely = (field: string) => seen(field) <= FIELD_TWO_EDITS;
  const number = equal(seen, 'street_number');
  if ((number && likely('~street')) || likely('~guardian')) return 0;
  if (equal(seen, 'phone') || equal(seen, 'email')) return 0;
  const zip = equal(seen, 'zip');
  if (zip && (number || likely('~street'))) return 1;
  if (likely('~street') && missing(seen, 'zip')) return 1;
  if (zip) return 2;
  return equal(seen, 'city') ? 3 : 4;
}

const SAME_LEVELS = ['equal', 'differs'] as const;

function sameLevel(seen: FieldsSeen, field: string): number {
  if (missing(seen, field)) return MISSING;
  return equal(seen, field) ? 0 : 1;
}

const same = (name: ComparisonName): Reading => ({
  name,
  levels: SAME_LEVELS,
  needs: [name],
  read: (seen) => sameLevel(seen, name),
});

const READINGS: readonly Reading[] = [
  { name: 'first', levels: NAME_LEVELS, needs: ['~first'], read: (seen) => nameLevel(seen, 'first') },
  { name: 'last', levels: NAME_LEVELS, needs: ['~last'], read: (seen) => nameLevel(seen, 'last') },
  {
    name: 'order',
    levels: ['swapped', 'as_written'],
    needs: ['names.sorted'],
    read: (seen) => (missing(seen, 'names.sorted') ? MISSING : swapped(seen) ? SWAPPED : 1),
  },
  {
    name: 'birth',
    levels: BIRTH_LEVELS,
    needs: ['birth_date.year', 'birth_date.month', 'birth_date.day'],
    read: birthLevel,
  },
  same('sex'),
  { name: 'middle', levels: MIDDLE_LEVELS, needs: ['~middle', 'middle.initial'], read: middleLevel },
  { name: 'household', levels: HOUSEHOLD_LEVELS, needs: HOUSEHOLD_FIELDS, read: householdLevel },
  same('state_id'),
  same('district_id'),
  same('birth_place'),
  same('suffix'),
  same('custom_1'),
  same('custom_2'),
  same('custom_3'),
  same('custom_4'),
];
