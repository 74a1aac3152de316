import { blake2b } from '@noble/hashes/blake2.js';
import { hmac } from '@noble/hashes/hmac.js';
import { md5, sha1 } from '@noble/hashes/legacy.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Clk3Hashed } from './schema.js';

/** Sets so many (possibly equal) positions of a token in a filter of one byte a bit. */
export type SetPositions = (token: string, count: number, filter: Uint8Array) => void;

type Hash = Clk3Hashed['hashing']['hash'];
type Encoding = 'ascii' | 'utf-8' | 'utf-16' | 'utf-32';
export type FeatureKeys = { readonly first: Uint8Array; readonly second: Uint8Array };

/** Tokens recur (bigrams, digits): the positions of the latest 65,536 are kept. */
const MOST_REMEMBERED = 65_536;

export function positionSetter(hash: Hash, keys: FeatureKeys, encoding: Encoding): SetPositions {
  return hash.type === 'blakeHash'
    ? blakePositions(keys.first, encoding)
    : doublePositions(keys, { encoding, singular: !hash.prevent_singularity });
}

/** 32 little-endian 16-bit words of a keyed BLAKE2b for every 32 positions, the block's number as its salt. */
function blakePositions(key: Uint8Array, encoding: Encoding): SetPositions {
  const blocks = remember((): Uint16Array[] => []);
  const block = (token: string, number: number): Uint16Array => {
    const salt = new Uint8Array(16);
    salt.set(utf8ToBytes(String(number)));
    const code = blake2b(encoded(token, encoding), { key, salt });
    return Uint16Array.from({ length: 32 }, (_, at) => (code[2 * at] ?? 0) | ((code[2 * at + 1] ?? 0) << 8));
  };
  return (token, count, filter) => {
    const made = blocks(token);
    while (made.length * 32 < count) made.push(block(token, made.length));
    for (let at = 0; at < count; at += 1) filter[(made[at >>> 5]?.[at & 31] ?? 0) % filter.length] = 1;
  };
}

/** Schnell, Bachteler and Reiher 2011: h1 + i h2 with HMAC-SHA-1 and HMAC-MD5 as big-endian integers. */
function doublePositions(
  { first, second }: FeatureKeys,
  { encoding, singular }: { encoding: Encoding; singular: boolean },
): SetPositions {
  const digests = remember((token: string) => {
    const bytes = encoded(token, encoding);
    return { bytes, one: hmac(sha1, first, bytes), other: hmac(md5, second, bytes) };
  });
  return (token, count, filter) => {
    const { bytes, one, other } = digests(token);
    const start = remainder(one, filter.length);
    let step = remainder(other, filter.length);
    for (let again = 0; step === 0 && !singular; again += 1) {
      const longer = concatBytes(bytes, utf8ToBytes(String.fromCodePoint(again)));
      step = remainder(hmac(md5, second, longer), filter.length);
    }
    for (let at = 0; at < count; at += 1) filter[(start + at * step) % filter.length] = 1;
  };
}

const remainder = (digest: Uint8Array, length: number): number =>
  digest.reduce((rest, byte) => (rest * 256 + byte) % length, 0);

function remember<Value>(make: (token: string) => Value): (token: string) => Value {
  const known = new Map<string, Value>();
  return (token) => {
    const found = known.get(token);
    if (found !== undefined) return found;
    if (known.size >= MOST_REMEMBERED) known.clear();
    const made = make(token);
    known.set(token, made);
    return made;
  };
}

/** As Python encodes: utf-16 and utf-32 with a byte order mark, little-endian. */
function encoded(token: string, encoding: Encoding): Uint8Array {
  if (encoding === 'utf-8' || encoding === 'ascii') return utf8ToBytes(token);
  const width = encoding === 'utf-16' ? 2 : 4;
  const units =
    encoding === 'utf-16'
      ? Array.from({ length: token.length }, (_, at) => token.charCodeAt(at))
      : [...token].map((letter) => letter.codePointAt(0) ?? 0);
  return Uint8Array.from(
    [0xfeff, ...units].flatMap((unit) => Array.from({ length: width }, (_, at) => (unit >>> (8 * at)) & 255)),
  );
}
