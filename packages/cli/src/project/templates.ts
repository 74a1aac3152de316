import { fileURLToPath } from 'node:url';

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));

/** The repository's own sample project. */
export const templates = {
  millbrook: fromRoot('pipelines/millbrook'),
  starter: fromRoot('pipelines/starter'),
  presets: fromRoot('pipelines/presets'),
  pipeline: fromRoot('pipelines/millbrook/pipeline.yaml'),
  catalogue: fromRoot('packages/measure/catalogue'),
  fixtures: fromRoot('fixtures'),
  /** Where the packages are installed that this software stands on. */
  installed: fromRoot('node_modules'),
  names: fromRoot('fixtures/names'),
  generated: fromRoot('work'),
  reference: fromRoot('docs/reference'),
} as const;
