import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Emou, type InteropTerms, oltRuleName, type TokenRule } from '@throughline/agreement';
import { keyedIds, readKey, runStage, type StageRequest } from '@throughline/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agreements, memorandum } from '../../fixture/agreements.fixture.js';
import { type Workshop, workshop } from '../../fixture/workshop.fixture.js';
import { tokenizeStage } from '../../tokenize.js';
import { writeClks } from '../clk3/delivery.js';
import { interopStage } from './interop-stage.js';

const vectors = new URL('../../../../../fixtures/vectors/', import.meta.url);
const published = (name: string) => readFileSync(new URL(name, vectors), 'utf8').replaceAll('\r\n', '\n');
const TOKENS = published('openlinktoken/hashed-output.csv');
const SCHEMA = published('clkhash/febrl_schema_v3_final.json');
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const RULES: TokenRule[] = [
  { name: 'first_last_dob', parts: ['first', 'last', 'birth_date'], basis: 'exact' },
];
const INTEROP: InteropTerms = [
  {
    profile: 'olt-2',
    accepted: 'weaker-by-known-attacks',
    tokens: [
      { token: 'T1', basis: 'weak' },
      { token: 'T3', basis: 'exact' },
    ],
  },
  { profile: 'clk-v3', accepted: 'weaker-by-known-attacks', schema_sha256: sha256(SCHEMA), threshold: 0.9 },
];
const BASE = memorandum(RULES);
const EMOU: Emou = { ...BASE, linkage: { ...BASE.linkage, interop: INTEROP } };

/** The agreements of the workshop, each consenting to some profiles. */
const consenting = (weaker_encodings: ('olt-2' | 'clk-v3')[] | undefined, emou = EMOU) => {
  const all = agreements(emou);
  const dsas = all.dsas.map((dsa) => {
    const document = { ...dsa.document, ...(weaker_encodings === undefined ? {} : { weaker_encodings }) };
    return { ...dsa, document };
  });
  return { ...all, dsas };
};
const DOCUMENTS = consenting(['olt-2', 'clk-v3']);

let shop: Workshop;
beforeEach(async () => {
  shop = await workshop(EMOU);
});
afterEach(() => shop.remove());

const OLT_FILE = { profile: 'olt-2', space: 'student', file: 'tokens.csv' } as const;
const CLK_FILE = {
  profile: 'clk-v3',
  space: 'student',
  file: 'clks.json',
  records: 'records.csv',
  schema: 'schema',
} as const;
const CLKS = writeClks([new Uint8Array(128).fill(3), new Uint8Array(128).fill(5)]);

async function reading(
  files: readonly (typeof OLT_FILE | typeof CLK_FILE)[],
  texts: Readonly<Record<string, string>>,
  changes: Partial<StageRequest> = {},
): Promise<StageRequest> {
  const extracts: { name: string; path: string }[] = [];
  for (const [name, text] of Object.entries(texts)) {
    const path = join(shop.folder, name);
    await writeFile(path, text);
    extracts.push({ name, path });
  }
  return {
    ...shop.base('district'),
    documents: DOCUMENTS,
    config: { files },
    extracts,
    outputs: { interop: shop.place('district', 'interop') },
    secrets: { 'record-key': join(shop.folder, 'district-record.key') },
    ...changes,
  };
}

const recordIds = async () => {
  const ids = keyedIds(await readKey(join(shop.folder, 'district-record.key'), process.getuid?.()), 'record');
  return (key: string) => ids('district', 'student', key);
};

