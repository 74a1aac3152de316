import { ident } from '@throughline/engine';
import type { Make, Need, Scope } from '../../definition/measure.js';
import type { CountsOf } from '../../definition/vocabulary.js';
import { personAttendance } from './attendance.js';
import type { Attendance } from './coverage.js';
import { recordAttendance } from './membership.js';

/** A rule about membership days: who is counted, and what a day of absence is. */
export type Membership = Pick<CountsOf<'attendance'>, 'grades' | 'minimum_days' | 'day'>;

export const attendanceNeeds: readonly Need[] = [
  { role: 'enrolment', table: 'students', columns: [['active']], from: 'every' },
  { role: 'enrolment', table: 'calendar', columns: [['school', 'day', 'in_session']], from: 'every' },
  {
    role: 'enrolment',
    table: 'absences',
    columns: [
      ['day', 'absent'],
      ['day', 'absent_minutes', 'scheduled_minutes'],
    ],
    from: 'some',
  },
];

/** The tables of attendance under a day rule; every measure with the rule shares them. */
export const attendanceTables = ({ day }: Membership): Omit<Attendance, 'verdicts'> => ({
  persons: ident(`attendance_${day}`),
});

export function attendanceMakes({ day }: Membership, scope: Scope): readonly Make[] {
  const records = `record_attendance_${day}`;
  return [
    { table: records, select: recordAttendance(scope, day) },
    { table: `attendance_${day}`, select: personAttendance(ident(records)) },
  ];
}
