import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { encodingTerms, sealingOf } from '@throughline/agreement';
import { type ArtifactKind, slotLayout } from '@throughline/core';
import { openSession, readArtifact, runStage, type Stage, type StageRequest, sql } from '@throughline/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { agreements, memorandum } from '../fixture/agreements.fixture.js';
import { type ChildRecord, md5, RULES, tokensOf } from '../fixture/children.fixture.js';
import { type Holding, KEY_CHECK, type TestCity, testCity } from '../fixture/city.fixture.js';
import { MOST_A_DAY } from './deliveries.js';
import { receiveSlotsStage } from './receive-slots.js';
import { receiveTokensStage } from './receive-tokens.js';

const ENCODING = encodingTerms.parse({});
const EMOU = memorandum(RULES);
const SEALING = agreements({ ...EMOU, version: 2, linkage: { ...EMOU.linkage, encoding: ENCODING } });
const [one, two, three] = sealingOf(ENCODING).passes.map(({ name }) => name) as [string, string, string];
const { width } = slotLayout(ENCODING);
const KEY_CARD = { agreement: KEY_CHECK.agreement, epoch: KEY_CHECK.epoch, check: KEY_CHECK.value };

const child = (at: number): ChildRecord => ({
  key: `child ${at}`,
  first: `FIRST${at}`,
  last: `LAST${at}`,
  dob: `2014-01-${10 + at}`,
  zip: '02155',
});
const children = [0, 1, 2, 3].map(child);

let city: TestCity;
beforeEach(async () => {
  city = await testCity();
});
afterEach(() => city.remove());

const place = (of: string, kind: string) => join(city.folder, of, kind);
const base = (of: string): Omit<StageRequest, 'config' | 'outputs'> => ({
  of,
  documents: agreements(EMOU),
  day: '2026-06-16',
  work: join(city.folder, 'work'),
  log: { folder: join(city.folder, 'log'), origin: 'test.example/log', key: join(city.folder, 'log.key') },
  limits: { memory: '500MB', threads: 1 },
  effects: {
    emit: () => {},
    now: () => new Date(0),
    elapsed: () => 0,
    software: 'test',
    userId: process.getuid?.(),
  },
  synthetic: true,
});

const receiving = (kind: 'tokens' | 'slots', changes: Partial<StageRequest> = {}): StageRequest => ({
  ...base('school'),
  config: { key_card: KEY_CARD },
  inputs: [
    { kind: 'tokens', folder: place('school', 'tokens') },
    ...(kind === 'slots'
      ? ([
          { kind: 'slots', folder: place('school', 'slots') },
          { kind: 'gate', folder: place('city', 'gate') },
        ] as const)
      : []),
  ],
  comparesWith: [kind],
  outputs: { [kind]: place('received', kind) },
  secrets: { 'person-key': join(city.folder, 'person.key') },
  ...changes,
});
const receiveTokens = (changes?: Partial<StageRequest>) =>
  runStage(receiveTokensStage, receiving('tokens', changes));
const receiveSlots = (changes?: Partial<StageRequest>) =>
  runStage(receiveSlotsStage, receiving('slots', { documents: SEALING, ...changes }));

const deliver = (records: readonly ChildRecord[], how = {}) =>
  city.deliver([{ partner: 'school', records }], how);

/** Rows of a table of a delivery, as text where the table is named. */
async function rows(
  kind: ArtifactKind & ('tokens' | 'slots'),
  folder: string,
  table?: 'digests' | 'tokens' | 'own_duplicates',
): Promise<readonly unknown[]> {
  const artifact = await readArtifact(folder, kind);
  const session = await openSession({
    folders: [folder],
    spill: join(city.folder, 's'),
    memory: '200MB',
    threads: 1,
  });
  try {
    const columns = table === undefined ? sql`*` : sql`CAST(COLUMNS(*) AS VARCHAR)`;
    return await session.rows(
      'rows',
      sql`SELECT ${columns} FROM ${artifact.table((table ?? kind) as never)} ORDER BY ALL`,
    );
  } finally {
    session.close();
  }
}

