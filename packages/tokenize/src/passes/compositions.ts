import type { SlotPart } from '@throughline/agreement';

/** The parts of a pass that could be. */
export type Composition = { readonly parts: readonly SlotPart[] };

const FIRST: readonly SlotPart[] = ['first', 'first.3', 'first.initial', 'first.soundex', 'first.end3'];
const LAST: readonly SlotPart[] = ['last', 'last.3', 'last.initial', 'last.soundex', 'last.end3'];
const BOTH: readonly SlotPart[] = ['names.sorted', 'names3.sorted'];
const DATE: readonly (readonly SlotPart[])[] = [
  ['birth_date.year'],
  ['birth_date.month_day'],
  ['birth_date.year_month'],
  ['birth_date'],
  ['birth_date.year', 'birth_date.day'],
  ['birth_date.day'],
  ['birth_date.month'],
];
/** Two at most of a pass. */
const OTHER: readonly SlotPart[] = [
  'sex',
  'middle.initial',
  'middle',
  'zip',
  'street_number',
  'street.4',
  'street',
  'city',
  'guardian',
  'phone',
  'email',
  'state_id',
  'district_id',
  'birth_place',
  'custom_1',
  'custom_2',
  'custom_3',
  'custom_4',
];

/** The parts that a pair of names is made of. */
const MADE_OF: Partial<Record<SlotPart, readonly SlotPart[]>> = {
  'names.sorted': ['first', 'last'],
  'names3.sorted': ['first.3', 'last.3'],
};

/** What is known when a part is: `first` tells `first.3`, which tells `first.initial`. */
const TELLS: Partial<Record<SlotPart, readonly SlotPart[]>> = {
  first: ['first.3', 'first.initial', 'first.soundex', 'first.end3'],
  'first.3': ['first.initial'],
  'first.soundex': ['first.initial'],
  last: ['last.3', 'last.initial', 'last.soundex', 'last.end3'],
  'last.3': ['last.initial'],
  'last.soundex': ['last.initial'],
  'names.sorted': ['names3.sorted'],
  birth_date: [
    'birth_date.year',
    'birth_date.month_day',
    'birth_date.year_month',
    'birth_date.day',
    'birth_date.month',
  ],
  'birth_date.month_day': ['birth_date.day', 'birth_date.month'],
  'birth_date.year_month': ['birth_date.year', 'birth_date.month'],
  street: ['street.4'],
  middle: ['middle.initial'],
};

const ALL: readonly SlotPart[] = [...FIRST, ...LAST, ...BOTH, ...new Set(DATE.flat()), ...OTHER];
const PLACES = new Map(ALL.map((part, place) => [part, place]));

export const compositions = {
  parts: ALL,
  /** All compositions of usable parts: names, a date, and up to two others, two parts at least. */
  all: (usable: (part: SlotPart) => boolean): Composition[] => {
    const other = OTHER.filter(usable);
    const extras = [
      [],
      ...other.map((part) => [part]),
      ...other.flatMap((part, index) =>
        other
          .slice(index + 1)
          .flatMap((second) => (tells(part, second) || tells(second, part) ? [] : [[part, second]])),
      ),
    ];
    return namings().flatMap((names) =>
      [[], ...DATE].flatMap((date) =>
        extras
          .map((extra) => ({ parts: [...names, ...date, ...extra] }))
          .filter(({ parts }) => parts.every(usable) && (parts.length > 1 || parts[0] === 'names.sorted')),
      ),
    );
  },
  /** The parts of one field each that a part is made of. */
  madeOf: (part: SlotPart): readonly SlotPart[] => MADE_OF[part] ?? [part],
  /** The field of such a part: `birth_date` of `birth_date.year`. */
  fieldOf: (part: SlotPart): string => part.split('.', 1)[0] ?? part,
  /** Whether a composition tells all parts of another, so that it can find no pair that the other does not. */
  implies: (one: Composition, other: Composition): boolean => {
    const told = toldBy(one);
    return other.parts.every((part) => told.has(part));
  },
  /** The bits of all that a composition tells, its parts included, and of its parts alone. */
  bitsOf: ({ parts }: Composition): { readonly told: Bits; readonly own: Bits } => ({
    told: bitsOf([...toldBy({ parts })]),
    own: bitsOf(parts),
  }),
};

/** The parts of one field each that parts are made of: `first` and `last` for `names.sorted`. */
export const partsMadeOf = (parts: readonly SlotPart[]): readonly SlotPart[] =>
  parts.flatMap(compositions.madeOf);

/** The identifier that such a part is of. */
export const fieldOfPart = (part: SlotPart): string => compositions.fieldOf(part);

/** What is known to agree where parts do: `first.3` where `first` does. */
export const partsTold = (parts: readonly SlotPart[]): ReadonlySet<SlotPart> => toldBy({ parts });

/** One bit a part, in two words. */
export type Bits = readonly [low: number, high: number];

function bitsOf(parts: readonly SlotPart[]): Bits {
  let [low, high] = [0, 0];
  for (const part of parts) {
    const place = PLACES.get(part) ?? 0;
    if (place < 32) low |= 1 << place;
    else high |= 1 << (place - 32);
  }
  return [low, high];
}

/** Whether all bits of one are among those of another. */
export const within = ([low, high]: Bits, [otherLow, otherHigh]: Bits): boolean =>
  (low & ~otherLow) === 0 && (high & ~otherHigh) === 0;

function toldBy({ parts }: Composition): ReadonlySet<SlotPart> {
  return new Set(parts.flatMap((part) => [part, ...(TELLS[part] ?? [])]));
}

const tells = (part: SlotPart, other: SlotPart): boolean => TELLS[part]?.includes(other) === true;

function namings(): readonly (readonly SlotPart[])[] {
  const one = [...FIRST, ...LAST, ...BOTH].map((part) => [part]);
  const two = FIRST.flatMap((first) => LAST.map((last) => [first, last]));
  return [[], ...one, ...two];
}
