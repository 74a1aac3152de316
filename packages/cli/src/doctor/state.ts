import { basename, dirname } from 'node:path';
import {
  type Below,
  below,
  glance,
  latestEntries,
  lockHolder,
  openLog,
  verifyLog,
} from '@throughline/engine';
import type { Effects } from '../effects.js';
import { leftBehind } from '../housekeeping/outlived.js';
import { readVerifierKey, verifierKeyPath } from '../keys/verifier-key.js';
import { roomFor } from '../night/room.js';
import type { Pipeline } from '../pipeline/pipeline.js';
import type { Folders } from '../project/folders.js';
import { type Finding, finding, orRefusal } from './findings.js';

/** What is meant for others to read. */
const OPEN = [/^published(?:\/|$)/, /^log(?:\/|$)/, /\.card\.json$/, /\.vkey$/, /\.pub$/];
const OTHERS = 0o077;

/** What of the state is not as it should be: who may read it, whose it is, what a dead run left, how much room is left. */
export async function ofState(
  pipeline: Pipeline,
  folders: Folders,
  effects: Effects,
): Promise<readonly Finding[]> {
  const state = await glance(dirname(folders.state), basename(folders.state));
  if (state === undefined) return [];
  const files = await below(folders.state);
  return [
    ...((state.mode & OTHERS) === 0 ? [] : exposed(files)),
    ...(effects.userId === undefined ? [] : foreign([state, ...files], effects.userId)),
    ...firstOf(
      files.filter(({ kind }) => kind === 'link' || kind === 'other'),
      'STATE_LINKED',
    ),
    ...(await remains(folders)),
    ...(await orRefusal('room', () => ofRoom(pipeline, folders, effects))),
  ];
}

/** The first of some and how many there are: a thousand files of one folder have one cause. */
function firstOf(files: readonly Below[], code: Parameters<typeof finding>[0]): Finding[] {
  const [first] = files;
  if (first === undefined) return [];
  return [finding(code, files.length === 1 ? first.path : `${first.path}, and ${files.length - 1} more`)];
}

/** Where the state folder itself can be entered, what lies in it open. */
const exposed = (files: readonly Below[]): Finding[] =>
  firstOf(
    files.filter(
      ({ path, kind, mode }) =>
        kind !== 'link' && (mode & OTHERS) !== 0 && !OPEN.some((each) => each.test(path)),
    ),
    'FOLDER_EXPOSED',
  );

const foreign = (files: readonly Below[], userId: number): Finding[] =>
  firstOf(
    files.filter(({ owner }) => owner !== userId),
    'FOLDER_FOREIGN',
  );

async function remains(folders: Folders): Promise<Finding[]> {
  const holder = await lockHolder(folders.state);
  if (holder?.lives === true) return [];
  return [
    ...(holder === undefined ? [] : [finding('LOCK_LEFT', `run.lock of process ${holder.process}`)]),
    ...firstOf(await leftBehind({ folders }), 'REMAINS_LEFT'),
  ];
}

/** @throws ThroughlineError DISK_SHORT, MEMORY_SHORT as a run would. */
async function ofRoom(pipeline: Pipeline, folders: Folders, { host }: Effects): Promise<readonly Finding[]> {
  const { needed, free } = await roomFor(pipeline, folders, host);
  const mebibytes = (bytes: number) => Math.floor(bytes / 1024 ** 2);
  return free >= 2 * needed
    ? []
    : [finding('DISK_LOW', `${mebibytes(free)} MiB free for ${mebibytes(needed)}`)];
}

const MINUTES = 60_000;

/** Whether the log is whole, and whether the clock is behind its last entry. */
export async function ofLog(
  pipeline: Pipeline,
  folders: Folders,
  { now }: Effects,
): Promise<readonly Finding[]> {
  if ((await glance(folders.log, 'checkpoint')) === undefined) return [];
  const key = await readVerifierKey(verifierKeyPath(pipeline.resolve(pipeline.log.key)));
  await verifyLog(folders.log, key);
  for await (const { entry } of latestEntries(await openLog(folders.log, key))) {
    const minutes = Math.floor((Date.parse(entry.at) - now().getTime()) / MINUTES);
    return minutes < 5 ? [] : [finding('CLOCK_BEHIND', `by ${minutes} minutes`)];
  }
  return [];
}
