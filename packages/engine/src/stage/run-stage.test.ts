import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ThroughlineEvent } from '@throughline/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readArtifact } from '../artifacts/read.js';
import { entriesOf, logPlace, newLog, verified } from '../log/log.fixture.js';
import { sql } from '../sql/sql.js';
import { runStage } from './run-stage.js';
import type { Stage, StageContext, StageRequest } from './stage.js';

const config = z.strictObject({ people: z.int() });
type Config = z.infer<typeof config>;

const stageThat = (run: (context: StageContext<Config>) => Promise<void>): Stage<Config> => ({
  name: 'link',
  version: '1',
  config,
  writes: ['people'],
  secrets: [],
  governs: () => [],
  run,
});

const writesPeople = stageThat(async ({ session, output, config: { people } }) => {
  const id = sql`md5(i::VARCHAR)::UUID`;
  await session.make(
    'people',
    'p',
    sql`SELECT ${id} AS record_id, ${id} AS person_id, 'a' AS partner, 's' AS space, 'single' AS basis FROM range(${people}::BIGINT) t(i)`,
  );
  const artifact = output('people');
  await artifact.table('people', sql`SELECT * FROM p`);
  await artifact.table(
    'history',
    sql`SELECT 1::BIGINT AS sequence, person_id, 'new' AS change, 'first' AS reason, NULL::UUID AS other_person_id FROM p`,
  );
  await artifact.table('counter', sql`SELECT ${people}::BIGINT AS issued`);
  artifact.count('people', people);
});

let folder: string;
let events: ThroughlineEvent[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'engine-'));
  await newLog(folder);
  events = [];
});
afterEach(() => rm(folder, { recursive: true }));

const request = (people: number, threads = 1): StageRequest => ({
  of: 'city',
  config: { people },
  documents: { emous: [], dsas: [], duls: [], policies: [], manifests: [] },
  day: '2026-06-16',
  outputs: { people: join(folder, 'hub', 'people') },
  work: join(folder, 'work'),
  log: logPlace(folder),
  limits: { memory: '500MB', threads },
  effects: {
    emit: (event) => events.push(event),
    now: () => new Date(0),
    elapsed: () => 0,
    software: 'test',
    userId: process.getuid?.(),
  },
});

describe('runStage', () => {
  it('makes an artifact once, logs it, and finds it current afterwards', async () => {
    expect((await runStage(writesPeople, request(3000))).status).toBe('made');
    expect((await runStage(writesPeople, request(3000))).status).toBe('current');
    expect((await runStage(writesPeople, request(3001))).status).toBe('made');
    const people = await readArtifact(join(folder, 'hub', 'people'), 'people');
    expect(people.manifest.tables.map(({ rows }) => rows)).toEqual([3001, 3001, 1]);
    expect(await verified(logPlace(folder))).toMatchObject({ head: { size: 2 }, aborts: 0 });
  });

  it('logs each output by its identity, with what it was made of', async () => {
    const { artifacts } = await runStage(writesPeople, request(10));
    expect(await entriesOf(logPlace(folder))).toEqual([
      {
        event: 'made',
        stage: 'link',
        of: 'city',
        outputs: [{ kind: 'people', manifest: artifacts.people }],
        inputs: [],
        documents: [],
        at: '1970-01-01T00:00:00.000Z',
      },
    ]);
  });

  it('gives equal bytes on one thread and on two', async () => {
    const one = await runStage(writesPeople, request(50_000, 1));
    await rm(join(folder, 'hub'), { recursive: true });
    const two = await runStage(writesPeople, request(50_000, 2));
    expect(two.artifacts).toEqual(one.artifacts);
  });

  it('leaves the last good artifact alone when a later run fails, and no work folder', async () => {
    await runStage(writesPeople, request(10));
    const before = await readFile(join(folder, 'hub', 'people', 'manifest.json'), 'utf8');
    const failing = stageThat(async (context) => {
      await writesPeople.run(context);
      await context.session.run('cast', sql`SELECT CAST('Zzqcanary' AS INTEGER)`);
    });
    const failure = runStage(failing, request(11));
    await expect(failure).rejects.toMatchObject({ code: 'DATABASE_FAILED', exitCode: 1 });
    await expect(failure).rejects.not.toThrow(/Zzqcanary/);
    expect(await readFile(join(folder, 'hub', 'people', 'manifest.json'), 'utf8')).toBe(before);
    await expect(readFile(join(folder, 'work', 'link-city'))).rejects.toThrow();
  });

  it('writes no column that is not declared', async () => {
    const leaking = stageThat(async ({ output }) => {
      await output('people').table('counter', sql`SELECT 1::BIGINT AS issued, 'x' AS name`);
    });
    await expect(runStage(leaking, request(1))).rejects.toMatchObject({ code: 'ARTIFACT_SCHEMA' });
  });

  it('refuses an artifact of which one byte has changed', async () => {
    await runStage(writesPeople, request(10));
    const file = join(folder, 'hub', 'people', 'people.parquet');
    const bytes = await readFile(file);
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    await writeFile(file, bytes);
    await expect(readArtifact(join(folder, 'hub', 'people'), 'people')).rejects.toMatchObject({
      code: 'ARTIFACT_ALTERED',
    });
    expect((await runStage(writesPeople, request(10))).status).toBe('made');
  });

  it('keeps the database away from other folders and from its own locks', async () => {
    const reading = stageThat(async ({ session }) => {
      await session.rows('outside', sql`SELECT * FROM read_text('/etc/passwd')`);
    });
    await expect(runStage(reading, request(1))).rejects.toMatchObject({ details: { kind: 'Permission' } });
    const unlocking = stageThat(async ({ session }) => {
      await session.run('unlock', sql`SET enable_external_access = true`);
    });
    await expect(runStage(unlocking, request(1))).rejects.toMatchObject({ code: 'DATABASE_FAILED' });
  });
});
