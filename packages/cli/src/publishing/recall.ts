import { join } from 'node:path';
import { safeName, ThroughlineError } from '@throughline/core';
import { appendToLog, sha256Of, writeDurably } from '@throughline/engine';
import { locked } from '../commands/run.js';
import type { Effects } from '../effects.js';
import { logPlace } from '../pipeline/requests.js';
import type { Project } from '../project/project.js';
import { type Publication, publications, recalledName } from './publications.js';

export type RecallOptions = {
  readonly release?: number;
  readonly agreement?: string;
  readonly reason?: string;
};

const restsOn = ({ release }: Publication, id: string): boolean =>
  release.manifest.documents.some((document) => document.id === id);

/**
 * Recalls published releases: one, or all that rest on an agreement. Without a reason it only lists them. What is out
 * stays known, so the ledger keeps it; but its numbers stand no longer, and readers find a notice beside them.
 *
 * @throws ThroughlineError RELEASE_UNKNOWN, USAGE.
 */
export async function recall(project: Project, options: RecallOptions, effects: Effects): Promise<void> {
  const { release, agreement, reason } = options;
  if ((release === undefined) === (agreement === undefined))
    throw new ThroughlineError('USAGE', { missing: safeName('--release or --agreement, one of them') });
  await locked(project, effects, async () => {
    const found = (await publications(project)).filter(
      (each) => each.number === release || (agreement !== undefined && restsOn(each, agreement)),
    );
    if (found.length === 0) throw new ThroughlineError('RELEASE_UNKNOWN');
    for (const each of found) {
      if (reason !== undefined && !each.recalled) await recallOne(project, { each, reason }, effects);
      const state = each.recalled || reason !== undefined ? 'recalled' : 'to be recalled with --reason';
      effects.stdout(`release ${each.number} of ${each.on} sha256 ${each.release.sha256}: ${state}\n`);
    }
  });
}

async function recallOne(
  project: Project,
  { each, reason }: { readonly each: Publication; readonly reason: string },
  { now, userId }: Effects,
): Promise<void> {
  const { pipeline, folders, day } = project;
  const notice = `This release was recalled on ${day}. Do not use its numbers, and tell whoever has them.\n\n${reason}\n`;
  await appendToLog(
    logPlace(project),
    {
      event: 'recalled',
      stage: 'recall',
      of: pipeline.pipeline,
      at: now().toISOString(),
      outputs: [],
      about: [{ name: recalledName(each.number), sha256: sha256Of(notice) }],
    },
    userId,
  );
  await writeDurably(join(folders.published, String(each.number), 'RECALLED.md'), notice, 0o644);
}
