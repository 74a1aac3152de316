import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFile, chmod, lstat, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { safeName, ThroughlineError, type ThroughlineEvent } from '@throughline/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readArtifact } from '../artifacts/read.js';
import { entriesOf, logPlace, newLog } from '../log/log.fixture.js';
import { sql } from '../sql/sql.js';
import { runStage } from './run-stage.js';
import type { Stage, StageContext, StageRequest } from './stage.js';

const CANARY = 'Zzqcanary';
const config = z.strictObject({ issued: z.int().default(1) });
type Config = z.infer<typeof config>;

const counts = async ({ output, config: { issued } }: StageContext<Config>) => {
  await output('people').table('counter', sql`SELECT ${issued}::BIGINT AS issued`);
};

const stageThat = (run: Stage<Config>['run'], change: Partial<Stage<Config>> = {}): Stage<Config> => ({
  name: 'link',
  version: '1',
  config,
  writes: ['people'],
  secrets: [],
  governs: () => [],
  run,
  ...change,
});
const stage = stageThat(counts);

let folder: string;
let at: (...path: string[]) => string;
let events: ThroughlineEvent[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'requests-'));
  await newLog(folder);
  at = (...path) => join(folder, ...path);
  events = [];
  await writeFile(at('extract.csv'), 'a,b\n');
});
afterEach(() => rm(folder, { recursive: true }));

const request = (change: Partial<StageRequest> = {}): StageRequest => ({
  of: 'city',
  config: {},
  documents: { emous: [], dsas: [], duls: [], policies: [], manifests: [] },
  day: '2026-06-16',
  outputs: { people: at('hub', 'people') },
  work: at('work'),
  log: logPlace(folder),
  limits: { memory: '200MB', threads: 1 },
  effects: {
    emit: (event) => events.push(event),
    now: () => new Date(0),
    elapsed: () => 0,
    software: 'test',
    userId: process.getuid?.(),
  },
  ...change,
});

const extracts = () => [{ name: 'students', path: at('extract.csv') }];
const failureOf = (asked: StageRequest, failing = stage) =>
  runStage(failing, asked).then(
    () => new Error('nothing was thrown'),
    (thrown: unknown) => thrown,
  );
const people = () => readArtifact(at('hub', 'people'), 'people');

