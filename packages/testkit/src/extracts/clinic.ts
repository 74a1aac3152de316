import { compact } from '../calendar/days.js';
import { nobody } from '../city/canaries.js';
import type { City } from '../city/city.js';
import { type Identity, knownTo, plainLetters } from '../dirt/identity.js';
import type { Encounter, Patient } from '../health/clinic.js';
import { type Child, isCanary, type Race } from '../people/child.js';
import type { Rng } from '../random/streams.js';
import { type Row, withBroken } from './row.js';
import { addressOn, typedAddress } from './spellings.js';

const HEADER: Row = [
  'MRN',
  'LAST',
  'FIRST',
  'MI',
  'DOB',
  'SEX',
  'RACE_CD',
  'ETH_CD',
  'LANG',
  'ADDR1',
  'ZIP',
  'PHONE',
  'GUARDIAN',
  'ENC_DT',
  'VISIT_TYPE',
  'MINOR_CONSENT',
];

/** CDC race codes. */
const RACE: Readonly<Record<Race, string>> = {
  american_indian: '1002-5',
  asian: '2028-9',
  black: '2054-5',
  pacific: '2076-8',
  white: '2106-3',
  two_or_more: '2131-1',
  not_reported: 'UNK',
};
const HISPANIC = '2135-2';
const NOT_HISPANIC = '2186-5';

const LANGUAGES: Readonly<Record<string, readonly [string, string]>> = {
  English: ['eng', 'en'],
  Spanish: ['spa', 'es'],
  Portuguese: ['por', 'pt'],
  'Haitian Creole': ['hat', 'ht'],
  Chinese: ['zho', 'zh'],
  Vietnamese: ['vie', 'vi'],
  Nepali: ['nep', 'ne'],
  Hindi: ['hin', 'hi'],
  Khmer: ['khm', 'km'],
  Korean: ['kor', 'ko'],
};

const NEWBORNS = ['BABY BOY', 'BABY GIRL', 'BABY BOY A', 'BABY BOY B', 'BABY GIRL'];

export function clinicEncounters(city: City): Iterable<Row> {
  return withBroken(encounterRows(city), brokenRows(city.canaries));
}

function* encounterRows(city: City): Generator<Row> {
  yield HEADER;
  for (const patient of city.patients) {
    const start = patientCells(city, patient);
    for (const encounter of patient.encounters) yield [...start, ...encounterCells(encounter)];
  }
  yield* newborns(city);
}

function patientCells(city: City, { mrn, child, chart }: Patient): Row {
  const rng = city.streams('clinic-cells', child.index, chart);
  const known = knownTo('clinic', child, { ...city, registration: chart });
  const address = addressOn(child, city.year.lastDay - rng.between(0, 240));
  const { household } = child;
  return [
    mrn,
    ...names(rng, known),
    compact(known.birth),
    child.sex === 'X' && rng.chance(0.5) ? 'U' : child.sex,
    ...raceCells(rng, child),
    language(rng, household.language),
    typedAddress(rng, address).toUpperCase(),
    rng.chance(0.6) ? `${address.zip}-${String(rng.between(1000, 9999))}` : address.zip,
    !isCanary(child) && rng.chance(0.04) ? 'UNK' : household.phones[rng.chance(0.8) ? 0 : 1],
    rng.chance(0.05) ? 'UNK' : upper(`${household.guardian.given} ${household.guardian.surname}`),
  ];
}

/** Capitals without accents; punctuation goes, and a suffix follows the surname. */
function names(rng: Rng, known: Identity): Row {
  const surname = upper(known.surname.replaceAll("'", ''));
  const hyphened = rng.chance(0.5) ? surname : surname.replaceAll('-', ' ');
  const suffix = known.suffix === '' ? '' : ` ${upper(known.suffix.replace('.', ''))}`;
  return [`${hyphened}${suffix}`, upper(known.given), upper(known.middle.slice(0, 1))];
}

const upper = (text: string): string => plainLetters(text).toUpperCase();

function raceCells(rng: Rng, child: Child): Row {
  if (!isCanary(child) && rng.chance(0.06)) return ['UNK', 'UNK'];
  return [RACE[child.race], child.hispanic ? HISPANIC : NOT_HISPANIC];
}

function language(rng: Rng, spoken: string): string {
  return rng.chance(0.03) ? 'UNK' : rng.pick(LANGUAGES[spoken] ?? ['UNK', 'oth']);
}

function encounterCells({ day, minute, type, minorConsent }: Encounter): Row {
  const clock = `${String(Math.floor(minute / 60)).padStart(2, '0')}${String(minute % 60).padStart(2, '0')}`;
  return [`${compact(day)}${clock}`, type, minorConsent ? 'Y' : 'N'];
}

/** Newborns charted before they have a name. They are siblings to come, no children of the city yet. */
function newborns(city: City): Row[] {
  return NEWBORNS.map((first, index) => {
    const rng = city.streams('newborn', index);
    const { household } = rng.pick(city.children.filter(({ trap }) => trap === ''));
    const born = city.year.lastDay - rng.between(3, 150);
    const mother = upper(household.surnames[1]);
    const start = [`2999990${index}`, mother, first, '', compact(born), first.includes('GIRL') ? 'F' : 'M'];
    const rest = ['UNK', 'UNK', 'UNK', 'UNK', '02155', household.phones[0], `UNK ${mother}`];
    return [...start, ...rest, `${compact(born + 2)}0930`, 'WCC', 'N'];
  });
}

function brokenRows(canaries: boolean): Row[] {
  const no = nobody(canaries);
  const who = [`9${no.number}`, no.surname.toUpperCase(), no.given.toUpperCase(), ''];
  const where = ['F', 'UNK', 'UNK', 'en', no.street.toUpperCase(), '02155', no.phone, 'UNK'];
  return [
    [...who, '20140230', ...where, '202603021000', 'WCC', 'N'],
    [...who, no.badDate, ...where, no.badNumber, 'WCC', 'N'],
    ['', ...who.slice(1), '20140405', ...where, '202613021000', 'WCC', 'N'],
    [...who, '20140405', 'F'],
    [...who, '20140405', ...where, '202603021000', 'WCC', 'N', no.street.toUpperCase()],
  ];
}
