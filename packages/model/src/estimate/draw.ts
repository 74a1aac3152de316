/** A whole number from 0 up to but not including `below`, by a fixed sequence: equal seeds, equal draws. */
export type Draw = (below: number) => number;

/** xorshift128 (Marsaglia 2003), seeded by a text; for shuffling and sampling, never for keys. */
export function drawing(seed: string): Draw {
  let [x, y, z, w] = [123456789, 362436069, 521288629, 88675123];
  for (const letter of seed) w = (Math.imul(w, 31) + (letter.codePointAt(0) ?? 0)) | 0;
  const next = (): number => {
    const t = x ^ (x << 11);
    [x, y, z] = [y, z, w];
    w = w ^ (w >>> 19) ^ t ^ (t >>> 8);
    return w >>> 0;
  };
  for (let round = 0; round < 16; round += 1) next();
  return (below) => Math.floor((next() / 2 ** 32) * below);
}

/** The numbers from 0 to count - 1 in random order (Fisher and Yates). */
export function shuffled(count: number, draw: Draw): Int32Array {
  const order = Int32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last -= 1) {
    const chosen = draw(last + 1);
    const kept = order[last] ?? 0;
    order[last] = order[chosen] ?? 0;
    order[chosen] = kept;
  }
  return order;
}
