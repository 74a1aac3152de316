import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TokenRule } from '@throughline/agreement';
import { readArtifact, runStage, type StageRequest } from '@throughline/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agreements, memorandum } from './fixture/agreements.fixture.js';
import { type ClearRecord, WITHDRAWN, type Workshop, workshop } from './fixture/workshop.fixture.js';
import { tokenizeStage } from './tokenize.js';

const RULES: TokenRule[] = [
  { name: 'first_last_dob', parts: ['first', 'last', 'birth_date'], basis: 'exact' },
  { name: 'first_lastpart_dob', parts: ['first', 'last_part', 'birth_date'], basis: 'probable' },
  { name: 'last_dob_zip', parts: ['last', 'birth_date', 'zip'], basis: 'weak' },
];
const EMOU = memorandum(RULES);

let shop: Workshop;
beforeEach(async () => {
  shop = await workshop(EMOU);
});
afterEach(() => shop.remove());

const intake = (of: string, records: readonly ClearRecord[]) => shop.intake(of, records);
const place = (of: string, kind: string) => shop.place(of, kind);
const tokenizing = (of: string, changes: Partial<StageRequest> = {}) => shop.owning(of, ['tokens'], changes);
const table = (of: string, name: 'records' | 'tokens' | 'spaces' | 'missing' | 'withdrawn') =>
  shop.table(of, 'tokens', name);

const ANA = {
  first: 'ANA',
  last: 'VEGALUNA',
  last_parts: 'VEGA LUNA',
  birth_date: '2014-09-03',
  zip: '02155',
};

