import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodingTerms, type TokenRule } from '@throughline/agreement';
import type { ArtifactKind } from '@throughline/core';
import { runStage, type StageRequest } from '@throughline/engine';
import { drawing } from '@throughline/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memorandum } from '../fixture/agreements.fixture.js';
import { libraryRegister, slipped } from '../fixture/doubles.fixture.js';
import { type ClearRecord, effects, recordId, type Workshop, workshop } from '../fixture/workshop.fixture.js';
import { deriveKeys } from '../keys/derive.js';
import { planStage } from '../plan/plan.js';
import { bigramTable } from '../seal1/bigrams.js';
import { nothingKnown } from '../tok1/parts.js';
import { tokenizeStage } from '../tokenize.js';
import { duplicatesStage } from './duplicates.js';
import { comparedFields } from './fields.js';
import { clearCodes, clearRecords } from './likeness.js';
import { findDuplicates } from './local-persons.js';
import { modelOf } from './model-text.js';

const RULES: TokenRule[] = [
  { name: 'first_last_dob', parts: ['first', 'last', 'birth_date'], basis: 'exact' },
];
const encoding = encodingTerms.parse({ passes: [{ name: 'last_dob', parts: ['last', 'birth_date'] }] });
const BARE = memorandum(RULES);
const SILENT = { ...BARE, linkage: { ...BARE.linkage, encoding } };
const TELLING = { ...BARE, linkage: { ...BARE.linkage, encoding, own_duplicates: 'likely' as const } };
const SPACES = [
  { space: 'participant', duplicate_free: false },
  { space: 'student', duplicate_free: true },
];

const register = libraryRegister();
/** Nobody is a student twice, whatever their records say. */
const students = register.filter(({ key }) => !key.includes('twin')).slice(0, 40);
const everybody = [
  ...register,
  ...students.map((each) => ({ ...each, key: `student ${each.key}`, space: 'student' })),
];

let shop: Workshop;

const asking = (kinds: readonly ArtifactKind[], changes: Partial<StageRequest> = {}): StageRequest =>
  shop.owning('library', kinds, { config: { ...shop.config, spaces: SPACES }, ...changes });

const look = (changes: Partial<StageRequest> = {}) =>
  runStage(duplicatesStage, asking(['duplicates'], { carriesOn: ['duplicates'], ...changes }));

const told = (): Partial<StageRequest> => ({
  inputs: (['identifiers', 'duplicates'] as const).map((kind) => ({
    kind,
    folder: shop.place('library', kind),
  })),
});

/** Groups of keys that are held to be one person. */
async function groups(kind: 'duplicates' | 'tokens' = 'duplicates'): Promise<string[]> {
  const rows =
    kind === 'tokens'
      ? await shop.table('library', 'tokens', 'own_duplicates')
      : await shop.table('library', 'duplicates', 'duplicates');
  const keys = new Map([...everybody, ...ARRIVED].map(({ key }) => [recordId(key), key]));
  const found = new Map<unknown, string[]>();
  for (const { record_id, person } of rows)
    found.set(person, [...(found.get(person) ?? []), keys.get(String(record_id)) ?? '?']);
  return [...found.values()].map((of) => of.sort().join(' = ')).sort();
}

/** A child registered a third time, and one whom nobody knows. */
const ARRIVED: readonly ClearRecord[] = [
  { ...slipped(register.find(({ key }) => key === '8') ?? { key: '' }, 12), key: '8 once more' },
  {
    ...register[1],
    key: 'stranger',
    first: 'XOCHITL',
    first_root: 'XOCHITL',
    last: 'QUISPE',
    birth_date: '2009-12-31',
  },
];

