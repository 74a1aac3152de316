import { dirname, join, resolve } from 'node:path';
import { type SafeName, safeName, ThroughlineError } from '@throughline/core';
import {
  appendToLog,
  below,
  bytesOfSmall,
  copyFile,
  exists,
  glance,
  makePrivateFolder,
  namesIn,
  openSession,
  type Row,
  readArtifactIfThere,
  removeFolder,
  replaceFolder,
  type Sql,
  sha256OfFile,
  sql,
  type VerifiedLog,
  verifyLog,
  writeDurably,
} from '@throughline/engine';
import { visible } from '@throughline/pages';
import { locked } from '../commands/run.js';
import type { Effects } from '../effects.js';
import { readVerifierKey, verifierKeyPath } from '../keys/verifier-key.js';
import { logPlace } from '../pipeline/requests.js';
import { foldersOf } from '../project/folders.js';
import type { Project } from '../project/project.js';
import { publications } from '../publishing/publications.js';
import { amissHere } from './amiss.js';
import { bytesOf, filesKept } from './backup.js';
import { type Kept, keptOf } from './kept.js';
import { type BackupManifest, filesIn, MANIFEST, readBackup } from './manifest.js';

export type RestoreOptions = {
  readonly from: string;
  /** Into this folder instead, to prove that the backup can be read. */
  readonly rehearse?: string;
  /** Although the log here has grown since, or is broken. */
  readonly rollBack?: true;
};

/**
 * Puts back what a backup holds. What is there of it is replaced whole, folder by folder, the log last: killed in
 * between, it is run again. Where the log here is longer than that of the backup, and whole, only what is broken or
 * missing comes back, and only if the log shows that the backup has it as it was last. A log here that is broken shows
 * nothing: it is replaced only by `rollBack`.
 *
 * @throws ThroughlineError BACKUP_*, LOG_*, RESTORE_ROLLS_BACK, RUN_LOCKED, OUTPUT_EXISTS (what an earlier restore set
 *   aside is there still); nothing is touched then.
 */
export async function restore(project: Project, options: RestoreOptions, effects: Effects): Promise<void> {
  const from = resolve(effects.workingFolder, options.from);
  const manifest = await readBackup(from);
  await logOf(project, filesIn(from));
  if (options.rehearse !== undefined)
    return rehearse(project, { from, manifest, into: options.rehearse }, effects);
  await locked(project, effects, async () => {
    await requireNoneAside(project);
    const there = await logThere(project, from);
    const asked = { from, saved: manifest.entries, there };
    const kept = options.rollBack === true ? keptOf(project) : await unasked(project, asked, effects);
    await putBack(project, from, kept);
    await finishAside(project);
    const sha256 = await sha256OfFile(join(from, MANIFEST), REFUSAL);
    const entry = {
      event: 'restored',
      stage: 'restore',
      of: project.pipeline.pipeline,
      outputs: [],
    } as const;
    await appendToLog(
      logPlace(project),
      { ...entry, outputs: [], at: effects.now().toISOString(), about: [{ name: 'backup', sha256 }] },
      effects.userId,
    );
    for (const line of restoredLines({ file: project.file, manifest, there, kept }))
      effects.stdout(`${line}\n`);
  });
}

type Comparing = { readonly from: string; readonly saved: number; readonly there: LogThere };

/** What is put back although nobody said that the log may be rolled back. @throws ThroughlineError RESTORE_ROLLS_BACK */
async function unasked(
  project: Project,
  { from, saved, there }: Comparing,
  effects: Effects,
): Promise<readonly Kept[]> {
  if (there === 'broken')
    throw new ThroughlineError('RESTORE_ROLLS_BACK', {
      entries_then: saved,
      rule: safeName('a log here that can be verified'),
    });
  if (there === undefined || there <= saved) return keptOf(project);
  const amiss = await amissHere(project, { from, saved, there }, effects);
  // One that was cut short after its last folder has only to be finished.
  if (amiss.length > 0 || (await exists(project.folders.beforeRestore))) return amiss;
  throw new ThroughlineError('RESTORE_ROLLS_BACK', { entries_then: saved, entries_now: there });
}

const REFUSAL = { missing: 'BACKUP_MISSING', refused: 'BACKUP_ALTERED', name: safeName(MANIFEST) } as const;

type Restored = {
  readonly file: string;
  readonly manifest: BackupManifest;
  readonly there: LogThere;
  readonly kept: readonly Kept[];
};

