import { join, resolve } from 'node:path';
import { exists } from '@throughline/engine';
import type { Effects } from '../effects.js';
import { createMissingKeys } from '../keys/create-keys.js';
import type { DemoOptions } from '../program.js';
import { openProject } from '../project/project.js';
import { templates } from '../project/templates.js';
import { makeProject } from './init.js';
import { night } from './night.js';

/** Runs the night of the made-up city that is kept in the repository, or of another one made for the purpose. */
export async function demo(options: DemoOptions, effects: Effects): Promise<void> {
  const pipeline = options.students === undefined ? templates.pipeline : await anotherCity(options, effects);
  const project = await openProject(pipeline, effects);
  await createMissingKeys(project, effects);
  await night(project, effects);
}

async function anotherCity({ students = 0, seed, dir }: DemoOptions, effects: Effects): Promise<string> {
  const place =
    dir === undefined
      ? join(templates.generated, `city-${students}-${seed}`)
      : resolve(effects.workingFolder, dir);
  const pipeline = join(place, 'pipeline.yaml');
  if (!(await exists(pipeline))) await makeProject(place, { students, seed });
  return pipeline;
}
