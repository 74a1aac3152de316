import { type AttendanceMark, attendanceMarks } from '@throughline/core';
import { type Sql, sql } from '@throughline/engine';
import { dayIndex } from '../../days/day-bits.js';
import type { Scope } from '../../definition/measure.js';
import type { DayRule } from '../../definition/vocabulary.js';

const letters = Object.keys(attendanceMarks) as AttendanceMark[];

/** The days of a register that have one of some marks. */
const daysMarked = (marks: readonly AttendanceMark[]): Sql => {
  const bits = letters.map((letter) => (marks.includes(letter) ? '1' : '0')).join('');
  return sql`translate(line, ${letters.join('')}, ${bits})::BIT`;
};

/** What counts as absent, and what could still turn out to be, beside what is unknown under every rule. */
const MARKS: Readonly<Record<DayRule, Readonly<Record<'absent' | 'unclear', readonly AttendanceMark[]>>>> = {
  half: { absent: ['A', 'M', 'm', 'H', 'h'], unclear: ['?'] },
  over_half: { absent: ['A', 'M', 'm'], unclear: ['?', 'h'] },
  whole: { absent: ['A'], unclear: ['?', 'h', 'm'] },
};

const MEMBER = letters.filter((letter) => letter !== '-');

/**
 * One row an enrolled school record and school: its membership days in the period, on which of them it was absent, on
 * which nobody can tell (`unclear`), and whether any of them is hidden. Read from the registers of intake.
 */
export function recordAttendance(scope: Scope, rule: DayRule): Sql {
  const { absent, unclear } = MARKS[rule];
  return sql`
    SELECT person_id, partner, record_id, no_calendar, ${daysMarked(MEMBER)} AS member,
      ${daysMarked(absent)} AS absent, ${daysMarked(unclear)} AS unclear,
      contains(line, 'x') AS left_before_export, contains(line, 'n') AS no_absences_extract
    FROM (${linesIn(scope)})`;
}

/** The marks of 400 days from the first of the period, those after its last left out. */
function linesIn({ period: { from, to }, rows }: Scope): Sql {
  const days = sql`(${dayIndex(sql`${to}::DATE`, from)} + 1)`;
  const place = dayIndex(sql`first_day`, from);
  const shifted = sql`CASE WHEN ${place} >= 0 THEN repeat('-', least(${place}, 400)) || marks
    ELSE substr(marks, 1 - ${place}) END`;
  return sql`
    SELECT person_id, partner, record_id,
      coalesce(first_day > ${to}::DATE OR first_day + length(marks)::INTEGER <= ${from}::DATE, true) AS no_calendar,
      rpad(left(coalesce(${shifted}, ''), ${days}), 400, '-') AS line
    FROM (SELECT DISTINCT person_id, partner, record_id, school FROM spans)
    LEFT JOIN (${rows('enrolment', 'attendance')}) USING (partner, record_id, school)`;
}
