import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { logPlace, newLog } from '../log/log.fixture.js';
import { sql } from '../sql/sql.js';
import { freshnessOf } from './freshness.js';
import { runStage } from './run-stage.js';
import type { Stage, StageRequest } from './stage.js';

const config = z.strictObject({ issued: z.int().default(1) });
const stage: Stage<z.infer<typeof config>> = {
  name: 'link',
  version: '1',
  config,
  writes: ['people'],
  secrets: [],
  governs: () => [],
  run: async ({ output, config: { issued } }) => {
    await output('people').table('counter', sql`SELECT ${issued}::BIGINT AS issued`);
  },
};

/** More than a megabyte. */
const writesALot: (typeof stage)['run'] = ({ output }) =>
  output('people')
    .table(
      'people',
      sql`SELECT uuid() AS record_id, uuid() AS person_id, 'a' AS partner, 's' AS space, 'b' AS basis FROM range(60000::BIGINT)`,
    )
    .then(() => undefined);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'freshness-'));
  await newLog(folder);
  await writeFile(join(folder, 'extract.csv'), 'a,b\n');
});
afterEach(() => rm(folder, { recursive: true }));

const request = (change: Partial<StageRequest> = {}): StageRequest => ({
  of: 'city',
  config: {},
  documents: { emous: [], dsas: [], duls: [], policies: [], manifests: [] },
  day: '2026-06-16',
  extracts: [{ name: 'students', path: join(folder, 'extract.csv') }],
  outputs: { people: join(folder, 'hub', 'people') },
  work: join(folder, 'work'),
  log: logPlace(folder),
  limits: { memory: '200MB', threads: 1 },
  effects: {
    emit: () => undefined,
    now: () => new Date(0),
    elapsed: () => 0,
    software: 'test',
    userId: process.getuid?.(),
  },
  ...change,
});

const told = (change?: Partial<StageRequest>, asked = stage) => freshnessOf(asked, request(change));

describe('what a run would do', () => {
  it('is nothing if nothing has changed, and asking changes nothing', async () => {
    expect(await told()).toEqual({ status: 'absent', because: ['there is none of this version yet'] });
    expect(await readdir(folder)).not.toContain('hub');
    await runStage(stage, request());
    expect(await told()).toEqual({ status: 'current', because: [] });
  });

  it('names what has changed', async () => {
    await runStage(stage, request());
    await writeFile(join(folder, 'extract.csv'), 'a,b\n1,2\n');
    expect(await told()).toEqual({ status: 'stale', because: ['extract of students has changed'] });
    expect(await told({ config: { issued: 2 } })).toEqual({
      status: 'stale',
      because: ['extract of students has changed', 'the configuration has changed'],
    });
    const twice = [
      { name: 'students', path: join(folder, 'extract.csv') },
      { name: 'absences', path: join(folder, 'extract.csv') },
    ];
    expect((await told({ extracts: twice })).because).toContain('extract of absences is new');
    expect((await told({ extracts: [] })).because).toEqual(['extract of students is no longer read']);
    expect((await told({}, { ...stage, version: '2' })).because).toContain('the stage is another version');
  });

  it('is not told of what a run carried on, and notes no hash of what is large', async () => {
    const large = { ...stage, run: writesALot };
    const carrying = { mayCarryOn: ['people'] as const, config: { issued: 2 } };
    const asked = { effects: { ...request().effects, now: () => new Date() } };
    await runStage(large, request(asked));
    await runStage(large, request({ ...asked, ...carrying }));
    const notes = join(folder, 'work', 'hashed');
    expect(await readdir(notes)).toHaveLength(1);
    await rm(notes, { recursive: true });
    await writeFile(join(folder, 'extract.csv'), 'a,b\n1,2\n');
    const { because } = await told({ ...asked, ...carrying }, large);
    expect(because).toEqual(['extract of students has changed']);
    expect(await readdir(join(folder, 'work'))).toEqual([]);
  });

  it('agrees with the run, whatever changes', async () => {
    const changes: Partial<StageRequest>[] = [
      {},
      { config: { issued: 5 } },
      { day: '2026-06-17' },
      { synthetic: true },
      { extracts: [] },
    ];
    for (const usesDay of [false, true]) {
      for (const change of changes) {
        const asked = { ...stage, usesDay };
        await runStage(asked, request());
        const { status } = await freshnessOf(asked, request(change));
        const { status: ran } = await runStage(asked, request(change));
        expect([usesDay, change, status === 'current']).toEqual([usesDay, change, ran === 'current']);
      }
    }
  });

  it('fails as the run would', async () => {
    await expect(told({ config: { issued: 'x' } })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await rm(join(folder, 'extract.csv'));
    await expect(told()).rejects.toMatchObject({ code: 'EXTRACT_MISSING' });
  });
});

describe('an output of another version', () => {
  const manifestAt = () => join(folder, 'hub', 'people', 'manifest.json');
  const versioned = async (version: number) => {
    const text = await readFile(manifestAt(), 'utf8');
    await writeFile(manifestAt(), text.replace(/"schemaVersion": \d+/, `"schemaVersion": ${version}`));
  };

  it('is made again where it is older, and never replaced where it is newer', async () => {
    await runStage(stage, request());
    await versioned(1);
    expect(await runStage(stage, request())).toMatchObject({ status: 'made' });
    expect(await runStage(stage, request())).toMatchObject({ status: 'current' });
    await versioned(99);
    const before = await readFile(manifestAt(), 'utf8');
    await expect(runStage(stage, request())).rejects.toMatchObject({ code: 'FORMAT_NEWER' });
    expect(await readFile(manifestAt(), 'utf8')).toBe(before);
  });
});
