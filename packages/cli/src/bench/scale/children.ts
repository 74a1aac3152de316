/** A made-up child as far as the linkage of large files needs it; every value is in normal form. */
export type ScaleChild = {
  readonly first: string;
  readonly middle: string;
  readonly last: string;
  readonly birthDate: string;
  readonly sex: string;
  readonly zip: string;
};

/** A row of a partner: a number by which its record is known, and what it holds. */
export type ScaleRow = { readonly record: number; readonly child: ScaleChild };

const SYLLABLES = [
  'KA',
  'LO',
  'MI',
  'RE',
  'SU',
  'TA',
  'NO',
  'VE',
  'DI',
  'BRA',
  'JO',
  'SHE',
  'AN',
  'EL',
  'OR',
  'WIN',
];

/** A number that looks random, from two others (the finaliser of MurmurHash3). */
export function mixed(one: number, other: number): number {
  const once = Math.imul(one ^ (one >>> 16) ^ Math.imul(other, 0x9e3779b1), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return (twice ^ (twice >>> 16)) >>> 0;
}

export const shareOf = (one: number, other: number): number => mixed(one, other) / 2 ** 32;

/** Common names are common: the square of a uniform number. */
function name(child: number, salt: number, names: number): string {
  const number = Math.floor(shareOf(child, salt) ** 2 * names);
  const syllable = (place: number) => SYLLABLES[mixed(number, salt * 31 + place) % SYLLABLES.length] ?? '';
  return `${syllable(0)}${syllable(1)}${syllable(2)}`;
}

const two = (value: number) => String(value).padStart(2, '0');

export const childOf = (number: number): ScaleChild => ({
  first: name(number, 1, 3000),
  middle: SYLLABLES[mixed(number, 2) % SYLLABLES.length] ?? '',
  last: name(number, 3, 4000),
  birthDate: `${2005 + (mixed(number, 4) % 14)}-${two(1 + (mixed(number, 5) % 12))}-${two(1 + (mixed(number, 6) % 28))}`,
  sex: mixed(number, 7) % 2 === 0 ? 'F' : 'M',
  zip: `02${two(mixed(number, 8) % 100)}0`,
});

const slip = (text: string, at: number): string =>
  `${text.slice(0, at % text.length)}X${text.slice((at % text.length) + 1)}`;

/** Every fifth child has one field wrong: a letter of a name, the day of birth, or the ZIP code. */
function withError(child: ScaleChild, number: number): ScaleChild {
  const kind = mixed(number, 9) % 20;
  if (kind === 0) return { ...child, first: slip(child.first, mixed(number, 10)) };
  if (kind === 1) return { ...child, last: slip(child.last, mixed(number, 11)) };
  if (kind === 2)
    return { ...child, birthDate: `${child.birthDate.slice(0, 8)}${two(1 + (mixed(number, 12) % 28))}` };
  if (kind === 3) return { ...child, zip: `02${two(mixed(number, 13) % 100)}0` };
  return child;
}

/** Two files of one size; so many of the children of one are in the other. */
export const SHARED = 0.7;

export type ScaleNight = {
  readonly size: number;
  /** Which of the two partners. */
  readonly side: 0 | 1;
  /** By night since the first: the share of the rows that changed before it. */
  readonly changes: readonly number[];
};

/**
 * A partner's rows of the first night, and after it what changed: a third of the changes are slips in a row, a third
 * children who leave, and for each of those somebody arrives.
 */
export function rowsOf({ size, side, changes }: ScaleNight): { base: ScaleRow[]; changed: ScaleRow[] } {
  const base: ScaleRow[] = [];
  const changed: ScaleRow[] = [];
  const from = side === 0 ? 0 : Math.round(size * (1 - SHARED));
  for (let index = 0; index < size; index += 1) {
    const number = from + index;
    const child = side === 0 ? childOf(number) : withError(childOf(number), number);
    const night = changes.findIndex((share, at) => shareOf(number, 1000 + 2 * at + side) < share);
    if (night < 0) base.push({ record: number, child });
    else if (mixed(number, 999) % 2 === 0)
      changed.push({ record: number, child: { ...child, zip: `03${two(night)}0` } });
    else {
      const newcomer = 1_000_000_000 + number;
      changed.push({ record: newcomer, child: childOf(newcomer) });
    }
  }
  return { base, changed };
}
