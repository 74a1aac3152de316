/*
 * HMAC-SHA-256 (RFC 2104, FIPS 180-4) of four messages at once, one in each lane of a vector. The messages may differ in
 * length and in key; a lane whose message has ended keeps its state while the others go on.
 */

/** FIPS 180-4, section 4.2.2 */
const K: usize = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
  0xc67178f2,
]);

/** FIPS 180-4, section 5.3.3 */
const INITIAL: usize = memory.data<u32>([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);

const BLOCK: usize = 64;
const STATE_BYTES: usize = 32;
const LANE: usize = 16;

/** Four lanes: the address of the message, its length, the address of the states of its key; 12 bytes each. */
export const LANES: usize = memory.data(48, 16);
/** The four codes, 32 bytes each. */
export const CODES: usize = memory.data(128, 16);

const state: usize = memory.data(128, 16);
const schedule: usize = memory.data(1024, 16);
const keyBlock: usize = memory.data(64, 16);

/** The states after the blocks of a key of 32 bytes: the inner, then the outer, 32 bytes each. */
export function hmac256Key(key: usize, states: usize): void {
  keyState(key, 0x36, states);
  keyState(key, 0x5c, states + STATE_BYTES);
  memory.fill(keyBlock, 0, BLOCK);
}

/** Codes of the four lanes. A message is padded where it stands, and needs 73 bytes of room behind it. */
export function hmac256(): void {
  let most: usize = 0;
  for (let lane: usize = 0; lane < 4; lane += 1) most = max(most, pad(messageOf(lane), lengthOf(lane)));
  loadStates(0);
  for (let at: usize = 0; at < most; at += BLOCK) {
    for (let quarter: usize = 0; quarter < BLOCK; quarter += LANE)
      gather(at + quarter, schedule + 4 * quarter);
    compress(going(at));
  }
  for (let word: usize = 0; word < 8; word += 1) {
    v128.store(schedule + word * LANE, v128.load(state + word * LANE));
    v128.store(schedule + (8 + word) * LANE, i32x4.splat(0));
  }
  v128.store(schedule + 8 * LANE, i32x4.splat(0x80000000));
  v128.store(schedule + 15 * LANE, i32x4.splat((<i32>BLOCK + 32) * 8));
  loadStates(STATE_BYTES);
  compress(i32x4.splat(-1));
  for (let lane: usize = 0; lane < 4; lane += 1) {
    for (let word: usize = 0; word < 8; word += 1) {
      store<u32>(CODES + lane * 32 + word * 4, bswap<u32>(load<u32>(state + word * LANE + lane * 4)));
    }
  }
}

function messageOf(lane: usize): usize {
  return load<u32>(LANES + lane * 12);
}

function lengthOf(lane: usize): usize {
  return load<u32>(LANES + lane * 12, 4);
}

function statesOf(lane: usize): usize {
  return load<u32>(LANES + lane * 12, 8);
}

/** Bytes that a message takes with its padding: a bit 1 and the length in 8 bytes. */
function padded(length: usize): usize {
  return (length + 9 + BLOCK - 1) & ~(BLOCK - 1);
}

/** Pads a message that follows the block of its key. @returns where its last block ends. */
function pad(message: usize, length: usize): usize {
  const end = padded(length);
  store<u8>(message + length, 0x80);
  memory.fill(message + length + 1, 0, end - length - 5);
  store<u32>(message + end - 4, bswap<u32>((<u32>BLOCK + <u32>length) * 8));
  return end;
}

/** All ones in the lanes whose message has a block at this offset. */
function going(at: usize): v128 {
  let mask = i32x4.splat(0);
  mask = i32x4.replace_lane(mask, 0, at < padded(lengthOf(0)) ? -1 : 0);
  mask = i32x4.replace_lane(mask, 1, at < padded(lengthOf(1)) ? -1 : 0);
  mask = i32x4.replace_lane(mask, 2, at < padded(lengthOf(2)) ? -1 : 0);
  return i32x4.replace_lane(mask, 3, at < padded(lengthOf(3)) ? -1 : 0);
}

/** The states of the keys of the four lanes, word by word. */
function loadStates(offset: usize): void {
  for (let word: usize = 0; word < 8; word += 1) {
    for (let lane: usize = 0; lane < 4; lane += 1) {
      store<u32>(state + word * LANE + lane * 4, load<u32>(statesOf(lane) + offset + word * 4));
    }
  }
}

/** Four words of each lane, big-endian, transposed: one vector for each word. */
function gather(at: usize, into: usize): void {
  const a = bigEndian(v128.load(messageOf(0) + at));
  const b = bigEndian(v128.load(messageOf(1) + at));
  const c = bigEndian(v128.load(messageOf(2) + at));
  const d = bigEndian(v128.load(messageOf(3) + at));
  const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
  const AB = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
  const cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
  const CD = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
  v128.store(into, v128.shuffle<i64>(ab, cd, 0, 2));
  v128.store(into, v128.shuffle<i64>(ab, cd, 1, 3), 16);
  v128.store(into, v128.shuffle<i64>(AB, CD, 0, 2), 32);
  v128.store(into, v128.shuffle<i64>(AB, CD, 1, 3), 48);
}

function bigEndian(words: v128): v128 {
  return v128.shuffle<i8>(words, words, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
}

function rotated(x: v128, by: i32): v128 {
  return v128.or(i32x4.shr_u(x, by), i32x4.shl(x, 32 - by));
}

/** FIPS 180-4, section 6.2.2, on the first 16 words of the schedule, in the lanes of a mask. */
function compress(lanes: v128): void {
  for (let w = schedule + 16 * LANE; w < schedule + 64 * LANE; w += LANE) {
    const x = v128.load(w - 15 * LANE);
    const y = v128.load(w - 2 * LANE);
    const low = v128.xor(v128.xor(rotated(x, 7), rotated(x, 18)), i32x4.shr_u(x, 3));
    const high = v128.xor(v128.xor(rotated(y, 17), rotated(y, 19)), i32x4.shr_u(y, 10));
    const before = i32x4.add(v128.load(w - 7 * LANE), v128.load(w - 16 * LANE));
    v128.store(w, i32x4.add(i32x4.add(high, low), before));
  }
  let a = v128.load(state);
  let b = v128.load(state, 16);
  let c = v128.load(state, 32);
  let d = v128.load(state, 48);
  let e = v128.load(state, 64);
  let f = v128.load(state, 80);
  let g = v128.load(state, 96);
  let h = v128.load(state, 112);
  for (let t: usize = 0; t < 64; t += 1) {
    const above = v128.xor(v128.xor(rotated(e, 6), rotated(e, 11)), rotated(e, 25));
    const chosen = v128.xor(g, v128.and(e, v128.xor(f, g)));
    const input = i32x4.add(v128.load32_splat(K + 4 * t), v128.load(schedule + LANE * t));
    const one = i32x4.add(i32x4.add(h, above), i32x4.add(chosen, input));
    const below = v128.xor(v128.xor(rotated(a, 2), rotated(a, 13)), rotated(a, 22));
    const majority = v128.xor(v128.and(a, v128.xor(b, c)), v128.and(b, c));
    h = g;
    g = f;
    f = e;
    e = i32x4.add(d, one);
    d = c;
    c = b;
    b = a;
    a = i32x4.add(one, i32x4.add(below, majority));
  }
  add(0, a, lanes);
  add(16, b, lanes);
  add(32, c, lanes);
  add(48, d, lanes);
  add(64, e, lanes);
  add(80, f, lanes);
  add(96, g, lanes);
  add(112, h, lanes);
}

function add(word: usize, value: v128, lanes: v128): void {
  v128.store(state + word, i32x4.add(v128.load(state + word), v128.and(value, lanes)));
}

/** The state after the block of a key, with each byte XORed. */
function keyState(key: usize, mask: u8, into: usize): void {
  memory.fill(keyBlock, mask, BLOCK);
  for (let at: usize = 0; at < 32; at += 1) store<u8>(keyBlock + at, mask ^ load<u8>(key + at));
  for (let word: usize = 0; word < 16; word += 1) {
    v128.store(schedule + word * LANE, i32x4.splat(bswap<u32>(load<u32>(keyBlock + word * 4))));
  }
  for (let word: usize = 0; word < 8; word += 1) {
    v128.store(state + word * LANE, v128.load32_splat(INITIAL + word * 4));
  }
  compress(i32x4.splat(-1));
  for (let word: usize = 0; word < 8; word += 1) store<u32>(into + word * 4, load<u32>(state + word * LANE));
}
