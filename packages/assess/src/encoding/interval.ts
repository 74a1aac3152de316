/** A share with its 95 % confidence interval. */
export type Share = {
  readonly count: number;
  readonly of: number;
  readonly share: number;
  readonly low: number;
  readonly high: number;
};

/** Two-sided 95 %. */
const Z = 1.959964;

/** Wilson's score interval (J. Am. Stat. Assoc. 22, 1927). Of nothing, anything is possible: 0 to 1. */
export function shareOf(count: number, of: number): Share {
  if (of === 0) return { count, of, share: 0, low: 0, high: 1 };
  const share = count / of;
  const middle = share + Z ** 2 / (2 * of);
  const spread = Z * Math.sqrt((share * (1 - share)) / of + Z ** 2 / (4 * of ** 2));
  const scale = 1 + Z ** 2 / of;
  const low = count === 0 ? 0 : (middle - spread) / scale;
  const high = count === of ? 1 : (middle + spread) / scale;
  return { count, of, share, low, high };
}

export const pooled = (shares: readonly Share[]): Share =>
  shareOf(
    shares.reduce((sum, { count }) => sum + count, 0),
    shares.reduce((sum, { of }) => sum + of, 0),
  );
