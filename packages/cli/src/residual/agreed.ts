import { documentOf, RESIDUAL_SHARE } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import type { KeyCard, LinkageTerms } from '@throughline/tokenize';
import { z } from 'zod';
import type { Effects } from '../effects.js';
import { readValidCard } from '../keys/key-card.js';
import { someWrapKeyOpens } from '../keys/wrap-key.js';
import { asJson } from '../project/as-json.js';
import type { Project } from '../project/project.js';

const epoch = { agreement: z.string(), epoch: z.string(), check: z.string() };

/** What the linkage unit asks the keyholder to open: nonces in their own order, which says nothing of the records. */
export const askSchema = z.strictObject({
  ...epoch,
  partners: z.array(z.strictObject({ partner: z.string(), nonces: z.array(z.guid()).max(1_000_000) })),
});
export type Ask = z.infer<typeof askSchema>;

/** What the keyholder gives back: the key of each row that was asked for, in hexadecimal. */
export const keysSchema = z.strictObject({
  ...epoch,
  keys: z.array(z.strictObject({ nonce: z.guid(), key: z.string().regex(/^[0-9a-f]{64}$/) })),
});
export type RowKeys = z.infer<typeof keysSchema>;

export const refused = (rule: string): ThroughlineError =>
  new ThroughlineError('RESIDUAL_REFUSED', { rule: safeName(rule) });

export type Agreed = { readonly terms: LinkageTerms; readonly card: KeyCard; readonly share: number };

/** What all parties agreed on for this epoch. @throws ThroughlineError RESIDUAL_REFUSED, KEY_REVOKED. */
export async function agreedOn({ pipeline, documents }: Project): Promise<Agreed> {
  const terms = documentOf(documents.emous, pipeline.emou, 'emou').document;
  const { encoding } = terms.linkage;
  if (encoding?.profile !== 'sealed+clkd') throw refused('a memorandum with the profile sealed+clkd');
  const card = await readValidCard(pipeline.resolve(pipeline.key_card));
  return { terms, card, share: encoding.residual_share ?? RESIDUAL_SHARE };
}

/** Reads a file that belongs to this agreement and epoch. @throws ThroughlineError RESIDUAL_REFUSED */
export function ofThisEpoch<Read extends { agreement: string; epoch: string; check: string }>(
  schema: z.ZodType<Read>,
  text: string,
  { card }: Pick<Agreed, 'card'>,
): Read {
  const read = schema.safeParse(asJson(text));
  if (!read.success) throw refused('a file as `residual ask` or `residual open` wrote it');
  const { agreement, epoch: of, check } = read.data;
  if (agreement === card.agreement && of === card.epoch && check === card.check) return read.data;
  throw refused('a file of this agreement and epoch');
}

/**
 * Whoever links and holds the wrap key can open every row unasked.
 *
 * @throws ThroughlineError KEY_WITHIN_REACH unless everybody is synthetic; then it warns.
 */
export async function requireWrapOutOfReach({ pipeline }: Project, effects: Effects): Promise<void> {
  if (!(await someWrapKeyOpens(pipeline))) return;
  if (!pipeline.synthetic) throw new ThroughlineError('KEY_WITHIN_REACH');
  effects.emit({
    event: 'warning',
    stage: 'link',
    of: safeName(pipeline.pipeline),
    about: 'key-within-reach',
  });
}
