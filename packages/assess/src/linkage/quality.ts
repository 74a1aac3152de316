import type { ReadArtifact, Session } from '@throughline/engine';
import { sql } from '@throughline/engine';

/** A source record with the child it is about. */
export type KnownRecord = { readonly recordId: string; readonly child: string };

/**
 * Linkage quality against truth, over pairs of records from different sources. A pair that no pass proposed is a
 * miss like any other.
 */
export type LinkageQuality = {
  readonly truePairs: number;
  readonly linkedPairs: number;
  readonly correctPairs: number;
  /** correct / linked; 1 where nothing was linked. */
  readonly precision: number;
  /** correct / true; 1 where there was nothing to link. */
  readonly recall: number;
};

/** Compares the people index with truth, over the records that both know. */
export async function linkageQuality(
  people: ReadArtifact<'people'>,
  known: readonly KnownRecord[],
  session: Session,
): Promise<LinkageQuality> {
  await session.append('truth', { name: 'truth', schema: { record_id: 'UUID', child: 'VARCHAR' } }, [
    [known.map(({ recordId }) => recordId), known.map(({ child }) => child)],
  ]);
  await session.make(
    'known records',
    'known',
    sql`SELECT record_id, child, person_id, partner || '/' || space AS source FROM truth JOIN ${people.table('people')} USING (record_id)`,
  );
  const [counts = {}] = await session.rows(
    'pairs',
    sql`SELECT (${pairs('child')}) AS true_pairs, (${pairs('person_id')}) AS linked_pairs, (${bothPairs}) AS correct_pairs`,
  );
  return rates(Number(counts['true_pairs']), Number(counts['linked_pairs']), Number(counts['correct_pairs']));
}

/** Pairs of records from different sources that agree on a column, counted without listing them. */
const pairs = (column: 'child' | 'person_id') => {
  const key = column === 'child' ? sql`child` : sql`person_id`;
  return sql`SELECT coalesce(sum((n * n - same) / 2), 0)::BIGINT FROM (
    SELECT sum(of_source)::BIGINT AS n, sum(of_source * of_source)::BIGINT AS same
    FROM (SELECT ${key} AS k, source, count(*) AS of_source FROM known GROUP BY ALL) GROUP BY k)`;
};

const bothPairs = sql`SELECT coalesce(sum((n * n - same) / 2), 0)::BIGINT FROM (
    SELECT sum(of_source)::BIGINT AS n, sum(of_source * of_source)::BIGINT AS same
    FROM (SELECT child, person_id, source, count(*) AS of_source FROM known GROUP BY ALL) GROUP BY child, person_id)`;

const rates = (truePairs: number, linkedPairs: number, correctPairs: number): LinkageQuality => ({
  truePairs,
  linkedPairs,
  correctPairs,
  precision: linkedPairs === 0 ? 1 : correctPairs / linkedPairs,
  recall: truePairs === 0 ? 1 : correctPairs / truePairs,
});
