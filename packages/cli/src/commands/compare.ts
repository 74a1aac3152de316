import { resolve } from 'node:path';
import { formulaSafe } from '@throughline/core';
import { openSession, readArtifact } from '@throughline/engine';
import { type Change, compareReleases, type FrozenRelease, readFrozen } from '@throughline/release';
import type { Effects } from '../effects.js';

/**
 * Prints, as CSV, what has changed between two release folders: a number a cell, or why there is none.
 *
 * @throws ThroughlineError ARTIFACT_* if a folder is no release or was altered.
 */
export async function compare(later: string, earlier: string, effects: Effects): Promise<void> {
  const place = (folder: string) => resolve(effects.workingFolder, folder);
  const changes = compareReleases(await frozen(place(later)), await frozen(place(earlier)));
  effects.stdout(`${HEADER}\n${changes.map(line).join('')}`);
}

const HEADER = 'table,level_1,level_2,earlier_percent,later_percent,change_points,change_children,reason';

const line = ({ table, level1, level2, earlier, later, points, children, reason }: Change): string =>
  `${[table, level1, level2, earlier, later, points, children, reason].map(field).join(',')}\n`;

const NEEDS_QUOTES = /["\r\n,]/;

function field(value: string | number | null): string {
  if (value === null) return '';
  const text = formulaSafe(String(value));
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

async function frozen(folder: string): Promise<FrozenRelease> {
  const release = await readArtifact(folder, 'release');
  const session = await openSession({ folders: [release.folder], spill: '', memory: '500MB', threads: 1 });
  try {
    return await readFrozen(release, session);
  } finally {
    session.close();
  }
}
