import type { Day } from '../calendar/days.js';
import type { SchoolYear } from '../calendar/school-year.js';
import {
  someAbsenceRate,
  someDisability,
  someEnglish,
  someRace,
  someSex,
  wantsAfterschool,
} from '../people/attributes.js';
import { type Birth, someBirths } from '../people/births.js';
import type { Child, Household, Sex } from '../people/child.js';
import { nearTwinNames, someName, someNickname } from '../people/child-names.js';
import { someHousehold } from '../people/households.js';
import type { NameBook } from '../people/name-book.js';
import { charterNumber, localId, stateId } from '../people/numbers.js';
import type { Rng, Streams } from '../random/streams.js';
import { someJourney, spansOf } from '../schooling/journeys.js';
import type { School } from '../schooling/schools.js';
import type { Span } from '../schooling/span.js';

export type Ground = {
  readonly streams: Streams;
  readonly year: SchoolYear;
  readonly names: NameBook;
  readonly schools: readonly School[];
  readonly students: number;
};

const SHARE_OPTED_OUT = 0.02;
const SHARE_RENAMED = 0.008;
const SHARE_NEWCOMER_WITHOUT_STATE_ID = 0.55;

/** Households and their children, until `students` of them have been on a school's roll. */
export function populate(ground: Ground): Child[] {
  const children: Child[] = [];
  let enrolled = 0;
  for (let number = 0; enrolled < ground.students; number += 1) {
    for (const child of family(ground, { number, firstIndex: children.length, arrivedOn: null })) {
      if (enrolled === ground.students) break;
      if (child.spans.length > 0) enrolled += 1;
      children.push(child);
    }
  }
  return children;
}

/** Families registered on one night: their children start on the last day in session. */
export function arrivals(
  ground: Ground,
  about: { night: number; firstIndex: number; wanted: number },
): Child[] {
  const children: Child[] = [];
  const arrivedOn = ground.year.lastDay;
  for (let number = 0; children.length < about.wanted; number += 1) {
    const household = 1_000_000 * about.night + number;
    children.push(
      ...family(ground, { number: household, firstIndex: about.firstIndex + children.length, arrivedOn }),
    );
  }
  return children.slice(0, about.wanted);
}

type FamilyPlace = { readonly number: number; readonly firstIndex: number; readonly arrivedOn: Day | null };

function family(ground: Ground, { number, firstIndex, arrivedOn }: FamilyPlace): Child[] {
  const rng = ground.streams('household', number);
  const id = `h${String(number + 1).padStart(6, '0')}`;
  const household = someHousehold(rng, { id, year: ground.year, names: ground.names });
  const children: Child[] = [];
  for (const birth of someBirths(rng, ground.year)) {
    children.push(
      ...siblings(ground, { household, birth, firstIndex: firstIndex + children.length, arrivedOn }),
    );
  }
  return children;
}

type BirthPlace = {
  readonly household: Household;
  readonly birth: Birth;
  readonly firstIndex: number;
  readonly arrivedOn: Day | null;
};

/** The one or two children of a birth. */
function siblings(ground: Ground, { household, birth, firstIndex, arrivedOn }: BirthPlace): Child[] {
  const twinGroup = birth.together === 1 ? '' : `${household.id}-${birth.grade}`;
  const shared = ground.streams('birth', household.id, birth.grade);
  const sex = someSex(shared);
  const near = birth.together === 2 ? nearTwinNames(shared, sex) : undefined;
  return Array.from({ length: birth.together }, (_, position) => {
    const rng = ground.streams('child', household.id, birth.grade, position);
    const ownSex = position === 0 || near !== undefined || rng.chance(0.62) ? sex : someSex(rng);
    const index = firstIndex + position;
    return child(ground, rng, {
      household,
      birth,
      twinGroup,
      sex: ownSex,
      given: near?.[position],
      index,
      arrivedOn,
    });
  });
}

type Person = {
  readonly household: Household;
  readonly birth: Birth;
  readonly twinGroup: string;
  readonly sex: Sex;
  readonly given: string | undefined;
  readonly index: number;
  readonly arrivedOn: Day | null;
};

function child(ground: Ground, rng: Rng, person: Person): Child {
  const { household, birth, sex, index } = person;
  const name = someName(rng, { household, sex, birth: birth.birth, given: person.given }, ground.names);
  const disability = someDisability(rng, sex, household);
  const afterschool = wantsAfterschool(rng, household, birth.grade);
  const { spans, newcomer } = schooling(ground, rng, person);
  return {
    id: `c${String(index + 1).padStart(6, '0')}`,
    index,
    household,
    twinGroup: person.twinGroup,
    name,
    nickname: someNickname(rng, name.given, ground.names),
    formerSurnames: rng.chance(SHARE_RENAMED) ? [household.surnames[1]] : null,
    sex,
    birth: birth.birth,
    grade: birth.grade,
    race: someRace(rng, household.heritage),
    hispanic: household.heritage === 'hispanic',
    disability,
    english: someEnglish(rng, household, birth.grade),
    ...numbers(ground, { index, spans, newcomer }),
    spans,
    absenceRate: someAbsenceRate(rng, { household, grade: birth.grade, disability, afterschool }),
    afterschool,
    optedOutOn: rng.chance(SHARE_OPTED_OUT) ? someOptOutDay(rng, ground.year) : null,
    trap: '',
  };
}

/** Mostly in autumn, when the form goes home; a few in the nights after the last day of school. */
function someOptOutDay(rng: Rng, year: SchoolYear): Day {
  return rng.chance(0.95) ? year.start + rng.between(5, 60) : year.lastDay + rng.between(1, 5);
}

function schooling(ground: Ground, rng: Rng, person: Person): { spans: Span[]; newcomer: boolean } {
  const { household, birth, arrivedOn } = person;
  if (household.system === 'private') return { spans: [], newcomer: false };
  const wanted = household.system === 'charter' ? 'charter' : 'district';
  const { system, journey } = someJourney(rng, wanted, birth.grade);
  const path = {
    journey,
    grade: birth.grade,
    zone: household.zone,
    system,
    year: ground.year,
    schools: ground.schools,
  };
  if (arrivedOn !== null) {
    const [first] = spansOf(rng, { ...path, journey: 'stayed' });
    return { spans: first === undefined ? [] : [{ ...first, entry: arrivedOn }], newcomer: true };
  }
  const newcomer = journey === 'arrived' && rng.chance(SHARE_NEWCOMER_WITHOUT_STATE_ID);
  return { spans: spansOf(rng, path), newcomer };
}

function numbers(ground: Ground, about: { index: number; spans: readonly Span[]; newcomer: boolean }) {
  const { index, spans, newcomer } = about;
  const attends = (system: Span['system']) => spans.some((span) => span.system === system);
  return {
    stateId: spans.length === 0 || newcomer ? '' : stateId(ground.streams, index),
    localId: attends('district') ? localId(ground, index) : '',
    charterNumber: attends('charter') ? charterNumber(ground.streams, index) : '',
  };
}
