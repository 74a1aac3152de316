import { join } from 'node:path';
import type { AgreedHost } from '@throughline/agreement';
import { canonicalJson, type Json, safeName } from '@throughline/core';
import {
  appendToLog,
  exists,
  makePrivateFolder,
  removeFolder,
  sha256Of,
  withSigningKey,
} from '@throughline/engine';
import { type ParcelHeader, parcelIdOf, sealParcel } from '@throughline/parcel';
import type { Effects } from '../effects.js';
import { logPlace } from '../pipeline/requests.js';
import { type Part, partsFor } from './contents.js';
import { groundOf, memorandumOf, requireNamedKey, type SplitProject, standpointOf } from './ground.js';
import type { Refused } from './notes.js';
import { keepSent, readSent, receivedFrom, type Sent } from './state.js';

export type Posted = {
  readonly to: string;
  readonly status: 'sent' | 'unchanged';
  readonly sequence: number;
  readonly kinds: readonly string[];
};

/**
 * Seals a parcel for every host for which there is something: once a day even if nothing has changed, so that the other
 * knows that this host is well.
 *
 * @param again seals one in any case.
 * @throws ThroughlineError of exit status 10, KEY_*, HOST_KEY_UNNAMED, ARTIFACT_*, OUTPUT_UNWRITABLE.
 */
export async function sendParcels(
  split: SplitProject,
  { again }: { readonly again: boolean },
  effects: Effects,
): Promise<readonly Posted[]> {
  const posted: Posted[] = [];
  await makePrivateFolder(split.project.pipeline.resolve(split.post.outbox));
  try {
    for (const to of split.project.here.hosts) {
      if (to.host === split.host.host) continue;
      const parts = await partsFor(split, to);
      if (parts.length > 0) posted.push(await sendTo(split, { to, parts, again }, effects));
    }
  } finally {
    await removeFolder(join(split.project.folders.work, 'parcel'));
  }
  return posted;
}

/** More than anybody will look at: a recipient that says nothing for months has other troubles. */
const MOST_ON_THE_WAY = 100;

type Sending = { readonly to: AgreedHost; readonly parts: readonly Part[]; readonly again: boolean };

async function sendTo(split: SplitProject, { to, parts, again }: Sending, effects: Effects): Promise<Posted> {
  const { project } = split;
  const contents = parts.map(({ content }) => content);
  const documents = groundOf(split, to);
  const hashed = await hashOf(split, { to: to.host, contents, documents });
  const last = (await readSent(project))[to.host];
  const kinds = contents.map(({ kind }) => kind);
  const after = await lastKnown(split, { to: to.host, last });
  const isNews = last?.contents !== hashed || last.day !== project.day;
  if (!again && after === last && !isNews)
    return { to: to.host, status: 'unchanged', sequence: last.sequence, kinds };
  const header: ParcelHeader = {
    parcel: 1,
    from: split.host.host,
    to: to.host,
    memorandum: standpointOf(split).memorandum,
    epoch: epochOf(split),
    documents,
    sequence: after.sequence + 1,
    previous: after.id,
    day: project.day,
    at: effects.now().toISOString(),
    contents,
  };
  await seal(split, { header, to, files: parts.flatMap(({ files }) => files) }, effects);
  const id = parcelIdOf(header);
  const { day } = project;
  const now = { sequence: header.sequence, id, day };
  const onTheWay = after === last ? [...last.onTheWay, now].slice(-MOST_ON_THE_WAY) : [now];
  await keepSent(project, to.host, { ...now, contents: hashed, onTheWay });
  effects.emit({
    event: 'parcel.sent',
    host: safeName(to.host),
    sequence: header.sequence,
    contents: contents.length,
  });
  return { to: to.host, status: 'sent', sequence: header.sequence, kinds };
}

type Hashed = Pick<ParcelHeader, 'to' | 'contents' | 'documents'>;

