import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { md5 } from '../fixture/children.fixture.js';
import { type Holding, type TestCity, testCity } from '../fixture/city.fixture.js';

let city: TestCity;
beforeEach(async () => {
  city = await testCity();
});
afterEach(() => city.remove());

const child = { first: 'ANNA', last: 'SMITH', dob: '2010-01-01' };
const other = { first: 'BEN', last: 'JONES', dob: '2011-01-01' };
const night = async (...holdings: Holding[]) => {
  await city.deliver(holdings);
  await city.link();
};
const personOf = async (key: string) =>
  (await city.table('people')).find(({ record_id }) => record_id === uuid(key))?.['person_id'];
const uuid = (key: string) => md5(key).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

describe('a record that a family withdraws', () => {
  it('leaves the index and a tombstone with the person it had, night after night', async () => {
    const both = {
      partner: 'school',
      records: [
        { key: 's', ...child },
        { key: 't', ...other },
      ],
    };
    await night(both, { partner: 'clinic', records: [{ key: 'k', ...child }] });
    const person = await personOf('s');
    const gone: Holding = {
      partner: 'school',
      records: [{ key: 't', ...other }],
      withdrawn: { s: '2026-01-05', never: '2026-01-06' },
    };
    for (const _ of [1, 2]) {
      await night(gone, { partner: 'clinic', records: [{ key: 'k', ...child }] });
      expect(await city.table('tombstones')).toEqual([
        {
          record_id: uuid('s'),
          space: 'student',
          effective: '2026-01-05',
          partner: 'school',
          person_id: person,
        },
      ]);
      expect(await personOf('s')).toBeUndefined();
    }
    expect(await personOf('k')).toBe(person);
  });

  it('comes back as a new one, without a tombstone', async () => {
    const here = { partner: 'school', records: [{ key: 's', ...child }] };
    await night(here);
    const person = await personOf('s');
    await night({ partner: 'school', records: [], withdrawn: { s: '2026-01-05' } });
    await night(here);
    expect(await city.table('tombstones')).toEqual([]);
    expect(await personOf('s')).not.toBe(person);
  });
});

describe('a partner that is forgotten', () => {
  it('is in the index no more, and no id of a person is given again', async () => {
    await night(
      { partner: 'school', records: [{ key: 's', ...child }], withdrawn: {} },
      { partner: 'clinic', records: [{ key: 'k', ...other }] },
    );
    await night(
      { partner: 'school', records: [], withdrawn: { s: '2026-01-05' } },
      { partner: 'clinic', records: [{ key: 'k', ...other }] },
    );
    const [counter, history] = [await city.table('counter'), await city.table('history')];
    await city.forget('school');
    expect((await city.table('people')).map(({ partner }) => partner)).toEqual(['clinic']);
    expect(await city.table('tombstones')).toEqual([]);
    expect([await city.table('counter'), await city.table('history')]).toEqual([counter, history]);
  });
});