describe('receiveTokensStage', () => {
  it('keeps tokens that link as before, of which none is one that was delivered', async () => {
    await city.deliver([
      { partner: 'school', records: children },
      { partner: 'clinic', records: children.slice(2).map((each) => ({ ...each, key: `c ${each.key}` })) },
    ]);
    await city.link();
    const before = await city.persons();
    const folders: { kind: 'tokens'; folder: string }[] = [];
    for (const of of ['school', 'clinic']) {
      const folder = place(`received-${of}`, 'tokens');
      folders.push({ kind: 'tokens', folder });
      await receiveTokens({
        ...base(of),
        inputs: [{ kind: 'tokens', folder: place(of, 'tokens') }],
        outputs: { tokens: folder },
      });
    }
    await city.link({ inputs: folders });
    expect(await city.persons()).toEqual(before);
    expect(before.filter((keys) => keys.length === 2)).toHaveLength(2);
    const delivered = children.flatMap((each) => tokensOf(each).map(({ token }) => token));
    for (const { folder } of folders) {
      const cells = JSON.stringify(await rows('tokens', folder)).replaceAll('-', '');
      expect(delivered.filter((token) => cells.includes(token))).toEqual([]);
      for (const file of await readdir(folder)) {
        const bytes = await readFile(join(folder, file));
        expect(delivered.filter((token) => bytes.includes(Buffer.from(token, 'hex')))).toEqual([]);
      }
    }
  });

  it.each<[string, string, () => Promise<void>, Partial<StageRequest>]>([
    [
      'a rule that nobody signed',
      'DELIVERY_REFUSED',
      () => deliver(children),
      { documents: agreements({ ...memorandum(RULES.slice(1)), version: 2 }) },
    ],
    [
      'a token that a crowd shares',
      'DELIVERY_REFUSED',
      () => deliver(Array.from({ length: 11 }, (_, at) => ({ ...child(1), key: `crowd ${at}` }))),
      {},
    ],
    [
      'tokens of another epoch',
      'KEY_MISMATCH',
      () => deliver(children, { keyCheck: { ...KEY_CHECK, epoch: '2026-2' } }),
      {},
    ],
    [
      'tokens of another agreement',
      'KEY_MISMATCH',
      () => deliver(children, { keyCheck: { ...KEY_CHECK, agreement: 'other' } }),
      {},
    ],
    [
      'tokens of another key',
      'KEY_MISMATCH',
      () => deliver(children, { keyCheck: { ...KEY_CHECK, value: '0'.repeat(16) } }),
      {},
    ],
    ["another partner's tokens", 'ARTIFACT_MISSING', () => deliver(children), { of: 'clinic' }],
  ])('refuses %s, and what was received stays', async (_, code, prepare, changes) => {
    await deliver([child(7)]);
    await receiveTokens();
    const before = await rows('tokens', place('received', 'tokens'));
    await prepare();
    await expect(receiveTokens(changes)).rejects.toMatchObject({ code });
    expect(await rows('tokens', place('received', 'tokens'))).toEqual(before);
  });

  it('takes no more than some deliveries a day, and the same one as often as it comes', async () => {
    for (let at = 0; at < MOST_A_DAY; at += 1) {
      await deliver([child(at)]);
      expect(await receiveTokens()).toMatchObject({ status: 'made' });
      expect(await receiveTokens()).toMatchObject({ status: 'current' });
    }
    await deliver([child(9)]);
    await expect(receiveTokens()).rejects.toMatchObject({ code: 'DELIVERIES_OVER_LIMIT' });
    expect(await receiveTokens({ day: '2026-06-17' })).toMatchObject({ status: 'made' });
  });
});

describe('what an owner says of its own duplicates', () => {
  const TELLING = agreements({ ...EMOU, version: 2, linkage: { ...EMOU.linkage, own_duplicates: 'likely' } });
  const members = (count: number, of = 'member'): ChildRecord[] =>
    Array.from({ length: count }, (_, at) => ({ ...child(at), key: `${of} ${at}` }));
  const say = (sameAs: Readonly<Record<string, string>>, holding: Partial<Holding> = {}) =>
    city.deliver([{ partner: 'school', duplicateFree: false, records: members(9), ...holding, sameAs }]);
  const everybody = Object.fromEntries(
    members(9)
      .slice(1)
      .map(({ key }) => [key, 'member 0']),
  );

  it('is kept, and a record of whom something else is said was delivered otherwise', async () => {
    const kept = async (table: 'own_duplicates' | 'digests') =>
      (await rows('tokens', place('received', 'tokens'), table)) as Record<string, string>[];
    await say({});
    await receiveTokens({ documents: TELLING });
    const before = await kept('digests');
    await say({ 'member 1': 'member 0', 'member 2': 'member 0' });
    await receiveTokens({ documents: TELLING });
    const ids = [0, 1, 2].map((at) => uuidOf(`member ${at}`)).sort();
    expect(await kept('own_duplicates')).toEqual(ids.map((record_id) => ({ record_id, person: ids[0] })));
    const after = new Map((await kept('digests')).map((row) => [row['record_id'], row['digest']]));
    const changed = before.filter((row) => after.get(row['record_id']) !== row['digest']);
    expect(changed.map((row) => row['record_id']).sort()).toEqual(ids);
  });

  it.each<[string, () => Promise<void>, Partial<StageRequest>]>([
    ['anything where the memorandum lets nobody', () => say({ 'member 1': 'member 0' }), {}],
    [
      'two of a kind of which nobody has two',
      () => say({ 'member 1': 'member 0' }, { duplicateFree: true }),
      { documents: TELLING },
    ],
    ['a record that is not listed', () => say({ 'member 1': 'somebody else' }), { documents: TELLING }],
    ['more records than a person can have', () => say(everybody), { documents: TELLING }],
    ['a record twice', () => say({ 'member 1': 'member 0', 'member 0': 'member 2' }), { documents: TELLING }],
    [
      'records of two kinds',
      () =>
        city.deliver([
          { partner: 'school', duplicateFree: false, records: members(2), sameAs: { 'guest 0': 'member 0' } },
          { partner: 'school', space: 'guest', duplicateFree: false, records: members(1, 'guest') },
        ]),
      { documents: TELLING },
    ],
  ])('is refused if it is of %s', async (_, prepare, changes) => {
    await prepare();
    await expect(receiveTokens(changes)).rejects.toMatchObject({ code: 'DELIVERY_REFUSED' });
  });
});

