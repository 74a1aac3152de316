/*
 * The compression function of SHA-256 (FIPS 180-4, section 6.2.2) over states that the caller keeps. A hash object has to
 * be copied for every message that begins with the same key, which takes longer than the hash (noble 2.4, Node 20).
 */

/** Eight 32-bit words. */
export type HashState = Int32Array;

/** FIPS 180-4, section 5.3.3 */
export const initialState = (): HashState =>
  Int32Array.of(
    ...[0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19],
  );

/** FIPS 180-4, section 4.2.2 */
const CONSTANTS = Int32Array.of(
  ...[0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5],
  ...[0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174],
  ...[0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da],
  ...[0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967],
  ...[0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85],
  ...[0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070],
  ...[0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3],
  ...[0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2],
);

const BLOCK_WORDS = 16;

export type BlockHash = {
  /** Goes on from `state` with the 64 bytes of a block, and puts the state after it into `into`. */
  readonly compress: (block: Block, state: HashState, into: HashState) => void;
  readonly erase: () => void;
};

export type Block = { readonly view: DataView; readonly at: number };

export function blockHash(): BlockHash {
  const schedule = new Int32Array(CONSTANTS.length);
  return {
    compress: (block, state, into) => {
      expand(block, schedule);
      mix(schedule, state, into);
    },
    erase: () => void schedule.fill(0),
  };
}

function expand({ view, at }: Block, w: Int32Array): void {
  for (let t = 0; t < BLOCK_WORDS; t += 1) w[t] = view.getInt32(at + 4 * t);
  for (let t = BLOCK_WORDS; t < w.length; t += 1) {
    const x = w[t - 15] ?? 0;
    const y = w[t - 2] ?? 0;
    const low = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const high = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[t] = (high + (w[t - 7] ?? 0) + low + (w[t - 16] ?? 0)) | 0;
  }
}

/** Variables, and not the state itself: the rounds then run in registers. */
function mix(w: Int32Array, state: HashState, into: HashState): void {
  let a = state[0] ?? 0;
  let b = state[1] ?? 0;
  let c = state[2] ?? 0;
  let d = state[3] ?? 0;
  let e = state[4] ?? 0;
  let f = state[5] ?? 0;
  let g = state[6] ?? 0;
  let h = state[7] ?? 0;
  for (let t = 0; t < w.length; t += 1) {
    const above = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const chosen = (e & f) ^ (~e & g);
    const one = (h + above + chosen + (CONSTANTS[t] ?? 0) + (w[t] ?? 0)) | 0;
    const below = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const other = (below + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + other) | 0;
  }
  into[0] = (state[0] ?? 0) + a;
  into[1] = (state[1] ?? 0) + b;
  into[2] = (state[2] ?? 0) + c;
  into[3] = (state[3] ?? 0) + d;
  into[4] = (state[4] ?? 0) + e;
  into[5] = (state[5] ?? 0) + f;
  into[6] = (state[6] ?? 0) + g;
  into[7] = (state[7] ?? 0) + h;
}
