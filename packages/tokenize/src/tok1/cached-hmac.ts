import { clean } from '@noble/hashes/utils.js';
import { blockHash, type HashState, initialState } from './sha256-block.js';

const BLOCK = 64;
const HASH = 32;
/** A message ends with a bit 1 and its length in 8 bytes. */
const LEAST_PADDING = 9;

/** Room that a message leaves behind itself for its padding. */
export const PADDING_ROOM = BLOCK + LEAST_PADDING;

export type CachedHmac = {
  /** Hashes the first `length` bytes of the message buffer; `code` then holds the first bytes of the HMAC. */
  readonly hash: (length: number) => void;
  readonly erase: () => void;
};

type Buffers = { readonly message: Uint8Array; readonly code: Uint8Array };

/**
 * HMAC-SHA-256 (RFC 2104) of many short messages under one key, cut to the length of `code`: the states after the
 * blocks of the key are kept, and a message is padded in its buffer, which needs `PADDING_ROOM` behind it.
 */
export function cachedHmac(key: Uint8Array, { message, code }: Buffers): CachedHmac {
  const { compress, erase } = blockHash();
  const [inner, outer] = [stateAfter(key, 0x36), stateAfter(key, 0x5c)];
  const state = new Int32Array(inner.length);
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const last = new Uint8Array(BLOCK);
  const lastView = new DataView(last.buffer);
  last[HASH] = 0x80;
  lastView.setUint32(BLOCK - 4, (BLOCK + HASH) * 8);
  return {
    hash: (length) => {
      const end = pad(message, view, length);
      compress({ view, at: 0 }, inner, state);
      for (let at = BLOCK; at < end; at += BLOCK) compress({ view, at }, state, state);
      writeWords(state, last);
      compress({ view: lastView, at: 0 }, outer, state);
      writeWords(state, code);
    },
    erase: () => {
      erase();
      clean(inner, outer, state, last, message, code);
    },
  };
}

/** Words in big-endian bytes, as many as there is room for; at most 32 bytes of a state. */
function writeWords(state: HashState, bytes: Uint8Array): void {
  const end = Math.min(bytes.length, HASH);
  for (let at = 0; at < end; at += 1) bytes[at] = (state[at >> 2] ?? 0) >>> (24 - 8 * (at & 3));
}

/** Pads a message that follows the block of the key. @returns where its last block ends. */
function pad(message: Uint8Array, view: DataView, length: number): number {
  const end = Math.ceil((length + LEAST_PADDING) / BLOCK) * BLOCK;
  message[length] = 0x80;
  for (let at = length + 1; at < end - 4; at += 1) message[at] = 0;
  view.setUint32(end - 4, (BLOCK + length) * 8);
  return end;
}

/** The state after the block of a key of at most 64 bytes, with each byte XORed. */
function stateAfter(key: Uint8Array, mask: number): HashState {
  const block = Uint8Array.from({ length: BLOCK }, (_, at) => (key[at] ?? 0) ^ mask);
  const { compress, erase } = blockHash();
  const state = initialState();
  compress({ view: new DataView(block.buffer), at: 0 }, state, state);
  erase();
  clean(block);
  return state;
}