function restoredLines({ file, manifest: { made, entries }, there, kept }: Restored): string[] {
  const isWhole = kept.some(({ path }) => path === 'log');
  return [
    `restored from the backup of ${made}: ${whatIsBack(kept)}`,
    ...(isWhole ? [`the log has ${entries} entries, and one more that says so`] : []),
    ...(isWhole && typeof there === 'number' && there > entries
      ? [
          `the log was rolled back: ${there - entries} entries are gone, and every witness will see it. Person ids that were issued`,
          'since will be issued again, to other persons: if anybody still has records of those nights, make a new person key',
          'and begin a new log instead.',
        ]
      : []),
    ...(there === 'broken'
      ? [
          'the log here could not be verified: nobody can say how many entries are gone. Person ids that were issued since',
          'may be issued again, to other persons: if anybody still has records of later nights, make a new person key and',
          'begin a new log instead. Hold the log to the last checkpoint that a witness has:',
          `  throughline log verify ${visible(file)} --against CHECKPOINT`,
        ]
      : []),
    ...(isWhole ? [] : ['the log here is longer, and whole: it stays, and so does all else that is whole']),
    ...(there === undefined
      ? [
          'there was no log here to compare with. Hold it to the last checkpoint that a witness has:',
          `  throughline log verify ${visible(file)} --against CHECKPOINT`,
        ]
      : []),
    `what was there before is in ${BEFORE} of the state; remove it once the next night has been good: until then nothing else is restored`,
    `next: throughline run ${visible(file)}; it makes everything else again`,
  ];
}

function whatIsBack(kept: readonly Kept[]): string {
  if (kept.some(({ path }) => path === 'log')) return 'everything in it';
  if (kept.length === 0) return 'all that was amiss, by the restore that was cut short';
  return kept.map(({ path }) => path).join(', ');
}

async function logOf(
  project: Pick<Project, 'pipeline'>,
  state: string,
  older?: Uint8Array,
): Promise<VerifiedLog> {
  const { pipeline } = project;
  const key = await readVerifierKey(verifierKeyPath(pipeline.resolve(pipeline.log.key)));
  return verifyLog(join(state, 'log'), key, older);
}

/** How many entries the log of the state has; undefined where there is no log. */
type LogThere = number | 'broken' | undefined;

/**
 * Looks at the log of the state. The shorter of it and that of the backup must be the beginning of the other.
 *
 * @throws ThroughlineError LOG_ALTERED if the two have different pasts.
 */
async function logThere(project: Project, from: string): Promise<LogThere> {
  const { state, log } = project.folders;
  if ((await below(log)).every(({ kind }) => kind === 'folder')) return undefined;
  const there = await logOf(project, state).catch(() => undefined);
  if (there === undefined) return 'broken';
  const saved = await logOf(project, filesIn(from));
  const isLonger = there.head.size > saved.head.size;
  const [longer, shorter] = isLonger ? [state, filesIn(from)] : [filesIn(from), state];
  const broken = { ...REFUSAL, refused: 'LOG_BROKEN', missing: 'LOG_BROKEN' } as const;
  await logOf(project, longer, await bytesOfSmall(join(shorter, 'log', 'checkpoint'), broken, 1 << 20));
  return there.head.size;
}

const BEFORE = 'before-restore';
/** Says that the restore which set aside what lies beside it came to its end: what is in the state now is not its backup's. */
const FINISHED = 'finished';

/** @throws ThroughlineError OUTPUT_EXISTS: what is here now would have no place, and what was set aside may be the better. */
async function requireNoneAside({ folders: { beforeRestore } }: Project): Promise<void> {
  if (await exists(join(beforeRestore, FINISHED)))
    throw new ThroughlineError('OUTPUT_EXISTS', { name: safeName(BEFORE) });
}

async function finishAside({ folders: { beforeRestore } }: Project): Promise<void> {
  if (await exists(beforeRestore)) await writeDurably(join(beforeRestore, FINISHED), '');
}

/** The log comes last in the list of what is kept. What was there before is set aside, once: it may be the better of the two. */
async function putBack(project: Project, from: string, kept: readonly Kept[]): Promise<void> {
  const { state, work } = project.folders;
  const aside = join(work, 'restore');
  await removeFolder(aside);
  for (const { path } of kept) {
    await setAside(project, path);
    const saved = await glance(filesIn(from), path);
    if (saved === undefined) continue;
    if (saved.kind === 'file') await putFile(join(filesIn(from), path), join(state, path));
    else
      await putFolder({ from: join(filesIn(from), path), aside: join(aside, path), to: join(state, path) });
  }
  await removeFolder(aside);
}

