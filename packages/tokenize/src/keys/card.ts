import { safeName, ThroughlineError } from '@throughline/core';
import { z } from 'zod';
import { checkValue, deriveKeys, type LinkageTerms, rootId } from './derive.js';

const hexOf8Bytes = z.string().regex(/^[0-9a-f]{16}$/, '16 lower-case hexadecimal digits');

/**
 * The public card that travels with a token key: which agreement and epoch it serves, and what tells it from any
 * other key. Not secret: it gives nothing of the key away.
 */
export const keyCardSchema = z.strictObject({
  agreement: z.string().min(1).max(200),
  epoch: z.string().min(1).max(200),
  check: hexOf8Bytes.describe('check value of the keys derived for this agreement and epoch'),
  root_id: hexOf8Bytes.describe('the same for one root under any agreement'),
  wrap: hexOf8Bytes.optional().describe('check value of the wrap key, under the profile `sealed+clkd` alone'),
  revoked: z.iso.date().optional().describe('since when nobody may use the key any more'),
});
export type KeyCard = z.infer<typeof keyCardSchema>;

/** The card of a root (32 bytes) under a memorandum. */
export function keyCard(root: Uint8Array, terms: LinkageTerms): KeyCard {
  const keys = deriveKeys(root, terms);
  try {
    return {
      agreement: terms.id,
      epoch: terms.linkage.epoch,
      check: checkValue(keys),
      root_id: rootId(root),
    };
  } finally {
    keys.erase();
  }
}

export type KeyQuestion = {
  readonly root: Uint8Array;
  readonly terms: LinkageTerms;
  readonly card: KeyCard;
};

/**
 * Refuses a root that is not the one of this card, or a card of another agreement, epoch or set of rules. Without
 * this a wrong key would look like a night without matches.
 *
 * @throws ThroughlineError KEY_MISMATCH, KEY_REVOKED
 */
export function requireKey({ root, terms, card }: KeyQuestion): void {
  if (card.revoked !== undefined)
    throw new ThroughlineError('KEY_REVOKED', { since: safeName(card.revoked) });
  const expected = keyCard(root, terms);
  for (const field of ['agreement', 'epoch', 'root_id', 'check'] as const) {
    if (card[field] === expected[field]) continue;
    throw new ThroughlineError('KEY_MISMATCH', { document: safeName(terms.id), field: safeName(field) });
  }
}

/** The check value of a wrap key (32 bytes) under a memorandum. */
export function wrapCheck(wrap: Uint8Array, terms: LinkageTerms): string {
  const keys = deriveKeys(wrap, terms);
  try {
    return checkValue(keys);
  } finally {
    keys.erase();
  }
}

/** Refuses a wrap key that is not the one of this card. @throws ThroughlineError KEY_MISMATCH */
export function requireWrapKey({ root: wrap, terms, card }: KeyQuestion): void {
  if (card.wrap !== undefined && card.wrap === wrapCheck(wrap, terms)) return;
  throw new ThroughlineError('KEY_MISMATCH', { document: safeName(terms.id), field: safeName('wrap') });
}

/**
 * Refuses a root that serves another agreement or epoch already.
 *
 * @throws ThroughlineError KEY_REUSED
 */
export function requireFreshRoot(card: KeyCard, others: readonly KeyCard[]): void {
  const other = others.find(
    ({ root_id, agreement, epoch }) =>
      root_id === card.root_id && (agreement !== card.agreement || epoch !== card.epoch),
  );
  if (other === undefined) return;
  throw new ThroughlineError('KEY_REUSED', {
    serves: safeName(`${other.agreement} ${other.epoch}`),
    asked: safeName(`${card.agreement} ${card.epoch}`),
  });
}
