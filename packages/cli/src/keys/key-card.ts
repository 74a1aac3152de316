import { safeName, ThroughlineError } from '@throughline/core';
import { readText, writeDurably } from '@throughline/engine';
import { type KeyCard, keyCardSchema } from '@throughline/tokenize';
import { asJson } from '../project/as-json.js';

/** Reads a key card. @throws ThroughlineError KEY_UNREADABLE (no card), CONFIG_INVALID. */
export async function readKeyCard(path: string): Promise<KeyCard> {
  const text = await readText(path).catch(() => undefined);
  if (text === undefined) throw new ThroughlineError('KEY_UNREADABLE', { name: safeName('key card') });
  const parsed = keyCardSchema.safeParse(asJson(text));
  if (parsed.success) return parsed.data;
  throw new ThroughlineError('CONFIG_INVALID', {
    file: safeName('key card'),
    rule: safeName('the card that `keys create` wrote'),
  });
}

/** A card that may be used. @throws ThroughlineError as `readKeyCard`, KEY_REVOKED. */
export async function readValidCard(path: string): Promise<KeyCard> {
  const card = await readKeyCard(path);
  if (card.revoked === undefined) return card;
  throw new ThroughlineError('KEY_REVOKED', { since: safeName(card.revoked) });
}

/** A card lies open: whoever holds a key compares it. */
export const writeKeyCard = (path: string, card: KeyCard): Promise<void> =>
  writeDurably(path, `${JSON.stringify(card, undefined, 2)}\n`, 0o644);
