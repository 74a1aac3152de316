import { CERTAINTY_PARTS, expectedColumns } from '@throughline/core';
import { ident, type Row, type Session, type Sql, sql, sqlJoin } from '@throughline/engine';
import { expectedOfSums } from '@throughline/model';

/**
 * Of each child enrolled in the period, sums over its school records: a pair counts once, whether it was linked or not, and
 * twice if both its records are of schools.
 */
const ofPersons = (certainty: Sql): Sql => sql`
  SELECT population.*, coalesce(links, 0) AS links, coalesce(false_links, 0) AS false_links, coalesce(missed, 0) AS missed
  FROM population LEFT JOIN (
    SELECT person_id, sum(links) AS links, sum(false_links) / ${CERTAINTY_PARTS} AS false_links, sum(missed) / ${CERTAINTY_PARTS} AS missed
    FROM school_records JOIN ${certainty} AS certainty USING (record_id) GROUP BY person_id
  ) USING (person_id)
  WHERE enrolled_in_period`;

const sums = sql`count(*) AS children, sum(links)::BIGINT AS links, sum(false_links) AS false_links, sum(missed) AS missed,
  sum(links * false_links) AS together_false, sum(greatest(1, missed) * missed) AS together_missed`;

/** Makes table `expected_links`, from table `certainty` of the people index. */
export async function makeExpectedLinks(
  session: Session,
  certainty: Sql,
  dimensions: readonly string[],
): Promise<number> {
  await session.make('certainty of persons', 'certain_persons', ofPersons(certainty));
  const selects = [
    sql`SELECT NULL::VARCHAR AS dimension, NULL::VARCHAR AS level, ${sums} FROM certain_persons`,
    ...dimensions.map(
      (each) =>
        sql`SELECT ${each}::VARCHAR AS dimension, ${ident(each)} AS level, ${sums} FROM certain_persons GROUP BY level`,
    ),
  ];
  const rows = await session.rows('expected links', sql`${sqlJoin(selects, sql` UNION ALL `)} ORDER BY ALL`);
  return append(session, rows.map(expectedRow));
}

const SCHEMA = {
  dimension: 'VARCHAR',
  level: 'VARCHAR',
  children: 'BIGINT',
  links: 'BIGINT',
  matches: 'DOUBLE',
  ...expectedColumns,
} as const;
type ExpectedRow = Readonly<Record<keyof typeof SCHEMA, string | number | null>>;

const text = (value: Row[string] | undefined): string | null =>
  value === null || value === undefined ? null : String(value);

function expectedRow(row: Row): ExpectedRow {
  const number = (column: string): number => Number(row[column] ?? 0);
  const { links, matches, precision, recall } = expectedOfSums(
    {
      links: number('links'),
      falseLinks: number('false_links'),
      missed: number('missed'),
      together: { falseLinks: number('together_false'), missed: number('together_missed') },
    },
    CERTAINTY_PARTS,
  );
  return {
    dimension: text(row['dimension']),
    level: text(row['level']),
    children: number('children'),
    links,
    matches,
    precision: precision.value,
    precision_low: precision.low,
    precision_high: precision.high,
    recall: recall.value,
    recall_low: recall.low,
    recall_high: recall.high,
  };
}

async function append(session: Session, rows: readonly ExpectedRow[]): Promise<number> {
  const columns = (Object.keys(SCHEMA) as (keyof typeof SCHEMA)[]).map((name) =>
    rows.map((row) => row[name]),
  );
  await session.append('expected links', { name: 'expected_links', schema: SCHEMA }, [columns]);
  return rows.length;
}
