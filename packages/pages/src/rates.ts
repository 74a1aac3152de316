/** One group of children in a released table: its level of one dimension; null where a figure is withheld. */
export type ReleasedRow = {
  readonly dimension: string;
  readonly level: string;
  /** As printed: digits, or such as "<1". */
  readonly ratePercent: string | null;
  readonly coveragePercent: string | null;
  readonly total: number | null;
};

/** The row over all children of a measure names no dimension. */
export const isEveryone = ({ dimension }: ReleasedRow): boolean => dimension === '';

export const everyoneOf = (rows: readonly ReleasedRow[]): ReleasedRow | undefined => rows.find(isEveryone);

/**
 * Rows by dimension, in the order of their first row. The rows keep theirs: a release candidate is sorted by its
 * own dimensions, and grades have no order that a page could know.
 */
export const byDimension = (rows: readonly ReleasedRow[]): ReadonlyMap<string, readonly ReleasedRow[]> => {
  const groups = new Map<string, readonly ReleasedRow[]>();
  for (const row of rows.filter((each) => !isEveryone(each))) {
    groups.set(row.dimension, [...(groups.get(row.dimension) ?? []), row]);
  }
  return groups;
};

/** An empty group has no rate to withhold. */
export const isEmptyGroup = ({ total, ratePercent }: ReleasedRow): boolean =>
  total === 0 && ratePercent === null;

export const isRateWithheld = (row: ReleasedRow): boolean => row.ratePercent === null && !isEmptyGroup(row);

/** Where a released percentage lies from 0 to 100, or null if its text is not a plain number in that range. */
export const placeOf = (percent: string | null): number | null => {
  if (percent === null || !/^\d{1,3}(\.\d+)?$/.test(percent)) return null;
  const place = Number(percent);
  return place <= 100 ? place : null;
};

/** A released percentage as it is printed. Its digits are the release's own and are never rounded again. */
export const percentText = (percent: string | null): string => {
  if (percent === null) return 'withheld';
  return placeOf(percent) === null ? percent : `${percent}%`;
};

export const rateText = (row: ReleasedRow): string =>
  isEmptyGroup(row) ? 'no children' : percentText(row.ratePercent);

export const coverageText = (row: ReleasedRow): string =>
  row.coveragePercent === null && isEmptyGroup(row) ? 'no children' : percentText(row.coveragePercent);
