import { americanShort, type Day } from '../calendar/days.js';
import { nobody } from '../city/canaries.js';
import type { City } from '../city/city.js';
import { knownTo } from '../dirt/identity.js';
import type { Screening } from '../health/vision.js';
import { type Child, isCanary } from '../people/child.js';
import { CHARTER } from '../schooling/schools.js';
import { visionNote } from './comments.js';
import { dashedPhone, typedGrade } from './spellings.js';

/** Text, a number, a real date cell, or nothing. */
export type SheetCell = string | number | { readonly date: Day } | null;
export type SheetRow = { readonly cells: readonly SheetCell[]; readonly child: Child | null };
export type Sheet = { readonly name: string; readonly hidden: boolean; readonly rows: readonly SheetRow[] };

const HEADER = [
  'Student Name',
  'Date of Birth',
  'School',
  'Grade',
  'Parent Phone',
  'Consent',
  'Screened',
  'Referred',
  'Exam Date',
  'Glasses',
  'Notes',
];

/** The van's workbook: two title rows, a header, the children, two broken rows, a total; and a hidden sheet. */
export function visionWorkbook(city: City): Sheet[] {
  const rows = [
    ...[['Millbrook Vision Van'], ['Screening list - spring', null, 'M. Healey, RN'], HEADER].map(nobodys),
    ...city.screenings.map((screening) => screeningRow(city, screening)),
    ...brokenRows(city.canaries).map(nobodys),
    nobodys(['TOTAL', city.screenings.length]),
  ];
  return [
    { name: 'Screening', hidden: false, rows },
    { name: 'Scratch', hidden: true, rows: scratch(city) },
  ];
}

const nobodys = (cells: readonly SheetCell[]): SheetRow => ({ cells, child: null });

function screeningRow(city: City, screening: Screening): SheetRow {
  const { child } = screening;
  const rng = city.streams('vision-cells', child.index);
  const known = knownTo('vision', child, { ...city, registration: 0 });
  const school = [...city.schools, CHARTER].find(({ code }) => code === child.spans.at(-1)?.school);
  const name = rng.chance(0.6) ? `${known.given} ${known.surname}` : `${known.surname}, ${known.given}`;
  const cells = [
    name,
    dateCell(known.birth, rng.chance(0.22)),
    school?.name.replace(/ School$/, '') ?? '',
    typedGrade(rng, child.grade),
    dashedPhone(child.household.phones[0]),
    screening.consent,
    screening.screened,
    screening.referred,
    screening.examinedOn === null ? null : dateCell(screening.examinedOn, rng.chance(0.22)),
    screening.glasses,
    isCanary(child) ? `${known.given} ${known.surname} has own glasses` : visionNote(rng, known.given),
  ];
  return { cells, child };
}

/** Excel's calendar starts in 1900: an earlier date can only be text. */
function dateCell(day: Day, asText: boolean): SheetCell {
  return asText || day < EXCEL_EPOCH ? americanShort(day) : { date: day };
}

const EXCEL_EPOCH: Day = -25_567;

function brokenRows(canaries: boolean): SheetCell[][] {
  const no = nobody(canaries);
  return [
    [`${no.given} ${no.surname}`, '2/30/2014', '', '4', no.phone, 'N', '', '', null, '', no.street],
    ['', no.badDate, '', '', no.phone, 'N', '', '', no.badNumber, '', ''],
  ];
}

/** What a nurse keeps on the side: names and numbers nobody declared. */
function scratch(city: City): SheetRow[] {
  const kept = city.screenings.filter(({ child, consent }) => consent === 'pending' || isCanary(child));
  return [
    nobodys(['call back', 'phone']),
    ...kept.map(({ child }) =>
      nobodys([`${child.name.given} ${child.name.surnames.join(' ')}`, child.household.phones[0]]),
    ),
  ];
}
