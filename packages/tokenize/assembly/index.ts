/*
 * What the encodings spend their time on, in AssemblyScript, for WebAssembly: integers of 64 bits, vectors, addresses.
 * The caller owns the memory from ROOM on and passes addresses in it; nothing here allots memory, and what is kept
 * between calls is overwritten by the next.
 */
export { joinPieces } from './pieces';
export { splitFields, writeParts } from './record';
export { CODES, hmac256, hmac256Key, LANES } from './sha256';
export { hmac512Key } from './sha512';
export { sipHashInto } from './siphash';
export { finishSlot, startSlot } from './slot';
export { finishTokens, takeTokens } from './tokens';

export const ROOM: usize = __heap_base;
