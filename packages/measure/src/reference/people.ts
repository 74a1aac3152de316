import type { City, Row } from './city.js';
import { personOf, rows, rulesOf, text, type World } from './rows.js';

export type Enrolment = {
  readonly partner: string;
  readonly record: string;
  readonly school: string;
  readonly grade: string;
  readonly entry: string;
  readonly exit: string;
};

export type Person = {
  readonly id: string;
  readonly enrolments: readonly Enrolment[];
  /** The code of the school it belongs to, as its partner writes it. */
  readonly home: Enrolment | null;
  readonly grade: string;
  readonly onSnapshot: boolean;
  readonly inPeriod: boolean;
  readonly levels: Readonly<Record<string, string>>;
};

function enrolmentsOf({ city, config: { partners, period } }: World): (Enrolment & { person: string })[] {
  const all = partners.enrolment.flatMap((partner) =>
    rows(city, partner, 'enrolments').map((row) => ({
      partner,
      person: personOf(city, partner, row['record_id']),
      record: text(row['record_id']),
      school: text(row['school']),
      grade: text(row['grade']),
      entry: text(row['entry_date']),
      exit: text(row['exit_date'] ?? '9999-12-31'),
      noShow: row['no_show'] === 'yes',
    })),
  );
  return all.filter(
    ({ entry, exit, noShow }) => !noShow && entry <= exit && entry <= period.to && exit >= period.from,
  );
}

export function peopleOf(world: World): Person[] {
  const enrolments = enrolmentsOf(world);
  return [...enrolledPeople(world, enrolments), ...offRoll(world, enrolments)];
}

/** Children on record only, where a population asks for them: at no school, in no grade. */
function offRoll(world: World, enrolments: readonly { person: string }[]): Person[] {
  const { config, city } = world;
  const listing = config.measures.flatMap((asked) => {
    const { population } = rulesOf(world, asked);
    return population?.who === 'on_record' && population.having !== undefined ? [population.having] : [];
  });
  const named = listing.flatMap(({ role, table }) =>
    (config.partners[role] ?? []).flatMap((partner) =>
      rows(city, partner, table).map((row) => personOf(city, partner, row['record_id'])),
    ),
  );
  const records = config.partners.enrolment.flatMap((partner) =>
    rows(city, partner, 'students').map((row) => ({
      partner,
      record: text(row['record_id']),
      person: personOf(city, partner, row['record_id']),
    })),
  );
  const others = records.filter(
    ({ person }) => named.includes(person) && !enrolments.some((each) => each.person === person),
  );
  return [...new Set(others.map(({ person }) => person))].map((id) => ({
    id,
    enrolments: [],
    home: null,
    grade: 'unknown',
    onSnapshot: false,
    inPeriod: false,
    levels: {
      school: 'unknown',
      grade_band: 'unknown',
      ...stated(
        city,
        others.filter(({ person }) => person === id),
      ),
    },
  }));
}

function enrolledPeople(world: World, enrolments: readonly (Enrolment & { person: string })[]): Person[] {
  const ids = [...new Set(enrolments.map(({ person }) => person))];
  return ids.map((person) => {
    const own = enrolments.filter((each) => each.person === person);
    const { snapshot } = world.config;
    const current = own.filter(({ entry, exit }) => entry <= snapshot && snapshot <= exit);
    const home = [...(current.length > 0 ? current : own)].sort((a, b) => homeOrder(a, b, world))[0];
    if (home === undefined) throw new RangeError('a home expected');
    const records = current.length > 0 ? current : [home];
    return {
      id: person,
      enrolments: own,
      home,
      grade: home.grade,
      onSnapshot: current.length > 0,
      inPeriod: true,
      levels: personLevels(world, { enrolments, home, records }),
    };
  });
}

/** Later entry, then the partner named first, then school, grade and record. */
function homeOrder(a: Enrolment, b: Enrolment, { config: { partners } }: World): number {
  if (a.entry !== b.entry) return a.entry > b.entry ? -1 : 1;
  if (a.partner !== b.partner)
    return partners.enrolment.indexOf(a.partner) - partners.enrolment.indexOf(b.partner);
  const key = ({ school, grade, record }: Enrolment) => [school, grade, record].join('\u0000');
  return key(a) < key(b) ? -1 : Number(key(a) > key(b));
}

type Standing = {
  readonly enrolments: readonly Enrolment[];
  readonly home: Enrolment;
  readonly records: readonly Enrolment[];
};

function personLevels({ city, config }: World, { enrolments, home, records }: Standing) {
  const band = config.bands.find(({ grades }) => (grades as readonly string[]).includes(home.grade));
  return {
    school:
      home.school === 'Total' || home.school === 'unknown'
        ? 'unknown'
        : isShared(home.school, enrolments)
          ? `${home.partner} ${home.school}`
          : home.school,
    grade_band: band?.name ?? (home.grade === 'unknown' ? 'unknown' : 'other'),
    ...stated(city, records),
  };
}

export const isShared = (school: string, enrolments: readonly Enrolment[]): boolean =>
  new Set(enrolments.filter((each) => each.school === school).map(({ partner }) => partner)).size > 1;

function stated(city: City, records: readonly { partner: string; record: string }[]) {
  const students = records.flatMap(({ partner, record }) =>
    rows(city, partner, 'students').filter((row) => row['record_id'] === record),
  );
  const agreed = (value: (row: Row) => string) => {
    const said = [...new Set(students.map(value).filter((each) => each !== 'unknown'))];
    return said.length === 1 ? (said[0] ?? 'unknown') : 'unknown';
  };
  const race = (row: Row) =>
    row['hispanic'] === 'yes' ? 'hispanic' : row['hispanic'] === 'no' ? text(row['race']) : 'unknown';
  return {
    race_ethnicity: agreed(race),
    sex: agreed((row) => text(row['sex'])),
    low_income: agreed((row) => text(row['low_income'])),
    disability: agreed((row) => text(row['disability'])),
    english_learner: agreed((row) => text(row['english_learner'])),
    home_language: agreed((row) => text(row['home_language'] ?? 'unknown')),
  };
}
