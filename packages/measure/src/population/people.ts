import { ident, type Sql, sql, sqlEmpty, sqlJoin } from '@throughline/engine';
import type { Scope } from '../definition/measure.js';
import {
  type Attribute,
  attributesAmong,
  type Dimension,
  OTHER_GRADES,
  readingOf,
  TOTAL,
  UNKNOWN,
} from './dimensions.js';

export type GradeBand = { readonly name: string; readonly grades: readonly string[] };

/**
 * One row a person: the enrolment that says where the child belongs. Those that cover the snapshot go first, then
 * the latest entry; equal ones in the order in which the configuration names the partners, then by school, grade
 * and record.
 */
export const homes = ({ onRecord, rows }: Scope): Sql => sql`
  SELECT person_id, partner, record_id, school, grade, covers_snapshot AS enrolled_on_snapshot, true AS enrolled_in_period
  FROM spans
  QUALIFY row_number() OVER (
    PARTITION BY person_id
    ORDER BY covers_snapshot DESC, entry_date DESC, partner_rank, school, grade, record_id
  ) = 1
  ${onRecord.length === 0 ? sqlEmpty : offRoll(onRecord.map(({ role, table }) => rows(role, table)))}`;

/** Children whom such a source names and who were enrolled at no time of the period: at no school, in no grade. */
const offRoll = (sources: readonly Sql[]): Sql => sql`
  UNION ALL
  SELECT person_id, min(partner), min(record_id), 'unknown', 'unknown', false, false
  FROM school_records ANTI JOIN spans USING (person_id)
  SEMI JOIN (
    SELECT coalesce(person_id, record_id) AS person_id
    FROM (${sqlJoin(
      sources.map((source) => sql`SELECT partner, record_id FROM (${source})`),
      sql` UNION `,
    )})
    LEFT JOIN record_people USING (partner, record_id)
  ) USING (person_id)
  GROUP BY person_id`;

/** What each school is called in the tables: its code, with the partner before it where two partners use one. */
export const schoolNames = (): Sql => sql`
  SELECT partner, school,
    CASE
      WHEN school IN (${TOTAL}, ${UNKNOWN}) THEN ${UNKNOWN}
      WHEN count(*) OVER (PARTITION BY school) > 1 THEN partner || ' ' || school
      ELSE school
    END AS school_name
  FROM (SELECT DISTINCT partner, school FROM spans)`;

/**
 * One row a person: what its current records state. Current are all records with an enrolment that covers the
 * snapshot, else the record of its home. Where two records state different things the value is unknown, never
 * one of them, and counted as a conflict; a record that does not know contradicts nobody.
 */
export function statements(dimensions: readonly Dimension[], students: Sql): Sql {
  const columns = attributesAmong(dimensions).map((each) => sql`, ${agreed(each)}`);
  return sql`
    SELECT person_id ${sqlJoin(columns, sql` `)}
    FROM (
      SELECT DISTINCT spans.person_id, spans.partner, spans.record_id
      FROM spans JOIN homes USING (person_id)
      WHERE spans.covers_snapshot
        OR (spans.partner = homes.partner AND spans.record_id = homes.record_id)
      UNION
      SELECT person_id, school_records.partner, school_records.record_id
      FROM school_records JOIN homes USING (person_id) WHERE NOT enrolled_in_period
    )
    JOIN (${students}) USING (partner, record_id)
    GROUP BY person_id`;
}

const conflict = (attribute: Attribute): Sql => ident(`${attribute}_conflict`);

function agreed(attribute: Attribute): Sql {
  const stated = sql`nullif(${readingOf(attribute).value}, ${UNKNOWN})`;
  return sql`
    CASE WHEN min(${stated}) = max(${stated}) THEN min(${stated}) ELSE ${UNKNOWN} END AS ${ident(attribute)},
    coalesce(min(${stated}) <> max(${stated}), false) AS ${conflict(attribute)}`;
}

/** One row a person enrolled at any time of the period, with a level of each dimension. */
export function population(dimensions: readonly Dimension[], bands: readonly GradeBand[]): Sql {
  const columns = dimensions.map((each) => sql`, ${levelOf(each, bands)} AS ${ident(each)}`);
  return sql`
    SELECT person_id, enrolled_on_snapshot, enrolled_in_period, grade ${sqlJoin(columns, sql` `)}
    FROM homes
    LEFT JOIN school_names USING (partner, school)
    LEFT JOIN statements USING (person_id)`;
}

function levelOf(dimension: Dimension, bands: readonly GradeBand[]): Sql {
  if (dimension === 'school') return sql`coalesce(school_name, ${UNKNOWN})`;
  if (dimension === 'grade_band') return bandOf(bands);
  return sql`coalesce(statements.${ident(dimension)}, ${UNKNOWN})`;
}

function bandOf(bands: readonly GradeBand[]): Sql {
  const cases = bands.map(
    ({ name, grades }) => sql`WHEN grade IN (${sqlJoin(grades.map((grade) => sql`${grade}`))}) THEN ${name}`,
  );
  return sql`CASE ${sqlJoin(cases, sql` `)} WHEN grade = ${UNKNOWN} THEN ${UNKNOWN} ELSE ${OTHER_GRADES} END`;
}

/** One row a dimension and level that any of the persons has, and one a margin. */
export const levels = (dimensions: readonly Dimension[], persons: Sql = sql`population`): Sql =>
  sqlJoin(
    [
      sql`SELECT NULL::VARCHAR AS dimension, NULL::VARCHAR AS level WHERE false`,
      ...dimensions.map(
        (each) => sql`
          SELECT DISTINCT ${each}::VARCHAR AS dimension, ${ident(each)} AS level FROM ${persons}
          UNION ALL SELECT ${each}::VARCHAR, ${TOTAL}::VARCHAR`,
      ),
    ],
    sql` UNION ALL `,
  );

/** How many people's records contradict one another, by attribute. */
export const conflicts = (dimensions: readonly Dimension[]): Sql =>
  sqlJoin(
    [
      sql`SELECT NULL::VARCHAR AS "by", 0::BIGINT AS count WHERE false`,
      ...attributesAmong(dimensions).map(
        (attribute) => sql`
          SELECT ${attribute}::VARCHAR AS "by", count(*) AS count FROM statements WHERE ${conflict(attribute)}`,
      ),
    ],
    sql` UNION ALL `,
  );
