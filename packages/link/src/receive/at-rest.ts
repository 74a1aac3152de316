import { SLOT_TOKEN_BYTES, uuidForm } from '@throughline/core';
import { type KeyedBlocks, keyedBlocks, type SecretKey } from '@throughline/engine';

/*
 * What the linkage unit keeps, it keeps under a key of its own. Equal tokens stay equal, and two slots that can be
 * compared still give the same levels; but whoever steals the store meets no token of any partner with it, nor with
 * anything that the agreement's key makes.
 */

/** The agreement and epoch whose deliveries are kept: another epoch has other keys at rest. */
export type Kept = { readonly key: SecretKey; readonly agreement: string; readonly epoch: string };

/** Tokens of one rule in UUID form -> the same at rest. */
export type TokensAtRest = (tokens: readonly string[]) => string[];

export function tokensAtRest({ key, agreement, epoch }: Kept, rule: string): TokensAtRest {
  const blocks = keyedBlocks(key, 'token-at-rest', agreement, epoch, rule);
  return (tokens) => {
    const kept = Buffer.from(blocks(Buffer.from(tokens.join('').replaceAll('-', ''), 'hex'))).toString('hex');
    return tokens.map((_, place) => uuidForm(kept.slice(32 * place, 32 * (place + 1))));
  };
}

/** Rows of slots, one after the other -> the same at rest, in place. */
export type SlotsAtRest = (rows: Uint8Array) => void;

type PassAtRest = { readonly token: KeyedBlocks; readonly mask: KeyedBlocks };

/** @param width bytes of one slot, its token first. */
export function slotsAtRest(
  { key, agreement, epoch }: Kept,
  { passes, width }: { readonly passes: readonly string[]; readonly width: number },
): SlotsAtRest {
  const keyed = passes.map(
    (pass): PassAtRest => ({
      token: keyedBlocks(key, 'slot-token-at-rest', agreement, epoch, pass),
      mask: keyedBlocks(key, 'slot-mask-at-rest', agreement, epoch, pass),
    }),
  );
  const row = passes.length * width;
  return (rows) => {
    for (const [place, pass] of keyed.entries()) {
      restPass(rows, pass, { first: place * width, row, width });
    }
  };
}

type Lying = { readonly first: number; readonly row: number; readonly width: number };

/**
 * The token becomes another; what stands behind it is XORed with a stream that hangs on the token, so that slots of one
 * token keep their Hamming distances and equal codes, and slots of different tokens have nothing in common.
 */
function restPass(rows: Uint8Array, { token, mask }: PassAtRest, { first, row, width }: Lying): void {
  const count = rows.length / row;
  const gathered = new Uint8Array(count * SLOT_TOKEN_BYTES);
  for (let at = 0; at < count; at += 1) {
    const from = at * row + first;
    gathered.set(rows.subarray(from, from + SLOT_TOKEN_BYTES), at * SLOT_TOKEN_BYTES);
  }
  const tokens = token(gathered);
  const blocks = Math.ceil((width - SLOT_TOKEN_BYTES) / SLOT_TOKEN_BYTES);
  const stream = mask(counted(tokens, blocks));
  for (let at = 0; at < count; at += 1) {
    const from = at * row + first;
    rows.set(tokens.subarray(at * SLOT_TOKEN_BYTES, (at + 1) * SLOT_TOKEN_BYTES), from);
    const streamed = at * blocks * SLOT_TOKEN_BYTES - SLOT_TOKEN_BYTES;
    for (let byte = SLOT_TOKEN_BYTES; byte < width; byte += 1)
      rows[from + byte] = (rows[from + byte] ?? 0) ^ (stream[streamed + byte] ?? 0);
  }
}

/** Each token so many times, with the count in its last byte: what a stream is made of. */
function counted(tokens: Uint8Array, blocks: number): Uint8Array {
  const count = tokens.length / SLOT_TOKEN_BYTES;
  const made = new Uint8Array(count * blocks * SLOT_TOKEN_BYTES);
  for (let at = 0; at < count; at += 1) {
    const token = tokens.subarray(at * SLOT_TOKEN_BYTES, (at + 1) * SLOT_TOKEN_BYTES);
    for (let block = 0; block < blocks; block += 1) {
      const start = (at * blocks + block) * SLOT_TOKEN_BYTES;
      made.set(token, start);
      const last = start + SLOT_TOKEN_BYTES - 1;
      made[last] = (made[last] ?? 0) ^ block;
    }
  }
  return made;
}
