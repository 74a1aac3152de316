import { encodingTerms, type TokenRule } from '@throughline/agreement';
import { runStage } from '@throughline/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memorandum } from '../fixture/agreements.fixture.js';
import { type ClearRecord, recordId, type Workshop, workshop } from '../fixture/workshop.fixture.js';
import { planStage } from './plan.js';

const RULES: TokenRule[] = [
  { name: 'first_last_dob', parts: ['first', 'last', 'birth_date'], basis: 'exact' },
];
const encoding = encodingTerms.parse({
  passes: [
    { name: 'last_dob', parts: ['last', 'birth_date'] },
    { name: 'zip_sex', parts: ['zip', 'sex'] },
    { name: 'guardian_zip', parts: ['guardian', 'zip'] },
  ],
  exact: ['sex', 'zip', 'first.known'],
});
const BARE = memorandum(RULES);
const EMOU = { ...BARE, linkage: { ...BARE.linkage, encoding } };

let shop: Workshop;
beforeEach(async () => {
  shop = await workshop(EMOU);
});
afterEach(() => shop.remove());

/** Twins in every tenth family; 40 ZIP codes. */
const children: readonly ClearRecord[] = Array.from({ length: 600 }, (_, number) => {
  const family = number % 10 === 9 ? number - 1 : number;
  return {
    key: String(number),
    first: `F${number}A`,
    last: `L${family}B`,
    birth_date: `2014-0${1 + (family % 9)}-11`,
    sex: number % 2 === 0 ? 'F' : 'M',
    zip: `0${2100 + (family % 40)}`,
  };
});

const planning = (least_persons = 100) =>
  shop.owning('district', ['plan'], { config: { ...shop.config, least_persons } });

describe('planStage', () => {
  it('tells no more than the size of a file that is too small to be sealed', async () => {
    await shop.intake('district', children);
    await runStage(planStage, planning(601));
    expect(await shop.table('district', 'plan', 'size')).toEqual([{ persons: 600 }]);
    expect(await shop.table('district', 'plan', 'passes')).toEqual([]);
    expect(await shop.table('district', 'plan', 'likeness')).toEqual([]);
  });

  it('tells shares and the half-split estimate of every pass that has values, and a rounded size', async () => {
    await shop.intake('district', children);
    await runStage(planStage, planning());
    expect(await shop.table('district', 'plan', 'size')).toEqual([{ persons: 600 }]);
    const [last, zip] = await shop.table('district', 'plan', 'passes');
    expect(last?.['unique_share']).toBeCloseTo(480 / 540, 3);
    expect(zip?.['unique_share']).toBe(0);
    expect(last?.['meeting_rate']).toBeCloseTo(halfSplit(), 8);
  });

  it('tells of a pair of whom one lacks a first name that its known part differs, as a slot would', async () => {
    const nameless = children.map((child, at) => (at % 4 === 0 ? { ...child, first: null } : child));
    await shop.intake('district', nameless);
    await runStage(planStage, planning());
    const likeness = await shop.table('district', 'plan', 'likeness');
    let [lacking, all] = [0, 0];
    for (const { kind, pattern, pairs } of likeness) {
      if (kind !== 'random') continue;
      all += Number(pairs);
      if (String(pattern).at(-1) === '3') lacking += Number(pairs);
      if (String(pattern).at(-1) === '3') expect(String(pattern)[0]).toBe('3');
    }
    expect(lacking / all).toBeCloseTo(1 - 0.75 ** 2, 1);
  });

  it('tells how alike twins are, in patterns of many pairs', async () => {
    await shop.intake('district', children);
    await runStage(planStage, planning());
    const likeness = await shop.table('district', 'plan', 'likeness');
    const ofKind = (kind: string) => likeness.filter((row) => row['kind'] === kind);
    const pairs = (rows: typeof likeness) => rows.reduce((sum, row) => sum + Number(row['pairs']), 0);
    expect(pairs(ofKind('related'))).toBe(60);
    expect(pairs(ofKind('random'))).toBe(167 * 600);
    for (const row of likeness) expect(row['pairs']).toBeGreaterThanOrEqual(11);
  });
});

/** Twins of whom each is in another half, for each child of the first half and each of the second. */
function halfSplit(): number {
  const first = (key: string) => Number.parseInt(recordId(key).at(-1) ?? '', 16) < 8;
  const halves = children.map(({ key }) => first(key));
  const inFirst = halves.filter((each) => each).length;
  const parted = children.filter((_, at) => at % 10 === 9 && halves[at] !== halves[at - 1]).length;
  return parted / inFirst / (children.length - inFirst);
}