describe('duplicatesStage', () => {
  beforeAll(async () => {
    shop = await workshop(TELLING);
    await shop.intake('library', everybody);
    await look();
  });
  afterAll(() => shop.remove());

  it('finds children who were registered twice with a slip, and joins nobody else', async () => {
    const found = await groups();
    const twice = register.filter(({ key }) => key.endsWith(' again')).map(({ key }) => key);
    expect(found.filter((group) => !/^(\d+) = \1 again$/.test(group))).toEqual([]);
    expect(found.length).toBeGreaterThanOrEqual(0.9 * twice.length);
  });

  it('finds them by the function that evaluations find them by', async () => {
    const sorted = register.toSorted((x, y) => (recordId(x.key) < recordId(y.key) ? -1 : 1));
    const rows = sorted.map((record) => ({ ...nothingKnown, ...record }));
    const key = new Uint8Array(await readFile(join(shop.folder, 'library-record.key')));
    const codes = clearCodes(bigramTable(deriveKeys(key, TELLING).key('own-vector', '')));
    const [kept] = await shop.table('library', 'duplicates', 'models');
    const standing = modelOf(String(kept?.['model']));
    const fields = comparedFields([rows], 1);
    const { persons } = findDuplicates(
      { rows, records: clearRecords(rows, fields, codes), fields },
      { standing, draw: drawing('none') },
    );
    const own = new Map<number, string[]>();
    for (const [row, person] of persons.entries())
      own.set(person, [...(own.get(person) ?? []), sorted[row]?.key ?? '?']);
    const together = [...own.values()].filter(({ length }) => length > 1);
    expect(together.map((of) => of.sort().join(' = ')).sort()).toEqual(await groups());
  });

  it('keeps no value of a record', async () => {
    const kept = JSON.stringify([
      await shop.table('library', 'duplicates', 'duplicates'),
      await shop.table('library', 'duplicates', 'models'),
    ]);
    const values = register.flatMap(({ first, last, birth_date, street }) => [
      first,
      last,
      birth_date,
      street,
    ]);
    expect(values.filter((value) => kept.includes(String(value)))).toEqual([]);
  });

  it('tells in the tokens who they are, by record ids alone', async () => {
    await runStage(tokenizeStage, asking(['tokens'], told()));
    expect(await groups('tokens')).toEqual(await groups());
    const rows = await shop.table('library', 'tokens', 'own_duplicates');
    expect(Object.keys(rows[0] ?? {})).toEqual(['record_id', 'person']);
  });

  it('gives a value that one child has twice to that child', async () => {
    const plan = async (changes: Partial<StageRequest>) => {
      const config = { ...shop.config, spaces: SPACES, least_persons: 100 };
      await runStage(planStage, asking(['plan'], { ...changes, config }));
      const [row] = await shop.table('library', 'plan', 'passes');
      return Number(row?.['unique_share']);
    };
    const exact = await workshop(SILENT);
    await exact.intake('library', everybody);
    await runStage(
      planStage,
      exact.owning('library', ['plan'], {
        config: { ...exact.config, spaces: SPACES, least_persons: 100 },
      }),
    );
    const [row] = await exact.table('library', 'plan', 'passes');
    await exact.remove();
    expect(await plan(told())).toBeGreaterThan(Number(row?.['unique_share']) + 0.03);
  });

  it('is not passed over where owners are to tell', async () => {
    await expect(runStage(tokenizeStage, asking(['tokens']))).rejects.toMatchObject({
      code: 'ARTIFACT_MISSING',
      details: { kind: 'duplicates', of: 'library' },
    });
  });

  it('changes no other child on a night with one more record, nor what it judges by', async () => {
    const [before, models] = [await groups(), await shop.table('library', 'duplicates', 'models')];
    await shop.intake('library', [...everybody, ...ARRIVED]);
    await look();
    const joined = before.map((group) => (group === '8 = 8 again' ? `${group} = 8 once more` : group));
    expect(await groups()).toEqual(joined.sort());
    expect(await shop.table('library', 'duplicates', 'models')).toEqual(models);
  });

  it('learns anew once less than half of the records are left, and makes no child of a crowd', async () => {
    const models = await shop.table('library', 'duplicates', 'models');
    const [alike] = register;
    const crowd = Array.from({ length: 12 }, (_, at) => ({
      ...alike,
      first: 'ALIKE',
      first_root: 'ALIKE',
      key: `alike ${at}`,
    }));
    const names = ({ key, space, first, last, birth_date }: ClearRecord) => ({
      key,
      space,
      first,
      last,
      birth_date,
    });
    await shop.intake('library', [...register.slice(0, 90).map(names), ...crowd] as ClearRecord[]);
    const warned: unknown[] = [];
    const emit = (...[event]: unknown[]) => void warned.push((event as { about?: string }).about);
    await look({ effects: { ...effects, emit } });
    expect(await shop.table('library', 'duplicates', 'models')).not.toEqual(models);
    expect(warned).toContain('own-duplicates-crowded');
    const sizes = (await groups()).map((group) => group.split(' = ').length);
    expect(sizes.filter((size) => size > 2).toSorted()).toEqual([4, 8]);
  });

  it('finds nobody where the memorandum lets no owner tell', async () => {
    const silent = await workshop(SILENT);
    await silent.intake('library', register);
    const request = silent.owning('library', ['duplicates'], {
      config: { ...silent.config, spaces: SPACES },
    });
    await expect(runStage(duplicatesStage, request)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      details: { field: 'linkage.own_duplicates' },
    });
    await silent.remove();
  });
});
