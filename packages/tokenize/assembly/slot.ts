import { byteAt, startStream } from './chacha20';
import { hmac512 } from './sha512';
import { sipHash } from './siphash';

/* A slot of `seal1`; docs/reference/encoding.md, "Sealed fields", is the specification. */

const TOKEN_BYTES: usize = 16;
const VECTOR_BYTES: usize = 32;
const CODE_BYTES: usize = 4;

/** The secret of a slot: its token, the key of its stream, the key of its codes. */
const secret: usize = memory.data(64, 16);
const STREAM_KEY = secret + 16;
const CODE_KEY = secret + 48;

/** For each similar field, 260 bytes: how many bits of its vector are set, as 4 bytes, then which. */
const FIELD_BYTES: usize = 260;
const permutation: usize = memory.data(256, 16);
/** Where the next byte of the stream is. */
let next: usize = 0;

/** Begins a slot whose secret is the HMAC-SHA-512 of a message. @returns the draw that decides decoys. */
export function startSlot(states: usize, message: usize, length: usize): u32 {
  hmac512(states, message, length, secret);
  next = byteAt(startStream(STREAM_KEY));
  const draw = bswap<u32>(load<u32>(next));
  next += 4;
  return draw;
}

/**
 * Writes the slot that was begun.
 *
 * @param vectors the similar fields, `FIELD_BYTES` each.
 * @param messages the address and the length of what the code of each exact field is made of, 4 bytes each.
 */
export function finishSlot(slot: usize, similar: usize, vectors: usize, exact: usize, messages: usize): void {
  memory.copy(slot, secret, TOKEN_BYTES);
  const masks = slot + TOKEN_BYTES;
  const codes = masks + similar * VECTOR_BYTES;
  for (let at = masks; at < codes; at += 1) {
    next = byteAt(next);
    store<u8>(at, load<u8>(next));
    next += 1;
  }
  permute(next);
  for (let field: usize = 0; field < similar; field += 1) {
    flip(vectors + field * FIELD_BYTES, masks + field * VECTOR_BYTES);
  }
  for (let field: usize = 0; field < exact; field += 1) {
    const message = messages + field * 8;
    const code = sipHash(CODE_KEY, load<u32>(message), load<u32>(message, 4));
    store<u32>(codes + field * CODE_BYTES, <u32>code);
  }
}

/** By the last place: the greatest byte that is not passed over, and 2^16 over the number of choices, rounded up. */
const greatest: usize = memory.data(256);
const reciprocal: usize = memory.data(1024, 16);
for (let last: u32 = 1; last < 256; last += 1) {
  store<u8>(greatest + last, 255 - (256 % (last + 1)));
  store<u32>(reciprocal + 4 * last, 65536 / (last + 1) + 1);
}

/**
 * A permutation of 0..255 by Fisher and Yates. A byte at or above the greatest multiple of the number of choices is
 * passed over: the place is then exchanged with itself, which is quicker than a branch that nobody can predict.
 */
function permute(from: usize): void {
  for (let at: u32 = 0; at < 256; at += 4) store<u32>(permutation + at, 0x03020100 + at * 0x01010101);
  let last: u32 = 255;
  let at = from;
  while (last > 0) {
    at = byteAt(at);
    const byte: u32 = load<u8>(at);
    at += 1;
    const taken: u32 = u32(byte <= load<u8>(greatest + last));
    const remainder = byte - ((byte * load<u32>(reciprocal + 4 * last)) >> 16) * (last + 1);
    const chosen = select<u32>(remainder, last, taken);
    const kept = load<u8>(permutation + last);
    store<u8>(permutation + last, load<u8>(permutation + chosen));
    store<u8>(permutation + chosen, kept);
    last -= taken;
  }
}

/** Flips, in a mask, the bits to which the set bits of a vector are permuted. */
function flip(vector: usize, mask: usize): void {
  const end = vector + 4 + load<u32>(vector);
  for (let at = vector + 4; at < end; at += 1) {
    const bit: u32 = load<u8>(permutation + load<u8>(at));
    const byte = mask + (bit >> 3);
    store<u8>(byte, load<u8>(byte) ^ ((<u8>1) << (<u8>(bit & 7))));
  }
}
