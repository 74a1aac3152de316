import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyFolder } from '@throughline/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shorter } from '../bench/short-night.js';
import {
  deliver,
  eventsOf,
  publishedBy,
  publishOnce,
  saveNight,
  troubledNight,
} from '../bench/troubled-nights.js';
import { type TroubledCity, troubles } from '../bench/troubles.js';
import { told } from './night.fixture.js';

const command = async (...words: string[]) => {
  const { exitCode, stdout, stderr } = await told(words);
  return { status: exitCode, said: stdout + stderr };
};
const cityIn = (folder: string): TroubledCity => ({
  folder,
  pipeline: join(folder, 'pipeline.yaml'),
  saved: `${folder}-saved`,
  command,
});

const NIGHTS = 12;
let place: string;
let steady: TroubledCity;
let shaken: TroubledCity;
let whole: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'troubled-'));
  steady = cityIn(join(place, 'steady'));
  shaken = cityIn(join(place, 'shaken'));
  await command('init', steady.folder, '--students', '150', '--seed', '7');
  await writeFile(steady.pipeline, shorter(await readFile(steady.pipeline, 'utf8')));
  await command('keys', 'create', steady.pipeline);
  whole = await eventsOf(steady.folder);
  await deliver(steady.folder, whole, { night: 1, nights: NIGHTS });
  expect(await command('run', steady.pipeline)).toMatchObject({ status: 0 });
  await publishOnce(steady);
  await copyFolder(steady.folder, shaken.folder);
  expect(await saveNight(shaken)).toBeUndefined();
}, 240_000);
afterAll(() => rm(place, { recursive: true }));

describe('a night with a trouble in it', () => {
  it.each(troubles.map((trouble) => [trouble.name, trouble] as const))(
    '%s: says so, and the next is good',
    async (_, trouble) => {
      expect(await troubledNight(shaken, trouble)).toBeUndefined();
      expect(await readdir(join(shaken.folder, 'state/work')).catch(() => [])).toEqual([]);
    },
    240_000,
  );
});

describe('after all of them', () => {
  it('what would be published is what nights without any trouble come to', async () => {
    for (const city of [steady, shaken]) {
      await deliver(city.folder, whole, { night: NIGHTS, nights: NIGHTS });
      expect(await command('run', city.pipeline)).toMatchObject({ status: 0 });
    }
    expect(await publishedBy(shaken.folder)).toEqual(await publishedBy(steady.folder));
    expect(await command('log', 'verify', shaken.pipeline)).toMatchObject({ status: 0 });
    expect((await command('doctor', shaken.pipeline)).said).not.toMatch(/^MEND {2}(?!NODE_LOADS_MORE)/m);
  }, 240_000);
});
