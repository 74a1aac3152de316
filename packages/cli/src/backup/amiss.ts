import { dirname, join } from 'node:path';
import { type ArtifactKind, artifactTables, ThroughlineError } from '@throughline/core';
import {
  below,
  glance,
  readArtifact,
  readArtifactIfThere,
  readText,
  requireNotLost,
} from '@throughline/engine';
import type { Effects } from '../effects.js';
import { logPlace } from '../pipeline/requests.js';
import type { Project } from '../project/project.js';
import { type Kept, keptOf } from './kept.js';
import { filesIn } from './manifest.js';

type Asked = { readonly from: string; readonly saved: number; readonly there: number };

/** What the hub has to have once it has had it; what is missing of a partner may have been destroyed. */
const LASTING = ['linkage-unit/people', 'linkage-unit/gate', 'desk/frozen', 'desk/ledger', 'published'];

/**
 * What is broken or missing here and can come from a backup that is older than the log here.
 *
 * @throws ThroughlineError RESTORE_ROLLS_BACK where there is nothing such, or the index in the backup is not the latest
 *   that the log knows.
 */
export async function amissHere(
  project: Project,
  { from, saved, there }: Asked,
  effects: Effects,
): Promise<readonly Kept[]> {
  const amiss: Kept[] = [];
  for (const kept of keptOf(project)) {
    const isSaved = (await glance(filesIn(from), kept.path)) !== undefined;
    if (kept.path !== 'log' && isSaved && (await isAmiss(project.folders.state, kept.path))) amiss.push(kept);
  }
  const rollsBack = () =>
    new ThroughlineError('RESTORE_ROLLS_BACK', { entries_then: saved, entries_now: there });
  if (amiss.length === 0) throw rollsBack();
  if (
    amiss.some(({ path }) => path === 'linkage-unit/people') &&
    !(await isLatestIndex(project, from, effects))
  )
    throw rollsBack();
  return amiss;
}

async function isAmiss(state: string, path: string): Promise<boolean> {
  const seen = await glance(state, path);
  if (seen === undefined) return LASTING.includes(path);
  if (seen.kind === 'file') return !(await isJson(join(state, path)));
  for (const file of await below(join(state, path))) {
    const place = join(state, path, file.path);
    if (file.path.endsWith('manifest.json') && !(await isWhole(dirname(place)))) return true;
  }
  return LASTING.includes(path) && (await below(join(state, path))).length === 0;
}

/** Whether the artifact in a folder is as its manifest says. */
async function isWhole(folder: string): Promise<boolean> {
  try {
    const { kind } = JSON.parse(await readText(join(folder, 'manifest.json'))) as { readonly kind: unknown };
    if (typeof kind !== 'string' || !Object.hasOwn(artifactTables, kind)) return false;
    await readArtifact(folder, kind as ArtifactKind);
    return true;
  } catch {
    return false;
  }
}

const isJson = (path: string): Promise<boolean> =>
  readText(path).then(
    (text) => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    },
    () => false,
  );

async function isLatestIndex(project: Project, from: string, { userId }: Effects): Promise<boolean> {
  const of = project.pipeline.pipeline;
  try {
    const people = await readArtifactIfThere(join(filesIn(from), 'linkage-unit/people'), 'people');
    await requireNotLost(logPlace(project), { kind: 'people', of, identity: people?.sha256 }, userId);
    return true;
  } catch (thrown) {
    if (thrown instanceof ThroughlineError) return false;
    throw thrown;
  }
}
