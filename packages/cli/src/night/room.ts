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
 * what was delivered (docs/benchmarks.md), and 64 MiB for notes and pages.
 *
 * @throws ThroughlineError DISK_SHORT, MEMORY_SHORT.
 */
export async function roomFor(pipeline: Pipeline, folders: Folders, host: Host): Promise<Room> {
  await requireMemory(pipeline, host);
  const state = (await below(folders.state, ['work'])).reduce((sum, { bytes }) => sum + bytes, 0);
  const needed = Math.max(state, 3 * (await bytesDelivered(pipeline))) + 64 * MEBIBYTE;
  const free = await freeBytes(folders.state);
  if (free >= needed) return { needed, free };
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

async function bytesDelivered({ partners, resolve }: Pipeline): Promise<number> {
  let bytes = 0;
  for (const { inbox, extracts } of partners) {
    for (const { file } of extracts) bytes += (await glance(resolve(inbox), file))?.bytes ?? 0;
  }
  return bytes;
}
