/** Group sizes, the widest end that hides none and all, and the steps between. */
const BANDS = [
  { upTo: 20, end: 20, step: 10 },
  { upTo: 40, end: 10, step: 10 },
  { upTo: 100, end: 5, step: 5 },
  { upTo: 300, end: 2, step: 1 },
  { upTo: Number.POSITIVE_INFINITY, end: 1, step: 1 },
] as const;

/** Groups below this have no rate at all. */
export const LEAST_GROUP = 10;

/** Ends that a range may have, from the narrowest. */
const ENDS = [1, 2, 5, 10, 20] as const;

const percentOf = (part: number, whole: number): number => Math.floor((200 * part + whole) / (2 * whole));

/** The most persons whose share still rounds to a percentage. */
const mostAt = (percent: number, whole: number): number =>
  Math.min(whole, Math.ceil(((2 * percent + 1) * whole) / 200) - 1);

/**
 * A rate as the range that NCES 2011-603 gives for the size of the group: the smaller the group the wider, with open
 * ends that hide 0 % and 100 % at every size. Null for a group below 10.
 *
 * NCES thinks of the size of groups, agreements here of counts too: an end is as wide as it takes to hold every
 * number of persons up to `hidden`, or there is no range. Halves are rounded up, so the upper end is no narrower.
 *
 * @param part whole number from 0 to `whole`.
 * @param hidden up to so many persons, from either end, cannot be told apart.
 */
export const rateRange = (part: number, whole: number, hidden = 0): string | null => {
  if (whole < LEAST_GROUP) return null;
  const band = BANDS.find(({ upTo }) => whole <= upTo) ?? BANDS[4];
  const end = ENDS.find((each) => each >= band.end && mostAt(each, whole) >= hidden);
  if (end === undefined) return null;
  const percent = percentOf(part, whole);
  if (percent <= end) return `<=${end}`;
  if (percent >= 100 - end) return `>=${100 - end}`;
  const { step } = band;
  if (step === 1) return String(percent);
  const from = Math.max(Math.floor(percent / step) * step, end + 1);
  const to = Math.min(Math.floor(percent / step) * step + step - 1, 100 - end - 1);
  return `${from}-${to}`;
};

/** The least and the most persons that a printed range may stand for; null if it is no range. */
export const countsInRange = (
  range: string,
  whole: number,
): { readonly least: number; readonly most: number } | null => {
  const [, below, above, from, to] = /^(?:<=(\d+)|>=(\d+)|(\d+)(?:-(\d+))?)$/.exec(range) ?? [];
  const leastAt = (percent: number): number => (percent === 0 ? 0 : mostAt(percent - 1, whole) + 1);
  if (below !== undefined) return { least: 0, most: mostAt(Number(below), whole) };
  if (above !== undefined) return { least: leastAt(Number(above)), most: whole };
  if (from === undefined) return null;
  return { least: leastAt(Number(from)), most: mostAt(Number(to ?? from), whole) };
};
