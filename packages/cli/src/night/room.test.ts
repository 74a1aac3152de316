import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { processEffects } from '../effects.js';
import { type Pipeline, readPipeline } from '../pipeline/pipeline.js';
import { foldersOf } from '../project/folders.js';
import { templates } from '../project/templates.js';
import { roomFor } from './room.js';

const MEBIBYTE = 1024 ** 2;

let folder: string;
let alone: Pipeline;
let split: Pipeline;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'room-'));
  const resolve = (path: string) => join(folder, path);
  alone = { ...(await readPipeline(templates.pipeline)), state: 'state', resolve };
  const keys = { signing_key: 'none', age_identity: 'none' };
  split = {
    ...alone,
    host: { ...keys, name: 'unit', inbox: 'in', outbox: 'out', largest_parcel: '4GB' },
  };
  for (const name of ['in', 'out', 'state']) await mkdir(resolve(name));
  await writeFile(resolve('in/district.unit.000001.parcel'), Buffer.alloc(5 * MEBIBYTE));
  await writeFile(resolve('in/district.unit.000000.parcel.refused'), Buffer.alloc(7 * MEBIBYTE));
  await writeFile(resolve('out/unit.desk.000001.parcel'), Buffer.alloc(2 * MEBIBYTE));
  await writeFile(resolve('state/links'), Buffer.alloc(11 * MEBIBYTE));
});
afterAll(() => rm(folder, { recursive: true }));

const neededFor = async (pipeline: Pipeline) =>
  (await roomFor(pipeline, foldersOf(pipeline), (await processEffects('none')).host)).needed / MEBIBYTE;

it('is as much as there is, or three times what arrived, and at a host the parcels that it seals', async () => {
  expect(await neededFor(alone)).toBe(11 + 64);
  expect(await neededFor(split)).toBe(3 * 5 + 2 + 64);
});
