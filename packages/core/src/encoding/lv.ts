const LONGEST_PART = 0xffff;
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Length-value encoding: for each part its UTF-8 length as an unsigned 16-bit big-endian integer, then its
 * bytes. Unlike joining with a delimiter, no two lists of parts have the same encoding.
 *
 * @throws RangeError if a part is longer than 65,535 bytes or is not well-formed Unicode, whose lone surrogates
 *   would all be encoded alike (the part is not repeated).
 */
export function lengthValue(parts: readonly string[]): Uint8Array {
  if (parts.some((part) => LONE_SURROGATE.test(part)))
    throw new RangeError('lengthValue: well-formed Unicode expected');
  const encoded = parts.map((part) => new TextEncoder().encode(part));
  const bytes = new Uint8Array(encoded.reduce((sum, part) => sum + 2 + part.length, 0));
  let offset = 0;
  for (const part of encoded) {
    if (part.length > LONGEST_PART) throw new RangeError('lengthValue: at most 65535 bytes a part expected');
    bytes[offset] = part.length >> 8;
    bytes[offset + 1] = part.length & 0xff;
    bytes.set(part, offset + 2);
    offset += 2 + part.length;
  }
  return bytes;
}
