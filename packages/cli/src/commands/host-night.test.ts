import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { millbrook } from '../e2e/night.fixture.js';
import { processEffects } from '../effects.js';
import { keepReceived, receivedFrom } from '../parcels/state.js';
import { openProject, type Project } from '../project/project.js';
import { unlinked } from './host-night.js';

let folder: string;
let project: Project;
beforeAll(async () => {
  folder = await millbrook();
  const opened = await openProject(join(folder, 'pipeline.yaml'), await processEffects('none'));
  const partners = opened.pipeline.partners.filter(({ name }) => name === 'city');
  project = { ...opened, pipeline: { ...opened.pipeline, partners } };
});
afterAll(() => rm(folder, { recursive: true }));

it('counts a partner only where its payload is of the intake that was linked, and both are known', async () => {
  const linkedAs = async (linked: Readonly<Record<string, string>> | null) => {
    const before = await receivedFrom(project, 'none');
    await keepReceived(project, 'none', { ...before, linked });
    return unlinked(project);
  };
  for (const linked of [null, {}, { city: 'a'.repeat(64) }])
    expect(await linkedAs(linked)).toEqual(['person ids of city']);
});
