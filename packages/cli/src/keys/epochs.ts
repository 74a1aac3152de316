import { dirname, join } from 'node:path';
import { documentOf } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { appendToLog, eraseKey, exists, removeFolder, sha256Of } from '@throughline/engine';
import type { KeyCard } from '@throughline/tokenize';
import type { Effects } from '../effects.js';
import { logPlace } from '../pipeline/requests.js';
import type { Project } from '../project/project.js';
import { type CreatedKeys, createMissingKeys } from './create-keys.js';
import { readKeyCard, writeKeyCard } from './key-card.js';
import { tokenKeyFiles } from './roles.js';
import { wrapKeyFiles } from './wrap-key.js';

/**
 * Makes the key of the epoch that the memorandum names now: the card of the old one is kept under its epoch, so that
 * its root is never taken again; the old key and what was made with it are erased, and the log tells of the key.
 *
 * @throws ThroughlineError KEY_STILL_CURRENT, KEY_*.
 */
export async function rotateKeys(project: Project, effects: Effects): Promise<CreatedKeys> {
  const { pipeline, documents } = project;
  const path = pipeline.resolve(pipeline.key_card);
  const card = await readKeyCard(path);
  const { epoch } = documentOf(documents.emous, pipeline.emou, 'emou').document.linkage;
  if (card.epoch === epoch) throw new ThroughlineError('KEY_STILL_CURRENT', { epoch: safeName(epoch) });
  const kept = join(dirname(path), `${card.agreement}-${card.epoch}.card.json`);
  if (!(await exists(kept))) await writeKeyCard(kept, card);
  await eraseTokenKeys(project);
  await removeMade(project);
  await logDestroyed(project, card, effects);
  await removeFolder(path);
  return createMissingKeys(project, effects);
}

/**
 * Ends an epoch at once: marks its card as revoked, so that whoever has the card refuses the key, erases the token
 * keys within reach, and removes what was made with them and not linked yet.
 *
 * @param epoch the epoch of the card, as a confirmation.
 * @returns how many key files were erased.
 * @throws ThroughlineError USAGE where the card is of another epoch.
 */
export async function revokeKeys(project: Project, epoch: string, effects: Effects): Promise<number> {
  const { pipeline, day } = project;
  const path = pipeline.resolve(pipeline.key_card);
  const card = await readKeyCard(path);
  if (card.epoch !== epoch) throw new ThroughlineError('USAGE', { epoch: safeName(card.epoch) });
  await writeKeyCard(path, { ...card, revoked: card.revoked ?? day });
  const erased = await eraseTokenKeys(project);
  await removeMade(project);
  await logDestroyed(project, card, effects);
  return erased;
}

/** Removes what was made with a token key, at the owners and as the linkage unit has received it. */
async function removeMade({ pipeline, folders }: Project): Promise<void> {
  for (const { name } of pipeline.partners) {
    for (const kind of ['tokens', 'slots', 'residual', 'plan', 'ledger', 'duplicates'] as const)
      await removeFolder(folders.partner(name, kind));
    for (const kind of ['tokens', 'slots'] as const) await removeFolder(folders.received(name, kind));
  }
  await removeFolder(folders.gate);
}

/** @returns how many files of the token key and the wrap key were within reach and are erased. */
async function eraseTokenKeys({ pipeline }: Project): Promise<number> {
  let erased = 0;
  for (const file of [...tokenKeyFiles(pipeline), ...wrapKeyFiles(pipeline)])
    if (await eraseKey(pipeline.resolve(file))) erased += 1;
  return erased;
}

/**
 * That a key is gone is as much a part of an epoch as that it was there. Whoever keeps no log, such as a partner that
 * revokes, has nothing to write it into.
 */
async function logDestroyed(project: Project, card: KeyCard, effects: Effects): Promise<void> {
  const place = logPlace(project);
  if (!(await exists(place.key))) return;
  const { agreement, epoch, check } = card;
  const about = {
    name: `token key of ${agreement} ${epoch}`,
    sha256: sha256Of(`${agreement} ${epoch} ${check}`),
  };
  await appendToLog(
    place,
    {
      event: 'destroyed',
      stage: 'keys',
      of: project.pipeline.pipeline,
      at: effects.now().toISOString(),
      outputs: [],
      about: [about],
    },
    effects.userId,
  );
}
