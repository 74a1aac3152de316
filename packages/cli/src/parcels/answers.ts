import { join } from 'node:path';
import { safeName, ThroughlineError } from '@throughline/core';
import { exists, readText, sha256Of } from '@throughline/engine';
import { hostOf } from '../project/host.js';
import type { SplitProject } from './ground.js';
import { keepReceived, type Received, receivedFrom } from './state.js';

/** The linkage unit takes in each sheet of answers that it has not looked at; its owner is told what became of it. */
export async function takeSheets({ project }: SplitProject): Promise<void> {
  const { here, folders, pipeline } = project;
  if (!here.plays('linkage-unit') || !(await exists(join(folders.links, 'manifest.json')))) return;
  for (const { name } of pipeline.partners) {
    const file = folders.sheet(name, 'answers');
    if (!(await exists(file))) continue;
    const host = hostOf(here.hosts, name);
    const before = await receivedFrom(project, host);
    const identity = sha256Of(await readText(file));
    if (before.answers?.identity === identity) continue;
    const { takeAnswers } = await import('../commands/review.js');
    const answers: Received['answers'] = await takeAnswers(project, { partner: name, file }).then(
      (given) => ({ identity, taken: given.length, code: null, line: 0 }),
      (thrown: unknown) => ({ identity, taken: 0, ...refusalOf(thrown) }),
    );
    await keepReceived(project, host, { ...before, answers });
  }
}

/** @throws whatever is not about the sheet. */
function refusalOf(thrown: unknown) {
  if (!(thrown instanceof ThroughlineError) || thrown.code !== 'REVIEW_REFUSED') throw thrown;
  const { line } = thrown.details;
  return { code: safeName(thrown.code), line: typeof line === 'number' ? line : 0 };
}
