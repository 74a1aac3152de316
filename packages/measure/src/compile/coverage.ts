import { ident, type Sql, sql } from '@throughline/engine';
import { countOf, countsBy } from '../definition/counts.js';
import type { Events } from '../definition/vocabulary.js';
import { eventTable, factColumns } from './events.js';

const rowsOf = (events: Events): Sql => ident(eventTable(events));

/** Records with at least one row that counts. */
const counted = (events: Events): Sql =>
  sql`(SELECT DISTINCT partner, record_id, person_id, basis FROM ${rowsOf(events)} WHERE NOT left_out AND state = 'yes')`;

/** To a person of whom a school has a record, whether or not enrolled on the snapshot. */
const linked = (events: Events): Sql =>
  sql`(SELECT * FROM ${counted(events)} SEMI JOIN school_records USING (person_id))`;
const unlinked = (events: Events): Sql =>
  sql`(SELECT * FROM ${counted(events)} ANTI JOIN school_records USING (person_id))`;
const onSnapshot = sql`(SELECT person_id FROM population WHERE enrolled_on_snapshot)`;

/** Counts of records and rows that stand beside every measure of events. */
export const recordCounts = (events: Events): readonly Sql[] => [
  countOf('records', counted(events)),
  countOf('records_linked', linked(events)),
  countsBy(
    'records_linked_by_basis',
    sql`SELECT basis AS "by", count(*) AS count FROM ${linked(events)} GROUP BY basis`,
  ),
  countOf('records_linked_not_enrolled', sql`${linked(events)} ANTI JOIN ${onSnapshot} USING (person_id)`),
  countOf('records_unlinked', unlinked(events)),
  countOf(
    'records_left_out',
    sql`(SELECT DISTINCT partner, record_id FROM ${rowsOf(events)} WHERE left_out)`,
  ),
  countOf('records_never', recordsWithout(events, sql`state <> 'no'`)),
  countOf(
    'records_open',
    sql`(${recordsWithout(events, sql`state = 'yes'`)}) SEMI JOIN (${recordsIn(events, sql`state = 'open'`)}) USING (partner, record_id)`,
  ),
  countOf('rows', sql`(SELECT DISTINCT * FROM ${rowsOf(events)} WHERE NOT left_out AND state = 'yes')`),
  countOf('days_said_both_ways', contradictions(events)),
];

const recordsIn = (events: Events, state: Sql): Sql =>
  sql`SELECT DISTINCT partner, record_id FROM ${rowsOf(events)} WHERE NOT left_out AND ${state}`;

const recordsWithout = (events: Events, state: Sql): Sql =>
  sql`(${recordsIn(events, sql`true`)} EXCEPT ${recordsIn(events, state)})`;

/** A row that does not count takes none away that does; somebody should look at both. */
const contradictions = (events: Events): Sql => sql`(
  SELECT partner, record_id, event_day FROM ${rowsOf(events)}
  WHERE NOT left_out AND event_day IS NOT NULL
  GROUP BY partner, record_id, event_day
  HAVING bool_or(state = 'yes') AND bool_or(state = 'no'))`;

/** Counts of persons: exact, so they stay at the desk. */
export const personCounts = (events: Events, verdicts: Sql): readonly Sql[] => [
  countOf('persons_unduplicated', sql`(SELECT DISTINCT person_id FROM ${counted(events)})`),
  ...(factColumns(events).includes('site')
    ? [
        countOf(
          'persons_summed_over_sites',
          sql`(SELECT DISTINCT person_id, site FROM ${rowsOf(events)} WHERE NOT left_out AND state = 'yes')`,
        ),
      ]
    : []),
  countsBy(
    'persons_yes_by_basis',
    sql`SELECT basis AS "by", count(*) AS count FROM ${verdicts} WHERE verdict = 'yes' GROUP BY basis`,
  ),
];

/** Persons without a school record who have a row that counts or could: each might be a child who is a `no`. */
export const unlinkedPersons = (events: Events): Sql => sql`
  SELECT count(DISTINCT person_id) AS count
  FROM (SELECT person_id FROM ${rowsOf(events)} WHERE NOT left_out AND state <> 'no')
  ANTI JOIN school_records USING (person_id)`;

/** How far the truth can be: only exact links right; or every unlinked person an enrolled child, every unknown a yes. */
export const boundCounts = (verdicts: Sql, unlinkedCount: Sql): readonly Sql[] => [
  countOf('persons_yes_at_least', sql`${verdicts} WHERE verdict = 'yes' AND basis = 'exact'`),
  countsBy(
    'persons_yes_at_most',
    sql`
    SELECT NULL::VARCHAR AS "by",
      least(count(*), count(*) FILTER (WHERE verdict <> 'no') + (${unlinkedCount})) AS count
    FROM ${verdicts}`,
  ),
];