const uuidOf = (key: string): string =>
  md5(key).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

type Slots = {
  readonly passes?: readonly string[];
  readonly fields?: readonly string[];
  readonly rows?: readonly { readonly key: string; readonly bytes: Uint8Array }[];
  readonly keyCheck?: typeof KEY_CHECK;
};

const sealed = (key: string, passes = 2): { key: string; bytes: Uint8Array } => ({
  key,
  bytes: Uint8Array.from(
    Buffer.from(md5(`sealed ${key}`).repeat(passes * width), 'hex').subarray(0, passes * width),
  ).map((byte, at) => (at % width < 16 ? byte : (byte * 7 + at) & 255)),
});
const KEYS = children.map(({ key }) => key);

/** Writes slots as seal would. */
const slotsStage = ({
  passes = [one, two],
  fields,
  rows = KEYS.map((key) => sealed(key)),
  keyCheck = KEY_CHECK,
}: Slots): Stage<unknown> => ({
  name: 'seal',
  version: '1',
  config: z.unknown(),
  writes: ['slots'],
  secrets: [],
  governs: () => [],
  run: async ({ session, output }) => {
    const { similar, exact } = ENCODING;
    const named = fields ?? [...similar, ...exact];
    await session.append('s', { name: 's', schema: { record_id: 'UUID', slots: 'BLOB' } }, [
      [rows.map(({ key }) => md5(key)), rows.map(({ bytes }) => bytes)],
    ]);
    await session.append(
      'p',
      { name: 'p', schema: { pass: 'VARCHAR', starts: 'INTEGER', width: 'INTEGER' } },
      [[[...passes], passes.map((_, at) => at * width), passes.map(() => width)]],
    );
    await session.append(
      'f',
      { name: 'f', schema: { position: 'INTEGER', field: 'VARCHAR', kind: 'VARCHAR' } },
      [
        [
          named.map((_, at) => at),
          [...named],
          named.map((_, at) => (at < similar.length ? 'similar' : 'exact')),
        ],
      ],
    );
    const slots = output('slots');
    slots.keyCheck(keyCheck);
    await slots.table('slots', sql`SELECT * FROM s`);
    await slots.table('passes', sql`SELECT * FROM p`);
    await slots.table('fields', sql`SELECT * FROM f`);
  },
});

/** A gate that lets two of the memorandum's passes through. */
const gateOf = (seals: boolean, epoch: string): Stage<unknown> => ({
  name: 'gate',
  version: '1',
  config: z.unknown(),
  writes: ['gate'],
  secrets: [],
  governs: () => [],
  run: async ({ output }) => {
    const gate = output('gate');
    gate.keyCheck({
      ...KEY_CHECK,
      epoch,
      value: epoch === KEY_CHECK.epoch ? KEY_CHECK.value : '1'.repeat(16),
    });
    await gate.table(
      'decision',
      sql`SELECT 'sealed' AS profile, 'agreed' AS reason, .9::DOUBLE AS unique_share`,
    );
    await gate.table(
      'partners',
      sql`SELECT 'school' AS partner, 4::BIGINT AS persons, ${seals} AS seals, 'seals' AS reason`,
    );
    await gate.table(
      'passes',
      sql`SELECT pass, pass <> ${three} AS used, 'used' AS reason, .9::DOUBLE AS unique_share, .1::DOUBLE AS meetings
          FROM (VALUES (${one}), (${two}), (${three})) AS listed(pass)`,
    );
  },
});

