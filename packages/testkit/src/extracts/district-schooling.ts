import { type Day, iso } from '../calendar/days.js';
import { calendarBySchool } from '../city/calendars.js';
import { nobody } from '../city/canaries.js';
import type { City } from '../city/city.js';
import { type Child, isCanary } from '../people/child.js';
import { pickBy } from '../random/streams.js';
import type { AttendanceEvent } from '../schooling/attendance.js';
import { absenceComment } from './comments.js';
import { type Row, withBroken } from './row.js';
import { absencesExported, type Recorded, recorder, rollOf, spansIn } from './schooling.js';
import { aspenGrade } from './spellings.js';

const REASONS: Readonly<Record<AttendanceEvent['kind'], readonly (string | null)[]>> = {
  absent: [
    'Illness',
    'Illness',
    'Illness',
    'Medical',
    'Family',
    'Unexcused',
    'Unexcused',
    'Religious',
    null,
    null,
  ],
  tardy: ['Late bus', 'Overslept', null, null],
  dismissed: ['Medical', 'Family', null],
};
const EXCUSED_REASONS: readonly (string | null | undefined)[] = ['Illness', 'Medical', 'Religious'];
const SHARE_COMMENTED = 0.02;

export function districtEnrollments(city: City): Iterable<Row> {
  const no = nobody(city.canaries);
  return withBroken(enrollmentRows(city), [
    [no.localId, city.schools[0]?.code ?? null, '04', '2000-13-01', null, null, '0'],
    [null, city.schools[0]?.code ?? null, '04', iso(city.year.start), no.badDate, null, '1'],
    [no.localId, '04', iso(city.year.start)],
  ]);
}

function* enrollmentRows(city: City): Generator<Row> {
  yield ['local_id', 'school_local_id', 'grade', 'entry_date', 'exit_date', 'exit_code', 'no_show'];
  for (const child of rollOf(city, 'district')) {
    for (const span of spansIn(child, 'district')) {
      const exit = span.exit === null ? null : iso(span.exit);
      const code = span.exitCode === '' ? null : span.exitCode;
      yield [
        child.localId,
        span.school,
        aspenGrade(span.grade),
        iso(span.entry),
        exit,
        code,
        span.noShow ? '1' : '0',
      ];
    }
  }
}

export function districtCalendar(city: City): Iterable<Row> {
  const no = nobody(city.canaries);
  return withBroken(calendarRows(city), [
    [city.schools[0]?.code ?? null, '2026-02-30', '0', 'School Day'],
    [null, no.badDate, no.badNumber, 'School Day'],
    [city.schools[0]?.code ?? null, iso(city.year.start)],
  ]);
}

function* calendarRows(city: City): Generator<Row> {
  yield ['school_local_id', 'calendar_date', 'in_session', 'day_type'];
  const calendars = calendarBySchool(city);
  for (const { code } of city.schools) {
    const calendar = calendars.get(code);
    for (const [offset, type] of (calendar?.dayTypes ?? []).entries()) {
      yield [code, iso((calendar?.first ?? 0) + offset), type === 'School Day' ? '1' : '0', type];
    }
  }
}

export function districtAbsences(city: City): Iterable<Row> {
  const no = nobody(city.canaries);
  const school = city.schools[0]?.code ?? null;
  return withBroken(absenceRows(city), [
    [no.stateId, no.localId, '1', '0', '0', 'Illness', '1', `${no.given} out`, '2026-02-30', school],
    [no.stateId, null, no.badNumber, '0', '0', 'Illness', '1', null, no.badDate, school],
    [no.stateId, no.localId, '1', '0', '0', `${no.given} ${no.surname}`],
    [no.stateId, no.localId, no.badNumber, '0', '0', 'Illness', '1', no.street, no.badDate, school, 'x'],
  ]);
}

function* absenceRows(city: City): Generator<Row> {
  yield [
    'state_id',
    'local_id',
    'absence',
    'tardy',
    'dismissed',
    'reason',
    'excused',
    'comment',
    'event_date',
    'school_local_id',
  ];
  const recorded = recorder(city);
  for (const child of rollOf(city, 'district')) {
    if (!absencesExported(child, 'district')) continue;
    for (const record of recorded(child, 'district')) yield absenceRow(city, child, record);
  }
}

function absenceRow(city: City, child: Child, { span, event }: Recorded): Row {
  const reason = pickBy(REASONS[event.kind], event.detail, 1);
  return [
    child.stateId === '' ? null : child.stateId,
    child.localId,
    event.kind === 'absent' ? '1' : '0',
    event.kind === 'tardy' ? '1' : '0',
    event.kind === 'dismissed' ? '1' : '0',
    reason,
    EXCUSED_REASONS.includes(reason) ? '1' : '0',
    comment(city, child, event),
    iso(event.day),
    span.school,
  ];
}

function comment(city: City, child: Child, event: AttendanceEvent): string | null {
  const [surname = ''] = child.name.surnames;
  if (isCanary(child)) return `${child.name.given} ${surname} out sick`;
  if ((event.detail * 1009) % 1 > SHARE_COMMENTED) return null;
  return absenceComment(city.streams('comment', child.index, event.day), child.name.given, surname);
}

/** Opt-outs by the district's number. A family may write one after the snapshot; the file holds those so far. */
export function districtOptOuts(city: City): Iterable<Row> {
  const no = nobody(city.canaries);
  return withBroken(optOutRows(city), [
    [no.localId, '2025-31-10', 'ALL'],
    [null, no.badDate, no.surname],
    [no.localId],
  ]);
}

export const optedOut = (child: Child, on: Day): boolean =>
  child.localId !== '' && child.optedOutOn !== null && child.optedOutOn <= on;

function* optOutRows(city: City): Generator<Row> {
  yield ['local_id', 'effective_date', 'scope'];
  for (const child of rollOf(city, 'district')) {
    if (!optedOut(child, city.year.snapshot) || child.optedOutOn === null) continue;
    const scope = city.streams('opt-out', child.index).chance(0.85) ? 'ALL' : 'EXTERNAL';
    yield [child.localId, iso(child.optedOutOn), scope];
  }
}
