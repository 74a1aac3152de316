import { type Sql, sql } from '@throughline/engine';
import { countOf, countsBy } from '../../definition/counts.js';
import type { Scope } from '../../definition/measure.js';

const attended = sql`(SELECT * FROM participants WHERE attended)`;
/** To a person of whom a school has a record, whether or not enrolled on the snapshot. */
const linked = sql`(SELECT * FROM ${attended} SEMI JOIN school_records USING (person_id))`;
const unlinked = sql`(SELECT * FROM ${attended} ANTI JOIN school_records USING (person_id))`;
const onSnapshot = sql`(SELECT person_id FROM population WHERE enrolled_on_snapshot)`;

export const coverageOf = (verdicts: Sql, scope: Scope): readonly Sql[] => [
  ...recordCounts(scope),
  ...personCounts(verdicts, scope),
];

const recordCounts = (scope: Scope): readonly Sql[] => [
  countOf('participants', attended),
  countOf('participants_linked', linked),
  countsBy(
    'participants_linked_by_basis',
    sql`SELECT basis AS "by", count(*) AS count FROM ${linked} GROUP BY basis`,
  ),
  countOf('participants_linked_not_enrolled', sql`${linked} ANTI JOIN ${onSnapshot} USING (person_id)`),
  countOf('participants_unlinked', unlinked),
  countOf('waitlisted', sql`participants WHERE waitlisted`),
  countOf('enrolled_never_attended', sql`participants WHERE holds_place AND NOT perhaps`),
  countOf('enrolled_attendance_unknown', sql`participants WHERE perhaps AND NOT attended`),
  countOf('sessions', sql`(SELECT DISTINCT * FROM (${attendedSessions(scope)}))`),
];

const personCounts = (verdicts: Sql, scope: Scope): readonly Sql[] => [
  countOf('persons_unduplicated_across_sites', sql`(SELECT DISTINCT person_id FROM ${attended})`),
  countOf(
    'persons_summed_over_sites',
    sql`(SELECT DISTINCT person_id, site FROM (${attendedSessions(scope)}) JOIN participants USING (partner, record_id))`,
  ),
  countsBy('persons_yes_by_basis', yesByBasis(verdicts)),
  countOf('persons_yes_at_least', sql`(${yesBeyondDoubt(verdicts)})`),
  countsBy('persons_yes_at_most', yesAtMost(verdicts)),
];

const attendedSessions = ({ period: { from, to }, rows }: Scope): Sql => sql`
  SELECT partner, record_id, site, activity, day
  FROM (${rows('afterschool', 'sessions')})
  WHERE attended = 'yes' AND status <> 'waitlisted' AND day BETWEEN ${from}::DATE AND ${to}::DATE`;

const yesRecords = (verdicts: Sql): Sql =>
  sql`${attended} SEMI JOIN (SELECT person_id FROM ${verdicts} WHERE verdict = 'yes') USING (person_id)`;

const yesByBasis = (verdicts: Sql): Sql => sql`
  SELECT "by", count(*) AS count
  FROM (
    SELECT CASE WHEN count(DISTINCT basis) = 1 THEN min(basis) ELSE 'several' END AS "by"
    FROM ${yesRecords(verdicts)} GROUP BY person_id
  )
  GROUP BY "by"`;

/** Had every link that is not exact been wrong. */
const yesBeyondDoubt = (verdicts: Sql): Sql =>
  sql`SELECT DISTINCT person_id FROM ${yesRecords(verdicts)} WHERE basis NOT IN ('probable', 'weak')`;

/** Were every unlinked participant an enrolled child of its own, and every unknown a yes. */
const yesAtMost = (verdicts: Sql): Sql => sql`
  SELECT NULL::VARCHAR AS "by",
    least(
      count(*),
      count(*) FILTER (WHERE verdict <> 'no') + (SELECT count(DISTINCT person_id) FROM ${unlinked})
    ) AS count
  FROM ${verdicts}`;
