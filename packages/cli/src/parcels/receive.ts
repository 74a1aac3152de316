import { join } from 'node:path';
import { bytesOfSize, canonicalJson, type ErrorCode, safeName, ThroughlineError } from '@throughline/core';
import { appendToLog, isPartial, moveFile, namesIn, removeFolder, sha256Of } from '@throughline/engine';
import { arrival, openParcel, type ParcelHeader, requireAcceptable } from '@throughline/parcel';
import type { Effects } from '../effects.js';
import { logPlace } from '../pipeline/requests.js';
import { ownIdentity, type SplitProject, standpointOf } from './ground.js';
import { completeLandings, land } from './landing.js';
import type { Refused } from './notes.js';
import { clearOutbox } from './send.js';
import { keepReceived, receivedFrom } from './state.js';

/** What became of a file in the inbox. */
export type Looked = {
  readonly file: string;
  /** The host that sent it; of a file that cannot be opened the one that its name tells, as is the number. */
  readonly from: string | undefined;
  readonly sequence: number | undefined;
  readonly id: string | undefined;
} & (
  | { readonly status: 'taken'; readonly kinds: readonly string[] }
  | { readonly status: 'landing' }
  | { readonly status: 'refused'; readonly failure: ThroughlineError }
);

export type Receiving = {
  /** Hosts of which a person has said that missing parcels are lost. */
  readonly afterGap: readonly string[];
};

/** No inbox has more files than this in a night; the others wait. */
const MOST_FILES = 1000;
const ENDING = '.parcel';

/**
 * Takes in the parcels that lie in the inbox, of each sender in its order. What is refused changes nothing; what is
 * still arriving is left alone.
 *
 * @throws ThroughlineError KEY_*, HOST_KEY_UNNAMED, OUTPUT_UNWRITABLE, LOG_*.
 */
export async function receiveParcels(
  split: SplitProject,
  receiving: Receiving,
  effects: Effects,
): Promise<readonly Looked[]> {
  await completeLandings(split);
  const identity = await ownIdentity(split, effects.userId);
  const { found, looked } = await lookAtAll(split, identity);
  const all = [...looked];
  for (const each of found.toSorted(inOrder))
    all.push(await takeOne(split, { ...each, identity, receiving }, effects));
  await settle(split, all, effects);
  return all;
}

type Found = { readonly file: string; readonly header: ParcelHeader; readonly id: string };

/** By sender and number; of two that bear one number the later, which took the place of the other. */
const inOrder = ({ header: a }: Found, { header: b }: Found): number => {
  if (a.from !== b.from) return a.from < b.from ? -1 : 1;
  return a.sequence - b.sequence || (a.at > b.at ? -1 : 1);
};

const inboxOf = ({ project, post }: SplitProject): string => project.pipeline.resolve(post.inbox);

/** Reads the header of every parcel that is whole. */
async function lookAtAll(
  split: SplitProject,
  identity: string,
): Promise<{ readonly found: readonly Found[]; readonly looked: readonly Looked[] }> {
  const names = await namesIn(inboxOf(split));
  const found: Found[] = [];
  const looked: Looked[] = [];
  for (const file of names.filter((name) => name.endsWith(ENDING)).slice(0, MOST_FILES)) {
    const about = { file, ...toldByName(split, file), id: undefined };
    try {
      const path = join(inboxOf(split), file);
      const { state } = await arrival(path, bytesOfSize(split.post.largest_parcel));
      if (state === 'landing' || isPartial(names, file)) {
        looked.push({ ...about, status: 'landing' });
        continue;
      }
      const { header, id, close } = await openParcel(path, openingOf(split, identity));
      await close();
      found.push({ file, header, id });
    } catch (thrown) {
      looked.push({ ...about, status: 'refused', failure: failureOf(thrown) });
    }
  }
  return { found, looked };
}

const openingOf = ({ project }: SplitProject, identity: string) => ({
  identity,
  hosts: project.here.hosts,
  day: project.day,
});

/** The name of a file proves nothing; it says only whom to tell which file is of no use. */
function toldByName({ project }: SplitProject, file: string): Pick<Looked, 'from' | 'sequence'> {
  const [, name, number] = /^([a-z0-9-]+)\.[a-z0-9-]+\.([0-9]{6,15})\.parcel$/.exec(file) ?? [];
  const from = project.here.hosts.find(({ host }) => host === name)?.host;
  return { from, sequence: from === undefined ? undefined : Number(number) || undefined };
}

function failureOf(thrown: unknown): ThroughlineError {
  if (thrown instanceof ThroughlineError && thrown.code.startsWith('PARCEL_')) return thrown;
  throw thrown;
}

