const DAY = 86_400_000;

const requireDate = (date: string): void => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || Number.isNaN(Date.parse(date)))
    throw new RangeError('a date, YYYY-MM-DD, is expected');
};

export const coarseness = ['year', 'quarter', 'month'] as const;
export type Coarseness = (typeof coarseness)[number];

/** A date as its year, quarter or month. Safe Harbor allows the year alone. @throws RangeError for anything else. */
export function coarsened(date: string, to: Coarseness): string {
  requireDate(date);
  const [year, month = '01'] = date.split('-');
  if (to === 'year') return year ?? '';
  if (to === 'month') return `${year}-${month}`;
  return `${year}-Q${Math.ceil(Number(month) / 3)}`;
}

/**
 * All dates of one person moved by one number of days, so that spans between them stay true.
 *
 * @param draw a whole number of 32 bits that is chance to everybody else, the same for a person in one licence.
 * @param most days at most, either way; 0 is never drawn.
 */
export function shifted(dates: readonly string[], draw: number, most: number): string[] {
  if (!Number.isSafeInteger(most) || most < 1) throw new RangeError('most must be a whole number from 1');
  const step = (draw % (2 * most)) - most;
  const days = step >= 0 ? step + 1 : step;
  return dates.map((date) => {
    requireDate(date);
    return new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10);
  });
}
