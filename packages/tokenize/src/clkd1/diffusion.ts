import { type Stream, stream } from './stream.js';

/** Bits of the filter, and of the encoding that is made of it. */
export const FILTER_BITS = 1024;
export const CLKD_BITS = 2048;

/** Of some ten shuffles, two bytes and sometimes more for each place. */
const USUAL_BYTES = 32 * 1024;

/**
 * Which bits of the filter each bit of the encoding is the sum of: `terms` places for each of 2,048 bits, all
 * different. Places are drawn from a pool of all 1,024, shuffled; an empty pool is filled and shuffled anew, so that
 * every bit of the filter is used equally often.
 */
export function diffusion(key: Uint8Array, terms: number): Uint16Array {
  const drawn = stream(USUAL_BYTES);
  drawn.restart(key);
  const places = new Uint16Array(CLKD_BITS * terms);
  let pool: number[] = [];
  for (let bit = 0; bit < CLKD_BITS; bit += 1) {
    const chosen = places.subarray(bit * terms, (bit + 1) * terms);
    for (let term = 0; term < terms; term += 1) {
      if (pool.length === 0) pool = shuffled(drawn);
      const next = pool.findIndex((place) => !chosen.subarray(0, term).includes(place));
      chosen[term] = pool.splice(next, 1)[0] ?? 0;
    }
  }
  drawn.erase();
  return places;
}

/** 0..1023 after Fisher and Yates, with 16-bit draws, little-endian; those that would favour a place are passed over. */
function shuffled({ byte }: Pick<Stream, 'byte'>): number[] {
  const pool = Array.from({ length: FILTER_BITS }, (_, index) => index);
  for (let last = FILTER_BITS - 1; last > 0; last -= 1) {
    const choices = last + 1;
    const below = 65536 - (65536 % choices);
    let draw = byte() | (byte() << 8);
    while (draw >= below) draw = byte() | (byte() << 8);
    const chosen = draw % choices;
    const kept = pool[last] ?? 0;
    pool[last] = pool[chosen] ?? 0;
    pool[chosen] = kept;
  }
  return pool;
}
