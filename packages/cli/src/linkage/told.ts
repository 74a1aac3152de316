const ROUNDED_TO = 10;

/**
 * A count of pairs or links as it leaves the linkage unit: to the nearest ten, since two exact counts, of two nights or two
 * passes, would tell of a single child.
 */
export const toldCount = (count: number): number => Math.round(count / ROUNDED_TO) * ROUNDED_TO;
