import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readArtifact } from '@throughline/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChildRecord } from '../fixture/children.fixture.js';
import { type Holding, type TestCity, testCity } from '../fixture/city.fixture.js';

let city: TestCity;
beforeEach(async () => {
  city = await testCity();
});
afterEach(() => city.remove());

const school = (...records: ChildRecord[]): Holding => ({ partner: 'school', records });
const clinic = (...records: ChildRecord[]): Holding => ({ partner: 'clinic', records });
const child = (index: number): Omit<ChildRecord, 'key'> => ({
  first: `NAME${index}`,
  last: `SUR${index}`,
  dob: `2010-01-${10 + (index % 20)}`,
});

const night = async (...holdings: Holding[]) => {
  await city.deliver(holdings);
  return city.link();
};

/** Person ids by record id. */
const ids = async () =>
  new Map((await city.table('people')).map((row) => [row['record_id'], row['person_id']]));
const events = async () => (await city.table('history')).map(({ change, reason }) => `${change}: ${reason}`);

const KINDS = ['people', 'links', 'findings'] as const;

/** The names of all tables that lie in what the stage wrote. */
const tables = async (): Promise<string[]> => {
  const read = await Promise.all(KINDS.map((kind) => readArtifact(join(city.folder, kind), kind)));
  return read.flatMap(({ manifest }) => manifest.tables.map(({ name }) => name));
};
const links = async (of = city) => [...(await of.table('links')), ...(await of.table('passes'))];

/** What a city links that begins with these. */
async function linksOfFirstNight(...holdings: Holding[]) {
  const fresh = await testCity();
  await fresh.deliver(holdings);
  await fresh.link();
  const found = await links(fresh);
  await fresh.remove();
  return found;
}

describe('the people index', () => {
  it('does nothing on a night without news, and keeps every id on a night with little', async () => {
    const records = (prefix: string, count: number) =>
      Array.from({ length: count }, (_, index) => ({ key: `${prefix}${index}`, ...child(index) }));
    await night(school(...records('s', 300)), clinic(...records('k', 100)));
    const before = await ids();
    expect((await night(school(...records('s', 300)))).status).toBe('current');

    const changed = records('s', 303).map((record, index) =>
      index % 100 === 0 ? { ...record, zip: '02155' } : record,
    );
    expect((await night(school(...changed))).status).toBe('made');
    const after = await ids();
    for (const [record, person] of before) expect(after.get(record)).toBe(person);
    expect(after.size).toBe(403);
    expect(new Set(after.values()).size).toBe(303);
    expect(await events()).toEqual(Array.from({ length: 303 }, () => 'new: first-seen'));
    expect(await city.table('counter')).toEqual([{ issued: 303 }]);
  });

  it('is carried on with links and findings, until a record is withdrawn of which nothing may be left', async () => {
    const records = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ key: `s${index}`, ...child(index) }));
    const kept = clinic({ key: 'k0', ...child(0) }, { key: 'k7', ...child(7) });
    await night(school(...records(60)), kept);
    const few = school(...records(60).with(7, { key: 's7', ...child(70) }));
    await night(few);
    const carried = ['later_history', 'later_people', 'later_links', 'later_compared', 'later_records'];
    expect(await tables()).toEqual(expect.arrayContaining(carried));
    expect(await links()).toEqual(await linksOfFirstNight(few, kept));

    await night({
      ...few,
      records: few.records.filter(({ key }) => key !== 's0'),
      withdrawn: { s0: '2026-01-05' },
    });
    expect((await tables()).filter((name) => name.startsWith('later_') || name === 'since')).toEqual([]);
    expect(await city.table('links')).toEqual([]);
  });

  it('tells of a merge, a split and a retirement, and carries the history on', async () => {
    const apart = { ...child(1), last: 'OTHER' };
    await night(school({ key: 's', ...child(1) }, { key: 't', ...child(2) }), clinic({ key: 'k', ...apart }));
    const first = await ids();
    await night(clinic({ key: 'k', ...child(1) }));
    const second = await ids();
    expect(new Set(second.values()).size).toBe(2);
    await night(clinic({ key: 'k', ...apart }));
    const third = await ids();
    expect([...third.values()]).toHaveLength(3);
    await night(school({ key: 's', ...child(1) }));
    expect((await ids()).size).toBe(2);

    const told = await events();
    expect(told).toEqual([
      'new: first-seen',
      'new: first-seen',
      'new: first-seen',
      'merged: records-joined',
      'new: parted',
      'split: records-parted',
      'retired: no-records',
    ]);
    const history = await city.table('history');
    expect(history.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    const issued = history.filter(({ change }) => change === 'new').map(({ person_id }) => person_id);
    expect(new Set(issued).size).toBe(4);
    const merged = history.find(({ change }) => change === 'merged');
    expect([...first.values()]).toContain(merged?.['person_id']);
    expect([...second.values()]).toContain(merged?.['other_person_id']);
    expect([...third.values()]).not.toContain(merged?.['person_id']);
  });

  it('gives ids that say nothing of the records: the first person of another city has the same', async () => {
    await night(school({ key: 's', ...child(1) }));
    const [one] = [...(await ids()).values()];
    const other = await testCity();
    try {
      await other.deliver([school({ key: 'another', ...child(2) })]);
      await other.link();
      expect((await other.table('people')).map(({ person_id }) => person_id)).toEqual([one]);
    } finally {
      await other.remove();
    }
  });

  it('is not begun anew, nor from an older state, once somebody has read it', async () => {
    const index = join(city.folder, 'people');
    const keep = (name: string) => cp(index, join(city.folder, name), { recursive: true });
    const restore = async (name: string) => {
      await rm(index, { recursive: true, force: true });
      if (name !== '') await cp(join(city.folder, name), index, { recursive: true });
    };
    for (const count of [1, 2, 3]) {
      await night(school(...Array.from({ length: count }, (_, at) => ({ key: `s${at}`, ...child(at) }))));
      await keep(`index-${count}`);
    }
    const before = await ids();
    const more = school(...[0, 1, 2, 3].map((at) => ({ key: `s${at}`, ...child(at) })));
    for (const lost of ['', 'index-1']) {
      await restore(lost);
      await expect(night(more)).rejects.toMatchObject({ code: 'INDEX_LOST' });
    }
    await restore('index-3');
    await night(more);
    const after = await ids();
    for (const [record, person] of before) expect(after.get(record)).toBe(person);
    expect(await city.table('counter')).toEqual([{ issued: 4 }]);
  });

  it('goes on from a night that was cut off before its findings were in place', async () => {
    const records = (prefix: string, last: string) =>
      Array.from({ length: 60 }, (_, index) => ({
        key: `${prefix}${index}`,
        ...child(index),
        ...(index === 7 ? { last } : {}),
      }));
    await night(school(...records('s', 'OLD')), clinic(...records('k', 'OLD')));
    await cp(join(city.folder, 'findings'), join(city.folder, 'before'), { recursive: true });
    await night(school(...records('s', 'NEW')), clinic(...records('k', 'OLD')));
    const tables = async () => [
      await city.table('links'),
      await city.table('people'),
      await city.table('history'),
    ];
    const whole = await tables();
    expect((await events()).at(-1)).toBe('split: records-parted');
    await rm(join(city.folder, 'findings'), { recursive: true });
    await rm(join(city.folder, 'links'), { recursive: true });
    await cp(join(city.folder, 'before'), join(city.folder, 'findings'), { recursive: true });
    expect((await city.link()).status).toBe('made');
    expect(await tables()).toEqual(whole);
  });
});
