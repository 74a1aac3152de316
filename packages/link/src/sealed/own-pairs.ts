import type { ReadArtifact, Session } from '@throughline/engine';
import { sql } from '@throughline/engine';
import {
  type Comparing,
  FIELD_DIFFERS,
  FIELD_EQUAL,
  type LevelCounts,
  type OwnPairs,
} from '@throughline/model';

export type PlanDelivery = Pick<ReadArtifact<'plan'>, 'of' | 'table'>;

/** What an owner has counted of all its persons. */
export type Counted = OwnPairs & { readonly of: string };

/**
 * Reads what owners counted among their own persons, in levels of the comparisons. A pattern that does not fit the
 * fields that were sealed says nothing.
 */
export async function readCounted(
  session: Session,
  plans: readonly PlanDelivery[],
  { comparing, fields }: { readonly comparing: Comparing; readonly fields: number },
): Promise<Counted[]> {
  const counted: Counted[] = [];
  for (const plan of plans) {
    const [size] = await session.rows('plan', sql`SELECT persons FROM ${plan.table('size')}`);
    const rows = await session.rows(
      'likeness',
      sql`SELECT kind, pattern, pairs FROM ${plan.table('likeness')} ORDER BY kind, pattern`,
    );
    const ofKind = (kind: string): LevelCounts =>
      rows.flatMap((row) => {
        const levels = fieldsOf(String(row['pattern']), fields);
        if (row['kind'] !== kind || levels === undefined) return [];
        return [{ levels: comparing.levelsOf(levels), pairs: Number(row['pairs']) }];
      });
    counted.push({
      of: plan.of,
      persons: Number(size?.['persons'] ?? 0),
      random: ofKind('random'),
      related: ofKind('related'),
    });
  }
  return counted;
}

function fieldsOf(pattern: string, fields: number): Uint8Array | undefined {
  if (pattern.length !== fields) return undefined;
  const levels = Uint8Array.from(pattern, Number);
  return levels.every((level) => level >= FIELD_EQUAL && level <= FIELD_DIFFERS) ? levels : undefined;
}

/**
 * What a source of so many persons has of that: an owner counts all its kinds of record together, and the share of
 * related pairs among all pairs is the same in each.
 */
export function ownPairsOf(counted: Counted | undefined, persons: number): OwnPairs {
  if (counted === undefined) return { persons, random: [], related: [] };
  const share = counted.persons === 0 ? 0 : Math.min(1, (persons / counted.persons) ** 2);
  return {
    persons,
    random: counted.random,
    related: counted.related.map(({ levels, pairs }) => ({ levels, pairs: pairs * share })),
  };
}
