/**
 * One letter for each day of a register. What a child missed is told by its share of the scheduled minutes, so that
 * every rule of a whole, a half or more than half a day can be read from the same line. Letters in a line, one a
 * day, are how schools hand attendance on: see AttendanceMarks in the Common Transfer File (UK DfE, CTF 24).
 */
export const attendanceMarks = {
  /** No membership day: not enrolled, school not in session, or a day yet to come. */
  '-': 'no membership day',
  P: 'present, nothing missed',
  L: 'missed less than half of the day',
  H: 'missed exactly half of the day',
  M: 'missed more than half of the day, not all of it',
  A: 'absent: all of the day, or as the source says itself',
  h: 'missed half at least: another row of the day cannot be read',
  m: 'missed more than half at least: another row of the day cannot be read',
  '?': 'unknown: no row, where having none does not mean present; or a row that says nothing',
  x: 'unknown: the export leaves out those who have left',
  n: 'unknown: there is no attendance export',
} as const;
export type AttendanceMark = keyof typeof attendanceMarks;
