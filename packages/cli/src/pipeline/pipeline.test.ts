import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { templates } from '../project/templates.js';
import { readPipeline } from './pipeline.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pipeline-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Reads the sample pipeline with one thing changed. */
async function changed(from: string | RegExp, to: string) {
  const text = await readFile(templates.pipeline, 'utf8');
  const file = join(folder, 'pipeline.yaml');
  await writeFile(file, text.replace(from, to));
  return readPipeline(file);
}

describe('readPipeline', () => {
  it('reads the sample', async () => {
    const pipeline = await readPipeline(templates.pipeline);
    expect(pipeline.partners.map(({ name }) => name)).toEqual([
      'district',
      'charter',
      'afterschool',
      'city',
      'health',
    ]);
  });

  it('pins the clock for synthetic people only', async () => {
    await expect(changed('synthetic: true', 'synthetic: false')).rejects.toMatchObject({
      code: 'CLOCK_PINNED',
      exitCode: 10,
    });
  });

  it('says file, line and column of what is wrong', async () => {
    await expect(changed('city: Millbrook', 'town: Millbrook')).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      details: { place: expect.stringMatching(/^pipeline\.yaml:\d+:\d+$/) },
    });
  });

  it.each([
    '../secret.csv',
    '/etc/passwd',
    'a/b.csv',
    '.hidden',
    'x.',
    'C:x',
    'a*b',
    '',
  ])('refuses the file name %j', async (name) => {
    await expect(changed('file: students.csv', `file: ${JSON.stringify(name)}`)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
  });
});
