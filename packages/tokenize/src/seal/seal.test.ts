import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { encodingTerms, sealingOf, type TokenRule } from '@throughline/agreement';
import { runStage, type StageRequest } from '@throughline/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agreements, memorandum } from '../fixture/agreements.fixture.js';
import {
  type ClearRecord,
  effects,
  ROOT,
  recordId,
  type Workshop,
  workshop,
} from '../fixture/workshop.fixture.js';
import { gateStage } from '../gate/gate.js';
import { deriveKeys } from '../keys/derive.js';
import { planStage } from '../plan/plan.js';
import { sealFile } from '../seal1/seal-file.js';
import type { TakenValues } from '../seal1/unique.js';
import { nothingKnown } from '../tok1/parts.js';
import { sealStage } from './seal.js';

const RULES: TokenRule[] = [
  { name: 'first_last_dob', parts: ['first', 'last', 'birth_date'], basis: 'exact' },
];
const encoding = encodingTerms.parse({
  passes: [
    { name: 'first_last3', parts: ['first', 'last.3'] },
    { name: 'last_dob', parts: ['last', 'birth_date'] },
    { name: 'names', parts: ['names.sorted'] },
    { name: 'zip_sex', parts: ['zip', 'sex'] },
  ],
});
const BARE = memorandum(RULES);
const EMOU = { ...BARE, linkage: { ...BARE.linkage, encoding } };
const OWNERS = ['district', 'library'] as const;

const range = (from: number, until: number) =>
  Array.from({ length: until - from }, (_, index) => from + index);

/** Children with names of their own; every fortieth shares first and last name with the one before. */
const child = (number: number, key = String(number)): ClearRecord => {
  const same = number % 40 === 39 ? number - 1 : number;
  return {
    key,
    first: `F${same % 250}A`,
    first_root: `F${same % 250}A`,
    last: `L${same}B`,
    birth_date: `20${10 + (number % 9)}-0${1 + (number % 9)}-${10 + (number % 19)}`,
    sex: number % 2 === 0 ? 'F' : 'M',
    zip: number % 7 === 0 ? null : `0${2100 + (number % 30)}`,
    street_number: String(number % 50),
  };
};

let shop: Workshop;
beforeEach(async () => {
  shop = await workshop(EMOU);
});
afterEach(() => shop.remove());

const planning = (of: string) =>
  shop.owning(of, ['plan'], { config: { ...shop.config, least_persons: 100 } });

const gating = (changes: object = {}, request: Partial<StageRequest> = {}): StageRequest => ({
  ...shop.base('city'),
  config: { emou: EMOU.id, partners: OWNERS, key_card: shop.config.key_card, least_persons: 100, ...changes },
  inputs: OWNERS.map((of) => ({ kind: 'plan' as const, folder: shop.place(of, 'plan') })),
  outputs: { gate: shop.place('city', 'gate') },
  ...request,
});

const sealing = (of: string, changes: Partial<StageRequest> = {}): StageRequest =>
  shop.owning(of, ['slots', 'ledger'], {
    inputs: [
      { kind: 'identifiers', folder: shop.place(of, 'identifiers') },
      { kind: 'gate', folder: shop.place('city', 'gate') },
    ],
    carriesOn: ['slots', 'ledger'],
    ...changes,
  });

/** Everything of an epoch up to the sealed fields of both owners. */
async function epoch(district: readonly ClearRecord[], library: readonly ClearRecord[], gate: object = {}) {
  for (const [of, records] of [
    ['district', district],
    ['library', library],
  ] as const) {
    await shop.intake(of, records);
    await runStage(planStage, planning(of));
  }
  await runStage(gateStage, gating(gate));
  for (const of of OWNERS) await runStage(sealStage, sealing(of));
}

/** Another night of the district. @returns how many records were sealed anew. */
async function night(records: readonly ClearRecord[], changes: Partial<StageRequest> = {}): Promise<number> {
  let sealed = 0;
  const emit: typeof effects.emit = (...[event]: unknown[]) => {
    const { event: name, step, rows } = event as { event: string; step?: string; rows?: number };
    if (name === 'step.done' && step === 'seal') sealed = rows ?? 0;
  };
  await shop.intake('district', records);
  await runStage(sealStage, sealing('district', { effects: { ...effects, emit }, ...changes }));
  return sealed;
}

