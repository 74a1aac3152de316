import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChildRecord } from './fixture/children.fixture.js';
import { type TestCity, testCity } from './fixture/city.fixture.js';

let city: TestCity;
beforeEach(async () => {
  city = await testCity();
});
afterEach(() => city.remove());

const DOB = '2014-09-03';
const letters = (number: number): string =>
  String.fromCharCode(65 + (number % 26), 65 + (Math.floor(number / 26) % 26), 65 + (number % 7));

/** How many pairs of a rule were linked, could as well be somebody else, or were refused. */
const found = async (pass: string) => {
  const row = (await city.table('passes')).find((each) => each['pass'] === pass);
  return { linked: row?.['linked'], ambiguous: Number(row?.['ambiguous']), refused: row?.['refused'] };
};

describe('hostile deliveries', () => {
  it('one record that resembles hundreds is linked with none of them, and told', async () => {
    const surnames = Array.from({ length: 300 }, (_, index) => letters(index));
    const everybody = surnames.map((last, index) => ({ key: `c${index}`, first: 'ANA', last, dob: DOB }));
    const hub: ChildRecord = { key: 'hub', first: 'ANA', last: [...new Set(surnames)].join('-'), dob: DOB };
    await city.deliver([
      { partner: 'clinic', records: everybody },
      { partner: 'library', duplicateFree: false, records: [hub] },
    ]);
    await city.link();
    expect((await city.persons()).filter((keys) => keys.includes('hub'))).toEqual([['hub']]);
    const { linked, ambiguous } = await found('first_lastpart_dob');
    expect(linked).toBe(0);
    expect(ambiguous).toBeGreaterThan(100);
  });

  it('a name that fills a block forms no pairs, and is told', async () => {
    const same = (prefix: string) =>
      Array.from({ length: 100 }, (_, index) => ({
        key: `${prefix}${index}`,
        first: 'ANA',
        last: 'VEGA',
        dob: DOB,
      }));
    await city.deliver(
      [
        { partner: 'clinic', records: same('c') },
        { partner: 'library', duplicateFree: false, records: same('l') },
      ],
      { sealed: true },
    );
    await city.link();
    expect((await city.persons()).every((keys) => keys.length === 1)).toBe(true);
    expect(await city.table('compared')).toEqual([]);
    expect((await found('first_last_dob')).ambiguous).toBe(100 * 100 + (100 * 99) / 2);
  });

  it('a ladder of near-duplicates, each of whom a rule proposes for the next, makes no bridge between two children', async () => {
    const rungs = ['MARIA LUNA', 'MARINA LUNA', 'MIRENA LENA', 'MIRENA LANDRY', 'MIRABEL LANDRUM'];
    const named = (key: string, name: string): ChildRecord => {
      const [first = '', last = ''] = name.split(' ');
      return { key, first, last, dob: DOB, zip: '02155' };
    };
    await city.deliver(
      [
        { partner: 'school', records: [named('maria', 'MARIA LOPEZ')] },
        { partner: 'clinic', records: [named('mirabel', 'MIRABEL LATHAM')] },
        ...['library', 'charter'].map((partner, side) => ({
          partner,
          duplicateFree: false,
          records: rungs.flatMap((name, rung) => (rung % 2 === side ? [named(`rung ${rung}`, name)] : [])),
        })),
      ],
      { sealed: true },
    );
    await city.link();
    const persons = await city.persons();
    const of = (key: string) => persons.find((keys) => keys.includes(key)) ?? [];
    expect(of('maria')).not.toContain('mirabel');
    expect(of('maria')).toContain('rung 0');
    const told = (await city.table('passes')).reduce(
      (sum, row) => sum + Number(row['ambiguous']) + Number(row['refused']),
      0,
    );
    expect(told).toBeGreaterThan(0);
  });
});