describe('tokenizeStage', () => {
  it('gives two parties the same tokens for one child, and no others in common', async () => {
    await intake('district', [
      { key: 'a', ...ANA },
      { key: 'b', ...ANA, first: 'EVA' },
    ]);
    await intake('library', [{ key: 'c', ...ANA, last: 'LUNA', last_parts: null }]);
    await runStage(tokenizeStage, tokenizing('district'));
    await runStage(tokenizeStage, tokenizing('library'));
    const district = await table('district', 'tokens');
    const shared = (await table('library', 'tokens')).filter(({ token }) =>
      district.some((other) => other['token'] === token),
    );
    expect(shared.map(({ rule }) => rule)).toEqual(['first_lastpart_dob']);
    expect(district).toHaveLength(2 * (1 + 3 + 1));
    expect((await readArtifact(place('district', 'tokens'), 'tokens')).manifest.producedBy.keyCheck).toEqual({
      agreement: 'emou-test',
      epoch: '2026-1',
      value: shop.config.key_card.check,
    });
  });

  it('makes tokens of identifiers that few extracts have, and the same of all others with and without them', async () => {
    const further = await workshop(
      memorandum([
        ...RULES,
        { name: 'last_place_suffix', parts: ['last', 'birth_place', 'suffix'], basis: 'weak' },
      ]),
    );
    const born = { birth_place: 'FALLRIVER', suffix: 'JR' };
    await further.intake('district', [
      { key: 'a', ...ANA, ...born },
      { key: 'b', ...ANA, first: 'EVA' },
    ]);
    await further.intake('library', [{ key: 'c', ...ANA, ...born }]);
    for (const of of ['district', 'library']) await runStage(tokenizeStage, further.owning(of, ['tokens']));
    const [district, library] = [
      await further.table('district', 'tokens', 'tokens'),
      await further.table('library', 'tokens', 'tokens'),
    ];
    expect(district.filter(({ rule }) => rule === 'last_place_suffix')).toHaveLength(1);
    const tokensOf = (rows: typeof district) => rows.map(({ token }) => token);
    expect(tokensOf(library).every((token) => tokensOf(district).includes(token))).toBe(true);
    expect(library).toHaveLength(1 + 3 + 1 + 1);
    const missing = await further.table('district', 'tokens', 'missing');
    expect(missing).toContainEqual({
      space: 'student',
      rule: 'last_place_suffix',
      reason: 'missing:birth_place',
      records: 1,
    });
    await further.remove();
  });

  it('gives no token where a part is missing, and counts it', async () => {
    await intake('district', [
      { key: 'a', ...ANA, zip: null },
      { key: 'b', first: 'EVA' },
    ]);
    await runStage(tokenizeStage, tokenizing('district'));
    expect(await table('district', 'missing')).toEqual([
      { space: 'student', rule: 'first_last_dob', reason: 'missing:last', records: 1 },
      { space: 'student', rule: 'first_lastpart_dob', reason: 'missing:last_part', records: 1 },
      { space: 'student', rule: 'last_dob_zip', reason: 'missing:last', records: 1 },
      { space: 'student', rule: 'last_dob_zip', reason: 'missing:zip', records: 1 },
    ]);
    expect(await table('district', 'withdrawn')).toEqual([
      { record_id: WITHDRAWN, space: 'student', effective: '2026-01-05' },
    ]);
    expect((await table('district', 'records')).map(({ tokens }) => tokens).sort()).toEqual([0, 4]);
  });

  it('makes the same bytes on two threads and from rows in another order', async () => {
    const records = Array.from({ length: 5000 }, (_, index) => ({
      key: String(index),
      ...ANA,
      first: `CHILD${index}`,
    }));
    await intake('district', records);
    const one = await runStage(tokenizeStage, tokenizing('district'));
    await rm(place('district', 'tokens'), { recursive: true });
    await intake('district', records.toReversed());
    // Threads run what is built, so the stage is taken from there too.
    const built: { readonly tokenizeStage: typeof tokenizeStage } = await import(
      new URL('../dist/index.js', import.meta.url).href
    );
    const two = await runStage(
      built.tokenizeStage,
      tokenizing('district', { limits: { memory: '500MB', threads: 2 } }),
    );
    expect(two).toEqual({ status: 'made', artifacts: one.artifacts });
  });

  it('withholds a token that more than ten records share, but keeps what marks twins', async () => {
    const household = (count: number, zip: string) =>
      Array.from({ length: count }, (_, index) => ({
        key: `${zip}-${index}`,
        ...ANA,
        zip,
        first: `C${index}X${zip}`,
      }));
    await intake('district', [...household(11, '00011'), ...household(10, '00010')]);
    await runStage(tokenizeStage, tokenizing('district'));
    const marks = (await table('district', 'tokens')).filter(({ rule }) => rule === 'last_dob_zip');
    expect(marks).toHaveLength(10);
    expect(await table('district', 'missing')).toEqual([
      { space: 'student', rule: 'last_dob_zip', reason: 'crowded', records: 11 },
    ]);
  });

  it.each([
    [true, 0],
    [false, 120],
  ])('emits a rule that tells few children apart (duplicate-free: %s) %i times', async (duplicate_free, emitted) => {
    const records = Array.from({ length: 120 }, (_, index) => ({
      key: String(index),
      ...ANA,
      first: `CHILD${index}`,
      zip: String(Math.floor(index / 2)),
    }));
    await intake('district', records);
    const config = { ...shop.config, spaces: [{ space: 'student', duplicate_free }] };
    await runStage(tokenizeStage, tokenizing('district', { config }));
    const rule = (await table('district', 'tokens')).filter(({ rule }) => rule === 'last_dob_zip');
    expect(rule).toHaveLength(emitted);
  });

  it('takes no records at all as an empty delivery', async () => {
    await intake('district', []);
    await runStage(tokenizeStage, tokenizing('district'));
    expect(await table('district', 'spaces')).toEqual([
      { space: 'student', duplicate_free: true, records: 0 },
    ]);
  });

  it('writes no identifier into any file', async () => {
    await intake('district', [{ key: 'a', ...ANA, first: 'ZZQCANARY', last: 'ZZQCANARY', last_parts: null }]);
    await runStage(tokenizeStage, tokenizing('district'));
    for (const file of await readdir(place('district', 'tokens'))) {
      expect((await readFile(join(place('district', 'tokens'), file))).includes('ZZQCANARY'), file).toBe(
        false,
      );
    }
  });

  it.each([
    ['another key', 'KEY_MISMATCH', () => ({ secrets: { 'token-key': join(shop.folder, 'other.key') } })],
    [
      'the key of another epoch',
      'KEY_MISMATCH',
      () => ({ documents: agreements({ ...memorandum(RULES, '2026-2'), version: 2 }) }),
    ],
    [
      'rules that changed since the card',
      'KEY_MISMATCH',
      () => ({ documents: agreements({ ...memorandum(RULES.slice(1)), version: 2 }) }),
    ],
    [
      "another party's records",
      'ARTIFACT_MISSING',
      () => ({ inputs: [{ kind: 'identifiers' as const, folder: place('library', 'identifiers') }] }),
    ],
    ['a day after the agreement', 'AGREEMENT_EXPIRED', () => ({ day: '2031-01-01' })],
    [
      'a record of a space not configured',
      'CONFIG_INVALID',
      () => ({ config: { ...shop.config, spaces: [{ space: 'patient', duplicate_free: true }] } }),
    ],
    [
      'a space listed twice',
      'CONFIG_INVALID',
      () => ({ config: { ...shop.config, spaces: [...shop.config.spaces, ...shop.config.spaces] } }),
    ],
  ] as const)('refuses %s and leaves the last good tokens', async (_, code, changes) => {
    await intake('district', [{ key: 'a', ...ANA }]);
    await intake('library', [{ key: 'c', ...ANA }]);
    await runStage(tokenizeStage, tokenizing('district'));
    const before = await readFile(join(place('district', 'tokens'), 'manifest.json'), 'utf8');
    await intake('district', [{ key: 'b', ...ANA }]);
    await expect(runStage(tokenizeStage, tokenizing('district', { ...changes() }))).rejects.toMatchObject({
      code,
    });
    expect(await readFile(join(place('district', 'tokens'), 'manifest.json'), 'utf8')).toBe(before);
  });

  it('refuses a record id that occurs twice', async () => {
    await intake('district', [
      { key: 'a', ...ANA },
      { key: 'a', ...ANA, first: 'EVA' },
    ]);
    await expect(runStage(tokenizeStage, tokenizing('district'))).rejects.toMatchObject({
      code: 'KEY_COLUMN_NOT_UNIQUE',
      details: { repeated: 1 },
    });
  });
});

