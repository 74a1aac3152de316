import { americanShort } from '../calendar/days.js';
import { calendarNamed } from '../city/calendars.js';
import { nobody } from '../city/canaries.js';
import type { City } from '../city/city.js';
import { type Identity, knownTo } from '../dirt/identity.js';
import { type Child, isCanary } from '../people/child.js';
import { type Participant, programmeDays, type Session, sessionsOf } from '../programmes/afterschool.js';
import type { Rng } from '../random/streams.js';
import { CHARTER, type School } from '../schooling/schools.js';
import { type Row, withBroken } from './row.js';
import { typedGrade } from './spellings.js';

const HEADER: Row = [
  'Participant ID',
  'School Student ID',
  'Last Name',
  'First Name',
  'DOB',
  'Grade',
  'School',
  'Site',
  'Activity',
  'Status',
  'Session Date',
  'Attended',
  'Hours',
];

const SHARE_REVERSED = 0.015;

export function afterschoolSessions(city: City): Iterable<Row> {
  return withBroken(sessionRows(city), brokenRows(city.canaries));
}

function* sessionRows(city: City): Generator<Row> {
  yield HEADER;
  yield* testChildren();
  const schools = new Map([...city.schools, CHARTER].map((school) => [school.code, school]));
  const days = programmeDays(calendarNamed(city, 'standard'));
  const about = { streams: city.streams, days, snapshot: city.year.snapshot };
  for (const participant of city.participants) {
    const registered = registrationCells(city, participant, schools);
    if (participant.waitlisted) yield [...registered, 'Waitlisted', '', '', ''];
    for (const session of sessionsOf(participant, about))
      yield [...registered, 'Enrolled', ...marks(session)];
  }
}

function marks({ day, attended, hours }: Session): Row {
  return [americanShort(day), attended ? 'Yes' : 'No', String(hours)];
}

/** The cells typed once, when the child was registered at the site. */
function registrationCells(city: City, participant: Participant, schools: ReadonlyMap<string, School>): Row {
  const { child, site, registration } = participant;
  const rng = city.streams('afterschool-cells', participant.id);
  const known = knownTo('afterschool', child, { ...city, registration });
  const [last, first] = typedNames(rng, known, isCanary(child));
  return [
    participant.id,
    typedSchoolId(rng, child),
    last,
    first,
    !isCanary(child) && rng.chance(0.03) ? '' : americanShort(known.birth),
    typedGrade(rng, child.grade),
    typedSchool(rng, child, schools),
    site.name,
    participant.activity,
  ];
}

function typedNames(rng: Rng, known: Identity, canary: boolean): [string, string] {
  const surname = known.suffix === '' || rng.chance(0.4) ? known.surname : `${known.surname} ${known.suffix}`;
  const shouted = rng.chance(0.04);
  const names: [string, string] =
    rng.chance(SHARE_REVERSED) && !canary ? [known.given, surname] : [surname, known.given];
  return shouted ? [names[0].toUpperCase(), names[1].toUpperCase()] : names;
}

/** Typed by staff from a list: right, without its zeros, left out, mistyped, or mangled by a spreadsheet. */
function typedSchoolId(rng: Rng, { localId, charterNumber, trap }: Child): string {
  if (localId === '') return charterNumber !== '' && rng.chance(0.3) ? charterNumber : '';
  if (isCanary({ trap })) return localId;
  const draw = rng.next();
  if (draw < 0.6) return localId;
  if (draw < 0.74) return String(Number(localId));
  if (draw < 0.755) return scientific(Number(localId));
  if (draw < 0.775)
    return String((Number(localId) + rng.between(1, 9) * 10 ** rng.below(3)) % 980_000).padStart(6, '0');
  return '';
}

/** 4150 -> 4.15E+03 */
function scientific(value: number): string {
  const [digits = '', power = '0'] = value.toExponential(2).split('e+');
  return `${digits}E+${power.padStart(2, '0')}`;
}

function typedSchool(rng: Rng, child: Child, schools: ReadonlyMap<string, School>): string {
  const school = schools.get(child.spans.at(-1)?.school ?? '');
  if (school === undefined) return rng.pick(['St. Brendan', 'Homeschool', 'Private', '']);
  const short = school.name.replace(/ (Charter |Middle |High )?School$/, '');
  return rng.pick([school.name, short, short, short.toUpperCase()]);
}

/** The vendor's own test records: no children. */
function testChildren(): Row[] {
  const site = ['BGC', 'Homework Help', 'Enrolled'];
  return [
    [
      '1019001',
      '123456',
      'Student',
      'Test',
      '1/1/2015',
      '4',
      'Test School',
      ...site,
      '9/22/2025',
      'Yes',
      '2',
    ],
    [
      '1019001',
      '123456',
      'Student',
      'Test',
      '1/1/2015',
      '4',
      'Test School',
      ...site,
      '9/24/2025',
      'Yes',
      '2',
    ],
    ['1019002', '', 'Test', 'Test', '1/1/1900', '', '', ...site, '10/1/2025', 'Yes', '1'],
    ['1019003', '999999', 'Doe', 'Demo', '', '3', 'Test School', ...site, '10/2/2025', 'No', '0'],
  ];
}

/** Marked absent throughout, so that a reader who repairs a cell still counts nobody as attending. */
function brokenRows(canaries: boolean): Row[] {
  const no = nobody(canaries);
  const who = ['1019903', no.localId, no.surname, no.given];
  const where = ['4', '', 'YMCA', 'Soccer', 'Enrolled'];
  return [
    [...who, '13/45/2012', ...where, '2/30/2026', 'No', '0'],
    [...who, '4/5/2014', ...where, no.badDate, 'No', no.badNumber],
    ['', ...who.slice(1), '4/5/2014', ...where, '3/2/2026', 'No', '0'],
    [...who, '4/5/2014', ...where],
    [...who, no.phone, ...where, '3/2/2026', 'No', '0', no.street],
  ];
}
