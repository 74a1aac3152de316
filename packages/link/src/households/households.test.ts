import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type HomeRecord,
  type HouseholdCity,
  householdCity,
  idOfPerson,
} from '../fixture/household-city.fixture.js';

let city: HouseholdCity;
beforeEach(async () => {
  city = await householdCity();
});
afterEach(() => city.remove());

const at = (home: string, ...persons: string[]): HomeRecord[] =>
  persons.map((person) => ({ key: `school ${person}`, partner: 'school', person, home }));
const elsewhere = (...persons: string[]): HomeRecord[] =>
  persons.map((person) => ({ key: `clinic ${person}`, partner: 'clinic', person }));
const membersOf = async () =>
  new Map(
    (await city.table('members')).map((row) => [String(row['person_id']), String(row['household_id'])]),
  );
const householdOf = async (person: string) => (await membersOf()).get(idOfPerson(person));

describe('householdsStage', () => {
  it('does nothing twice, and nothing without its last state', async () => {
    const block = Array.from({ length: 9 }, (_, child) => `c${child}`);
    await city.bring({ records: [...at('a', 'ann', 'ben'), ...at('block', ...block)] });
    expect((await city.settle()).status).toBe('made');
    expect((await city.settle()).status).toBe('current');
    expect(await city.counts()).toEqual([
      { name: 'pairs_apart', value: 0 },
      { name: 'pairs_refused', value: 0 },
      { name: 'crowded_tokens', value: 1, by: { rule: 'home' } },
    ]);
    await city.bring({ records: at('a', 'ann', 'ben', 'cem') });
    await cp(join(city.folder, 'households'), join(city.folder, 'old'), { recursive: true });
    expect((await city.settle()).status).toBe('made');
    await rm(join(city.folder, 'households'), { recursive: true });
    await expect(city.settle()).rejects.toMatchObject({
      code: 'INDEX_LOST',
      details: { kind: 'households' },
    });
    await cp(join(city.folder, 'old'), join(city.folder, 'households'), { recursive: true });
    expect((await city.settle()).status).toBe('made');
  });

  it('is refused where the agreements do not grant it', async () => {
    await city.bring({ records: at('a', 'ann', 'ben') });
    const { documents } = city.request();
    const [emou, dsas] = [documents.emous[0], documents.dsas];
    if (emou === undefined) throw new Error('a memorandum expected');
    const { households: _, ...linkage } = emou.document.linkage;
    const without = [{ ...emou, document: { ...emou.document, linkage } }];
    await expect(city.settle({ documents: { ...documents, emous: without } })).rejects.toMatchObject({
      code: 'HOUSEHOLDS_NOT_AGREED',
    });
    const forbidding = dsas.map((dsa) => ({
      ...dsa,
      document: { ...dsa.document, permitted_uses: ['linkage' as const] },
    }));
    await expect(city.settle({ documents: { ...documents, dsas: forbidding } })).rejects.toMatchObject({
      code: 'USE_NOT_PERMITTED',
      details: { use: 'household-index' },
    });
  });

  it('forgets whom a partner alone knew, and when emptied gives no id a second time', async () => {
    await city.bring({
      records: [...at('a', 'ann', 'ben', 'cem'), ...at('b', 'dan', 'eve'), ...elsewhere('ann', 'ben', 'dan')],
    });
    await city.settle();
    const [household, second] = [await householdOf('ann'), await householdOf('dan')];
    await city.forget('school');
    expect([...(await membersOf())]).toEqual(
      ['ann', 'ben'].map((person) => [idOfPerson(person), household]).sort(),
    );
    await city.empty();
    for (const name of ['members', 'history', 'tombstones', 'standing'] as const)
      expect(await city.table(name)).toEqual([]);
    await city.bring({ records: at('c', 'ann', 'ben') });
    await city.settle();
    expect(await city.table('counter')).toEqual([{ issued: 3 }]);
    expect([household, second]).not.toContain(await householdOf('ann'));
  });
});
