import { ThroughlineError } from '@throughline/core';
import { openExtract, withWorkspace } from '@throughline/engine';
import { profileFile } from '@throughline/ingest';
import type { Effects } from '../effects.js';
import { previewOf } from '../manifest/preview.js';
import type { ManifestFile } from '../manifest/sources.js';
import type { Project } from '../project/project.js';
import type { Sample } from './desk.js';

/** Shapes of a column on the page; the profile of the file tells all of them. */
const SHAPES = 3;

/**
 * What the export in the inbox looks like under a manifest: shapes and counts, never a value. What keeps anybody from
 * looking, such as an empty inbox, is told by its code.
 */
export async function readSample(
  project: Project,
  manifest: ManifestFile,
  effects: Effects,
): Promise<Sample> {
  try {
    const { preview, path } = await previewOf(project, { manifest }, effects);
    return { preview, shapes: await shapesIn(project, path) };
  } catch (thrown) {
    if (thrown instanceof ThroughlineError && thrown.exitCode !== 1) return { refused: thrown.code };
    throw thrown;
  }
}

/** Only columns whose names are plain have shapes told: any other name could be a value. */
async function shapesIn(
  { folders, pipeline }: Project,
  path: string,
): Promise<Map<string, readonly string[]>> {
  const file = await openExtract('file', path);
  const profile = await withWorkspace(
    { folder: `${folders.work}/shapes`, limits: pipeline.limits },
    ({ session, scratch }) =>
      profileFile(file, { said: { sheet: undefined, header: undefined }, presets: [], session, scratch }),
  );
  return new Map(
    profile.columns.flatMap(({ name, facts }) =>
      name === undefined ? [] : [[name, facts.shapes.slice(0, SHAPES).map(({ shape }) => shape)] as const],
    ),
  );
}
