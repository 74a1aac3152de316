import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { madeUpPublicKey } from '../made-up/keys.js';
import { readPipeline } from '../pipeline/pipeline.js';
import { makeOwnProject } from './own-city.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'own-city-'));
  await writeFile(join(folder, 'ann.pub'), madeUpPublicKey('ann'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a project of a city of its own', () => {
  it.each([
    ['Z\u00fcrich', 'zurich'],
    ['29 Palms', 'city-29-palms'],
    ['1984', 'city-1984'],
    ['\u6771\u4eac', 'city'],
    [
      'Llanfairpwllgwyngyllgogerychwyrndrobwll of Llantysilio',
      'llanfairpwllgwyngyllgogerychwyrndrobwll-of-llantys',
    ],
  ])('of %s can be opened, under the name %s', async (city, id) => {
    const place = join(folder, id);
    const partners = [{ kind: 'school', name: 'district', key: join(folder, 'ann.pub') }] as const;
    const days = { from: '2025-08-27', to: '2026-06-16', today: '2026-06-16' };
    await makeOwnProject(place, { city, partners, ...days, madeUp: true });
    const read = await readPipeline(join(place, 'pipeline.yaml'));
    expect([read.city, read.pipeline, read.emou]).toEqual([city, id, `emou-${id}`]);
  });
});
