import { CERTAINTY_PARTS } from '@throughline/core';
import type { Row } from '@throughline/engine';
import { type Expected, expectedOfSums } from '@throughline/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChildRecord, md5 } from '../fixture/children.fixture.js';
import { type TestCity, testCity } from '../fixture/city.fixture.js';
import { type Draw, drawing, slipped, type TownChild, town } from '../fixture/town.fixture.js';

/*
 * A made-up town, of which the clinic spells the children of one group worse than the others'. Who is whom is known from the
 * keys of the records, and the group too, as the desk knows it.
 */

const GROUPS = ['plain', 'noisy'] as const;
type Group = (typeof GROUPS)[number];
const FAMILIES = 120;
/** Of ten records of a group, so many have slips. */
const SLIPS: Readonly<Record<Group, number>> = { plain: 1, noisy: 8 };

const childOf = (key: string): string => key.split(' ')[1] ?? '';
const groupOf = (key: string): Group => (Number(childOf(key).split('.')[0]) % 2 === 0 ? 'noisy' : 'plain');

function atSchool({ id, ...child }: TownChild): ChildRecord {
  return { key: `school ${id}`, ...child };
}

/** Half of a name is another. */
const misheard = (name: string, draw: Draw): string => {
  const half = Math.floor(name.length / 2);
  return draw(2) === 0
    ? `${name.slice(0, half)}X${'AEIOU'[draw(5)]}`
    : `X${'AEIOU'[draw(5)]}${name.slice(half)}`;
};

function atClinic({ id, ...child }: TownChild, draw: Draw): ChildRecord {
  const record: ChildRecord = { key: `clinic ${id}`, ...child };
  if (draw(10) >= SLIPS[groupOf(record.key)]) return record;
  const misspelt = { ...record, first: misheard(child.first, draw) };
  return draw(2) === 0 ? misspelt : slipped(misspelt, draw);
}

type Met = { readonly a: string; readonly b: string; readonly probability: number; readonly linked: boolean };
type Town = {
  readonly met: readonly Met[];
  readonly certainty: readonly {
    readonly key: string;
    readonly links: number;
    readonly wrong: number;
    readonly missed: number;
  }[];
};

async function linkedTown(city: TestCity, seed: number): Promise<Town> {
  const draw = drawing(seed);
  const children = town(FAMILIES, draw);
  const some = (of: (child: TownChild) => ChildRecord) => children.filter(() => draw(5) > 0).map(of);
  const source = (partner: string, records: readonly ChildRecord[]) => ({
    partner,
    space: 'records',
    duplicateFree: true,
    records,
  });
  const holdings = [
    source('school', some(atSchool)),
    source(
      'clinic',
      some((child) => atClinic(child, draw)),
    ),
  ];
  await city.deliver(holdings, { sealed: true });
  await city.link();
  const keys = new Map(holdings.flatMap(({ records }) => records.map(({ key }) => [md5(key), key] as const)));
  const keyOf = (row: Row, column: string) => keys.get(String(row[column]).replaceAll('-', '')) ?? '?';
  return {
    met: (await city.table('compared')).map((row) => ({
      a: keyOf(row, 'record_id_a'),
      b: keyOf(row, 'record_id_b'),
      probability: Number(row['probability']),
      linked: row['verdict'] === 'linked' || row['verdict'] === 'together',
    })),
    certainty: (await city.table('certainty')).map((row) => ({
      key: keyOf(row, 'record_id'),
      links: Number(row['links']),
      wrong: Number(row['false_links']) / CERTAINTY_PARTS,
      missed: Number(row['missed']) / CERTAINTY_PARTS,
    })),
  };
}

let towns: Town[];
let cities: TestCity[];
beforeAll(async () => {
  cities = [await testCity(), await testCity(), await testCity()];
  towns = [];
  for (const [seed, city] of cities.entries()) towns.push(await linkedTown(city, 41 + seed));
});
afterAll(async () => {
  for (const city of cities) await city.remove();
});

