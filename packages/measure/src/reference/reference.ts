import type { MeasureConfig } from '../config/config.js';
import { presets } from '../measures/chronic-absence/presets.js';
import type { Cell, City, Row, Value } from './city.js';

/**
 * The measures once more, slow and obvious: person by person, day by day, enrolment by enrolment. It shares
 * nothing with the SQL but the presets.
 */
export function expectedCells(city: City, config: MeasureConfig): Cell[] {
  const people = peopleOf(city, config);
  const levels = new Map(config.dimensions.map((dimension) => [dimension, levelsOf(people, dimension)]));
  return config.measures.flatMap(({ measure, preset }) => {
    const population = measure === 'chronic_absence' ? `eligible_${preset}` : 'enrolled_on_snapshot';
    const counted = people.flatMap((person) => {
      const verdict =
        measure === 'chronic_absence'
          ? chronic(city, config, { person, preset })
          : attended(city, config, person);
      return verdict === null ? [] : [{ levels: person.levels, verdict }];
    });
    const about = { measure: `${measure}_${preset}`, population };
    const tables: (readonly string[])[] = [[], ...config.dimensions.map((each) => [each]), ...config.two_way];
    return tables.flatMap((dims) => tableOf(about, { dims, levels, counted }));
  });
}

type Verdict = 'yes' | 'no' | 'unknown';
type Person = {
  readonly id: string;
  readonly enrolments: readonly Enrolment[];
  readonly grade: string;
  readonly onSnapshot: boolean;
  readonly levels: Readonly<Record<string, string>>;
};
type Enrolment = {
  readonly partner: string;
  readonly record: string;
  readonly school: string;
  readonly grade: string;
  readonly entry: string;
  readonly exit: string;
};

type Counting = {
  readonly dims: readonly string[];
  readonly levels: ReadonlyMap<string, readonly string[]>;
  readonly counted: readonly { levels: Readonly<Record<string, string>>; verdict: Verdict }[];
};

function tableOf(
  about: { measure: string; population: string },
  { dims, levels, counted }: Counting,
): Cell[] {
  const [first, second] = dims;
  const places: (string | null)[][] = [];
  for (const one of first === undefined ? [null] : [...(levels.get(first) ?? []), 'Total']) {
    for (const two of second === undefined ? [null] : [...(levels.get(second) ?? []), 'Total'])
      places.push([one, two]);
  }
  return places.map(([one = null, two = null]) => {
    const matches = (
      dimension: string | undefined,
      level: string | null,
      of: Readonly<Record<string, string>>,
    ) => dimension === undefined || level === 'Total' || of[dimension] === level;
    const here = counted.filter(
      (each) => matches(first, one, each.levels) && matches(second, two, each.levels),
    );
    const count = (verdict: Verdict) => here.filter((each) => each.verdict === verdict).length;
    return {
      ...about,
      table_name: `${about.measure}.${dims.length === 0 ? 'total' : dims.join('_x_')}`,
      dim_1: first ?? null,
      level_1: one,
      dim_2: second ?? null,
      level_2: two,
      yes: count('yes'),
      no: count('no'),
      unknown: count('unknown'),
      total: here.length,
    };
  });
}

const levelsOf = (people: readonly Person[], dimension: string): string[] => [
  ...new Set(people.map(({ levels }) => levels[dimension] ?? '')),
];

const rows = (city: City, partner: string, table: string): readonly Row[] =>
  (city.partners[partner] as Readonly<Record<string, readonly Row[] | undefined>> | undefined)?.[table] ?? [];

const text = (value: Value | undefined): string => String(value ?? '');

function personOf(city: City, partner: string, record: Value | undefined): string {
  const found = city.people.find((row) => row['partner'] === partner && row['record_id'] === record);
  return text(found?.['person_id'] ?? record);
}

