import { type Sql, sql } from '@throughline/engine';
import { type AbsenceFeed, silenceOf } from './silence.js';

/** Rows of the payload tables of which registers are made. */
export type AttendanceSources = Readonly<Record<'students' | 'enrolments' | 'calendar' | 'absences', Sql>>;

/** The tables on the way, in the order in which they are made. */
export const registerTables = [
  'school_days',
  'silent_lines',
  'member_spans',
  'silent_registers',
  'day_marks',
  'register_cuts',
  'registers',
] as const;
type RegisterTable = (typeof registerTables)[number];

/**
 * Membership and absences of a partner's records: calendar x enrolments x rows of attendance. A child who is
 * enrolled and has no row gets the letter that silence has in this export; then the few days with rows are set
 * into that line. 100,000 children in school for 180 days are 18 million days, and 100,000 lines.
 *
 * @param today days after it have not come yet.
 */
export function registerSelects(
  sources: AttendanceSources,
  feeds: readonly AbsenceFeed[],
  today: string,
): Readonly<Record<RegisterTable, Sql>> {
  return {
    school_days: schoolDays(sources.calendar),
    silent_lines: silentLines(feeds, today),
    member_spans: memberSpans(sources.enrolments),
    silent_registers: silentRegisters(sources.students),
    day_marks: dayMarks(sources.absences),
    register_cuts: registerCuts(),
    registers: registers(),
  };
}

/**
 * One row a school and day of its calendar. A day that one row opens and another closes is closed, since a snow
 * day comes as a second row; a day that nobody knows to be in session is not.
 */
const schoolDays = (calendar: Sql): Sql => sql`
  SELECT school, day, bool_and(in_session = 'yes') AS open FROM (${calendar}) GROUP BY school, day`;

/** One row a school, for records active on the export and for others: what silence means on each day. */
const silentLines = (feeds: readonly AbsenceFeed[], today: string): Sql => sql`
  SELECT school, active, first_day,
    string_agg(CASE WHEN open AND day <= ${today}::DATE THEN ${silenceOf(feeds)} ELSE '-' END, '' ORDER BY day) AS line
  FROM (
    SELECT school, first_day, unnest(generate_series(first_day, last_day, INTERVAL 1 DAY))::DATE AS day
    FROM (SELECT school, min(day) AS first_day, max(day) AS last_day FROM school_days GROUP BY school))
  LEFT JOIN school_days USING (school, day), (VALUES (true), (false)) AS standing(active)
  GROUP BY school, active, first_day`;

/**
 * One row an unbroken time of a record at a school, from its first to its last place in the school's line: the exit
 * date is the last day enrolled, a null one is still open. A child who did not show up was not enrolled. Places are
 * null without a calendar, and past one another where the time lies outside of it.
 */
const memberSpans = (enrolments: Sql): Sql => sql`
  SELECT record_id, school, min(first_place) AS first_place, max(last_place) AS last_place
  FROM (
    SELECT *, sum(CASE WHEN first_place <= before THEN 0 ELSE 1 END)
      OVER (PARTITION BY record_id, school ORDER BY first_place, last_place) AS island
    FROM (
      SELECT *, max(last_place) OVER (PARTITION BY record_id, school ORDER BY first_place, last_place
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
      FROM (
        SELECT DISTINCT record_id, school,
          greatest(0, entry_date - first_day) AS first_place,
          least(length(line) - 1, coalesce(exit_date - first_day, length(line) - 1)) AS last_place
        FROM (${enrolments})
        LEFT JOIN (SELECT school, first_day, line FROM silent_lines WHERE active) USING (school)
        WHERE no_show <> 'yes' AND entry_date <= coalesce(exit_date, entry_date))))
  GROUP BY record_id, school, island`;

/** One row a record and school: the line that it would have if there were no row of attendance. */
const silentRegisters = (students: Sql): Sql => sql`
  SELECT record_id, school, first_day,
    coalesce(string_agg(repeat('-', first_place - before - 1) || substr(line, first_place + 1, last_place - first_place + 1),
      '' ORDER BY first_place) FILTER (WHERE first_place <= last_place), '')
      || repeat('-', length(line) - 1 - coalesce(max(last_place) FILTER (WHERE first_place <= last_place), -1)) AS line
  FROM (
    SELECT spans.record_id, spans.school, first_day, line, first_place, last_place,
      coalesce(lag(last_place) OVER (PARTITION BY spans.record_id, spans.school, first_place <= last_place
        ORDER BY first_place), -1) AS before
    FROM member_spans AS spans
    LEFT JOIN (SELECT record_id, bool_or(active = 'yes') AS active FROM (${students}) GROUP BY record_id)
      AS standing USING (record_id)
    LEFT JOIN silent_lines ON silent_lines.school = spans.school
      AND silent_lines.active = coalesce(standing.active, false))
  GROUP BY record_id, school, first_day, line`;

