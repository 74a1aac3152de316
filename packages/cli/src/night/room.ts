import { bytesOfSize, safeName, ThroughlineError } from '@throughline/core';
import { below, freeBytes, glance, memoryOf } from '@throughline/engine';
import type { Host } from '../effects.js';
import type { Pipeline } from '../pipeline/pipeline.js';
import type { Folders } from '../project/folders.js';

const MEBIBYTE = 1024 ** 2;

/** Bytes that a run may write beside what is there, and bytes that are free. */
export type Room = { readonly needed: number; readonly free: number };

/**
 * How much room a run may need: every artifact is written anew beside the old one, a first one is up to three times
 * what was delivered or came in parcels (docs/benchmarks.md), a parcel is sealed beside the one of the night before, and
 * 64 MiB for notes and pages. The outbox may lie on another disk, so what is sealed must have room there too.
 *
 * @throws ThroughlineError DISK_SHORT, MEMORY_SHORT.
 */
export async function roomFor(pipeline: Pipeline, folders: Folders, host: Host): Promise<Room> {
  await requireMemory(pipeline, host);
  const state = (await below(folders.state, ['work'])).reduce((sum, { bytes }) => sum + bytes, 0);
  const delivered = await bytesDelivered(pipeline);
  const { arrived, sealed } = await bytesOfParcels(pipeline, delivered);
  const room = {
    needed: Math.max(state, 3 * (delivered + arrived)) + sealed + 64 * MEBIBYTE,
    free: await freeBytes(folders.state),
  };
  requireRoom(room);
  if (pipeline.host !== undefined)
    requireRoom({ needed: sealed, free: await freeBytes(pipeline.resolve(pipeline.host.outbox)) });
  return room;
}

/** @throws ThroughlineError DISK_SHORT */
function requireRoom({ needed, free }: Room): void {
  if (free >= needed) return;
  throw new ThroughlineError('DISK_SHORT', {
    needed_mib: Math.ceil(needed / MEBIBYTE),
    free_mib: Math.floor(free / MEBIBYTE),
  });
}

async function requireMemory({ limits }: Pipeline, { root }: Host): Promise<void> {
  const there = await memoryOf(root);
  if (there === undefined || bytesOfSize(limits.memory) <= there) return;
  throw new ThroughlineError('MEMORY_SHORT', {
    limit: safeName(limits.memory),
    machine_mib: Math.floor(there / MEBIBYTE),
  });
}

/** Of a host the bytes of the parcels that wait for it, and at most of those that it seals: as last, or as was delivered. */
async function bytesOfParcels(
  { host, resolve }: Pipeline,
  delivered: number,
): Promise<{ readonly arrived: number; readonly sealed: number }> {
  if (host === undefined) return { arrived: 0, sealed: 0 };
  const within = async (folder: string) =>
    (await below(resolve(folder)))
      .filter(({ kind, path }) => kind === 'file' && path.endsWith('.parcel'))
      .reduce((sum, { bytes }) => sum + bytes, 0);
  return { arrived: await within(host.inbox), sealed: Math.max(delivered, await within(host.outbox)) };
}

async function bytesDelivered({ partners, resolve }: Pipeline): Promise<number> {
  let bytes = 0;
  for (const { inbox, extracts } of partners) {
    for (const { file } of extracts) bytes += (await glance(resolve(inbox), file))?.bytes ?? 0;
  }
  return bytes;
}
