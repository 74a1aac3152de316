import type { CountsOf, DayRule } from '../definition/vocabulary.js';
import type { City, Row } from './city.js';
import type { Enrolment, Person } from './people.js';
import { rows, strengthOf, text, type World } from './rows.js';
import type { Banded, Counted } from './verdicts.js';

type Membership = Pick<CountsOf<'attendance'>, 'grades' | 'minimum_days' | 'day'>;

type Days = {
  readonly member: number;
  readonly absent: number;
  readonly unclear: number;
  readonly hidden: boolean;
  readonly basis: Counted['basis'];
};

/** Null where the person is not counted. */
export function chronic(world: World, person: Person, rule: CountsOf<'attendance'>): Counted | null {
  const days = daysOf(world, person, rule);
  if (days === null) return null;
  const { member, absent, unclear, hidden, basis } = days;
  const reached = (count: number) =>
    'one_in' in rule.chronic ? count / member >= 1 / rule.chronic.one_in : count >= rule.chronic.absent_days;
  if (hidden) return { verdict: 'unknown', basis: null };
  if (reached(absent)) return { verdict: 'yes', basis };
  return { verdict: reached(absent + unclear) ? 'unknown' : 'no', basis: null };
}

/** The band of the share of days present; null where the person is not counted. */
export function attendanceBand(
  world: World,
  person: Person,
  rule: CountsOf<'attendance_bands'>,
): Banded | null {
  const days = daysOf(world, person, rule);
  if (days === null) return null;
  const { member, absent, unclear, hidden, basis } = days;
  const at = (missed: number) =>
    [...rule.bands].reverse().find(({ from }) => (member - missed) * 100 >= from * member)?.name ?? 'unknown';
  const known = !hidden && member > 0 && at(absent) === at(absent + unclear);
  const band = known ? at(absent) : 'unknown';
  return { band, firm: band, basis };
}

function daysOf({ city, config }: World, person: Person, rule: Membership): Days | null {
  if (!(rule.grades as readonly string[]).includes(person.grade) || person.home === null) return null;
  let member = 0;
  let absent = 0;
  let unclear = 0;
  let hidden = false;
  for (const day of daysFrom(config.period)) {
    const here = person.enrolments.filter((each) => inSession(city, each, day));
    const states = here.map((each) => stateOf(city, each, { day, rule: rule.day }));
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
  if (member < rule.minimum_days && !noCalendar) return null;
  return { member, absent, unclear, hidden: hidden || noCalendar, basis: basisOf(city, person) };
}

/** Days at one partner need no link. */
function basisOf(city: City, { enrolments }: Person): Counted['basis'] {
  if (new Set(enrolments.map(({ partner }) => partner)).size === 1) return 'exact';
  const weakest = Math.max(...enrolments.map(({ partner, record }) => strengthOf(city, partner, record)));
  return weakest === 1 ? 'exact' : weakest === 2 ? 'probable' : 'weak';
}

function inSession(city: City, { partner, school, entry, exit }: Enrolment, day: string): boolean {
  const said = rows(city, partner, 'calendar').filter(
    (row) => row['school'] === school && row['day'] === day,
  );
  return entry <= day && day <= exit && said.length > 0 && said.every((row) => row['in_session'] === 'yes');
}

type DayState = { readonly mark: 'absent' | 'present' | 'unclear'; readonly hidden: boolean };

function stateOf(
  city: City,
  { partner, record }: Enrolment,
  asked: { day: string; rule: DayRule },
): DayState {
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

function markOf(row: Row, rule: DayRule): DayState['mark'] {
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

export function daysFrom({ from, to }: { from: string; to: string }): string[] {
  const days: string[] = [];
  for (let time = Date.parse(from); time <= Date.parse(to); time += 86_400_000) {
    days.push(new Date(time).toISOString().slice(0, 10));
  }
  return days;
}