type Taking = Found & { readonly identity: string; readonly receiving: Receiving };

async function takeOne(
  split: SplitProject,
  { file, header, id, identity, receiving }: Taking,
  effects: Effects,
): Promise<Looked> {
  const { from, sequence } = header;
  try {
    await requireNext(split, { header, id }, receiving, effects);
    const parcel = await openParcel(join(inboxOf(split), file), openingOf(split, identity));
    try {
      if (parcel.id !== id)
        throw new ThroughlineError('PARCEL_ALTERED', { rule: safeName('the same file all the time') });
      await land(split, { parcel, file }, effects);
    } finally {
      await parcel.close();
    }
    effects.emit({ event: 'parcel.taken', host: safeName(from), sequence, contents: header.contents.length });
    return { file, from, sequence, id, status: 'taken', kinds: header.contents.map(({ kind }) => kind) };
  } catch (thrown) {
    return { file, from, sequence, id, status: 'refused', failure: failureOf(thrown) };
  }
}

/** @throws ThroughlineError PARCEL_* */
async function requireNext(
  split: SplitProject,
  { header, id }: Omit<Found, 'file'>,
  { afterGap }: Receiving,
  effects: Effects,
): Promise<void> {
  const { sequence, id: lastId, ids } = await receivedFrom(split.project, header.from);
  const last = lastId === null ? undefined : { sequence, id: lastId, ids };
  const isAllowed = afterGap.includes(header.from);
  requireAcceptable({ header, id }, standpointOf(split), { last, afterGap: isAllowed });
  if (isAllowed && header.sequence > sequence + 1) await logGap(split, { header, sequence }, effects);
}

/** That somebody went on without parcels that never came is a decision, and the log has it. */
async function logGap(
  { project }: SplitProject,
  { header, sequence }: { readonly header: ParcelHeader; readonly sequence: number },
  { now, userId }: Effects,
): Promise<void> {
  const missing = { from: header.from, after: sequence, before: header.sequence };
  const at = now().toISOString();
  const about = [
    { name: `parcels ${sequence + 1} to ${header.sequence - 1}`, sha256: sha256Of(canonicalJson(missing)) },
  ];
  await appendToLog(
    logPlace(project),
    { event: 'gap-accepted', stage: 'parcel', of: header.from, at, outputs: [], about },
    userId,
  );
}

/** Refusals that another night can mend without a new parcel: the file stays where it is. */
const MENDABLE: readonly ErrorCode[] = [
  'PARCEL_GAP',
  'PARCEL_OTHER_AGREEMENT',
  'PARCEL_OTHER_EPOCH',
  'PARCEL_UNSIGNED',
  'PARCEL_OVER_LIMIT',
];

/** Tells, remembers what was refused for the sender to be told, and clears inbox and outbox. */
async function settle(split: SplitProject, all: readonly Looked[], effects: Effects): Promise<void> {
  const landing = all.filter(({ status }) => status === 'landing').length;
  if (landing > 0) effects.emit({ event: 'parcel.landing', parcels: landing });
  const refused = all.filter((each) => each.status === 'refused');
  for (const { from, failure, file } of refused) {
    effects.emit({ event: 'parcel.refused', host: safeName(from ?? 'unknown'), code: failure.code });
    await clear(join(inboxOf(split), file), failure.code);
  }
  for (const { host } of split.project.here.hosts) {
    const ofHost = refused.filter(({ from, failure }) => from === host && failure.code !== 'PARCEL_REPLAYED');
    await settleWith(
      split,
      host,
      ofHost.map(({ failure, sequence, id }) => ({
        sequence: sequence ?? null,
        id: id ?? null,
        code: safeName(failure.code),
        day: split.project.day,
      })),
    );
  }
}

async function settleWith(split: SplitProject, host: string, refused: readonly Refused[]): Promise<void> {
  const before = await receivedFrom(split.project, host);
  const all = [...before.refused, ...refused];
  const once = all.filter((each, at) => all.findIndex((other) => isSame(each, other)) === at).slice(-100);
  if (once.length !== before.refused.length)
    await keepReceived(split.project, host, { ...before, refused: once });
  await clearOutbox(split, host);
}

const isSame = (one: Refused, other: Refused): boolean =>
  one.code === other.code && one.sequence === other.sequence && one.id === other.id;

/** What can never be taken in is put aside under another name; where the inbox cannot be written, it stays. */
async function clear(path: string, code: ErrorCode): Promise<void> {
  if (MENDABLE.includes(code)) return;
  const cleared = code === 'PARCEL_REPLAYED' ? removeFolder(path) : moveFile(path, `${path}.refused`);
  await cleared.catch(() => undefined);
}