/** What the desk makes of the school records of a group. */
function expectedOf({ certainty }: Town, group: Group): Omit<Expected, 'pairs'> {
  const own = certainty.filter(({ key }) => key.startsWith('school') && groupOf(key) === group);
  const sum = (of: (row: (typeof own)[number]) => number) => own.reduce((total, row) => total + of(row), 0);
  const together = {
    falseLinks: sum(({ links, wrong }) => links * wrong),
    missed: sum(({ missed }) => Math.max(1, missed) * missed),
  };
  const sums = { links: sum(({ links }) => links), falseLinks: sum(({ wrong }) => wrong), together };
  return expectedOfSums({ ...sums, missed: sum(({ missed }) => missed) }, CERTAINTY_PARTS);
}

function trueRates({ met }: Town, group: Group) {
  const own = met.filter(({ a, b }) => groupOf(a.startsWith('school') ? a : b) === group);
  const same = ({ a, b }: Met) => childOf(a) === childOf(b);
  const [linked, right] = [
    own.filter((each) => each.linked),
    own.filter((each) => each.linked && same(each)),
  ];
  return { precision: right.length / linked.length, recall: right.length / own.filter(same).length };
}

/** As far from an interval as it is wide on that side, at most: models are no better than that. */
const about = ({ value, low, high }: Expected['recall'], truth: number): boolean =>
  truth >= low - (value - low) && truth <= high + (high - value);

describe('how sure links are, told record by record', () => {
  it('is what a slow reference adds up, to a part of a match', () => {
    for (const { met, certainty } of towns) {
      const told = new Map(certainty.map((row) => [row.key, row]));
      const keys = new Set(met.flatMap(({ a, b }) => [a, b]));
      let [off, of] = [0, 0];
      for (const key of keys) {
        const own = met.filter(({ a, b }) => a === key || b === key);
        const links = own.filter(({ linked }) => linked);
        const wrong = links.reduce((sum, { probability }) => sum + 1 - probability, 0);
        const missed = own.reduce((sum, { linked, probability }) => sum + (linked ? 0 : probability), 0);
        const row = told.get(key) ?? { links: 0, wrong: 0, missed: 0 };
        expect(row.links).toBe(links.length);
        expect(Math.abs(row.wrong - wrong)).toBeLessThan(1 / CERTAINTY_PARTS + 0.001);
        expect(Math.abs(row.missed - missed)).toBeLessThan(1 / CERTAINTY_PARTS + 0.001);
        off += row.wrong - wrong + (row.missed - missed);
        of += wrong + missed;
      }
      // Rounded up and down alike: four standard deviations of what rounding may add.
      expect(Math.abs(off)).toBeLessThan(4 * Math.sqrt(of / CERTAINTY_PARTS) + 1);
    }
  });

  it('comes to what is true of either group, and to less recall where names are worse', () => {
    for (const each of towns) {
      for (const group of GROUPS) {
        const [expected, truth] = [expectedOf(each, group), trueRates(each, group)];
        expect([group, 'precision', about(expected.precision, truth.precision)]).toEqual([
          group,
          'precision',
          true,
        ]);
        expect([group, 'recall', about(expected.recall, truth.recall)]).toEqual([group, 'recall', true]);
      }
      const [plain, noisy] = [expectedOf(each, 'plain').recall, expectedOf(each, 'noisy').recall];
      expect(noisy.value).toBeLessThan(plain.low);
      expect(trueRates(each, 'noisy').recall).toBeLessThan(trueRates(each, 'plain').recall);
    }
  });

  it('names no record of a partner that has left', async () => {
    const [city] = cities;
    await city?.forget('clinic');
    const records = new Set((await city?.table('people'))?.map((row) => row['record_id']));
    const told = (await city?.table('certainty')) ?? [];
    expect(told.length).toBeGreaterThan(0);
    expect(told.filter((row) => !records.has(row['record_id'] ?? null))).toEqual([]);
  });
});
