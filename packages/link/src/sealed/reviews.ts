import { type Session, sql } from '@throughline/engine';
import { NO_INTEGERS, readIntegers } from '../columns/integers.js';

/** Two records of which both owners said, after a look at their own, whether they are one person. */
export type Reviewed = { readonly a: string; readonly b: string; readonly same: boolean };

export type Reviews = {
  /** What was said of two records. */
  readonly of: (one: number, other: number) => 'same' | 'others' | undefined;
};

/** Finds the records of reviews among those of tonight. One that is gone is nobody's. */
export async function readReviews(session: Session, reviewed: readonly Reviewed[]): Promise<Reviews> {
  const schema = { a: 'UUID', b: 'UUID', same: 'INTEGER' } as const;
  await session.append('reviews', { name: 'reviewed', schema }, [
    [reviewed.map(({ a }) => a), reviewed.map(({ b }) => b), reviewed.map(({ same }) => Number(same))],
  ]);
  const [one = NO_INTEGERS, other = NO_INTEGERS, same = NO_INTEGERS] = await readIntegers(session, {
    step: 'reviews',
    select: sql`SELECT one.record AS a, other.record AS b, same FROM reviewed
        JOIN records one ON one.record_id = reviewed.a JOIN records other ON other.record_id = reviewed.b`,
  });
  const keyOf = (x: number, y: number) => `${Math.min(x, y)} ${Math.max(x, y)}`;
  const found = new Map(
    [...one.keys()].map((place) => [keyOf(one[place] ?? 0, other[place] ?? 0), same[place] === 1]),
  );
  return {
    of: (x, y) => {
      const said = found.get(keyOf(x, y));
      return said === undefined ? undefined : said ? 'same' : 'others';
    },
  };
}
