import { dirname, join } from 'node:path';
import { documentOf } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { createKey, exists, makePrivateFolder, namesIn, readKey, writeDurably } from '@throughline/engine';
import { ageIdentity } from '@throughline/ingest';
import { type KeyCard, keyCard, type LinkageTerms, requireFreshRoot, wrapCheck } from '@throughline/tokenize';
import type { Effects } from '../effects.js';
import { logPlace } from '../pipeline/requests.js';
import type { Project } from '../project/project.js';
import { readKeyCard, writeKeyCard } from './key-card.js';
import { requireSeparateKeys, tokenKeyFiles } from './roles.js';
import { openTokenKey } from './token-key.js';
import { createVerifierKey, verifierKeyPath } from './verifier-key.js';
import { wrapKeyFiles, wrapKeyOf, wraps } from './wrap-key.js';

export type CreatedKeys = { readonly made: readonly string[]; readonly kept: readonly string[] };

/**
 * Makes the keys of this machine that are not there yet: each owner's record key, the linkage unit's person key, the
 * log's key with its public half, age identities with their recipients, and at the keyholder
 * the token key with its card, and under the profile `sealed+clkd` the wrap key. Existing keys are never touched.
 *
 * @throws ThroughlineError KEY_*, OUTPUT_UNWRITABLE.
 */
export async function createMissingKeys(project: Project, effects: Effects): Promise<CreatedKeys> {
  const { pipeline, here } = project;
  requireSeparateKeys(pipeline);
  const partners = pipeline.partners.filter(({ name }) => here.partner(name));
  const own = [
    ...partners.map(({ record_key }) => record_key),
    ...(here.plays('linkage-unit') ? [pipeline.linkage_unit.person_key] : []),
    pipeline.log.key,
  ];
  const token = here.plays('keyholder')
    ? [...tokenKeyFiles(pipeline), ...(wraps(project) ? wrapKeyFiles(pipeline) : [])]
    : [];
  const made: string[] = [];
  const kept: string[] = [];
  for (const path of [...new Set([...own, ...token])]) {
    ((await createMissing(pipeline.resolve(path))) ? made : kept).push(path);
  }
  for (const path of new Set(partners.flatMap(({ age_identity: own }) => own ?? []))) {
    if (await createAgeIdentity(pipeline.resolve(path))) made.push(path, `${path}.pub`);
    else kept.push(path);
  }
  if (await createVerifierKey(logPlace(project), effects.userId))
    made.push(verifierKeyPath(pipeline.log.key));
  if (here.plays('keyholder') && !(await exists(pipeline.resolve(pipeline.key_card)))) {
    await writeCard(project, effects.userId);
    made.push(pipeline.key_card);
  }
  return { made, kept };
}

async function createMissing(path: string): Promise<boolean> {
  if (await exists(path)) return false;
  await makePrivateFolder(dirname(path));
  await createKey(path);
  return true;
}

/** An identity of age and, beside it, the recipient to which senders encrypt. @returns whether it was missing. */
export async function createAgeIdentity(path: string): Promise<boolean> {
  if (await exists(path)) return false;
  const { identity, recipient } = await ageIdentity();
  await makePrivateFolder(dirname(path));
  await writeDurably(`${path}.pub`, `${recipient}\n`, 0o644);
  await writeDurably(path, `${identity}\n`);
  return true;
}

async function writeCard(project: Project, userId: number | undefined): Promise<void> {
  const { pipeline, documents, tokenKeys } = project;
  const emou = documentOf(documents.emous, pipeline.emou, 'emou').document;
  const root = await openTokenKey(tokenKeys, pipeline.partners[0]?.token_key ?? '', userId);
  try {
    const card = { ...keyCard(root.bytes, emou), ...(await wrapOnCard(project, emou, userId)) };
    if (card.wrap === card.check)
      throw new ThroughlineError('KEY_ROLES_MIXED', {
        rule: safeName('a wrap key that is not the token key'),
      });
    const path = pipeline.resolve(pipeline.key_card);
    requireFreshRoot(card, await cardsIn(dirname(path)));
    await makePrivateFolder(dirname(path));
    await writeKeyCard(path, card);
  } finally {
    root.erase();
  }
}

/** What a card says of the wrap key, where there is one. */
async function wrapOnCard(
  project: Project,
  emou: LinkageTerms,
  userId: number | undefined,
): Promise<Pick<KeyCard, 'wrap'>> {
  if (!wraps(project)) return {};
  const wrap = await readKey(wrapKeyOf(project.pipeline, project.pipeline.partners[0]), userId);
  try {
    return { wrap: wrapCheck(wrap.bytes, emou) };
  } finally {
    wrap.erase();
  }
}

async function cardsIn(folder: string): Promise<KeyCard[]> {
  const names = (await namesIn(folder)).filter((name) => name.endsWith('.card.json'));
  return Promise.all(names.map((name) => readKeyCard(join(folder, name))));
}