describe('tokens of households', () => {
  const homes = memorandum(RULES);
  const granting = {
    ...homes,
    linkage: {
      ...homes.linkage,
      households: { rules: [{ name: 'phone_zip', parts: ['phone', 'zip'] as const }], most_children: 8 },
    },
  } as typeof homes;

  it('are sent where they are asked for, families and all, but no crowd; they make no record linkable', async () => {
    const family = await workshop(granting);
    const child = (key: string, phone: string): ClearRecord => ({ key, zip: '02155', phone });
    const families = Array.from({ length: 120 }, (_, index) => child(`f${index}`, `617${index >> 1}`));
    const shelter = Array.from({ length: 11 }, (_, index) => child(`s${index}`, '508'));
    await family.intake('district', [...families, ...shelter]);
    const request = family.owning('district', ['tokens']);
    await runStage(tokenizeStage, request);
    expect(await family.table('district', 'tokens', 'tokens')).toEqual([]);
    await runStage(tokenizeStage, { ...request, config: { ...family.config, households: true } });
    const tokens = await family.table('district', 'tokens', 'tokens');
    expect([tokens.length, new Set(tokens.map(({ token }) => token)).size]).toEqual([120, 60]);
    const records = await family.table('district', 'tokens', 'records');
    expect(records.filter((record) => record['tokens'] !== 0)).toEqual([]);
    await family.remove();
  });

  it('are refused where the memorandum grants none', async () => {
    await intake('district', [{ key: 'a', ...ANA }]);
    await expect(
      runStage(tokenizeStage, tokenizing('district', { config: { ...shop.config, households: true } })),
    ).rejects.toMatchObject({ code: 'HOUSEHOLDS_NOT_AGREED', details: { clause: 'linkage.households' } });
  });
});
