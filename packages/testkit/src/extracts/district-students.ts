import { type Day, iso, weekdayFrom } from '../calendar/days.js';
import { CANARY, nobody } from '../city/canaries.js';
import type { City } from '../city/city.js';
import { knownTo } from '../dirt/identity.js';
import { type Child, isCanary, type Meals, type Race } from '../people/child.js';
import { CITY, STATE, streetLine } from '../people/streets.js';
import type { Rng } from '../random/streams.js';
import { type Row, withBroken } from './row.js';
import { rollOf, spansIn, standing } from './schooling.js';
import { addressOn, aspenGrade, bracketedPhone, dashedPhone } from './spellings.js';

const HEADER: Row = [
  'state_id',
  'local_id',
  'enrollment_status',
  'full_name',
  'home_language',
  'program_assigned',
  'limited_english_proficiency',
  'sped_placement',
  'disability',
  'sped_level_of_need',
  'plan_504',
  'student_address',
  'grade',
  'registration_date',
  'free_reduced_lunch',
  'date_of_birth',
  'homeroom',
  'school_local_id',
  'gender',
  'race',
  'hispanic_latino',
  'primary_phone',
  'primary_email',
  'house',
  'counselor',
  'sped_liaison',
  'ell_entry_date',
  'ell_transition_date',
];

const RACE: Readonly<Record<Race, string>> = {
  white: 'White',
  black: 'Black or African American',
  asian: 'Asian',
  american_indian: 'American Indian or Alaska Native',
  pacific: 'Native Hawaiian or Other Pacific Islander',
  two_or_more: 'Two or More',
  not_reported: 'Not Reported',
};

const COUNSELORS = ['Duffy, Karen', 'Okafor, Ruth', 'Pacheco, Luis', 'Lindqvist, Anna', 'N/A'];
const LIAISONS = ['N/A', 'N/A', 'Moran, Tess', 'Aguiar, Paulo'];
const HOUSES = [null, null, 'Broadway', 'Elm', 'Highland', 'NULL'];
const PLACEMENTS = ['Full Inclusion', 'Full Inclusion', 'Partial Inclusion', 'Substantially Separate'];
const NEEDS = ['Low < 2', 'Low >= 2', 'Moderate', 'High'];
/** Share of twin pairs of which one was given the other's state id by mistake. */
const SHARE_SHARED_STATE_ID = 0.03;

export function districtStudents(city: City): Iterable<Row> {
  return withBroken(studentRows(city), brokenStudents(city.canaries));
}

function* studentRows(city: City): Generator<Row> {
  yield HEADER;
  const firstOfTwins = new Map<string, Child>();
  for (const child of rollOf(city, 'district')) {
    const twin = firstOfTwins.get(child.twinGroup);
    if (child.twinGroup !== '' && twin === undefined) firstOfTwins.set(child.twinGroup, child);
    const shared = twin !== undefined && city.streams('twin-id', child.index).chance(SHARE_SHARED_STATE_ID);
    yield studentRow(city, child, shared ? twin.stateId : child.stateId);
  }
}

function studentRow(city: City, child: Child, stateId: string): Row {
  const rng = city.streams('district-student', child.index);
  const span = spansIn(child, 'district').at(-1);
  return [
    stateId === '' ? null : stateId,
    child.localId,
    standing(child, 'district'),
    fullName(city, child, rng),
    child.household.language,
    programme(rng, child),
    child.english,
    ...specialEducation(rng, child),
    addressCell(city, child, rng),
    aspenGrade(span?.grade ?? child.grade),
    iso(registeredOn(city, rng, child)),
    lunch(rng, child.household.meals),
    iso(knownTo('district', child, { ...city, registration: 0 }).birth),
    rng.chance(0.02)
      ? '0-000'
      : `${rng.between(1, 3)}${String(rng.between(1, 24)).padStart(2, '0')}-${rng.between(1, 3)}`,
    span?.school ?? null,
    child.sex,
    RACE[child.race],
    rng.chance(0.01) ? null : child.hispanic ? '1' : '0',
    phone(rng, child),
    email(child),
    ...staff(rng, child),
    ...englishLearnerDates(city, rng, child),
  ];
}

