import { basename, dirname, join } from 'node:path';
import { type ArtifactKind, artifactTables, safeName, ThroughlineError } from '@throughline/core';
import {
  below,
  type CarriedOn,
  glance,
  identityIfThere,
  type LogEntry,
  latestEntries,
  openLog,
  readArtifact,
  readText,
  requireNotLost,
} from '@throughline/engine';
import type { Effects } from '../effects.js';
import { readVerifierKey, verifierKeyPath } from '../keys/verifier-key.js';
import { logPlace } from '../pipeline/requests.js';
import type { Project } from '../project/project.js';
import { type Kept, keptOf } from './kept.js';
import { filesIn } from './manifest.js';

type Asked = { readonly from: string; readonly saved: number; readonly there: number };

type Saved = { readonly from: string; readonly path: string; readonly saved: number };

/** What holds a folder for each release: it is the latest where the log says nothing more of releases. */
const OF_RELEASES = ['desk/frozen', 'desk/ledger', 'published'];

/** What the hub has to have once it has had it; what is missing of a partner may have been destroyed. */
const LASTING = [
  'linkage-unit/people',
  'linkage-unit/households',
  'linkage-unit/gate',
  'desk/frozen',
  'desk/ledger',
  'published',
];
/** What gives out ids, which an older copy would give out twice. */
const INDEXES: readonly ArtifactKind[] = ['people', 'households'];

/**
 * What is broken or missing here and can come from a backup that is older than the log here: the people index and other
 * artifacts, where the log shows that those of the backup are the latest. Of anything else nobody can tell what was
 * decided since.
 *
 * @throws ThroughlineError RESTORE_ROLLS_BACK with the name of what the log does not show to be the latest.
 */
export async function amissHere(
  project: Project,
  { from, saved, there }: Asked,
  effects: Effects,
): Promise<readonly Kept[]> {
  const amiss: Kept[] = [];
  for (const kept of keptOf(project)) {
    const isSaved = (await glance(filesIn(from), kept.path)) !== undefined;
    if (kept.path === 'log' || !isSaved) continue;
    if (await isAmiss(project.folders.state, kept.path)) amiss.push(kept);
    else if (await differsInReleases(project, { from, path: kept.path, saved })) amiss.push(kept);
  }
  const told = { entries_then: saved, entries_now: there };
  for (const { path } of amiss) {
    if (!(await isLatest(project, { from, path, saved }, effects)))
      throw new ThroughlineError('RESTORE_ROLLS_BACK', { ...told, file: safeName(path) });
  }
  return amiss;
}

async function isAmiss(state: string, path: string): Promise<boolean> {
  const seen = await glance(state, path);
  if (seen === undefined) return LASTING.includes(path);
  if (seen.kind === 'file') return !(await isJson(join(state, path)));
  const files = await below(join(state, path));
  for (const file of files) {
    if (await isBroken(join(state, path, file.path))) return true;
  }
  return LASTING.includes(path) && files.length === 0;
}

/** Whether files of releases have gone or come without a word in the log. */
async function differsInReleases(project: Project, { from, path, saved }: Saved): Promise<boolean> {
  if (!OF_RELEASES.includes(path) || !(await areReleasesAsAt(project, saved))) return false;
  const names = async (state: string) => (await below(join(state, path))).map((each) => each.path).join();
  return (await names(project.folders.state)) !== (await names(filesIn(from)));
}

async function isBroken(file: string): Promise<boolean> {
  if (basename(file) === 'manifest.json') return !(await isWhole(dirname(file)));
  return file.endsWith('.json') && !(await isJson(file));
}

/** Whether the artifact in a folder is as its manifest says. */
async function isWhole(folder: string): Promise<boolean> {
  try {
    const { kind } = JSON.parse(await readText(join(folder, 'manifest.json'))) as { readonly kind: unknown };
    if (typeof kind !== 'string' || !isArtifactKind(kind)) return false;
    await readArtifact(folder, kind);
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

/** Whether the log here shows that what a backup has in a place is what was there last. */
async function isLatest(project: Project, { from, path, saved }: Saved, effects: Effects): Promise<boolean> {
  if (OF_RELEASES.includes(path)) return areReleasesAsAt(project, saved);
  const kind = basename(path);
  if (!isArtifactKind(kind)) return false;
  const identity = await identityIfThere(join(filesIn(from), path), kind);
  if (identity === undefined) return false;
  const of = /^partners\/([^/]+)\//.exec(path)?.[1] ?? project.pipeline.pipeline;
  return INDEXES.includes(kind)
    ? isLatestIndex(project, { kind, of, identity }, effects)
    : isLastMade(project, { kind, of, identity });
}

const isArtifactKind = (kind: string): kind is ArtifactKind => Object.hasOwn(artifactTables, kind);

/** The index may be the one before, where nothing has read the last one. */
async function isLatestIndex(project: Project, index: CarriedOn, { userId }: Effects): Promise<boolean> {
  try {
    await requireNotLost(logPlace(project), index, userId);
    return true;
  } catch (thrown) {
    if (thrown instanceof ThroughlineError && thrown.code === 'INDEX_LOST') return false;
    throw thrown;
  }
}

async function* logged({ pipeline, folders }: Project): ReturnType<typeof latestEntries> {
  const key = await readVerifierKey(verifierKeyPath(pipeline.resolve(pipeline.log.key)));
  yield* latestEntries(await openLog(folders.log, key));
}

/** Whether no release was made, recalled or destroyed since the log had some number of entries. */
async function areReleasesAsAt(project: Project, entries: number): Promise<boolean> {
  for await (const { index, entry } of logged(project)) {
    if (index < entries) return true;
    if (isOfReleases(entry)) return false;
  }
  return true;
}

const isOfReleases = ({ event, outputs }: LogEntry): boolean =>
  ['published', 'recalled', 'destroyed'].includes(event) || outputs.some(({ kind }) => kind === 'frozen');

async function isLastMade(project: Project, { kind, of, identity }: CarriedOn): Promise<boolean> {
  for await (const { entry } of logged(project)) {
    if (entry.event !== 'made' || entry.of !== of) continue;
    const output = entry.outputs.find((each) => each.kind === kind);
    if (output !== undefined) return output.manifest === identity;
  }
  return false;
}
