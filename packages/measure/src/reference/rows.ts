import { type Asked, countsOf, presetOf } from '../compile/compile.js';
import type { MeasureConfig } from '../config/config.js';
import type { Counts, Events, Role } from '../definition/vocabulary.js';
import type { City, Row, Value } from './city.js';

/** What the reference reads: a city and what is asked of it. */
export type World = {
  readonly city: City;
  readonly config: MeasureConfig;
  /** Facts by block, so that they are read once and not once a person. */
  readonly read: Map<Events, readonly Fact[]>;
};

export const rows = (city: City, partner: string, table: string): readonly Row[] =>
  (city.partners[partner] as Readonly<Record<string, readonly Row[] | undefined>> | undefined)?.[table] ?? [];

export const text = (value: Value | undefined): string => String(value ?? '');

const known = (city: City, partner: string, record: Value | undefined): Row | undefined =>
  city.people.find((row) => row['partner'] === partner && row['record_id'] === record);

export const personOf = (city: City, partner: string, record: Value | undefined): string =>
  text(known(city, partner, record)?.['person_id'] ?? record);

/** 1 exact or no link at all, 2 probable, 3 weak. */
export function strengthOf(city: City, partner: string, record: Value | undefined): number {
  const basis = known(city, partner, record)?.['basis'];
  return basis === 'probable' ? 2 : basis === 'weak' ? 3 : 1;
}

export const partnersIn = ({ config }: World, role: Role): readonly string[] => config.partners[role] ?? [];

export type Fact = {
  readonly person: string;
  readonly strength: number;
  readonly row: Row;
  readonly day: string | null;
  readonly state: 'yes' | 'no' | 'open';
};

/** The rows of a source that are not left out, each once for a person however many records say it. */
export function facts(world: World, events: Events): readonly Fact[] {
  const before = world.read.get(events);
  if (before !== undefined) return before;
  const found = readFacts(world, events);
  world.read.set(events, found);
  return found;
}

function readFacts(world: World, events: Events): readonly Fact[] {
  const found = new Map<string, Fact>();
  for (const partner of partnersIn(world, events.role)) {
    for (const row of rows(world.city, partner, events.table)) {
      if (isLeftOut(row, events)) continue;
      const { record_id: record, ...said } = row;
      const person = personOf(world.city, partner, record);
      const key = JSON.stringify([
        person,
        Object.entries(said)
          .filter(([, value]) => value !== null)
          .sort(),
      ]);
      const strength = strengthOf(world.city, partner, record);
      const before = found.get(key);
      if (before !== undefined && before.strength <= strength) continue;
      found.set(key, { person, strength, row, day: dayOf(row, events), state: stateOf(world, row, events) });
    }
  }
  return [...found.values()];
}

const isLeftOut = (row: Row, { leaving_out }: Events): boolean =>
  Object.entries(leaving_out).some(([column, words]) => words.includes(text(row[column])));

function dayOf(row: Row, { date }: Events): string | null {
  if (date === undefined) return null;
  const value = row['column' in date ? date.column : date.first];
  return value === null || value === undefined ? null : text(value);
}

export function stateOf(world: World, row: Row, events: Events): Fact['state'] {
  const answers = [
    ...Object.entries(events.where).map(([column, words]) => {
      const value = row[column] ?? null;
      if (value !== null && words.includes(text(value))) return true;
      return value === null || value === 'unknown' ? null : false;
    }),
    ...events.present.map((column) => (row[column] ?? null) !== null),
    ...dateAnswers(world, row, events),
  ];
  if (answers.includes(false)) return 'no';
  return answers.includes(null) ? 'open' : 'yes';
}

function dateAnswers({ config }: World, row: Row, { date }: Events): (boolean | null)[] {
  if (date === undefined) return [];
  const { from, to } =
    date.within === 'period'
      ? config.period
      : date.within === 'snapshot'
        ? { from: config.snapshot, to: config.snapshot }
        : (config.windows[date.within] ?? { from: '', to: '' });
  const compare = (column: string, test: (day: string) => boolean) => {
    const value = row[column] ?? null;
    return value === null ? null : test(text(value));
  };
  if ('column' in date) return [compare(date.column, (day) => from <= day && day <= to)];
  const last = row[date.last] ?? null;
  return [compare(date.first, (day) => day <= to), last === null || text(last) >= from];
}

export function rulesOf({ config }: World, asked: Asked) {
  const ruled = presetOf(config.definitions, asked);
  const counts: Counts | undefined =
    ruled === undefined ? undefined : countsOf(ruled.definition, ruled.preset);
  if (ruled === undefined || counts === undefined) throw new RangeError('rulesOf: a preset expected');
  return { counts, population: ruled.preset.population ?? ruled.definition.population };
}
