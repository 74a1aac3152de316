import { american } from '../calendar/days.js';
import { calendarBySchool } from '../city/calendars.js';
import { nobody } from '../city/canaries.js';
import type { City } from '../city/city.js';
import { knownTo } from '../dirt/identity.js';
import type { Child, Race } from '../people/child.js';
import { CITY, streetLine } from '../people/streets.js';
import { pickBy } from '../random/streams.js';
import type { AttendanceEvent } from '../schooling/attendance.js';
import { CHARTER } from '../schooling/schools.js';
import { type Row, withBroken } from './row.js';
import { recorder, rollOf, spansIn, standing } from './schooling.js';
import { addressOn, aspenGrade, bracketedPhone } from './spellings.js';

const STUDENTS: Row = [
  'student.studentNumber',
  'student.stateID',
  'student.lastName',
  'student.firstName',
  'student.middleName',
  'student.birthdate',
  'student.gender',
  'student.grade',
  'student.raceEthnicity',
  'student.hispanic',
  'student.homePrimaryLanguage',
  'student.englishLearner',
  'student.disability',
  'student.frlStatus',
  'student.activeFlag',
  'address.addressLine1',
  'address.city',
  'address.zip',
  'household.phone',
  'guardian.name',
];

/** Federal code; 1 is Hispanic of any race. A family that answered nothing was observed, as the rule asks. */
const FEDERAL_RACE: Readonly<Record<Race, string>> = {
  american_indian: '2',
  asian: '3',
  black: '4',
  pacific: '5',
  white: '6',
  two_or_more: '7',
  not_reported: '6',
};

/** Minutes in a school day; half of it absent makes a day absent. */
const SCHEDULED_MINUTES = 390;

export function charterStudents(city: City): Iterable<Row> {
  const no = nobody(city.canaries);
  const rest: Row = [
    'F',
    '04',
    '6',
    'N',
    'English',
    'N',
    'N',
    '',
    'N',
    no.street,
    CITY,
    '02155',
    no.phone,
    '',
  ];
  return withBroken(studentRows(city), [
    [no.number, no.stateId, no.surname, no.given, 'NMN', '02/30/2014', ...rest],
    ['', no.stateId, no.surname, no.given, 'NMN', '04/05/2014', ...rest],
    [no.number, no.stateId, no.surname, no.given, 'NMN', no.badDate, ...rest],
    [no.number, no.stateId, no.surname, no.given],
  ]);
}

function* studentRows(city: City): Generator<Row> {
  yield STUDENTS;
  for (const child of rollOf(city, 'charter')) yield studentRow(city, child);
}

function studentRow(city: City, child: Child): Row {
  const rng = city.streams('charter-student', child.index);
  const known = knownTo('charter', child, { ...city, registration: 0 });
  const { household, name } = child;
  const address = addressOn(child, city.year.lastDay - rng.between(0, 60));
  const meals = { free: 'F', reduced: 'R', not_eligible: rng.chance(0.7) ? 'P' : '' }[household.meals];
  return [
    child.charterNumber,
    child.stateId,
    known.suffix === '' ? known.surname : `${known.surname} ${known.suffix}`,
    known.given,
    known.middle === '' ? 'NMN' : known.middle,
    american(known.birth),
    child.sex,
    aspenGrade(spansIn(child, 'charter').at(-1)?.grade ?? child.grade),
    child.hispanic ? '1' : FEDERAL_RACE[child.race],
    child.hispanic ? 'Y' : 'N',
    household.language,
    child.english === 'Limited' ? 'Y' : 'N',
    child.disability === '' ? 'N' : 'Y',
    meals,
    standing(child, 'charter') === 'Active' ? 'Y' : 'N',
    streetLine(address),
    CITY,
    rng.chance(0.12) ? address.zip.slice(1) : address.zip,
    bracketedPhone(household.phones[rng.chance(0.8) ? 0 : 1]),
    `${household.guardian.given} ${name.surnames.includes(household.guardian.surname) ? name.surnames.join(name.joiner) : household.guardian.surname}`,
  ];
}

export function charterEnrollments(city: City): Iterable<Row> {
  const no = nobody(city.canaries);
  return withBroken(enrollmentRows(city), [
    [no.number, '13/01/2025', '00000000', 'E1', '04'],
    ['', american(city.year.start), no.badDate, 'E1', '04'],
    [no.number, american(city.year.start)],
  ]);
}

function* enrollmentRows(city: City): Generator<Row> {
  yield [
    'student.studentNumber',
    'enrollment.startDate',
    'enrollment.endDate',
    'enrollment.startStatus',
    'enrollment.grade',
  ];
  for (const child of rollOf(city, 'charter')) {
    for (const span of spansIn(child, 'charter')) {
      const end = span.exit === null ? '00000000' : american(span.exit);
      const status = span.noShow ? 'NS' : span.entry === city.year.start ? 'E1' : 'E2';
      yield [child.charterNumber, american(span.entry), end, status, aspenGrade(span.grade)];
    }
  }
}

export function charterCalendar(city: City): Iterable<Row> {
  const no = nobody(city.canaries);
  return withBroken(calendarRows(city), [
    [CHARTER.code, '02/30/2026', '0'],
    ['', no.badDate, no.badNumber],
    [CHARTER.code, american(city.year.start)],
  ]);
}

function* calendarRows(city: City): Generator<Row> {
  yield ['calendar.schoolID', 'day.date', 'day.schoolDay'];
  const calendar = calendarBySchool(city).get(CHARTER.code);
  for (const [offset, type] of (calendar?.dayTypes ?? []).entries()) {
    yield [CHARTER.code, american((calendar?.first ?? 0) + offset), type === 'School Day' ? '1' : '0'];
  }
}

export function charterAttendance(city: City): Iterable<Row> {
  const no = nobody(city.canaries);
  return withBroken(attendanceRows(city), [
    [no.number, '02/30/2026', 'A', 'E', '390', '390'],
    ['', no.badDate, 'A', 'E', no.badNumber, '390'],
    [no.number, '03/02/2026', 'A', 'E', no.badNumber, no.badNumber],
    [no.number, '03/02/2026', 'A'],
  ]);
}

function* attendanceRows(city: City): Generator<Row> {
  yield [
    'student.studentNumber',
    'attendance.date',
    'attendance.code',
    'attendance.excuse',
    'attendance.absentMinutes',
    'attendance.scheduledMinutes',
  ];
  const recorded = recorder(city);
  for (const child of rollOf(city, 'charter')) {
    for (const { event } of recorded(child, 'charter')) yield attendanceRow(child, event);
  }
}

const HALF = SCHEDULED_MINUTES / 2;
const ABSENT_MINUTES = [SCHEDULED_MINUTES, SCHEDULED_MINUTES, SCHEDULED_MINUTES, HALF + 60, HALF];
const PRESENT_MINUTES = [10, 15, 25, 40, 90, HALF - 1];
const CODES = { absent: 'A', tardy: 'T', dismissed: 'ED' };

/** An absence is anything from exactly half a day up; lateness and early dismissal stay a minute below. */
function attendanceRow(child: Child, { day, kind, detail }: AttendanceEvent): Row {
  const minutes = pickBy(kind === 'absent' ? ABSENT_MINUTES : PRESENT_MINUTES, detail, 1);
  const excuse = pickBy(['E', 'E', 'U', 'X', ''], detail, 97);
  return [
    child.charterNumber,
    american(day),
    CODES[kind],
    excuse,
    String(minutes),
    String(SCHEDULED_MINUTES),
  ];
}
