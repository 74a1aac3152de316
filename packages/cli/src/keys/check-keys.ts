import { documentOf } from '@throughline/agreement';
import { ThroughlineError } from '@throughline/core';
import { canOpen, readKey } from '@throughline/engine';
import { type KeyCard, type LinkageTerms, requireKey, requireWrapKey } from '@throughline/tokenize';
import type { Effects } from '../effects.js';
import type { Project } from '../project/project.js';
import { readKeyCard } from './key-card.js';
import { addresseesOf, requireSeparateKeys } from './roles.js';
import { openTokenKey, tokenKeyOpens } from './token-key.js';
import { wrapKeyFiles, wraps } from './wrap-key.js';

export type KeyVerdict = {
  readonly what: string;
  readonly says: string;
  readonly refused?: ThroughlineError;
};

/** Compares every key within reach with the card of the epoch, and the roles with one another. */
export async function checkKeys(
  project: Project,
  only: string | undefined,
  effects: Effects,
): Promise<readonly KeyVerdict[]> {
  const { pipeline, documents } = project;
  const terms = documentOf(documents.emous, pipeline.emou, 'emou').document;
  const card = await readKeyCard(pipeline.resolve(pipeline.key_card));
  const verdicts: KeyVerdict[] = [cardVerdict(card, terms), rolesVerdict(project)];
  for (const { name, token_key } of pipeline.partners.filter(
    ({ name }) => only === undefined || name === only,
  )) {
    const what = `token key of ${name}`;
    if (!(await tokenKeyOpens(pipeline, token_key))) verdicts.push({ what, says: 'not within reach' });
    else verdicts.push(await keyVerdict(project, { what, token_key, card, terms }, effects));
  }
  if (wraps(project))
    for (const path of wrapKeyFiles(pipeline).map(pipeline.resolve))
      if (await canOpen(path)) verdicts.push(await wrapVerdict(path, { card, terms }, effects));
  return verdicts;
}

function cardVerdict({ agreement, epoch, check, revoked }: KeyCard, terms: LinkageTerms): KeyVerdict {
  const what = `card of ${agreement} ${epoch}`;
  if (revoked !== undefined) return refusal(what, new ThroughlineError('KEY_REVOKED', {}));
  const current = epoch === terms.linkage.epoch && agreement === terms.id;
  return current
    ? { what, says: `check value ${check}` }
    : refusal(what, new ThroughlineError('KEY_MISMATCH', {}));
}

function rolesVerdict({ pipeline }: Project): KeyVerdict {
  const what = 'roles';
  try {
    requireSeparateKeys(pipeline);
    if (pipeline.partners.some(({ recipient }) => recipient !== undefined)) addresseesOf(pipeline, undefined);
    return { what, says: 'separate' };
  } catch (thrown) {
    if (thrown instanceof ThroughlineError) return refusal(what, thrown);
    throw thrown;
  }
}

type Asked = {
  readonly what: string;
  readonly token_key: string;
  readonly card: KeyCard;
  readonly terms: LinkageTerms;
};

async function keyVerdict(
  { tokenKeys }: Project,
  { what, token_key, card, terms }: Asked,
  { userId }: Effects,
): Promise<KeyVerdict> {
  try {
    const root = await openTokenKey(tokenKeys, token_key, userId);
    try {
      requireKey({ root: root.bytes, terms, card });
      return { what, says: 'is that of the card' };
    } finally {
      root.erase();
    }
  } catch (thrown) {
    if (thrown instanceof ThroughlineError) return refusal(what, thrown);
    throw thrown;
  }
}

async function wrapVerdict(
  path: string,
  { card, terms }: Pick<Asked, 'card' | 'terms'>,
  { userId }: Effects,
): Promise<KeyVerdict> {
  const what = 'wrap key';
  try {
    const wrap = await readKey(path, userId);
    try {
      requireWrapKey({ root: wrap.bytes, terms, card });
      return { what, says: 'is that of the card' };
    } finally {
      wrap.erase();
    }
  } catch (thrown) {
    if (thrown instanceof ThroughlineError) return refusal(what, thrown);
    throw thrown;
  }
}

const refusal = (what: string, refused: ThroughlineError): KeyVerdict => ({
  what,
  says: refused.code,
  refused,
});