/** Last, First Middle. Word processors leave a curly apostrophe behind in about half. */
function fullName(city: City, child: Child, rng: Rng): string {
  const known = knownTo('district', child, { ...city, registration: 0 });
  const surname = rng.chance(0.55) ? known.surname.replace("'", '\u2019') : known.surname;
  const suffix = known.suffix === '' ? '' : ` ${known.suffix}`;
  return `${surname}${suffix}, ${known.given}${known.middle === '' ? '' : ` ${known.middle}`}`;
}

function programme(rng: Rng, child: Child): string {
  if (child.disability !== '' && rng.chance(0.3)) return 'Sp Ed';
  return child.household.language === 'Spanish' && rng.chance(0.25) ? '2Way English' : 'Reg Ed';
}

function specialEducation(rng: Rng, { disability }: Child): Row {
  const plan = rng.chance(0.05) ? rng.pick(['Active', 'Active', 'Exited']) : null;
  return disability === ''
    ? [null, null, null, plan]
    : [rng.pick(PLACEMENTS), disability, rng.pick(NEEDS), plan];
}

/** Told of a move within three weeks, usually. */
function addressCell(city: City, child: Child, rng: Rng): string | null {
  if (rng.chance(0.003)) return null;
  const address = addressOn(child, city.year.lastDay - rng.between(0, 21));
  return `${streetLine(address)}, ${CITY} ${STATE} ${address.zip}`;
}

/** First registered in the district: for most, in the summer before an earlier school year. */
function registeredOn(city: City, rng: Rng, child: Child): Day {
  const first = spansIn(child, 'district')[0]?.entry ?? city.year.start;
  if (first > city.year.start) return first;
  return weekdayFrom(first - 365 * Math.min(child.grade + 1, rng.below(7)) - rng.between(1, 80));
}

function lunch(rng: Rng, meals: Meals): string {
  if (meals === 'free') return 'Free Lunch';
  if (meals === 'reduced') return 'Reduced Lunch';
  return rng.chance(0.4) ? 'Not Eligibile' : 'Not Eligible';
}

function phone(rng: Rng, { household, trap }: Child): string | null {
  if (!isCanary({ trap }) && rng.chance(0.03)) return null;
  const digits = household.phones[0];
  return rng.chance(0.15) ? bracketedPhone(digits) : dashedPhone(digits);
}

function email({ localId, trap }: Child): string {
  return isCanary({ trap }) ? CANARY.email : `${Number(localId)}@students.millbrook.example`;
}

function staff(rng: Rng, child: Child): Row {
  const counselor = child.grade >= 6 ? rng.pick(COUNSELORS) : null;
  return [rng.pick(HOUSES), counselor, child.disability === '' ? null : rng.pick(LIAISONS)];
}

function englishLearnerDates(city: City, rng: Rng, child: Child): Row {
  if (child.english !== 'Limited' && child.english !== 'FLEP') return [null, null];
  const years = Math.min(Math.max(0, child.grade), rng.between(1, 6));
  const left = child.english === 'FLEP' ? iso(city.year.start - rng.between(30, 60)) : null;
  return [iso(city.year.start - 365 * years - (left === null ? 0 : 100)), left];
}

/** An impossible date, a date that is none, no key, too few cells: none is a child, and none must pass. */
function brokenStudents(canaries: boolean): Row[] {
  const no = nobody(canaries);
  const row = (over: Readonly<Record<string, string | null>>): Row =>
    HEADER.map((column) => over[column ?? ''] ?? null);
  const cells = {
    state_id: no.stateId,
    local_id: no.localId,
    enrollment_status: 'Inactive',
    full_name: `${no.surname}, ${no.given}`,
    student_address: `${no.street}, ${CITY} ${STATE} 02155`,
    date_of_birth: '2014-02-03',
    primary_phone: dashedPhone(no.phone),
  };
  return [
    row({ ...cells, date_of_birth: '2000-13-01' }),
    row({ ...cells, local_id: null }),
    row({ ...cells, date_of_birth: no.badDate, registration_date: no.badDate }),
    row(cells).slice(0, 20),
  ];
}