describe('what a run is asked', () => {
  it.each([
    '../outside',
    'a/../../../outside',
    '',
    '.',
    'a/b',
    'a\0b',
    '/outside',
  ])('is never to work for %j, whose folder would be elsewhere', async (of) => {
    await mkdir(at('outside'));
    expect(await failureOf(request({ of }))).toMatchObject({
      code: 'CONFIG_INVALID',
      details: { field: 'of' },
    });
    expect(await readdir(folder)).toEqual(['extract.csv', 'log.key', 'outside']);
  });

  it('names the field of a configuration that is wrong, and repeats no value', async () => {
    const failure = await failureOf(request({ config: { issued: CANARY } }));
    expect(failure).toMatchObject({ code: 'CONFIG_INVALID', details: { stage: 'link', field: 'issued' } });
    expect(inspect(failure)).not.toContain(CANARY);
    expect(await failureOf(request({ config: { isued: 1 } }))).toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('is checked against the agreements before anything is read', async () => {
    const expired = stageThat(counts, {
      governs: () => {
        throw new ThroughlineError('AGREEMENT_EXPIRED', { document: safeName('dsa-a') });
      },
    });
    const asked = request({ extracts: [{ name: 'students', path: at('nothing.csv') }] });
    expect(await failureOf(asked, expired)).toMatchObject({ code: 'AGREEMENT_EXPIRED' });
    expect(events).toEqual([{ event: 'stage.failed', stage: 'link', of: 'city', code: 'AGREEMENT_EXPIRED' }]);
    expect(await readdir(folder)).toEqual(['extract.csv', 'log.key']);
  });
});

describe('an extract', () => {
  it.each<[string, (path: string) => unknown, string]>([
    ['missing', () => undefined, 'EXTRACT_MISSING'],
    ['empty', (path) => writeFile(path, ''), 'EXTRACT_REFUSED'],
    ['a link', (path) => symlink(at('extract.csv'), path), 'EXTRACT_REFUSED'],
    ['a FIFO', (path) => spawnSync('mkfifo', [path]), 'EXTRACT_REFUSED'],
    ['a folder', (path) => mkdir(path), 'EXTRACT_REFUSED'],
  ])('must not be %s', async (_, make, code) => {
    await make(at('odd.csv'));
    const asked = request({ extracts: [{ name: 'students', path: at('odd.csv') }] });
    expect(await failureOf(asked)).toMatchObject({ code, exitCode: 11, details: { name: 'students' } });
  });

  it('that changes while it is read is refused', async () => {
    const slow = stageThat(async (context) => {
      await counts(context);
      await appendFile(at('extract.csv'), 'c,d\n');
    });
    const failure = await failureOf(request({ extracts: extracts() }), slow);
    expect(failure).toMatchObject({ code: 'EXTRACT_CHANGED', details: { extract: 'students' } });
    await expect(people()).rejects.toMatchObject({ code: 'ARTIFACT_MISSING' });
  });

  it('that is another one tomorrow makes another artifact; the same one does not', async () => {
    expect((await runStage(stage, request({ extracts: extracts() }))).status).toBe('made');
    expect((await runStage(stage, request({ extracts: extracts(), day: '2026-06-17' }))).status).toBe(
      'current',
    );
    await appendFile(at('extract.csv'), 'c,d\n');
    expect((await runStage(stage, request({ extracts: extracts() }))).status).toBe('made');
  });
});

describe('an artifact is made again', () => {
  it.each<[string, Partial<StageRequest>, Partial<Stage<Config>>]>([
    ['configuration', { config: { issued: 2 } }, {}],
    ['version', {}, { version: '2' }],
    ['owner', { of: 'town' }, {}],
    ['word on whether people are made up', { synthetic: true }, {}],
  ])('under another %s', async (_, change, other) => {
    await runStage(stage, request());
    expect((await runStage(stageThat(counts, other), request(change))).status).toBe('made');
  });

  it('on another day only where the day decides', async () => {
    const daily = stageThat(counts, { usesDay: true });
    await runStage(daily, request());
    expect((await runStage(daily, request())).status).toBe('current');
    expect((await runStage(daily, request({ day: '2026-06-17' }))).status).toBe('made');
  });
});

describe('made-up people', () => {
  const inherits = stageThat(counts, { name: 'measure' });
  const asked = (synthetic: boolean) => request({ extracts: extracts(), synthetic });

  it('are made up only while the request says so', async () => {
    await runStage(stage, asked(true));
    expect((await people()).manifest.synthetic).toBe(true);
    await runStage(stage, asked(false));
    expect((await people()).manifest.synthetic).toBe(false);
    await runStage(stage, request({ extracts: extracts() }));
    expect((await people()).manifest.synthetic).toBe(false);
  });

  it.each([
    ['inherited', true, undefined, true],
    ['not undone by silence about real ones', false, true, false],
    ['not contradicted by the request', true, false, true],
  ])('are %s', async (_, made, told, inherited) => {
    await runStage(stage, asked(made));
    const next = request({
      inputs: [{ kind: 'people', folder: at('hub', 'people') }],
      outputs: { people: at('hub', 'next') },
      ...(told === undefined ? {} : { synthetic: told }),
    });
    await runStage(inherits, next);
    expect((await readArtifact(at('hub', 'next'), 'people')).manifest.synthetic).toBe(inherited);
  });

  it('are real where one real extract comes to them', async () => {
    await runStage(stage, asked(true));
    const inputs = [{ kind: 'people', folder: at('hub', 'people') }] as const;
    await runStage(
      inherits,
      request({ inputs, extracts: extracts(), outputs: { people: at('hub', 'next') } }),
    );
    expect((await readArtifact(at('hub', 'next'), 'people')).manifest.synthetic).toBe(false);
  });
});

describe('an input artifact', () => {
  const inputs = () => [{ kind: 'people' as const, folder: at('hub', 'people') }];
  const next = () => request({ inputs: inputs(), outputs: { people: at('hub', 'next') } });

  it('that the stage itself writes into is refused', async () => {
    await runStage(stage, request());
    const writing = stageThat(async (context) => {
      await counts(context);
      await context.session.run(
        'write',
        sql`COPY (SELECT 2::BIGINT AS issued) TO ${at('hub', 'people', 'counter.parquet')} (FORMAT parquet)`,
      );
    });
    expect(await failureOf(next(), writing)).toMatchObject({ code: 'ARTIFACT_ALTERED' });
    await expect(readArtifact(at('hub', 'next'), 'people')).rejects.toMatchObject({
      code: 'ARTIFACT_MISSING',
    });
  });

  it('that was carried on must be unaltered, for ids hang on it', async () => {
    await runStage(stage, request());
    await writeFile(at('hub', 'people', 'counter.parquet'), 'x');
    const carrying = request({ carriesOn: ['people'], config: { issued: 2 } });
    expect(await failureOf(carrying)).toMatchObject({ code: 'ARTIFACT_ALTERED' });
  });
});

describe('a place that cannot be written', () => {
  it.each<[string, () => Partial<StageRequest>]>([
    ['output', () => ({ outputs: { people: at('extract.csv', 'people') } })],
    ['work folder', () => ({ work: at('extract.csv') })],
  ])('is told: the %s', async (_, change) => {
    const failure = await failureOf(request(change()));
    expect(failure).toMatchObject({ code: 'OUTPUT_UNWRITABLE', exitCode: 15 });
    expect(String(failure)).not.toContain(folder);
    expect(await entriesOf(logPlace(folder))).toEqual([]);
    await expect(people()).rejects.toMatchObject({ code: 'ARTIFACT_MISSING' });
  });
});

describe('a log that cannot be written', () => {
  it.each<[string, () => unknown, string, number]>([
    ['a file in its place', () => writeFile(at('log'), 'x'), 'LOG_BROKEN', 11],
    ['no key', () => rm(at('log.key')), 'KEY_UNREADABLE', 12],
    ['a key that others can read', () => chmod(at('log.key'), 0o644), 'KEY_EXPOSED', 12],
    [
      'no checkpoint',
      () => mkdir(at('log', 'checkpoint.partial'), { recursive: true }),
      'OUTPUT_UNWRITABLE',
      15,
    ],
  ])('is told, and nothing is renamed into place: %s', async (_, make, code, exitCode) => {
    await make();
    expect(await failureOf(request())).toMatchObject({ code, exitCode });
    await expect(people()).rejects.toMatchObject({ code: 'ARTIFACT_MISSING' });
  });

  it('stops the stage before it works, if that can be told', async () => {
    await rm(at('log.key'));
    await failureOf(request());
    expect(events.map(({ event }) => event)).toEqual(['stage.failed']);
  });
});

describe('a run that died after it had logged', () => {
  const stolen = () => rm(at('hub', 'people'), { recursive: true });

  it('is logged as an abort when the stage starts again, once', async () => {
    const { artifacts } = await runStage(stage, request());
    await stolen();
    const failing = stageThat(() => Promise.reject(new Error('x')));
    await failureOf(request(), failing);
    await failureOf(request(), failing);
    const [, abort, ...more] = await entriesOf(logPlace(folder));
    expect(abort).toEqual({
      event: 'abort',
      stage: 'link',
      of: 'city',
      entry: 0,
      outputs: [{ kind: 'people', manifest: artifacts.people }],
      at: '1970-01-01T00:00:00.000Z',
    });
    expect(more).toEqual([]);
    await runStage(stage, request());
    await runStage(stage, request({ config: { issued: 2 } }));
    expect((await entriesOf(logPlace(folder))).map(({ event }) => event)).toEqual([
      'made',
      'abort',
      'made',
      'made',
    ]);
  });

  it('is not mistaken for one of another owner or stage, nor for one that was replaced', async () => {
    await runStage(stage, request());
    await runStage(stage, request({ config: { issued: 2 } }));
    await stolen();
    await runStage(stage, request({ of: 'town', outputs: { people: at('town', 'people') } }));
    await runStage(stageThat(counts, { name: 'measure' }), request({ outputs: { people: at('desk') } }));
    expect((await entriesOf(logPlace(folder))).map(({ event }) => event)).toEqual(Array(4).fill('made'));
    await runStage(stage, request({ config: { issued: 2 } }));
    const entries = await entriesOf(logPlace(folder));
    expect(entries.slice(4).map((each) => [each.event, 'entry' in each && each.entry])).toEqual([
      ['abort', 1],
      ['made', false],
    ]);
  });
});

describe('a stage that throws', () => {
  it('is a bug, told without its words', async () => {
    const throwing = stageThat(() => Promise.reject(new Error(CANARY, { cause: new Error(CANARY) })));
    const failure = await failureOf(request(), throwing);
    expect(failure).toMatchObject({ code: 'BUG', exitCode: 1 });
    expect(inspect([failure, events], { depth: 9, showHidden: true })).not.toContain(CANARY);
  });

  it.each<[string, Stage<Config>['run']]>([
    ['a secret', async ({ secret }) => void secret('token-key')],
    ['an output', async ({ output }) => void (await output('links').table('passes', sql`SELECT 1`))],
  ])('may have asked for %s that it never declared', async (_, run) => {
    expect(await failureOf(request(), stageThat(run))).toMatchObject({ code: 'BUG' });
  });
});

describe('a secret', () => {
  it('is given, and erased when the stage has ended, well or badly', async () => {
    const bytes = createHash('sha256').update('a key').digest();
    await writeFile(at('token.key'), bytes, { mode: 0o600 });
    const given: { live: Uint8Array; hex: string }[] = [];
    const keyed = (ends: () => Promise<void>) =>
      stageThat(
        async (context) => {
          const key = context.secret('token-key').bytes;
          given.push({ live: key, hex: Buffer.from(key).toString('hex') });
          await counts(context);
          await ends();
        },
        { secrets: ['token-key'] },
      );
    const asked = request({ secrets: { 'token-key': at('token.key') } });
    await failureOf(
      asked,
      keyed(() => Promise.reject(new Error('x'))),
    );
    await runStage(
      keyed(() => Promise.resolve()),
      asked,
    );
    for (const { live, hex } of given) {
      expect(hex).toBe(bytes.toString('hex'));
      expect([...live]).toEqual(Array(32).fill(0));
    }
    expect(given).toHaveLength(2);
  });

  it('that is missing or exposed stops the run before it works', async () => {
    const keyed = stageThat(counts, { secrets: ['token-key'] });
    expect(await failureOf(request(), keyed)).toMatchObject({ code: 'KEY_UNREADABLE' });
    await writeFile(at('token.key'), 'x', { mode: 0o644 });
    const exposed = request({ secrets: { 'token-key': at('token.key') } });
    expect(await failureOf(exposed, keyed)).toMatchObject({ code: 'KEY_EXPOSED' });
    expect(await readdir(at('work'))).toEqual([]);
  });
});

describe('the work folder', () => {
  it('is emptied before and after, and nobody else enters it or the output', async () => {
    const seen: (readonly string[])[] = [];
    const looking = stageThat(async (context) => {
      seen.push(await readdir(at('work', 'link-city')));
      expect((await lstat(at('work', 'link-city'))).mode & 0o077).toBe(0);
      const file = context.scratch.create('rows.csv');
      await file.write(CANARY);
      await file.close();
      await counts(context);
    });
    await mkdir(at('work', 'link-city', 'spill'), { recursive: true });
    await writeFile(at('work', 'link-city', 'spill', 'left'), CANARY);
    await runStage(looking, request());
    expect(seen).toEqual([['out-people']]);
    expect(await readdir(at('work'))).toEqual([]);
    expect((await lstat(at('hub', 'people'))).mode & 0o077).toBe(0);
    expect(JSON.stringify(await entriesOf(logPlace(folder)))).not.toContain(CANARY);
  });
});
