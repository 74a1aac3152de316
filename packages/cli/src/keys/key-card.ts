import { safeName, ThroughlineError } from '@throughline/core';
import { readText } from '@throughline/engine';
import { z } from 'zod';

const hexOf8Bytes = z.string().regex(/^[0-9a-f]{16}$/);

/**
 * The public card that travels with a token key: which agreement and epoch it serves and its check value, so that
 * a wrong key is refused instead of giving zero matches. Not secret.
 */
export const keyCardSchema = z.strictObject({
  agreement: z.string().min(1),
  epoch: z.string().min(1),
  check: hexOf8Bytes,
  root_id: hexOf8Bytes,
});
export type KeyCard = z.infer<typeof keyCardSchema>;

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

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
