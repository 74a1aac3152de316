import { join } from 'node:path';
import { safeName, ThroughlineError } from '@throughline/core';
import { makePrivateFolder, namesIn, readText, sha256Of, writeDurably } from '@throughline/engine';
import type { Withdrawal } from '@throughline/ingest';
import { z } from 'zod';

/**
 * A withdrawal as its owner keeps it: the record by its keyed id alone, so that the register names nobody. `ended`:
 * the family has come back.
 */
const withdrawal = z.strictObject({
  kind: z.literal('withdrawal'),
  receipt: z.string().regex(/^[0-9a-f]{16}$/),
  partner: z.string(),
  record_id: z.guid(),
  space: z.string(),
  effective: z.iso.date(),
  registered: z.iso.date(),
  ended: z.iso.date().optional(),
});
export type RegisteredWithdrawal = z.infer<typeof withdrawal>;

/** The withdrawals of a partner, in the order of their records. */
export type Withdrawals = readonly RegisteredWithdrawal[];

/** The number of a receipt says nothing of the record: its id is keyed by the owner. */
export const withdrawalOf = (
  known: Omit<RegisteredWithdrawal, 'kind' | 'receipt'>,
): RegisteredWithdrawal => ({
  kind: 'withdrawal',
  receipt: sha256Of(`withdrawal ${known.partner} ${known.record_id} ${known.effective}`).slice(0, 16),
  ...known,
});

/** The register of a partner; none if there is no folder. @throws ThroughlineError CONFIG_INVALID, CONFIG_UNREADABLE */
export async function readWithdrawals(folder: string): Promise<Withdrawals> {
  const found: RegisteredWithdrawal[] = [];
  for (const name of await namesIn(folder)) {
    if (!name.endsWith('.json')) continue;
    const parsed = withdrawal.safeParse(asJson(await readText(join(folder, name))));
    if (!parsed.success) throw invalid(name);
    found.push(parsed.data);
  }
  return found.toSorted((one, other) => (one.record_id < other.record_id ? -1 : 1));
}

/** A withdrawal that cannot be read is a family that is not heard. */
const invalid = (name: string) =>
  new ThroughlineError('CONFIG_INVALID', {
    file: safeName(name),
    rule: safeName('the withdrawal that throughline withdraw wrote'),
  });

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Keeps a withdrawal. @returns the SHA-256 of what was written. */
export async function keepWithdrawal(folder: string, kept: RegisteredWithdrawal): Promise<string> {
  const text = `${JSON.stringify(kept, undefined, 2)}\n`;
  await makePrivateFolder(folder);
  await writeDurably(join(folder, `${kept.receipt}.json`), text);
  return sha256Of(text);
}

/** Those that count: what the intake leaves out from the day named on. */
export const standing = (all: Withdrawals): Withdrawal[] =>
  all
    .filter(({ ended }) => ended === undefined)
    .map(({ record_id, space, effective }) => ({ record_id, space, effective }));
