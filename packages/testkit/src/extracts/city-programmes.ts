import { americanShort, dayFrom, iso, parts } from '../calendar/days.js';
import { CANARY, nobody } from '../city/canaries.js';
import type { City } from '../city/city.js';
import { knownTo } from '../dirt/identity.js';
import { type Child, isCanary } from '../people/child.js';
import type { Plan, Service } from '../programmes/plans.js';
import { ageOn, type Registration } from '../programmes/recreation.js';
import { CHARTER } from '../schooling/schools.js';
import { planNote } from './comments.js';
import { type Row, withBroken } from './row.js';
import { bracketedPhone } from './spellings.js';

/** One physical line of the roster, and whose it is. */
export type RosterLine = { readonly cells: Row; readonly child: Child | null };

export function recreationRoster(city: City): Iterable<Row> {
  return rosterLines(city).map(({ cells }) => cells);
}

/** Title, enrolled section, blank line, waiting list, total. A broken line stands in each section. */
export function rosterLines(city: City): RosterLine[] {
  const enrolled = city.registrations.filter(({ waiting }) => !waiting);
  const waiting = city.registrations.filter((registration) => registration.waiting);
  const [tooShort, tooLong] = brokenLines(city.canaries);
  return [
    ...titles(city).map(nobodys),
    nobodys(['#', 'Name', 'Gender/Age', 'Phone', 'Quantity', 'Entry Date']),
    ...enrolled.map((each, index) => line(city, each, index)),
    nobodys(tooShort),
    nobodys(['']),
    nobodys(['Waiting List']),
    nobodys(['#', 'Name', 'Gender/Age', 'Phone', 'Entry Date']),
    ...waiting.map((each, index) => line(city, each, index)),
    nobodys(tooLong),
    nobodys(['Total', String(enrolled.length + waiting.length)]),
  ];
}

const nobodys = (cells: Row): RosterLine => ({ cells, child: null });

function titles({ year }: City): Row[] {
  const summer = parts(year.end).year;
  return [
    ['Summer Adventure Camp - Session 1'],
    [`${americanShort(dayFrom(summer, 7, 6))} - ${americanShort(dayFrom(summer, 7, 31))}`],
  ];
}

function line(city: City, { child, waiting, enteredOn }: Registration, index: number): RosterLine {
  const rng = city.streams('recreation-cells', child.index);
  const known = knownTo('recreation', child, { ...city, registration: 0 });
  const age = ageOn(city.year.lastDay, known.birth);
  const phone = bracketedPhone(child.household.phones[rng.chance(0.7) ? 0 : 1]);
  const suffix = known.suffix !== '' && rng.chance(0.5) ? ` ${known.suffix}` : '';
  const start: Row = [
    String(index + 1),
    `${known.given} ${known.surname}${suffix}`,
    `${child.sex} / ${age}`,
    phone,
  ];
  return { cells: [...start, ...(waiting ? [] : ['1']), americanShort(enteredOn)], child };
}

function brokenLines(canaries: boolean): [Row, Row] {
  const no = nobody(canaries);
  const name = `${no.given} ${no.surname}`;
  return [
    ['', name, bracketedPhone(no.phone)],
    ['', name, no.badNumber, bracketedPhone(no.phone), no.badDate, '', ''],
  ];
}

export function successPlans(city: City): Iterable<Row> {
  const no = nobody(city.canaries);
  const who: Row = ['SP-990990', no.stateId, no.given, no.surname];
  const what: Row = ['Draft', 'Tutoring', 'Millbrook Reads', '1', 'Declined'];
  return withBroken(planRows(city), [
    [...who, '2014-13-05', '', '2025-11-31', ...what, '2026-02-30', `${no.given} moved`],
    [...who, '2014-04-05', '', no.badDate, ...what, no.badDate, no.street],
    ['', ...who.slice(1), '2014-04-05', '', '2025-11-03', ...what, '2026-02-03', no.phone],
    [...who, '2014-04-05', '', '2025-11-03', 'Draft'],
  ]);
}

function* planRows(city: City): Generator<Row> {
  yield [
    'Plan ID',
    'Student State ID',
    'First Name',
    'Last Name',
    'Birthdate',
    'School',
    'Plan Date',
    'Plan Status',
    'Service Type',
    'Provider',
    'Tier',
    'Status',
    'Service Date',
    'Notes',
  ];
  const schools = new Map([...city.schools, CHARTER].map((school) => [school.code, school.name]));
  for (const plan of city.plans) {
    const start = planCells(city, plan, schools);
    for (const [index, service] of plan.services.entries()) {
      yield [...start, ...serviceCells(service), noteCell(city, plan.child, index)];
    }
  }
}

function planCells(city: City, plan: Plan, schools: ReadonlyMap<string, string>): Row {
  const { child } = plan;
  const rng = city.streams('plan-cells', child.index);
  const known = knownTo('plans', child, { ...city, registration: 0 });
  const typedId = isCanary(child) || rng.chance(0.88) ? child.stateId : '';
  const school = schools.get(child.spans.at(-1)?.school ?? '') ?? '';
  return [
    plan.id,
    typedId,
    known.given,
    known.surname,
    iso(known.birth),
    school,
    iso(plan.date),
    plan.status,
  ];
}

function serviceCells({ type, provider, tier, status, date }: Service): Row {
  return [type, provider, String(tier), status, iso(date)];
}

function noteCell(city: City, child: Child, index: number): string {
  const [surname = ''] = child.name.surnames;
  if (isCanary(child)) return `${child.name.given} ${surname}, reach at ${CANARY.email}`;
  return planNote(city.streams('plan-note', child.index, index), child.name.given, surname);
}
