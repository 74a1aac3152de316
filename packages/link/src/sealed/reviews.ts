import { type Session, sql } from '@throughline/engine';

/** Two records of which both owners said, after a look at their own, whether they are one person. */
export type Reviewed = { readonly a: string; readonly b: string; readonly same: boolean };

/** Makes table `reviewed`: what was said, by record ids. */
export async function keepReviewed(session: Session, reviewed: readonly Reviewed[]): Promise<void> {
  const schema = { a: 'UUID', b: 'UUID', same: 'INTEGER' } as const;
  await session.append('reviews', { name: 'reviewed', schema }, [
    [reviewed.map(({ a }) => a), reviewed.map(({ b }) => b), reviewed.map(({ same }) => Number(same))],
  ]);
}

/**
 * Makes table `said`: what was said of two records that are asked about. One that is gone is nobody's; where one said
 * that they are one and another that they are not, they are not.
 */
export const makeSaid = (session: Session): Promise<number> =>
  session.make(
    'reviews',
    'said',
    sql`SELECT least(one.record, other.record) AS a, greatest(one.record, other.record) AS b, min(same) AS same
        FROM reviewed JOIN records one ON one.record_id = reviewed.a JOIN records other ON other.record_id = reviewed.b
        GROUP BY ALL`,
  );
