/**
 * What has to be withheld, as numbers a lawyer can read. The strictest agreement behind a release sets them.
 *
 * The federal test is that a child must not be identifiable "whether through single or multiple releases, and
 * taking into account other reasonably available information" (FERPA, 34 CFR 99.31(b)(1)); it names no number.
 * Practice does: CMS withholds 1 to 10 and any percentage or formula that yields them; for schools most states use
 * 10, and PTAC calls 3 the absolute minimum.
 */
export type ProtectionPolicy = {
  /** The least count of children that may be printed: 1 to threshold - 1 are sensitive. 2 or more. */
  readonly threshold: number;
  /**
   * `publish-structural`: a zero is printed where there is nobody to tell anything about, an empty group or an
   * unknown of 0; a group whose known members are all "yes" or all "no" is withheld, as it tells of every one of
   * them. `publish-always`: every zero is printed, as the CMS rule permits.
   */
  readonly zeroCounts: 'publish-structural' | 'publish-always';
  /** Children between the least and the most a sensitive count may be, to anybody. 1 or more. */
  readonly minIntervalWidth: number;
};

export const REPORTABLE_FROM = 11;

/**
 * An interval of this width holds as many whole numbers as the threshold, one more than there are sensitive counts,
 * so nobody can conclude even that a withheld count is small.
 */
export const LEAST_INTERVAL_WIDTH = REPORTABLE_FROM - 1;

export const STRICT_POLICY: ProtectionPolicy = {
  threshold: REPORTABLE_FROM,
  zeroCounts: 'publish-structural',
  minIntervalWidth: LEAST_INTERVAL_WIDTH,
};

const requireWhole = (value: number, least: number, name: string): void => {
  if (!Number.isSafeInteger(value) || value < least)
    throw new RangeError(`${name} must be a whole number from ${least}`);
};

/** @throws RangeError naming the term that is out of range. */
export const requirePolicy = (policy: ProtectionPolicy): void => {
  requireWhole(policy.threshold, 2, 'policy.threshold');
  requireWhole(policy.minIntervalWidth, 1, 'policy.minIntervalWidth');
};
