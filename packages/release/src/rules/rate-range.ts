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

/**
 * A rate as the range that NCES 2011-603 gives for the size of the group: the smaller the group the wider, with open
 * ends that hide 0 % and 100 % at every size. Null for a group below 10.
 *
 * @param part whole number from 0 to `whole`.
 */
export const rateRange = (part: number, whole: number): string | null => {
  if (whole < LEAST_GROUP) return null;
  const band = BANDS.find(({ upTo }) => whole <= upTo) ?? BANDS[BANDS.length - 1];
  const percent = Math.floor((200 * part + whole) / (2 * whole));
  const { end, step } = band ?? BANDS[4];
  if (percent <= end) return `<=${end}`;
  if (percent >= 100 - end) return `>=${100 - end}`;
  if (step === 1) return String(percent);
  const from = Math.max(Math.floor(percent / step) * step, end + 1);
  const to = Math.min(Math.floor(percent / step) * step + step - 1, 100 - end - 1);
  return `${from}-${to}`;
};