async function prepare(slots: Slots, seals = true, epoch = KEY_CHECK.epoch): Promise<void> {
  await deliver(children);
  await runStage(slotsStage(slots), {
    ...base('school'),
    config: slots.passes ?? {},
    outputs: { slots: place('school', 'slots') },
  });
  await runStage(gateOf(seals, epoch), {
    ...base('city'),
    config: {},
    outputs: { gate: place('city', 'gate') },
  });
}

const twin = { key: KEYS[1] ?? '', bytes: Uint8Array.from(sealed(KEYS[1] ?? '').bytes) };
twin.bytes.set(sealed(KEYS[0] ?? '').bytes.subarray(width, width + 16), width);

describe('receiveSlotsStage', () => {
  it('keeps every row, and none as it was delivered', async () => {
    await prepare({});
    await receiveSlots();
    const kept = await rows('slots', place('received', 'slots'));
    expect(kept).toHaveLength(4);
    for (const file of await readdir(place('received', 'slots'))) {
      const bytes = await readFile(join(place('received', 'slots'), file));
      for (const key of KEYS)
        expect(bytes.includes(Buffer.from(sealed(key).bytes.subarray(0, 16)))).toBe(false);
    }
  });

  it('tells by a hash which record has changed, and by its first bytes which pass token', async () => {
    const hashes = async () => ({
      digests: await rows('slots', place('received', 'slots'), 'digests'),
      tokens: await rows('slots', place('received', 'slots'), 'tokens'),
    });
    await prepare({});
    await receiveSlots();
    const before = await hashes();
    const [first = sealed(''), ...others] = KEYS.map((key) => sealed(key));
    const bytes = first.bytes.slice();
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    await rm(place('school', 'slots'), { recursive: true });
    await prepare({ rows: [...others, { ...first, bytes }] });
    await receiveSlots();
    const after = await hashes();
    const stayed = (name: 'digests' | 'tokens') =>
      after[name].filter((row) => before[name].some((each) => JSON.stringify(each) === JSON.stringify(row)));
    expect([after.digests.length, stayed('digests').length]).toEqual([4, 3]);
    expect([after.tokens.length, stayed('tokens').length]).toEqual([8, 7]);
  });

  it.each<[string, string, () => Promise<void>]>([
    [
      'a pass token that two records have',
      'DELIVERY_REFUSED',
      () => prepare({ rows: [sealed(KEYS[0] ?? ''), twin] }),
    ],
    ['a row that is too short', 'DELIVERY_REFUSED', () => prepare({ rows: [sealed(KEYS[0] ?? '', 1)] })],
    [
      'rows that are too long',
      'DELIVERY_REFUSED',
      () => prepare({ rows: KEYS.map((key) => sealed(key, 3)) }),
    ],
    ['a pass that the gate keeps back', 'DELIVERY_REFUSED', () => prepare({ passes: [one, three] })],
    ['a pass that nobody knows', 'DELIVERY_REFUSED', () => prepare({ passes: [one, 'unheard_of'] })],
    ['a pass more', 'DELIVERY_REFUSED', () => prepare({ passes: [one, two, three] })],
    ['passes in another order', 'DELIVERY_REFUSED', () => prepare({ passes: [two, one] })],
    ['other fields', 'DELIVERY_REFUSED', () => prepare({ fields: [...ENCODING.similar, 'zip'] })],
    ['a record that has no tokens', 'DELIVERY_REFUSED', () => prepare({ rows: [sealed('a stranger')] })],
    [
      'a record twice',
      'DELIVERY_REFUSED',
      () => prepare({ rows: [sealed(KEYS[0] ?? ''), { ...sealed('b'), key: KEYS[0] ?? '' }] }),
    ],
    ['slots of a partner that may not seal', 'DELIVERY_REFUSED', () => prepare({}, false)],
    [
      'slots of another epoch',
      'KEY_MISMATCH',
      () => prepare({ keyCheck: { ...KEY_CHECK, epoch: '2026-2' } }),
    ],
    [
      'slots of another agreement',
      'KEY_MISMATCH',
      () => prepare({ keyCheck: { ...KEY_CHECK, agreement: 'other' } }),
    ],
    ['a gate of another epoch', 'KEY_MISMATCH', () => prepare({}, true, '2026-2')],
  ])('refuses %s', async (_, code, prepared) => {
    await prepared();
    await expect(receiveSlots()).rejects.toMatchObject({ code });
    await expect(readdir(place('received', 'slots'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
