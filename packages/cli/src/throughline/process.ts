import { type Row, type Session, type Sql, sql } from '@throughline/engine';
import { readingsOf } from '@throughline/measure';
import type { Project } from '../project/project.js';

/** How many of the persons of one partner have a record of another. */
export type PairRate = {
  readonly partner: string;
  readonly other: string;
  readonly persons: number;
  readonly both: number;
};

/** Match rate per pair of partners, from the people index. Persons, so it stays at the desk. */
export async function pairRates(people: Sql, session: Session): Promise<PairRate[]> {
  const rows = await session.rows(
    'pairs',
    sql`WITH found AS (SELECT DISTINCT partner, person_id FROM ${people})
        SELECT one.partner, two.partner AS other, any_value(size) AS persons,
          count(*) FILTER (WHERE matched.person_id IS NOT NULL) AS both
        FROM found AS one
        JOIN (SELECT partner, count(*) AS size FROM found GROUP BY partner) AS sizes USING (partner)
        JOIN (SELECT DISTINCT partner FROM found) AS two ON two.partner <> one.partner
        LEFT JOIN found AS matched ON matched.partner = two.partner AND matched.person_id = one.person_id
        GROUP BY ALL ORDER BY ALL`,
  );
  return rows.map((row: Row) => ({
    partner: String(row['partner']),
    other: String(row['other']),
    persons: Number(row['persons']),
    both: Number(row['both']),
  }));
}

/** Fields that a partner approved to be kept, and those that some measure reads. */
export type FieldUse = {
  readonly partner: string;
  readonly approved: number;
  readonly unused: readonly string[];
};

export function fieldUses({ pipeline, documents, measuring }: Project): FieldUse[] {
  const read = new Set(
    readingsOf(measuring).map(({ partner, table, column }) => `${partner} ${table}.${column}`),
  );
  return pipeline.partners.map(({ name, extracts }) => {
    const kept = extracts.flatMap(({ manifest }) => {
      const filed = documents.manifests.find(({ document }) => document.id === manifest);
      return (filed?.document.fields ?? []).flatMap(({ column }) =>
        column === undefined ? [] : [`${filed?.document.payload_table}.${column}`],
      );
    });
    return {
      partner: name,
      approved: kept.length,
      unused: kept.filter((each) => !read.has(`${name} ${each}`)),
    };
  });
}