/** A restore that was cut short has set it aside already; what lies there since came from the backup. */
async function setAside({ folders: { state, beforeRestore } }: Project, path: string): Promise<void> {
  const [there, before] = [join(state, path), join(beforeRestore, path)];
  if (!(await exists(there))) return;
  if (await exists(before)) return removeFolder(there);
  await makePrivateFolder(dirname(before));
  await replaceFolder(there, before);
}

async function putFile(from: string, to: string): Promise<void> {
  await makePrivateFolder(dirname(to));
  const bytes = await bytesOfSmall(from, REFUSAL, 1 << 30);
  await writeDurably(to, bytes);
}

type Moving = { readonly from: string; readonly aside: string; readonly to: string };

async function putFolder({ from, aside, to }: Moving): Promise<void> {
  await copyBelow(from, aside);
  await makePrivateFolder(dirname(to));
  await replaceFolder(aside, to);
}

async function copyBelow(from: string, to: string): Promise<void> {
  await makePrivateFolder(to);
  for (const name of await namesIn(from)) {
    if ((await glance(from, name))?.kind === 'folder') await copyBelow(join(from, name), join(to, name));
    else await copyFile(join(from, name), join(to, name));
  }
}

type Rehearsal = { readonly from: string; readonly manifest: BackupManifest; readonly into: string };

/** Restores into an empty folder, reads what is there as a run would, and compares it with the state. */
async function rehearse(
  project: Project,
  { from, manifest, into }: Rehearsal,
  effects: Effects,
): Promise<void> {
  const place = resolve(effects.workingFolder, into);
  if ((await namesIn(place)).length > 0)
    throw new ThroughlineError('OUTPUT_EXISTS', { name: safeName(into) });
  const pipeline = { ...project.pipeline, state: place };
  const rehearsed: Project = { ...project, pipeline, folders: foldersOf(pipeline) };
  await putBack(rehearsed, from, keptOf(rehearsed));
  const { head } = await logOf(project, place);
  const { persons, records } = await peopleIn(rehearsed);
  const households = await householdsIn(rehearsed);
  const released = (await publications(rehearsed)).length;
  const differing = await differingFrom(project, manifest);
  const lines = [
    `rehearsed in ${place}: ${manifest.files.length} files, ${bytesOf(manifest)} bytes, every one as it was saved`,
    `  the log verifies and has ${head.size} entries; ${released} published releases are those that it knows`,
    `  the people index can be read: ${persons} persons, ${records} records`,
    ...(households === undefined ? [] : [`  the household index can be read: ${households} households`]),
    differing.length === 0
      ? '  it equals the state as it lies there now'
      : `  the state has changed since in ${differing.length} files, such as ${differing[0]}`,
    '  remove that folder when you have seen enough: it holds the people index',
  ];
  effects.stdout(`${lines.join('\n')}\n`);
}

/** Counts of the whole index. */
async function peopleIn(project: Project): Promise<{ persons: number; records: number }> {
  const people = await readArtifactIfThere(project.folders.people, 'people');
  if (people === undefined) return { persons: 0, records: 0 };
  const row = await oneRow(
    project,
    people.folder,
    sql`SELECT count(DISTINCT person_id) AS persons, count(*) AS records FROM ${people.table('people')}`,
  );
  return { persons: Number(row['persons']), records: Number(row['records']) };
}

/** How many households the index has; undefined where there is none. */
async function householdsIn(project: Project): Promise<number | undefined> {
  const households = await readArtifactIfThere(project.folders.households, 'households');
  if (households === undefined) return undefined;
  const row = await oneRow(
    project,
    households.folder,
    sql`SELECT count(DISTINCT household_id) AS households FROM ${households.table('members')}`,
  );
  return Number(row['households']);
}

async function oneRow({ folders, pipeline }: Project, folder: string, select: Sql): Promise<Row> {
  const spill = join(folders.work, 'spill');
  const session = await openSession({ folders: [folder], spill, ...pipeline.limits });
  try {
    return (await session.rows('rehearsal', select))[0] ?? {};
  } finally {
    session.close();
    await removeFolder(folders.work);
  }
}

/** The files in which a state is not what a backup holds. */
async function differingFrom(project: Project, { files }: BackupManifest): Promise<SafeName[]> {
  const { state } = project.folders;
  const saved = new Map(files.map(({ path, sha256 }) => [path, sha256]));
  const differing: SafeName[] = [];
  for (const path of await filesKept(project, state)) {
    const now = await sha256OfFile(join(state, path), { ...REFUSAL, name: safeName(path) });
    if (saved.get(path) !== now) differing.push(safeName(path));
    saved.delete(path);
  }
  return [...differing, ...[...saved.keys()].map(safeName)];
}
