/*
 * The key stream of ChaCha20 (RFC 8439) under a key that serves one stream alone: nonce zero, counter from 0. Two blocks
 * at a time, each row of four words in a vector.
 */

/** "expand 32-byte k" */
const CONSTANTS: usize = memory.data<u32>([0x61707865, 0x3320646e, 0x79622d32, 0x6b206574], 16);
const STREAM_BYTES: usize = 512;

const stream: usize = memory.data(512, 16);
const key: usize = memory.data(32, 16);
let counter: u32 = 0;

/** Where the stream ends that there is so far: after so many bytes the next ones take their place. */
const END: usize = stream + STREAM_BYTES;

/** @returns where the first byte will be, once it is asked for. */
export function startStream(from: usize): usize {
  memory.copy(key, from, 32);
  counter = 0;
  return END;
}

/** @returns where the byte is that is said to be at an address, which may be the end of the stream. */
export function byteAt(at: usize): usize {
  if (at != END) return at;
  for (let each: usize = stream; each < END; each += 128) twoBlocks(each);
  return stream;
}

function rotated(x: v128, by: i32): v128 {
  return v128.or(i32x4.shl(x, by), i32x4.shr_u(x, 32 - by));
}

function rotated16(x: v128): v128 {
  return v128.shuffle<i8>(x, x, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
}

function rotated8(x: v128): v128 {
  return v128.shuffle<i8>(x, x, 3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14);
}

function twoBlocks(into: usize): void {
  const k = v128.load(CONSTANTS);
  const l = v128.load(key);
  const m = v128.load(key, 16);
  const n = i32x4.replace_lane(i32x4.splat(0), 0, counter);
  const N = i32x4.replace_lane(i32x4.splat(0), 0, counter + 1);
  counter += 2;
  let a = k;
  let b = l;
  let c = m;
  let d = n;
  let A = k;
  let B = l;
  let C = m;
  let D = N;
  for (let round = 0; round < 20; round += 1) {
    a = i32x4.add(a, b);
    A = i32x4.add(A, B);
    d = rotated16(v128.xor(d, a));
    D = rotated16(v128.xor(D, A));
    c = i32x4.add(c, d);
    C = i32x4.add(C, D);
    b = rotated(v128.xor(b, c), 12);
    B = rotated(v128.xor(B, C), 12);
    a = i32x4.add(a, b);
    A = i32x4.add(A, B);
    d = rotated8(v128.xor(d, a));
    D = rotated8(v128.xor(D, A));
    c = i32x4.add(c, d);
    C = i32x4.add(C, D);
    b = rotated(v128.xor(b, c), 7);
    B = rotated(v128.xor(B, C), 7);
    // After a round of columns the diagonals are turned into columns, and the other way round.
    if ((round & 1) == 0) {
      b = v128.shuffle<i32>(b, b, 1, 2, 3, 0);
      B = v128.shuffle<i32>(B, B, 1, 2, 3, 0);
      d = v128.shuffle<i32>(d, d, 3, 0, 1, 2);
      D = v128.shuffle<i32>(D, D, 3, 0, 1, 2);
    } else {
      b = v128.shuffle<i32>(b, b, 3, 0, 1, 2);
      B = v128.shuffle<i32>(B, B, 3, 0, 1, 2);
      d = v128.shuffle<i32>(d, d, 1, 2, 3, 0);
      D = v128.shuffle<i32>(D, D, 1, 2, 3, 0);
    }
    c = v128.shuffle<i32>(c, c, 2, 3, 0, 1);
    C = v128.shuffle<i32>(C, C, 2, 3, 0, 1);
  }
  v128.store(into, i32x4.add(a, k));
  v128.store(into, i32x4.add(b, l), 16);
  v128.store(into, i32x4.add(c, m), 32);
  v128.store(into, i32x4.add(d, n), 48);
  v128.store(into, i32x4.add(A, k), 64);
  v128.store(into, i32x4.add(B, l), 80);
  v128.store(into, i32x4.add(C, m), 96);
  v128.store(into, i32x4.add(D, N), 112);
}