function enrolmentsOf(city: City, { partners, period }: MeasureConfig): (Enrolment & { person: string })[] {
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

function peopleOf(city: City, config: MeasureConfig): Person[] {
  const enrolments = enrolmentsOf(city, config);
  const ids = [...new Set(enrolments.map(({ person }) => person))];
  return ids.map((person) => {
    const own = enrolments.filter((each) => each.person === person);
    const current = own.filter(({ entry, exit }) => entry <= config.snapshot && config.snapshot <= exit);
    const home = [...(current.length > 0 ? current : own)].sort((a, b) => homeOrder(a, b, config))[0];
    if (home === undefined) throw new RangeError('a home expected');
    const records = current.length > 0 ? current : [home];
    return {
      id: person,
      enrolments: own,
      grade: home.grade,
      onSnapshot: current.length > 0,
      levels: personLevels(city, config, { enrolments, home, records }),
    };
  });
}

/** Later entry, then the partner named first, then school, grade and record. */
function homeOrder(a: Enrolment, b: Enrolment, { partners }: MeasureConfig): number {
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

function personLevels(city: City, config: MeasureConfig, { enrolments, home, records }: Standing) {
  const students = records.flatMap(({ partner, record }) =>
    rows(city, partner, 'students').filter((row) => row['record_id'] === record),
  );
  const agreed = (value: (row: Row) => string) => {
    const stated = [...new Set(students.map(value).filter((each) => each !== 'unknown'))];
    return stated.length === 1 ? (stated[0] ?? 'unknown') : 'unknown';
  };
  const race = (row: Row) =>
    row['hispanic'] === 'yes' ? 'hispanic' : row['hispanic'] === 'no' ? text(row['race']) : 'unknown';
  const shared =
    new Set(enrolments.filter(({ school }) => school === home.school).map(({ partner }) => partner)).size > 1;
  const band = config.bands.find(({ grades }) => (grades as readonly string[]).includes(home.grade));
  return {
    school: home.school === 'Total' ? 'unknown' : shared ? `${home.partner} ${home.school}` : home.school,
    grade_band: band?.name ?? (home.grade === 'unknown' ? 'unknown' : 'other'),
    race_ethnicity: agreed(race),
    sex: agreed((row) => text(row['sex'])),
    low_income: agreed((row) => text(row['low_income'])),
    disability: agreed((row) => text(row['disability'])),
    english_learner: agreed((row) => text(row['english_learner'])),
  };
}

/** Null where the person is not in the population. */
function chronic(
  city: City,
  config: MeasureConfig,
  asked: { person: Person; preset: string },
): Verdict | null {
  const { person } = asked;
  const preset = presets.find(({ name }) => name === asked.preset);
  if (preset === undefined) throw new RangeError('a preset expected');
  if (!(preset.grades as readonly string[]).includes(person.grade)) return null;
  let member = 0;
  let absent = 0;
  let unclear = 0;
  let hidden = false;
  for (const day of daysFrom(config.period)) {
    const here = person.enrolments.filter((each) => inSession(city, each, day));
    const states = here.map((each) => stateOf(city, each, { day, rule: preset.day }));
    if (here.length > 0) member += 1;
    if (states.some((state) => state.mark === 'absent')) absent += 1;
    else if (states.some((state) => state.mark === 'unclear' && !state.hidden)) unclear += 1;
    if (states.some((state) => state.hidden)) hidden = true;
  }
  const noCalendar = person.enrolments.some(
    ({ partner, school }) =>
      !rows(city, partner, 'calendar').some(
        (row) =>
          row['school'] === school &&
          text(row['day']) >= config.period.from &&
          text(row['day']) <= config.period.to,
      ),
  );
  if (member < preset.minimumDays && !noCalendar) return null;
  if (hidden || noCalendar) return 'unknown';
  const reached = (days: number) =>
    'oneIn' in preset.chronic ? days / member >= 1 / preset.chronic.oneIn : days >= preset.chronic.absentDays;
  return reached(absent) ? 'yes' : reached(absent + unclear) ? 'unknown' : 'no';
}

function inSession(city: City, { partner, school, entry, exit }: Enrolment, day: string): boolean {
  const said = rows(city, partner, 'calendar').filter(
    (row) => row['school'] === school && row['day'] === day,
  );
  return entry <= day && day <= exit && said.length > 0 && said.every((row) => row['in_session'] === 'yes');
}

type DayState = { readonly mark: 'absent' | 'present' | 'unclear'; readonly hidden: boolean };

function stateOf(city: City, { partner, record }: Enrolment, asked: { day: string; rule: string }): DayState {
  const feeds = rows(city, partner, 'extracts').filter((row) => row['payload_table'] === 'absences');
  const active = rows(city, partner, 'students').some(
    (row) => row['record_id'] === record && row['active'] === 'yes',
  );
  const covering = feeds.filter(
    (row) => text(row['covers_from']) <= asked.day && asked.day <= text(row['covers_to']),
  );
  const holding = covering.filter((row) => row['active_only'] === false || active);
  const marks = rows(city, partner, 'absences')
    .filter((row) => row['record_id'] === record && row['day'] === asked.day)
    .map((row) => markOf(row, asked.rule));
  const silence = holding.some((row) => row['exceptions_only'] === true) ? 'present' : 'unclear';
  const mark = marks.includes('absent')
    ? 'absent'
    : marks.includes('unclear')
      ? 'unclear'
      : (marks[0] ?? silence);
  const hidden = feeds.length === 0 || (covering.length > 0 && holding.length === 0);
  return { mark, hidden: hidden && marks.length === 0 };
}

function markOf(row: Row, rule: string): DayState['mark'] {
  const missed = row['absent_minutes'];
  const scheduled = row['scheduled_minutes'];
  if (typeof missed === 'number' && typeof scheduled === 'number' && missed >= 0 && scheduled > 0) {
    const share = missed / scheduled;
    return (rule === 'half' ? share >= 0.5 : rule === 'over_half' ? share > 0.5 : share >= 1)
      ? 'absent'
      : 'present';
  }
  return row['absent'] === 'yes' ? 'absent' : row['absent'] === 'no' ? 'present' : 'unclear';
}

function attended(city: City, { partners, period }: MeasureConfig, person: Person): Verdict | null {
  if (!person.onSnapshot) return null;
  const own = partners.afterschool.flatMap((partner) =>
    rows(city, partner, 'sessions').filter(
      (row) => personOf(city, partner, row['record_id']) === person.id && row['status'] !== 'waitlisted',
    ),
  );
  const inPeriod = (row: Row) => text(row['day']) >= period.from && text(row['day']) <= period.to;
  if (own.some((row) => row['attended'] === 'yes' && inPeriod(row))) return 'yes';
  return own.some((row) => row['attended'] !== 'no' && (row['day'] === null || inPeriod(row)))
    ? 'unknown'
    : 'no';
}

export function daysFrom({ from, to }: { from: string; to: string }): string[] {
  const days: string[] = [];
  for (let time = Date.parse(from); time <= Date.parse(to); time += 86_400_000) {
    days.push(new Date(time).toISOString().slice(0, 10));
  }
  return days;
}
