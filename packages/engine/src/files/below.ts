import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { ThroughlineError } from '@throughline/core';
import { codeOf } from './durable.js';
import { fileName, orNone } from './ordinary.js';

/** Something below a folder, not followed where it is a link. */
export type Below = {
  /** Its path from the folder, with `/` between names. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  readonly bytes: number;
  /** Milliseconds, when its contents were last written. */
  readonly modified: number;
  /** Milliseconds, when it got its contents, name or permissions here: unlike `modified`, no copy brings it along. */
  readonly changed: number;
  readonly mode: number;
  readonly owner: number;
  /** How many names a file has: hard links. */
  readonly names: number;
};

/**
 * Everything below a folder in order of its path; none where there is no such folder. What goes while it is looked at is left out.
 *
 * @param skip paths that are not looked into.
 * @throws ThroughlineError CONFIG_UNREADABLE if a folder cannot be read.
 */
export async function below(folder: string, skip: readonly string[] = []): Promise<Below[]> {
  const found: Below[] = [];
  await look(folder, '', { found, skip: new Set(skip) });
  return found.sort((one, other) => (one.path < other.path ? -1 : 1));
}

type Looking = { readonly found: Below[]; readonly skip: ReadonlySet<string> };

async function look(folder: string, at: string, looking: Looking): Promise<void> {
  for (const name of names(join(folder, at))) {
    const path = at === '' ? name : `${at}/${name}`;
    if (looking.skip.has(path)) continue;
    const seen = await glance(folder, path);
    if (seen === undefined) continue;
    looking.found.push(seen);
    if (seen.kind === 'folder') await look(folder, path, looking);
  }
}

/** One thing in a folder; undefined if it is not there. */
export async function glance(folder: string, path: string): Promise<Below | undefined> {
  const stats = orNone(() => lstatSync(join(folder, path)));
  if (stats === undefined) return undefined;
  return {
    path,
    kind: kindOf(stats),
    bytes: stats.size,
    modified: stats.mtimeMs,
    changed: stats.ctimeMs,
    mode: stats.mode & 0o777,
    owner: stats.uid,
    names: stats.nlink,
  };
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return [];
    throw new ThroughlineError('CONFIG_UNREADABLE', { name: fileName(folder) });
  }
}

function kindOf(stats: Stats): Below['kind'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  return stats.isSymbolicLink() ? 'link' : 'other';
}
