/** How counts are rounded before anything is made of them. */
export type Rounding =
  | { readonly rule: 'none' }
  /** To the nearest multiple of the base, halves up. */
  | { readonly rule: 'nearest'; readonly base: number }
  /** To the midpoint of 1-6, 7-12, ...: 3, 9, 15; 0 stays 0 (OpenSAFELY). Unbiased, and tells 0 from few. */
  | { readonly rule: 'midpoint6' };

const MIDPOINT_BASE = 6;

/** @throws RangeError unless the count is a whole number, 0 or more. */
export const roundedCount = (count: number, rounding: Rounding): number => {
  if (!Number.isSafeInteger(count) || count < 0)
    throw new RangeError('count must be a whole number, 0 or more');
  switch (rounding.rule) {
    case 'none':
      return count;
    case 'nearest':
      return Math.floor(count / rounding.base + 1 / 2) * rounding.base;
    case 'midpoint6':
      return count === 0 ? 0 : Math.ceil(count / MIDPOINT_BASE) * MIDPOINT_BASE - MIDPOINT_BASE / 2;
  }
};

/** The counts that a rounded one may stand for, ends included. */
export const countsRoundedTo = (
  rounded: number,
  rounding: Rounding,
): { readonly least: number; readonly most: number } => {
  switch (rounding.rule) {
    case 'none':
      return { least: rounded, most: rounded };
    case 'nearest':
      return {
        least: Math.max(0, Math.ceil(rounded - rounding.base / 2)),
        most: Math.ceil(rounded + rounding.base / 2) - 1,
      };
    case 'midpoint6':
      return rounded === 0
        ? { least: 0, most: 0 }
        : { least: rounded - MIDPOINT_BASE / 2 + 1, most: rounded + MIDPOINT_BASE / 2 };
  }
};

/**
 * Whether a printed percentage could have been made of the rounded counts beside it. One that could not was made of
 * raw counts and is refused.
 */
export const isRateOfRounded = (
  percent: number,
  { yes, no }: { readonly yes: number; readonly no: number },
  decimals: 0 | 1,
): boolean => {
  if (yes + no === 0) return false;
  const step = 10 ** -decimals;
  return Math.abs((100 * yes) / (yes + no) - percent) <= step / 2 + 1e-9;
};
