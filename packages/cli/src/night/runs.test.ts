import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { safeName, ThroughlineError } from '@throughline/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { millbrook, told } from '../e2e/night.fixture.js';
import { type Effects, processEffects } from '../effects.js';
import { openProject, type Project } from '../project/project.js';
import { readRuns, remembered } from './runs.js';

let folder: string;
let project: Project;
let effects: Effects;
beforeAll(async () => {
  folder = await millbrook();
  effects = await processEffects('none');
  project = await openProject(join(folder, 'pipeline.yaml'), effects);
});
afterAll(() => rm(folder, { recursive: true }));

const ends = (rows: number, held = false) => ({
  result: rows,
  ended: { held, partners: { charter: { rows, rejected: 1, records: 50, linked: 25 } } },
});
const status = async () => (await told(['status', join(folder, 'pipeline.yaml')])).stdout;
const lineOf = (text: string, partner: string) =>
  text.split('\n').find((line) => line.startsWith(partner)) ?? '';

describe('a run that is remembered', () => {
  it('begins with none', async () => {
    expect(await readRuns(project)).toEqual([]);
    expect(await status()).toMatch(/^There has been no run yet\./);
  });

  it('is there while it is at work, and says how it ended', async () => {
    const seen = await remembered(project, effects, async () => {
      const [running] = await readRuns(project);
      expect(running).toMatchObject({ status: 'running', process: process.pid });
      expect(await status()).toMatch(/has not ended: it is at work as process \d+, or it was killed/);
      return ends(200);
    });
    expect(seen).toBe(200);
    expect(await readRuns(project)).toMatchObject([{ status: 'done', partners: { charter: { rows: 200 } } }]);
    expect(lineOf(await status(), 'charter')).toMatch(/ 200 +- +1 +50\.0% /);
  });

  it('shows what changed since the night before', async () => {
    await remembered(project, effects, async () => ends(150, true));
    const text = await status();
    expect(text).toMatch(/ended well, with deliveries held/);
    expect(lineOf(text, 'charter')).toMatch(/ 150 +-25\.0% +1 /);
  });

  it('keeps the counts of the last good night when the next one fails, and says whose failure it was', async () => {
    const failure = new ThroughlineError('KEY_EXPOSED', { partner: safeName('charter') });
    await expect(
      remembered(project, effects, async () => {
        throw failure;
      }),
    ).rejects.toBe(failure);
    const text = await status();
    expect(text).toMatch(/failed with KEY_EXPOSED at charter; the last good state is untouched/);
    expect(lineOf(text, 'charter')).toMatch(/ 150 .* FAILED$/);
    expect(text).toMatch(/^FAILED {2}charter: KEY_EXPOSED$/m);
    expect(lineOf(text, 'district')).not.toMatch(/FAILED/);
  });

  it('is forgotten after two months', async () => {
    for (let night = 0; night < 70; night += 1)
      await remembered(project, effects, async () => ends(night + 1));
    const runs = await readRuns(project);
    expect(runs).toHaveLength(62);
    expect(runs.at(-1)?.partners['charter']?.rows).toBe(70);
  });

  it('is for other programs too', async () => {
    const { stdout } = await told(['status', join(folder, 'pipeline.yaml'), '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      day: '2026-06-16',
      last: { status: 'done' },
      partners: [
        { partner: 'district', light: 'STALE' },
        { partner: 'charter', rows: 70, before: 69 },
        {},
        {},
        {},
      ],
    });
  });

  it('is never guessed from a file that somebody changed', async () => {
    await writeFile(join(folder, 'state', 'runs.json'), '[{"started": "yesterday"}]');
    expect(await told(['status', join(folder, 'pipeline.yaml')])).toMatchObject({ exitCode: 10 });
  });
});
