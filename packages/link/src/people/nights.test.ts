import type { Row } from '@throughline/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type IndexCity, indexCity } from '../fixture/index-city.fixture.js';
import { type TownNight, townNights } from '../fixture/nights.fixture.js';

let city: IndexCity;
beforeEach(async () => {
  city = await indexCity();
});
afterEach(() => city.close());

const NIGHTS = 30;
/** The suite's town is small; docs/benchmarks.md has a larger one, whose figures are then printed. */
const FAMILIES = process.env['THROUGHLINE_FAMILIES'];
const print = (line: string) => void process.stdout.write(`${line}\n`);

type Index = ReadonlyMap<string, string>;
const indexOf = async (place: IndexCity): Promise<Index> =>
  new Map((await place.table('people')).map((row) => [String(row['record_id']), String(row['person_id'])]));

/** Everything that differs between two nights has an event that names it. */
function requireTold(before: Index, after: Index, events: readonly Row[]): void {
  const told = new Set(events.map((row) => `${row['person_id']} ${row['other_person_id']}`));
  const of = (...changes: string[]) =>
    new Set(events.filter((row) => changes.includes(String(row['change']))).map((row) => row['person_id']));
  for (const [record, person] of after) {
    const was = before.get(record);
    if (was !== undefined && was !== person) expect(told).toContain(`${was} ${person}`);
  }
  const [people, earlier] = [new Set(after.values()), new Set(before.values())];
  const [ended, begun] = [of('merged', 'retired'), of('new')];
  expect([...earlier].filter((person) => !people.has(person) && !ended.has(person))).toEqual([]);
  expect([...people].filter((person) => !earlier.has(person) && !begun.has(person))).toEqual([]);
  expect([...ended].filter((person) => people.has(String(person)))).toEqual([]);
}

describe('thirty nights', () => {
  it('change no id without an event, bring none back, and end where a fresh start would', async () => {
    let before: Index = new Map();
    let told = 0;
    let alone = 0;
    const counted = new Map<string, number>();
    let last: TownNight | undefined;
    const seen = new Set<string>();
    const ended = new Set<unknown>();
    for (const night of townNights(NIGHTS, 5, Number(FAMILIES ?? 80))) {
      const { because } = await city.spend(night.holdings, night.epoch);
      if (because === 'rows-alone') alone += 1;
      const [after, history] = [await indexOf(city), await city.table('history')];
      const events = history.filter(({ sequence }) => Number(sequence) > told);
      requireTold(before, after, events);
      for (const { change, reason, person_id } of events) {
        seen.add(`${change} ${reason}`);
        counted.set(`${change} ${reason}`, (counted.get(`${change} ${reason}`) ?? 0) + 1);
        if (change === 'merged' || change === 'retired') ended.add(person_id);
      }
      expect([...after.values()].filter((person) => ended.has(person))).toEqual([]);
      [before, told, last] = [after, history.length, night];
    }
    expect([...seen].sort()).toEqual([
      'merged records-joined',
      'new first-seen',
      'new parted',
      'retired no-records',
      'retired withdrawn',
      'split records-parted',
    ]);
    expect(await city.table('tombstones')).toHaveLength(5);
    const fresh = await indexCity();
    if (last === undefined) throw new Error('thirty nights expected');
    const turned = last.holdings.map((holding) => ({ ...holding, records: holding.records.toReversed() }));
    await fresh.spend(turned.toReversed(), last.epoch);
    const [persons, rebuilt] = [await city.persons(), await fresh.persons()];
    await fresh.close();
    if (FAMILIES !== undefined) {
      print(`${NIGHTS} nights, ${alone} by changed rows alone; at their end ${before.size} records`);
      print(`${persons.length} persons, of a rebuild from turned partners and rows ${rebuilt.length}`);
      for (const [event, times] of [...counted].sort()) print(`  ${event}: ${times}`);
    }
    expect(persons).toEqual(rebuilt);
  });

  it('keep every id when nothing but the token key changes', async () => {
    const [night] = townNights(1, 9);
    if (night === undefined) throw new Error('a night expected');
    await city.spend(night.holdings, night.epoch);
    const before = await indexOf(city);
    await city.spend(night.holdings, '2026-2');
    expect(await indexOf(city)).toEqual(before);
  });
});