/**
 * One row a record and day with rows of attendance. Minutes decide where there are both; a row that says neither is
 * unclear. Of several rows the worst stands: BIGINT, so that a hostile number of minutes cannot overflow.
 */
const dayMarks = (absences: Sql): Sql => sql`
  SELECT record_id, day, CASE
      WHEN missed = 4 THEN 'A'
      WHEN unclear THEN CASE missed WHEN 3 THEN 'm' WHEN 2 THEN 'h' ELSE '?' END
      ELSE CASE missed WHEN 3 THEN 'M' WHEN 2 THEN 'H' WHEN 1 THEN 'L' ELSE 'P' END
    END AS mark
  FROM (
    SELECT record_id, day, max(missed) AS missed, bool_or(missed IS NULL) AS unclear
    FROM (SELECT record_id, day, ${missedOf} AS missed FROM (${absences}))
    GROUP BY record_id, day)`;

const missedOf: Sql = sql`CASE
  WHEN absent_minutes >= 0 AND scheduled_minutes > 0 THEN CASE
    WHEN absent_minutes >= scheduled_minutes THEN 4
    WHEN absent_minutes::BIGINT * 2 > scheduled_minutes THEN 3
    WHEN absent_minutes::BIGINT * 2 = scheduled_minutes THEN 2
    WHEN absent_minutes > 0 THEN 1
    ELSE 0 END
  WHEN absent = 'yes' THEN 4
  WHEN absent = 'no' THEN 0
END`;

const isMissed: Sql = sql`mark IN ('A', 'M', 'H', 'L', 'm', 'h')`;

/** One row a mark that falls on a membership day, with its place. */
const registerCuts = (): Sql => sql`
  SELECT record_id, school, (day - first_day)::INTEGER AS place, mark
  FROM silent_registers JOIN day_marks USING (record_id)
  WHERE day BETWEEN first_day AND first_day + length(line)::INTEGER - 1
    AND substr(line, day - first_day + 1, 1) <> '-'`;

/**
 * One row a record and school: the table `attendance`. The cuts of a line are numbers, place and letter, in a list that
 * is sorted by place: a text of each, put in order by the database, takes more memory than there may be.
 */
const registers = (): Sql => sql`
  SELECT record_id, school, first_day, coalesce(
      array_to_string(list_transform(cuts, lambda cut, nth:
        substr(line, coalesce(cuts[nth - 1] // 256, -1) + 2, cut // 256 - coalesce(cuts[nth - 1] // 256, -1) - 1)
          || chr(cut % 256)), '') || substr(line, cuts[-1] // 256 + 2),
      line) AS marks
  FROM silent_registers LEFT JOIN (
    SELECT record_id, school, list_sort(list(place * 256 + ascii(mark))) AS cuts
    FROM register_cuts GROUP BY record_id, school) USING (record_id, school)`;

/**
 * Days with rows of attendance that count for nothing: `outside_membership`, days on which the record was nowhere
 * enrolled at a school in session and something was missed; `not_enrolled`, days of records without any enrolment.
 * Nearly all records have one register, and then as many days are outside of it as have marks but no cut; only for the
 * others it takes a look at each day.
 */
export const marksLeftOut: Sql = sql`
  WITH enrolled AS (SELECT record_id, count(*) > 1 AS several FROM silent_registers GROUP BY record_id),
  marked AS (
    SELECT several, count(*) AS days, count(*) FILTER (${isMissed}) AS missed
    FROM day_marks LEFT JOIN enrolled USING (record_id) GROUP BY several),
  cut AS (SELECT count(*) AS missed FROM register_cuts JOIN enrolled USING (record_id) WHERE NOT several AND ${isMissed}),
  uncut AS (
    SELECT count(*) AS missed FROM day_marks SEMI JOIN (FROM enrolled WHERE several) AS enrolled USING (record_id)
    ANTI JOIN (SELECT record_id, (first_day + place)::DATE AS day
      FROM register_cuts JOIN (FROM enrolled WHERE several) AS enrolled USING (record_id)
      JOIN silent_registers USING (record_id, school)) AS counted USING (record_id, day)
    WHERE ${isMissed})
  SELECT reason, rows FROM (
    SELECT 'not_enrolled' AS reason, coalesce(sum(days), 0)::BIGINT AS rows FROM marked WHERE several IS NULL
    UNION ALL SELECT 'outside_membership', (SELECT coalesce(sum(missed), 0) FROM marked WHERE NOT several)::BIGINT
      - (SELECT missed FROM cut) + (SELECT missed FROM uncut))
  WHERE rows > 0 ORDER BY reason`;