/** Of all that is news to the recipient; that its last parcel has come is none. */
async function hashOf(split: SplitProject, { to, contents, documents }: Hashed): Promise<string> {
  const { refused, answers } = await receivedFrom(split.project, to);
  const news = contents.filter(({ kind }) => kind !== 'acknowledgement');
  return sha256Of(canonicalJson({ news, documents, refused, answers, epoch: epochOf(split) } satisfies Json));
}

const epochOf = ({ project }: SplitProject): string => memorandumOf(project).document.linkage.epoch;

type Known = { readonly sequence: number; readonly id: string | null };
type Counting = { readonly to: string; readonly last: Sent | undefined };

/**
 * After which parcel the next one comes. What the recipient says counts more than what is remembered here, which may
 * have been restored from a backup: where it refused what was sent, or has taken another of the same number or one that
 * is not known here, its count is gone on with.
 */
async function lastKnown({ project }: SplitProject, { to, last }: Counting): Promise<Known> {
  const { acknowledgement } = await receivedFrom(project, to);
  const taken: Known = acknowledgement?.taken ?? { sequence: 0, id: null };
  if (last === undefined) return taken;
  const isRefused = acknowledgement?.refused.some((each) => last.onTheWay.some((sent) => isOf(each, sent)));
  const isOther =
    taken.sequence > last.sequence || (taken.sequence === last.sequence && taken.id !== last.id);
  return isRefused === true || isOther ? taken : last;
}

/** Whether a refusal is of what was sent; of a parcel that could not be opened the number and the day must do. */
const isOf = (refused: Refused, sent: Sent['onTheWay'][number]): boolean =>
  refused.id === null
    ? refused.sequence === sent.sequence && refused.day >= sent.day
    : refused.id === sent.id;

export const parcelName = ({ from, to, sequence }: Pick<ParcelHeader, 'from' | 'to' | 'sequence'>): string =>
  `${from}.${to}.${String(sequence).padStart(6, '0')}.parcel`;

type Sealing = { readonly header: ParcelHeader; readonly to: AgreedHost; readonly files: readonly string[] };

/** The log has it before the parcel appears. */
async function seal(split: SplitProject, { header, to, files }: Sealing, effects: Effects): Promise<void> {
  const { pipeline } = split.project;
  const path = join(pipeline.resolve(split.post.outbox), parcelName(header));
  await withSigningKey(pipeline.resolve(split.post.signing_key), effects.userId, async (key) => {
    requireNamedKey(split, key);
    await logParcel(split, { event: 'sent', host: to.host, header }, effects);
    await sealParcel(path, { header, files, key, recipient: to.recipient });
  });
}

type Logged = { readonly event: 'sent' | 'received'; readonly host: string; readonly header: ParcelHeader };

/** What went over, by hash: the parcel, its artifacts and its notes. */
export const logParcel = (
  { project }: SplitProject,
  { event, host, header }: Logged,
  { now, userId }: Effects,
): Promise<number> =>
  appendToLog(
    logPlace(project),
    {
      event,
      stage: 'parcel',
      of: host,
      at: now().toISOString(),
      outputs: header.contents
        .filter(({ files }) => files.some(({ name }) => name === 'manifest.json'))
        .map(({ kind, identity }) => ({ kind, manifest: identity })),
      about: [
        { name: `parcel ${header.sequence}`, sha256: parcelIdOf(header) },
        ...header.contents.map(({ kind, of, identity }) => ({ name: `${kind} of ${of}`, sha256: identity })),
      ],
    },
    userId,
  );

/** Takes away what the recipient has acknowledged, as far as nobody has fetched it yet. */
export async function clearOutbox(split: SplitProject, to: string): Promise<void> {
  const { project, post, host } = split;
  const { acknowledgement } = await receivedFrom(project, to);
  const taken = acknowledgement?.taken?.sequence ?? 0;
  for (let sequence = taken; sequence > 0; sequence -= 1) {
    const path = join(project.pipeline.resolve(post.outbox), parcelName({ from: host.host, to, sequence }));
    if (!(await exists(path))) return;
    await removeFolder(path);
  }
}
