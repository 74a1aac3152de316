import type { CalendarName } from '../calendar/school-year.js';

export type Band = 'elementary' | 'middle' | 'high';

export type School = {
  /** Four digits, with leading zeros. */
  readonly code: string;
  readonly name: string;
  readonly band: Band;
  readonly calendar: CalendarName;
};

export const CHARTER: School = {
  code: '4710',
  name: 'Millbrook Community Charter School',
  band: 'elementary',
  calendar: 'charter',
};

/** Of eight schools five are elementary; a city of any size has each band. */
const PATTERN: readonly Band[] = [
  'elementary',
  'middle',
  'high',
  'elementary',
  'elementary',
  'elementary',
  'middle',
  'elementary',
];
const STUDENTS_PER_SCHOOL = 375;
/** The fourth school starts after the first week. */
const LATE_START = 3;

const NAMES = [
  'Elm Street',
  'Riverside',
  'Millbrook',
  'Lincoln',
  'Brackett',
  'Old Mill',
  'Harriet Tubman',
  'Canal Street',
  'Highland',
  'Frances Perkins',
  'Tannery Hill',
  'Winthrop',
  'Roberto Clemente',
  'East Side',
  'Orchard',
  'Kennedy',
];

export function districtSchools(students: number): School[] {
  const count = Math.max(PATTERN.length / 2, Math.round(students / STUDENTS_PER_SCHOOL));
  return Array.from({ length: count }, (_, index) => school(index));
}

export function bandOf(grade: number): Band {
  if (grade <= 5) return 'elementary';
  return grade <= 8 ? 'middle' : 'high';
}

/** The catchment school: `zone` in [0, 1) cuts the city once for each band. */
export function schoolFor(schools: readonly School[], grade: number, zone: number): School {
  const band = schools.filter((each) => each.band === bandOf(grade));
  const found = band[Math.floor(zone * band.length)];
  if (found === undefined) throw new RangeError('schools: expected one for every grade');
  return found;
}

function school(index: number): School {
  const band = PATTERN[index % PATTERN.length] ?? 'elementary';
  const kind = { elementary: 'School', middle: 'Middle School', high: 'High School' }[band];
  const name = NAMES[index] ?? `Millbrook No. ${index + 1}`;
  return {
    code: String(10 + 5 * index).padStart(4, '0'),
    name: `${name} ${kind}`,
    band,
    calendar: index === LATE_START ? 'late-start' : 'standard',
  };
}
