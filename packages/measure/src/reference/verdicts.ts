import type { Asked } from '../compile/compile.js';
import type { Amount, CountsOf, Events, PopulationRule, Unit } from '../definition/vocabulary.js';
import { attendanceBand, chronic } from './attendance.js';
import { isShared, type Person } from './people.js';
import { type Fact, facts, partnersIn, rows, rulesOf, stateOf, text, type World } from './rows.js';

export type Verdict = 'yes' | 'no' | 'unknown';
export type Basis = 'exact' | 'probable' | 'weak' | null;
export type Counted = { readonly verdict: Verdict; readonly basis: Basis };
export type Banded = { readonly band: string; readonly firm: string; readonly basis: Basis };

type Ground = { readonly world: World; readonly people: readonly Person[] };

/** How a person counts under a rule that gives one verdict; null where it is not counted. */
export function counted(ground: Ground, person: Person, asked: Asked): Counted | null {
  const { counts, population } = rulesOf(ground.world, asked);
  if (counts.kind === 'attendance') return chronic(ground.world, person, counts);
  if (counts.kind === 'several') return several(ground, person, counts);
  if (population === undefined || !isMember(ground.world, person, population)) return null;
  switch (counts.kind) {
    case 'events':
      return eventVerdict(ground.world, person, counts);
    case 'followed':
      return followedVerdict(ground.world, person, counts);
    case 'schools':
      return schoolVerdict(ground, person, counts);
    case 'linked':
      return linkedVerdict(ground.world, person);
    default:
      throw new RangeError('counted: one verdict expected');
  }
}

/** The band of a person under a rule in bands; null where it is not counted. */
export function bandOf({ world }: Ground, person: Person, asked: Asked): Banded | null {
  const { counts, population } = rulesOf(world, asked);
  if (counts.kind === 'attendance_bands') return attendanceBand(world, person, counts);
  if (counts.kind !== 'bands' || population === undefined) throw new RangeError('bandOf: bands expected');
  if (!isMember(world, person, population)) return null;
  const sums = tally(world, person, counts);
  const at = (sum: number) => [...counts.bands].reverse().find(({ from }) => sum >= from)?.name ?? '';
  const most = isUnsent(world, person, counts.events) ? (counts.bands.at(-1)?.name ?? '') : at(sums.upper);
  const band = at(sums.lower) === most ? most : 'unknown';
  const basis =
    at(sums.sure) === at(sums.lower) ? 'exact' : at(sums.likely) === at(sums.lower) ? 'probable' : 'weak';
  return { band, firm: band === 'unknown' ? band : at(sums.likely), basis };
}

function isMember(world: World, person: Person, rule: PopulationRule): boolean {
  if (rule.who === 'enrolled_on_snapshot' && !person.onSnapshot) return false;
  if (rule.who === 'enrolled_in_period' && !person.inPeriod) return false;
  if (rule.grades !== undefined && !(rule.grades as readonly string[]).includes(person.grade)) return false;
  return rule.having === undefined || own(world, person, rule.having).some(({ state }) => state === 'yes');
}

const own = (world: World, person: Person, events: Events): readonly Fact[] =>
  facts(world, events).filter((fact) => fact.person === person.id);

/** Enrolled in a school system that does not send what others send. */
function isUnsent(world: World, { enrolments }: Person, { role }: Events): boolean {
  const sending = partnersIn(world, role);
  const bySchools = sending.every((partner) => partnersIn(world, 'enrolment').includes(partner));
  return bySchools && enrolments.some(({ partner }) => !sending.includes(partner));
}

/** What the rows that count of a person add up to. */
export function amountOf(world: World, person: Person, asked: Asked, { of, column }: Amount): number {
  const { counts } = rulesOf(world, asked);
  if (counts.kind !== 'events') throw new RangeError('amountOf: events expected');
  const mine = own(world, person, counts.events).filter(({ state }) => state === 'yes');
  if (of !== 'number') return addedUp(mine, of);
  return mine.reduce((sum, { row }) => sum + Number(row[column ?? ''] ?? 0), 0);
}

type Sums = Readonly<Record<'sure' | 'likely' | 'lower' | 'upper', number>>;

function tally(world: World, person: Person, { events, of }: { events: Events; of: Unit }): Sums {
  const mine = own(world, person, events);
  const sum = (test: (fact: Fact) => boolean) => addedUp(mine.filter(test), of);
  return {
    sure: sum(({ state, strength }) => state === 'yes' && strength === 1),
    likely: sum(({ state, strength }) => state === 'yes' && strength <= 2),
    lower: sum(({ state }) => state === 'yes'),
    upper: atMost(
      mine.filter(({ state }) => state !== 'no'),
      of,
    ),
  };
}

const minutesOf = ({ row }: Fact): number | null =>
  typeof row['minutes'] === 'number' ? row['minutes'] : null;

