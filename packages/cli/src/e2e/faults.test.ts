import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ThroughlineEvent } from '@throughline/core';
import { openSession } from '@throughline/engine';
import { CANARIES, generateCity, writeCity } from '@throughline/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shorter } from '../bench/short-night.js';
import { templates } from '../project/templates.js';
import { cellsAsText, identities, millbrook, type Told, told } from './night.fixture.js';

const SMALL_CITY = { seed: 'faults', students: 120, canaries: true, namesDir: templates.names };

/** Milliseconds: most stages run once for every step of theirs. */
const A_STAGE_A_STEP = 400_000;

let extracts: string;
let expected: Record<string, string>;
let steps: ReadonlySet<string>;
beforeAll(async () => {
  extracts = await mkdtemp(join(tmpdir(), 'small-city-'));
  await writeCity(generateCity(SMALL_CITY), extracts);
  const undisturbed = await smallCity();
  const night = await told(['run', join(undisturbed, 'pipeline.yaml')]);
  expect(night.exitCode).toBe(0);
  steps = new Set(night.events.flatMap((event) => stepOf(event) ?? []));
  expected = await identities(join(undisturbed, 'state'));
  await rm(undisturbed, { recursive: true });
});
afterAll(() => rm(extracts, { recursive: true }));

/** A project over the small city's extracts; its manifests allow for the many broken rows of a small file. */
async function smallCity(): Promise<string> {
  const folder = await millbrook({ threads: 1 });
  await cp(join(extracts, 'extracts'), join(folder, 'extracts'), { recursive: true });
  const pipeline = join(folder, 'pipeline.yaml');
  const text = await readFile(pipeline, 'utf8');
  await writeFile(pipeline, shorter(text).replaceAll(/inbox: .*\/extracts\//g, 'inbox: extracts/'));
  return folder;
}

/** A step of a stage, whoever's it is. */
const stepOf = (event: ThroughlineEvent): string | undefined =>
  event.event === 'step.start' ? `${event.stage} ${event.step}` : undefined;

/** Long canaries anywhere; short numbers only where they are not part of a longer number or hash. */
const canary = new RegExp(
  CANARIES.map((each) =>
    /^\d+$/.test(each) ? `(?<![0-9a-f])${each}(?![0-9a-f])` : each.replaceAll(/[.\\+*?^$()[\]{}|]/g, '\\$&'),
  ).join('|'),
  'i',
);

function expectNoCanary({ stdout, stderr, events }: Told): void {
  expect(canary.test(stdout)).toBe(false);
  expect(canary.test(stderr)).toBe(false);
  expect(canary.test(JSON.stringify(events))).toBe(false);
}

/** Every file past intake, as bytes and, where it is Parquet, as text of every column. */
async function expectNoCanaryIn(state: string): Promise<void> {
  const session = await openSession({
    folders: [state],
    spill: join(state, 'spill'),
    memory: '1GB',
    threads: 1,
  });
  for (const entry of await readdir(state, { recursive: true })) {
    expect(canary.test(entry)).toBe(false);
    if (
      entry.includes('identifiers') ||
      (await stat(join(state, entry))).isDirectory() ||
      entry.endsWith('.key')
    )
      continue;
    const bytes = (await readFile(join(state, entry))).toString('latin1');
    const text = entry.endsWith('.parquet') ? await cellsAsText(session, join(state, entry)) : bytes;
    expect(canary.test(text) ? entry : undefined).toBeUndefined();
  }
  session.close();
}

/** A night, stage by stage. */
const STAGES = [
  ['ingest'],
  ['tokenize', '--plan'],
  ['gate'],
  ['tokenize'],
  ['link'],
  ['measure'],
  ['release'],
];

/** Makes each step fail the first time that anybody comes to it; each partner's own stage at another step. */
function failingOnce(failed: Set<string>): (event: ThroughlineEvent) => void {
  return (event) => {
    const step = stepOf(event);
    if (step === undefined || failed.has(step)) return;
    failed.add(step);
    throw new Error('Conversion Error: Could not convert string Zzqcanary');
  };
}

describe('canaries', () => {
  it('are in the extracts and in the identifiers of their owners, so that the search finds what it looks for', async () => {
    const texts = await Promise.all(
      [
        'district/students.csv',
        'charter/students.csv',
        'afterschool/sessions.csv',
        'city/success_plans.csv',
        'health/clinic.psv',
      ].map((file) => readFile(join(extracts, 'extracts', file), 'latin1')),
    );
    for (const text of texts) expect(canary.test(text)).toBe(true);
  });

  it(
    'appear nowhere past intake, also when each step is made to fail with one in its error',
    async () => {
      const folder = await smallCity();
      const pipeline = join(folder, 'pipeline.yaml');
      const failed = new Set<string>();
      for (const command of STAGES) {
        for (;;) {
          const before = failed.size;
          const stage = await told([...command, pipeline], failingOnce(failed));
          expectNoCanary(stage);
          expect([command, stage.exitCode]).toEqual([command, failed.size === before ? 0 : 1]);
          expect(await readdir(join(folder, 'state/work'))).toEqual([]);
          if (failed.size === before) break;
        }
      }
      expect([...steps].filter((step) => !failed.has(step))).toEqual([]);
      expectNoCanary(await told(['run', pipeline]));
      await expectNoCanaryIn(join(folder, 'state'));
      expect(await identities(join(folder, 'state'))).toEqual(expected);
      await rm(folder, { recursive: true });
    },
    A_STAGE_A_STEP,
  );
});

describe('a night that is killed', () => {
  it(
    'leaves no half artifact, at any stage, and the next night completes it',
    async () => {
      const folder = await smallCity();
      const seenFile = join(folder, 'seen.txt');
      await writeFile(seenFile, '');
      const child = fileURLToPath(new URL('../../dist/e2e/killed.fixture.js', import.meta.url));
      let kills = 0;
      for (;;) {
        const { signal, status } = spawnSync(process.execPath, [
          child,
          join(folder, 'pipeline.yaml'),
          seenFile,
        ]);
        const whole = await identities(join(folder, 'state'));
        for (const [place, identity] of Object.entries(whole))
          expect([place, identity]).toEqual([place, expected[place]]);
        if (signal !== 'SIGKILL') {
          expect(status).toBe(0);
          break;
        }
        kills += 1;
      }
      expect(kills).toBeGreaterThan(15);
      expect(await identities(join(folder, 'state'))).toEqual(expected);
      expect(await readdir(join(folder, 'state/work'))).toEqual([]);
      await rm(folder, { recursive: true });
    },
    A_STAGE_A_STEP,
  );
});
