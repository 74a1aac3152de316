/**
 * A percentage in whole-number arithmetic, rounded half up. What would round to 0 or 100 without being it is written
 * `<1` or `>99` (`<0.1`, `>99.9` with a decimal), so that nobody reads "none" or "all" into it.
 *
 * @param part whole number from 0 to `whole`.
 * @param whole whole number above 0.
 * @param decimals 0 or 1.
 */
export function percentOf(part: number, whole: number, decimals: number): string {
  const scale = decimals === 0 ? 100 : 1000;
  const rounded = Math.floor((2 * part * scale + whole) / (2 * whole));
  if (part > 0 && rounded === 0) return decimals === 0 ? '<1' : '<0.1';
  if (part < whole && rounded === scale) return decimals === 0 ? '>99' : '>99.9';
  return decimals === 0 ? String(rounded) : `${Math.floor(rounded / 10)}.${rounded % 10}`;
}
