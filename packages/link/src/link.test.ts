import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChildRecord } from './fixture/children.fixture.js';
import { type Holding, type TestCity, testCity } from './fixture/city.fixture.js';

let city: TestCity;
beforeEach(async () => {
  city = await testCity();
});
afterEach(() => city.remove());

const school = (...records: ChildRecord[]): Holding => ({ partner: 'school', records });
const charter = (...records: ChildRecord[]): Holding => ({ partner: 'charter', records });
const clinic = (...records: ChildRecord[]): Holding => ({ partner: 'clinic', records });
const library = (...records: ChildRecord[]): Holding => ({
  partner: 'library',
  duplicateFree: false,
  records,
});

const ANA = { first: 'ANA', last: 'VEGA', dob: '2014-09-03', zip: '02155' };
const JAYDEN = { first: 'JAYDEN', last: 'SMITH', dob: '2012-05-03', zip: '02155' };
const JAYLEN = { ...JAYDEN, first: 'JAYLEN' };

const linked = async (...holdings: Holding[]) => {
  await city.deliver(holdings);
  await city.link();
  return city.persons();
};

describe('linkStage', () => {
  it('links on an exact pass and tells how', async () => {
    expect(await linked(school({ key: 's', ...ANA }), library({ key: 'l', ...ANA, zip: '02156' }))).toEqual([
      ['l', 's'],
    ]);
    expect(await city.table('links')).toMatchObject([
      { pass: 'first_last_dob', basis: 'exact', rules_agreeing: 5, weight: null, probability: null },
    ]);
  });
});
