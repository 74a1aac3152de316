/** Standard Base64 with padding (RFC 4648, section 4). */
export const toBase64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');

/**
 * The bytes of a Base64 text; undefined unless the text is the one that those bytes are written as: no other
 * alphabet, white space, missing padding or stray bits, so that a signature has one form only.
 */
export function fromBase64(text: string): Uint8Array | undefined {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  return toBase64(bytes) === text ? bytes : undefined;
}