describe('interopStage', () => {
  it('takes the published tokens of OpenLinkToken in, those that the memorandum admits, under the record ids of the owner', async () => {
    await runStage(interopStage, await reading([OLT_FILE], { 'tokens.csv': TOKENS }));
    const idOf = await recordIds();
    const lines = TOKENS.trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','));
    const expected = lines
      .filter(([rule, token]) => (rule === 'T1' || rule === 'T3') && !/^0+$/.test(token ?? ''))
      .map(([rule, token, record]) => ({
        rule: oltRuleName(rule as 'T1' | 'T3'),
        token: Buffer.from(token ?? '', 'base64')
          .subarray(0, 16)
          .toString('hex'),
        record_id: idOf(record ?? ''),
      }));
    const found = (await shop.table('district', 'interop', 'tokens')).map(({ token, ...row }) => ({
      ...row,
      token: String(token).replaceAll('-', ''),
    }));
    const order = (row: object) => JSON.stringify(Object.entries(row).sort());
    expect(found.map(order).sort()).toEqual(expected.map(order).sort());
    expect(found.length).toBe(198);
    expect(await shop.table('district', 'interop', 'records')).toHaveLength(105);
  });

  it('gives exact-token linkage the tokens, of records with identifiers and of records with none, but of none that is withdrawn', async () => {
    const keys = [
      ...new Set(
        TOKENS.trim()
          .split('\n')
          .slice(1)
          .map((line) => line.split(',')[2] ?? ''),
      ),
    ];
    await runStage(interopStage, await reading([OLT_FILE], { 'tokens.csv': TOKENS }));
    const withdrawn = (await recordIds())(keys[1] ?? '');
    const somebody = { key: 'somebody', first: 'ANA', last: 'VEGA', birth_date: '2014-09-03' };
    await shop.intake('district', [somebody], { withdrawn });
    const request = shop.owning('district', ['tokens'], { documents: DOCUMENTS });
    await runStage(tokenizeStage, {
      ...request,
      inputs: [...(request.inputs ?? []), { kind: 'interop', folder: shop.place('district', 'interop') }],
    });
    const tokens = await shop.table('district', 'tokens', 'tokens');
    const counted = (rule: string) => tokens.filter((row) => row['rule'] === rule).length;
    expect([counted('first_last_dob'), counted('olt2_t1'), counted('olt2_t3')]).toEqual([1, 98, 98]);
    const records = await shop.table('district', 'tokens', 'records');
    expect(records).toHaveLength(keys.length);
    expect(records.filter(({ record_id }) => record_id === withdrawn)).toEqual([]);
  });

  it('stores CLKs under the record ids, in the order of their records', async () => {
    const texts = { 'clks.json': CLKS, 'records.csv': 'RecordId\nb\na\n', schema: SCHEMA };
    await runStage(interopStage, await reading([CLK_FILE], texts));
    const idOf = await recordIds();
    const ids = (await shop.table('district', 'interop', 'filters')).map(({ record_id }) => record_id);
    expect(new Set(ids)).toEqual(new Set([idOf('a'), idOf('b')]));
  });

  it.each<[string, string, () => Promise<StageRequest>]>([
    [
      'tokens that the partner does not consent to',
      'PROFILE_NOT_AGREED',
      () => reading([OLT_FILE], { 'tokens.csv': TOKENS }, { documents: consenting(undefined) }),
    ],
    [
      'tokens that the memorandum does not name',
      'PROFILE_NOT_AGREED',
      () => reading([OLT_FILE], { 'tokens.csv': TOKENS }, { documents: consenting(['olt-2'], BASE) }),
    ],
    ['a file that is another', 'INTEROP_REFUSED', () => reading([OLT_FILE], { 'tokens.csv': 'a,b\n1,2\n' })],
    [
      'a token cut short',
      'INTEROP_REFUSED',
      () => reading([OLT_FILE], { 'tokens.csv': TOKENS.replace('qp4RJ0', '') }),
    ],
    [
      'CLKs of another length',
      'INTEROP_REFUSED',
      () =>
        reading([CLK_FILE], {
          'clks.json': writeClks([new Uint8Array(64)]),
          'records.csv': 'RecordId\na\n',
          schema: SCHEMA,
        }),
    ],
    [
      'fewer records than CLKs',
      'INTEROP_REFUSED',
      () => reading([CLK_FILE], { 'clks.json': CLKS, 'records.csv': 'RecordId\na\n', schema: SCHEMA }),
    ],
    [
      'a record of two CLKs',
      'INTEROP_REFUSED',
      () => reading([CLK_FILE], { 'clks.json': CLKS, 'records.csv': 'RecordId\na\na\n', schema: SCHEMA }),
    ],
    [
      'another schema than the agreed one',
      'INTEROP_REFUSED',
      () =>
        reading([CLK_FILE], { 'clks.json': CLKS, 'records.csv': 'RecordId\na\nb\n', schema: `${SCHEMA}\n` }),
    ],
  ])('refuses %s, and what was there stays', async (_, code, request) => {
    await runStage(interopStage, await reading([OLT_FILE], { 'tokens.csv': TOKENS }));
    const manifest = join(shop.place('district', 'interop'), 'manifest.json');
    const before = await readFile(manifest, 'utf8');
    await expect(runStage(interopStage, await request())).rejects.toMatchObject({ code });
    expect(await readFile(manifest, 'utf8')).toBe(before);
  });

  it('says where a line is wrong, and nothing of what stands there', async () => {
    const spoilt = TOKENS.replace('qp4RJ0pgGXH4DZ5BJjYsmlLNHC1oXOGuo9a71naJPSQ=', 'ZZQCANARY');
    await rm(shop.place('district', 'interop'), { recursive: true, force: true });
    const failure = await runStage(interopStage, await reading([OLT_FILE], { 'tokens.csv': spoilt })).catch(
      (thrown: unknown) => thrown,
    );
    expect(failure).toMatchObject({ details: { line: 2 } });
    expect(JSON.stringify(failure)).not.toContain('ZZQCANARY');
  });
});
