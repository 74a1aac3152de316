import { chacha20 } from '@noble/ciphers/chacha.js';

const NONCE = new Uint8Array(12);

/**
 * A stream of bytes: ChaCha20 (RFC 8439) under a key that serves this stream alone, from nonce and counter 0.
 * Reused from key to key.
 */
export type Stream = {
  readonly restart: (key: Uint8Array) => void;
  readonly byte: () => number;
  /** The next bytes; valid until `restart`. */
  readonly take: (bytes: number) => Uint8Array;
  readonly erase: () => void;
};

/** @param usual how many bytes are nearly always enough; more are made where they are not. */
export function stream(usual: number): Stream {
  const own = new Uint8Array(32);
  let bytes = new Uint8Array(usual);
  let zeros = new Uint8Array(usual);
  let next = 0;
  const fill = () => chacha20(own, NONCE, zeros, bytes);
  const lengthen = () => {
    bytes = new Uint8Array(bytes.length * 2);
    zeros = new Uint8Array(bytes.length);
    fill();
  };
  return {
    restart: (key) => {
      own.set(key);
      fill();
      next = 0;
    },
    byte: () => {
      if (next >= bytes.length) lengthen();
      const byte = bytes[next] ?? 0;
      next += 1;
      return byte;
    },
    take: (count) => {
      while (next + count > bytes.length) lengthen();
      next += count;
      return bytes.subarray(next - count, next);
    },
    erase: () => {
      own.fill(0);
      bytes.fill(0);
    },
  };
}