function addedUp(mine: readonly Fact[], of: Unit): number {
  if (of === 'rows') return mine.length;
  if (of === 'days') return new Set(mine.map(({ day }) => day)).size;
  return mine.reduce((sum, fact) => sum + (minutesOf(fact) ?? 0), 0);
}

function atMost(mine: readonly Fact[], of: Unit): number {
  if (of === 'rows') return mine.length;
  if (of === 'minutes') return mine.reduce((sum, fact) => sum + (minutesOf(fact) ?? 1440), 0);
  const undated = mine.filter(({ day }) => day === null).length;
  return undated + new Set(mine.filter(({ day }) => day !== null).map(({ day }) => day)).size;
}

function eventVerdict(world: World, person: Person, counts: CountsOf<'events'>): Counted {
  const { sure, likely, lower, upper } = tally(world, person, counts);
  const enough = (sum: number) => sum >= counts.at_least;
  if (enough(lower))
    return { verdict: 'yes', basis: enough(sure) ? 'exact' : enough(likely) ? 'probable' : 'weak' };
  const open = enough(upper) || isUnsent(world, person, counts.events);
  return { verdict: open ? 'unknown' : counts.otherwise, basis: null };
}

const later = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);

function followedVerdict(world: World, person: Person, rule: CountsOf<'followed'>): Counted {
  const referrals = own(world, person, rule.events).filter(({ state }) => state === 'yes');
  const everybody = facts(world, rule.by);
  const fates = referrals.map((referral) => {
    const { day } = referral;
    const wanted = referral.row[rule.match.events] ?? null;
    if (day === null) throw new RangeError('a referral has a date');
    const end = later(day, rule.within_days);
    const mine = everybody.filter((fact) => fact.person === person.id);
    const inTime = (fact: Fact) => fact.day !== null && day <= fact.day && fact.day <= end;
    const same = (fact: Fact) => wanted !== null && fact.row[rule.match.by] === wanted;
    const following = mine.filter((fact) => fact.state === 'yes' && same(fact) && inTime(fact));
    const couldBeSame = (fact: Fact) =>
      wanted === null || (fact.row[rule.match.by] ?? null) === null || same(fact);
    const open =
      end > world.config.period.to ||
      wanted === null ||
      !everybody.some(same) ||
      mine.some((fact) => fact.state !== 'no' && couldBeSame(fact) && (fact.day === null || inTime(fact)));
    const strengths = following.map(({ strength }) => Math.max(strength, referral.strength));
    return { best: strengths.length === 0 ? null : Math.min(...strengths), open };
  });
  const best = fates.flatMap((fate) => fate.best ?? []);
  if (best.length > 0) {
    const strongest = Math.min(...best);
    return { verdict: 'yes', basis: strongest === 1 ? 'exact' : strongest === 2 ? 'probable' : 'weak' };
  }
  return { verdict: fates.some(({ open }) => open) ? 'unknown' : 'no', basis: null };
}

function schoolVerdict({ world, people }: Ground, person: Person, rule: CountsOf<'schools'>): Counted {
  const school = person.home?.school ?? 'unknown';
  const assigned = partnersIn(world, rule.events.role)
    .flatMap((partner) => rows(world.city, partner, rule.events.table))
    .filter((row) => text(row[rule.school]) === school)
    .map((row) => stateOf(world, row, rule.events));
  const verdict = assigned.includes('yes') ? 'yes' : assigned.includes('open') ? 'unknown' : 'no';
  const shared = isShared(
    school,
    people.flatMap(({ enrolments }) => enrolments),
  );
  if (school === 'unknown' || (verdict !== 'no' && shared)) return { verdict: 'unknown', basis: null };
  return { verdict, basis: verdict === 'yes' ? 'exact' : null };
}

function linkedVerdict({ city }: World, { id }: Person): Counted {
  const records = city.people.filter((row) => row['person_id'] === id);
  if (new Set(records.map((row) => row['partner'])).size < 2) return { verdict: 'no', basis: null };
  const strongest = (['exact', 'probable', 'weak'] as const).find((basis) =>
    records.some((row) => row['basis'] === basis),
  );
  return { verdict: 'yes', basis: strongest ?? 'exact' };
}

function several(ground: Ground, person: Person, rule: CountsOf<'several'>): Counted | null {
  const parts = rule.of.map((asked) => counted(ground, person, asked));
  if (parts.includes(null)) return null;
  const enough = (test: (part: Counted) => boolean) =>
    parts.filter((part) => part !== null && test(part)).length >= rule.at_least;
  if (enough(({ verdict }) => verdict === 'yes')) {
    const basis = enough(({ basis }) => basis === 'exact')
      ? 'exact'
      : enough(({ basis }) => basis === 'exact' || basis === 'probable')
        ? 'probable'
        : 'weak';
    return { verdict: 'yes', basis };
  }
  return { verdict: enough(({ verdict }) => verdict !== 'no') ? 'unknown' : 'no', basis: null };
}
