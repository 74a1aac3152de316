/**
 * Writes pieces of memory one after the other, eight bytes at a time: up to seven bytes behind the last are overwritten.
 *
 * @param pieces the address and the length of each, 4 bytes both.
 * @returns how many bytes they are together.
 */
export function joinPieces(pieces: usize, count: usize, into: usize): usize {
  const end = pieces + count * 8;
  let at = into;
  for (let piece = pieces; piece < end; piece += 8) {
    const from = load<u32>(piece);
    const length: usize = load<u32>(piece, 4);
    for (let done: usize = 0; done < length; done += 8) store<u64>(at + done, load<u64>(from + done));
    at += length;
  }
  return at - into;
}
