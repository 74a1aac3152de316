import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type IndexCity, idOfRecord, indexCity } from '../fixture/index-city.fixture.js';
import { type TownNight, townNights } from '../fixture/nights.fixture.js';

const NIGHTS = 4;
const SEED = 11;

/** Records of children who have nothing to do with each other, and of one child; the first leaves and comes back. */
const [AWAY, UNLIKE, SCHOOL, CLINIC] = ['school 2.0', 'library 6.0', 'school 9.1', 'clinic 9.1'];
const reviewed = [
  { a: AWAY, b: UNLIKE, same: true },
  { a: 'library 16.0', b: 'clinic 14.0', same: true },
  { a: SCHOOL, b: CLINIC, same: false },
];

const town = [...townNights(NIGHTS, SEED)];
/** Records of the library that are there every night. Of two pairs of them it says that they are one child: of the first always, of the other once. */
const [one = '', two = '', three = '', four = ''] = town
  .map(({ holdings }) => holdings.find(({ partner }) => partner === 'library')?.records ?? [])
  .map((records) => records.map(({ key }) => key).filter((key) => key !== UNLIKE && key !== 'library 16.0'))
  .reduce((left, right) => left.filter((key) => right.includes(key)));
const [ALWAYS, ONCE] = [{ [one]: two }, { [three]: four }];

/** The nights, the second of them without a record. */
const nights = town.map((night, place): TownNight => {
  const holdings = night.holdings.map((holding) => ({
    ...holding,
    records: holding.records.filter(({ key }) => place !== 1 || key !== AWAY),
    ...(holding.partner === 'library'
      ? { sameAs: { ...holding.sameAs, ...ALWAYS, ...(place === 2 ? ONCE : {}) } }
      : {}),
  }));
  return { ...night, holdings };
});

let city: IndexCity;
let rebuilt: IndexCity;
beforeEach(async () => {
  city = await indexCity(reviewed);
  rebuilt = await indexCity(reviewed);
});
afterEach(async () => {
  await city.close();
  await rebuilt.close();
});

/**
 * A night that decides only what changed against one that decides everybody under the same model: every table that is
 * kept, the links, how sure each record's are, and what is expected of them. The seed is fixed, since an arrival that no seed has is no news.
 */
describe('a night of changed rows', () => {
  it('comes out as a full rebuild does, also in what owners said', async () => {
    const together: string[] = [];
    let alone = 0;
    let decided = 0;
    for (const { holdings, epoch } of nights) {
      const night = await city.spend(holdings, epoch);
      const standing = await city.model();
      const everybody = await rebuilt.rebuild(holdings, { epoch, standing });
      expect(await city.found()).toEqual(await rebuilt.found());
      for (const table of ['people', 'certainty', 'history', 'tombstones'] as const)
        expect(await city.table(table)).toEqual(await rebuilt.table(table));
      const persons = (await city.persons()).map((records) => records.join(' '));
      together.push(
        [ALWAYS, ONCE]
          .map((pair) => Object.entries(pair).flat().map(idOfRecord))
          .map((ids) => persons.some((records) => ids.every((id) => records.includes(id))))
          .join(),
      );
      if (night.because !== 'rows-alone') continue;
      alone += 1;
      decided += night.decided / everybody.decided;
    }
    expect(together).toEqual(['true,false', 'true,false', 'true,true', 'true,false']);
    expect(alone).toBeGreaterThan(1);
    expect(decided / alone).toBeLessThan(0.5);
  });
});
