import { type Day, dayOf } from '../calendar/days.js';
import type { Child, Household } from '../people/child.js';
import { CHARTER } from '../schooling/schools.js';
import type { Span } from '../schooling/span.js';

/**
 * What must never be seen past intake, in every spelling an extract uses; compare without regard to case.
 * The six-digit local ids can in principle turn up inside a long number by chance; the others cannot.
 */
export const CANARIES: readonly string[] = [
  'zzqcanary',
  '990990990',
  '990990',
  '990991',
  '990992',
  '6175550199',
  '555-0199',
  '1899-12-31',
  '18991231',
  '12/31/1899',
];

export const CANARY = {
  surname: 'Zzqcanary',
  street: '9 Zzqcanary Way',
  phone: '6175550199',
  email: 'zzqcanary@example.org',
} as const;

/** Nobody: the person named in rows that intake must refuse. No truth mentions them. */
export type Nobody = {
  readonly given: string;
  readonly surname: string;
  readonly street: string;
  readonly phone: string;
  readonly stateId: string;
  readonly localId: string;
  /** Seven digits. */
  readonly number: string;
  /** Not a date in any format. */
  readonly badDate: string;
  readonly badNumber: string;
};

export function nobody(canaries: boolean): Nobody {
  return canaries
    ? {
        given: 'Zzqcanaryreject',
        surname: CANARY.surname,
        street: CANARY.street,
        phone: CANARY.phone,
        stateId: '9909909903',
        localId: '990992',
        number: '9909903',
        badDate: '1899-12-31 Zzqcanary',
        badNumber: '6175550199 Zzqcanary',
      }
    : {
        given: 'Nobody',
        surname: 'Noone',
        street: '0 Nowhere St',
        phone: '6175550100',
        stateId: '9900000003',
        localId: '990003',
        number: '9900003',
        badDate: '2000-13-01',
        badNumber: '2,5O',
      };
}

/**
 * Three canary children, all otherwise valid, so that their records travel through every stage: one in the
 * district, one in the charter, and one in the district whose birth date is 31 December 1899.
 */
export function canaryChildren(about: { firstIndex: number; school: string; start: Day }): Child[] {
  const { firstIndex, school, start } = about;
  const district = span({ system: 'district', school, grade: 4, entry: start });
  const charter = span({ system: 'charter', school: CHARTER.code, grade: 6, entry: start });
  const older = { ...district, grade: 5 };
  return [
    canary(
      { index: firstIndex, given: 'Zzqcanaryann', birth: dayOf('2016-03-09'), stateId: '9909909901' },
      district,
    ),
    canary(
      { index: firstIndex + 1, given: 'Zzqcanarybert', birth: dayOf('2014-05-21'), stateId: '9909909902' },
      charter,
    ),
    canary(
      { index: firstIndex + 2, given: 'Zzqcanarycleo', birth: dayOf('1899-12-31'), stateId: '9909909904' },
      older,
    ),
  ];
}

type Marked = {
  readonly index: number;
  readonly given: string;
  readonly birth: Day;
  readonly stateId: string;
};

function span(about: Pick<Span, 'system' | 'school' | 'grade' | 'entry'>): Span {
  return { ...about, exit: null, exitCode: '', noShow: false, goneFrom: null, absences: 4 };
}

function canary(marked: Marked, enrolment: Span): Child {
  const charter = enrolment.system === 'charter';
  const last = marked.stateId.slice(-1);
  return {
    id: `c${String(marked.index + 1).padStart(6, '0')}`,
    index: marked.index,
    household: canaryHousehold(marked.stateId),
    twinGroup: '',
    name: {
      given: marked.given,
      middle: 'Zzqcanarymid',
      surnames: [CANARY.surname],
      joiner: ' ',
      suffix: '',
    },
    nickname: '',
    formerSurnames: null,
    sex: 'F',
    birth: marked.birth,
    grade: enrolment.grade,
    race: 'white',
    hispanic: false,
    disability: '',
    english: 'English Only',
    stateId: marked.stateId,
    localId: charter ? '' : ({ '1': '990990', '4': '990991' }[last] ?? ''),
    charterNumber: charter ? '9909909' : '',
    spans: [enrolment],
    absenceRate: 0.02,
    afterschool: true,
    optedOutOn: null,
    trap: 'canary',
  };
}

function canaryHousehold(stateId: string): Household {
  return {
    id: `hcanary${stateId.slice(-1)}`,
    heritage: 'white',
    surnames: [CANARY.surname, CANARY.surname],
    guardian: { given: 'Zzqcanarymum', surname: CANARY.surname },
    phones: [CANARY.phone, CANARY.phone],
    address: { number: 9, street: 'Zzqcanary Way', unit: '', zip: '02155' },
    formerAddress: null,
    movedOn: null,
    language: 'English',
    meals: 'free',
    zone: 0.01,
    system: 'public',
  };
}
