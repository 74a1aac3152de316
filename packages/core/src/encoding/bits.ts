/** Bits set in a word of 32, or in fewer that are one: neighbours are added, all at once (Warren, Hacker's Delight, 5-1). */
export function bitsSet(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

type Words = Int32Array | Uint32Array;

/** Bits set in both of two encodings of one length. */
export function bitsInCommon(one: Words, other: Words): number {
  let count = 0;
  for (let at = 0; at < one.length; at += 1) count += bitsSet((one[at] ?? 0) & (other[at] ?? 0));
  return count;
}

/** Bits set in one of them only: the Hamming distance. */
export function bitsApart(one: Words, other: Words): number {
  let count = 0;
  for (let at = 0; at < one.length; at += 1) count += bitsSet((one[at] ?? 0) ^ (other[at] ?? 0));
  return count;
}