/** What the slots must be, by the plain function over the same records in the order of their ids. */
async function reference(of: string, records: readonly ClearRecord[], before: readonly TakenValues[] = []) {
  const recordKey = new Uint8Array(await readFile(join(shop.folder, `${of}-record.key`)));
  const all = sealingOf(encoding);
  const used = new Set(
    (await shop.table('city', 'gate', 'passes')).filter(({ used }) => used).map(({ pass }) => pass),
  );
  const passes = all.passes.filter(({ name }) => used.has(name));
  const ordered = records.toSorted((a, b) => (recordId(a.key) < recordId(b.key) ? -1 : 1));
  return sealFile(
    {
      sealing: { ...all, passes },
      keys: deriveKeys(ROOT, EMOU),
      own: deriveKeys(recordKey, EMOU),
      decoys: 0,
    },
    {
      records: ordered.map(({ key }) => recordId(key)),
      rows: ordered.map((record) => ({ ...nothingKnown, ...record })),
      persons: ordered.map((_, index) => index),
    },
    before,
  );
}

describe('the sealed fields of an epoch', () => {
  it('are those of the plain function, and meet for children that both owners have', async () => {
    const [district, library] = [range(0, 300), range(100, 400)];
    await epoch(
      district.map((n) => child(n)),
      library.map((n) => child(n, `library-${n}`)),
    );
    const gate = await shop.table('city', 'gate', 'passes');
    expect(gate.map(({ pass, used, reason }) => [pass, used, reason])).toEqual([
      ['first_last3', true, 'used'],
      ['last_dob', true, 'used'],
      ['names', true, 'used'],
      ['zip_sex', false, 'not unique'],
    ]);
    const mine = await shop.slots('district');
    const expected = await reference(
      'district',
      district.map((n) => child(n)),
    );
    const row = 3 * expected.layout.width;
    const ids = [...mine.keys()].sort();
    expect(ids).toHaveLength(300);
    for (const [index, id] of ids.entries()) {
      expect(mine.get(id)).toBe(
        Buffer.from(expected.slots.subarray(index * row, (index + 1) * row)).toString('hex'),
      );
    }
    const theirs = [...(await shop.slots('library')).values()];
    const tokens = new Set(
      theirs.map((hex) => hex.slice(2 * expected.layout.width, 2 * expected.layout.width + 32)),
    );
    const met = [...mine.values()].filter((hex) =>
      tokens.has(hex.slice(2 * expected.layout.width, 2 * expected.layout.width + 32)),
    );
    expect(met).toHaveLength(200);
  });

  it('stay as they are when others come, go and bring the same values, and only what changed is sealed anew', async () => {
    const records = range(0, 200).map((n) => child(n));
    await epoch(
      records,
      range(0, 200).map((n) => child(n, `library-${n}`)),
    );
    const first = await shop.slots('district');
    const copycat = { ...child(5, 'copycat'), birth_date: '2009-01-01' };
    expect(await night([...records, copycat])).toBe(1);
    const second = await shop.slots('district');
    for (const [id, slots] of first) expect(second.get(id)).toBe(slots);
    const mended = records.map((record) => (record.key === '7' ? { ...record, zip: '02199' } : record));
    expect(await night([...mended.filter(({ key }) => key !== '5'), copycat])).toBe(1);
    const third = await shop.slots('district');
    expect(third.get(recordId('copycat'))).toBe(second.get(recordId('copycat')));
    expect(third.has(recordId('5'))).toBe(false);
    expect(third.get(recordId('7'))).not.toBe(second.get(recordId('7')));
    expect(await night(records)).toBe(2);
    expect((await shop.slots('district')).get(recordId('5'))).toBe(first.get(recordId('5')));
  });

  it('are the same bytes in several threads', async () => {
    const records = range(0, 200).map((n) => child(n));
    await epoch(
      records,
      range(0, 200).map((n) => child(n, `library-${n}`)),
    );
    const alone = await shop.slots('district');
    for (const kind of ['slots', 'ledger']) await rm(shop.place('district', kind), { recursive: true });
    // Threads run what is built, so the stage is taken from there too.
    const built: { readonly sealStage: typeof sealStage } = await import(
      new URL('../../dist/index.js', import.meta.url).href
    );
    const limits = { memory: '500MB', threads: 3 };
    await runStage(built.sealStage, sealing('district', { limits }));
    expect(await shop.slots('district')).toEqual(alone);
  });

  it('take the records of one child at one owner for one person', async () => {
    const twice = [...range(0, 150).map((n) => child(n)), ...range(0, 30).map((n) => child(n, `again-${n}`))];
    const spaces = [{ space: 'student', duplicate_free: false }];
    await shop.intake('district', twice);
    await shop.intake(
      'library',
      range(0, 150).map((n) => child(n, `library-${n}`)),
    );
    await runStage(planStage, {
      ...planning('district'),
      config: { ...shop.config, spaces, least_persons: 100 },
    });
    await runStage(planStage, planning('library'));
    await runStage(gateStage, gating());
    await runStage(sealStage, sealing('district', { config: { ...shop.config, spaces } }));
    const values = await shop.table('district', 'ledger', 'values');
    const held = values.filter(({ pass, record_id }) => pass === 'last_dob' && record_id !== null);
    expect(held).toHaveLength(150);
    const width = Number((await shop.table('district', 'slots', 'passes'))[0]?.['width']);
    const tokens = [...(await shop.slots('district')).values()].map((hex) =>
      hex.slice(2 * width, 2 * width + 32),
    );
    expect(new Set(tokens).size).toBe(180);
  });

  it('are none where a file is small, and the gate says so', async () => {
    await epoch(
      range(0, 120).map((n) => child(n)),
      range(0, 120).map((n) => child(n, `library-${n}`)),
      {
        least_persons: 10_000,
      },
    );
    expect(await shop.table('city', 'gate', 'decision')).toEqual([
      { profile: 'tokens', reason: 'fewer than two files large enough', unique_share: 0.95 },
    ]);
    expect((await shop.slots('district')).size).toBe(0);
  });

  it('hold no identifier in any file', async () => {
    const canary = { ...child(1, 'canary'), first: 'ZZQCANARY', last: 'ZZQCANARY', zip: '09999' };
    await epoch(
      [canary, ...range(0, 120).map((n) => child(n))],
      range(0, 120).map((n) => child(n, `library-${n}`)),
    );
    for (const kind of ['slots', 'ledger', 'plan']) {
      for (const file of await readdir(shop.place('district', kind))) {
        const bytes = await readFile(join(shop.place('district', kind), file));
        expect(bytes.includes('ZZQCANARY'), `${kind}/${file}`).toBe(false);
        expect(bytes.includes('09999'), `${kind}/${file}`).toBe(false);
      }
    }
  });

  it.each([
    [
      'a gate of another epoch',
      'KEY_MISMATCH',
      () => ({
        documents: agreements({ ...EMOU, version: 2, linkage: { ...EMOU.linkage, epoch: '2026-2' } }),
      }),
    ],
    [
      'another key',
      'KEY_MISMATCH',
      () => ({
        secrets: {
          'token-key': join(shop.folder, 'other.key'),
          'record-key': join(shop.folder, 'other.key'),
        },
      }),
    ],
    [
      'no gate',
      'ARTIFACT_MISSING',
      () => ({ inputs: [{ kind: 'identifiers' as const, folder: shop.place('district', 'identifiers') }] }),
    ],
    ['no ledger, where slots were delivered', 'LEDGER_MISSING', () => ({})],
  ] as const)('refuse %s, and the last good ones stay', async (what, code, changes) => {
    await epoch(
      range(0, 120).map((n) => child(n)),
      range(0, 120).map((n) => child(n, `library-${n}`)),
    );
    const before = await shop.slots('district');
    if (code === 'LEDGER_MISSING') await rm(shop.place('district', 'ledger'), { recursive: true });
    await expect(
      night(
        range(0, 121).map((n) => child(n)),
        changes(),
      ),
      what,
    ).rejects.toMatchObject({ code });
    expect(await shop.slots('district')).toEqual(before);
  });
});

describe('gateStage', () => {
  it('takes small files for synthetic people only', async () => {
    for (const of of OWNERS) {
      await shop.intake(of, [], { synthetic: false });
      await runStage(planStage, shop.owning(of, ['plan']));
    }
    await expect(runStage(gateStage, gating())).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    expect(await runStage(gateStage, gating({ least_persons: 10_000 }))).toMatchObject({ status: 'made' });
  });
});
