/*
 * SipHash-2-4 (Aumasson and Bernstein 2012): a pseudo-random function with a key of 16 bytes for short messages. It makes
 * the ten or so codes of a slot, where an HMAC for each would take longer than all the rest of the slot together.
 */

const COMPRESSION_ROUNDS = 2;
const FINAL_ROUNDS = 4;

const state: usize = memory.data(32, 16);

/** Writes the 8 bytes of the result. */
export function sipHashInto(key: usize, message: usize, length: usize, into: usize): void {
  store<u64>(into, sipHash(key, message, length));
}

/** The 8 bytes of the result, little-endian. The initial words are "somepseudorandomlygeneratedbytes". */
export function sipHash(key: usize, message: usize, length: usize): u64 {
  const low = load<u64>(key);
  const high = load<u64>(key, 8);
  store<u64>(state, low ^ 0x736f6d6570736575);
  store<u64>(state, high ^ 0x646f72616e646f6d, 8);
  store<u64>(state, low ^ 0x6c7967656e657261, 16);
  store<u64>(state, high ^ 0x7465646279746573, 24);
  const whole = length & ~7;
  for (let at: usize = 0; at < whole; at += 8) absorb(load<u64>(message + at));
  let last: u64 = (<u64>length) << 56;
  for (let at = whole; at < length; at += 1) last |= (<u64>load<u8>(message + at)) << ((at - whole) << 3);
  absorb(last);
  store<u64>(state, load<u64>(state, 16) ^ 0xff, 16);
  rounds(FINAL_ROUNDS);
  return load<u64>(state) ^ load<u64>(state, 8) ^ load<u64>(state, 16) ^ load<u64>(state, 24);
}

function absorb(word: u64): void {
  store<u64>(state, load<u64>(state, 24) ^ word, 24);
  rounds(COMPRESSION_ROUNDS);
  store<u64>(state, load<u64>(state) ^ word);
}

function rounds(count: i32): void {
  let a = load<u64>(state);
  let b = load<u64>(state, 8);
  let c = load<u64>(state, 16);
  let d = load<u64>(state, 24);
  for (let round = 0; round < count; round += 1) {
    a += b;
    c += d;
    b = rotl<u64>(b, 13) ^ a;
    d = rotl<u64>(d, 16) ^ c;
    a = rotl<u64>(a, 32);
    c += b;
    a += d;
    b = rotl<u64>(b, 17) ^ c;
    d = rotl<u64>(d, 21) ^ a;
    c = rotl<u64>(c, 32);
  }
  store<u64>(state, a);
  store<u64>(state, b, 8);
  store<u64>(state, c, 16);
  store<u64>(state, d, 24);
}
