import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type IndexCity, indexCity } from '../fixture/index-city.fixture.js';
import { townNights } from '../fixture/nights.fixture.js';

let city: IndexCity;
let rebuilt: IndexCity;
beforeEach(async () => {
  city = await indexCity();
  rebuilt = await indexCity();
});
afterEach(async () => {
  await city.close();
  await rebuilt.close();
});

const NIGHTS = 4;

/**
 * A night that decides only what changed against one that decides everybody under the same model: every table that is
 * kept, the links, and what is expected of them. Seeds are fixed, since an arrival that no seed has is no news.
 */
describe('a night of changed rows', () => {
  it.each([11])('comes out as a full rebuild does, %i', async (seed) => {
    let alone = 0;
    let decided = 0;
    for (const { holdings, epoch } of townNights(NIGHTS, seed)) {
      const night = await city.spend(holdings, epoch);
      const standing = await city.model();
      const everybody = await rebuilt.rebuild(holdings, { epoch, standing });
      expect(await city.found()).toEqual(await rebuilt.found());
      if (night.because !== 'rows-alone') continue;
      alone += 1;
      decided += night.decided / everybody.decided;
    }
    expect(alone).toBeGreaterThan(1);
    expect(decided / alone).toBeLessThan(0.5);
  });
});
