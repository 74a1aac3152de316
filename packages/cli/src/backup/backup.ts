import { dirname, join, resolve } from 'node:path';
import { type Sha256, safeName, ThroughlineError } from '@throughline/core';
import {
  type Below,
  below,
  copyFile,
  exists,
  glance,
  makePrivateFolder,
  readArtifactIfThere,
  removeFolder,
  replaceFolder,
  requireNotLost,
  sha256OfFile,
  verifyLog,
  writeDurably,
} from '@throughline/engine';
import { locked } from '../commands/run.js';
import { type Effects, SOFTWARE } from '../effects.js';
import { readVerifierKey, verifierKeyPath } from '../keys/verifier-key.js';
import { logPlace } from '../pipeline/requests.js';
import type { Project } from '../project/project.js';
import { publications } from '../publishing/publications.js';
import { keptOf } from './kept.js';
import { type BackupManifest, filesIn, MANIFEST, manifestOf } from './manifest.js';

/**
 * Copies what no run can make again into a folder that must not be there, each file by hash, once all of it has been
 * checked: what is broken is not saved over nothing.
 *
 * @throws ThroughlineError OUTPUT_EXISTS, LOG_*, INDEX_LOST, ARTIFACT_* (also where a link lies in place of a file), RELEASE_LEDGER_BROKEN, RUN_LOCKED.
 */
export async function backup(project: Project, out: string, effects: Effects): Promise<void> {
  const place = resolve(effects.workingFolder, out);
  if (await exists(place)) throw new ThroughlineError('OUTPUT_EXISTS', { name: safeName(out) });
  await locked(project, effects, async () => {
    const entries = await requireSound(project, effects);
    const partial = `${place}.partial`;
    await removeFolder(partial);
    const files = await copyKept(project, partial);
    const told = {
      software: SOFTWARE,
      made: effects.now().toISOString(),
      origin: project.pipeline.log.origin,
    };
    const manifest = manifestOf({ ...told, entries, files });
    await writeDurably(join(partial, MANIFEST), `${JSON.stringify(manifest, undefined, 2)}\n`);
    await replaceFolder(partial, place);
    effects.stdout(
      `${place}\n  ${files.length} files, ${bytesOf(manifest)} bytes; the log has ${entries} entries\n` +
        '  no key is in it: keep keys elsewhere (docs/how-to/keyholder.md)\n',
    );
  });
}

export const bytesOf = ({ files }: BackupManifest): number =>
  files.reduce((sum, { bytes }) => sum + bytes, 0);

/** The log is whole, and the indexes and the published releases are those that it knows. @returns how many entries it has. */
async function requireSound(project: Project, { userId }: Effects): Promise<number> {
  const { pipeline, folders } = project;
  const key = await readVerifierKey(verifierKeyPath(pipeline.resolve(pipeline.log.key)));
  const { head } = await verifyLog(folders.log, key);
  for (const kind of ['people', 'households'] as const) {
    const identity = (await readArtifactIfThere(folders[kind], kind))?.sha256;
    await requireNotLost(logPlace(project), { kind, of: pipeline.pipeline, identity }, userId);
  }
  await publications(project);
  return head.size;
}

async function copyKept(project: Project, to: string): Promise<BackupManifest['files']> {
  const { state } = project.folders;
  const files: BackupManifest['files'] = [];
  for (const path of await filesKept(project, state)) {
    const copy = join(filesIn(to), path);
    await makePrivateFolder(dirname(copy));
    await copyFile(join(state, path), copy);
    const [sha256, saved] = [await hashOf(join(state, path), path), await hashOf(copy, path)];
    if (sha256 !== saved) throw new ThroughlineError('OUTPUT_UNWRITABLE', { name: safeName(path) });
    files.push({ path, bytes: (await glance(state, path))?.bytes ?? 0, sha256 });
  }
  return files;
}

const hashOf = (path: string, name: string): Promise<Sha256> =>
  sha256OfFile(path, { missing: 'ARTIFACT_MISSING', refused: 'ARTIFACT_ALTERED', name: safeName(name) });

/** Every file below a state that a backup holds, in order. @throws ThroughlineError ARTIFACT_ALTERED for what is no file. */
export async function filesKept(project: Pick<Project, 'pipeline'>, state: string): Promise<string[]> {
  const found: string[] = [];
  for (const { path } of keptOf(project)) {
    const seen = await glance(state, path);
    if (seen === undefined) continue;
    const inside = seen.kind === 'folder' ? await below(join(state, path)) : [];
    const all = [seen, ...inside.map((each) => ({ ...each, path: `${path}/${each.path}` }))];
    found.push(...all.filter(isFile).map((each) => each.path));
  }
  return found.sort();
}

/** Whether something is a file and no folder; what is neither would be missing from the backup without a word. */
function isFile({ kind, path }: Below): boolean {
  if (kind === 'file' || kind === 'folder') return kind === 'file';
  throw new ThroughlineError('ARTIFACT_ALTERED', {
    name: safeName(path),
    rule: safeName('a file or folder: no link'),
  });
}
