import { joinBytes } from '../../proofs/bytes.js';

/**
 * Reads SSH's wire encoding (RFC 4251, section 5) field by field. A field that is not there reads as empty;
 * `ended` then stays false, so that a decoder reads like the format and asks once, at the end.
 */
export type WireReader = {
  readonly bytes: (length: number) => Uint8Array;
  readonly byte: () => number;
  readonly uint32: () => number;
  readonly string: () => Uint8Array;
  /** A string of printable ASCII. */
  readonly text: () => string;
  /** A positive integer, big-endian without leading zeros; other forms of it are refused. */
  readonly mpint: () => Uint8Array;
  /** What is left. */
  readonly rest: () => Uint8Array;
  /** Whether every field was there and well-formed, and nothing is left. */
  readonly ended: () => boolean;
};

export function readWire(source: Uint8Array): WireReader {
  let offset = 0;
  let isGood = true;
  const accept = <Value>(value: Value, fits: boolean): Value => {
    isGood &&= fits;
    return value;
  };
  const bytes = (length: number): Uint8Array => {
    const fits = length <= source.length - offset;
    const begin = offset;
    offset = fits ? offset + length : source.length;
    return accept(source.slice(begin, fits ? offset : begin), fits);
  };
  const uint32 = (): number => bytes(4).reduce((sum, byte) => sum * 256 + byte, 0);
  const string = (): Uint8Array => bytes(uint32());
  return {
    bytes,
    byte: () => bytes(1)[0] ?? 0,
    uint32,
    string,
    text: () => {
      const field = string();
      return accept(String.fromCharCode(...field.subarray(0, LONGEST_TEXT)), isPrintable(field));
    },
    mpint: () => {
      const field = string();
      return accept(field[0] === 0 ? field.subarray(1) : field, isPositive(field));
    },
    rest: () => bytes(source.length - offset),
    ended: () => isGood && offset === source.length,
  };
}

const LONGEST_TEXT = 1024;

const isPrintable = (field: Uint8Array): boolean =>
  field.length <= LONGEST_TEXT && field.every((byte) => byte >= 0x20 && byte < 0x7f);

/** Above zero, and with a leading zero byte exactly where the sign would otherwise be misread. */
function isPositive([first = 0, second = 0]: Uint8Array): boolean {
  return first === 0 ? second >= 0x80 : first < 0x80;
}

/** An unsigned 32-bit integer. */
export const wireUint32 = (value: number): Uint8Array =>
  Uint8Array.of(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);

/** A string: its length, then its bytes; of a text its UTF-8. */
export function wireString(value: Uint8Array | string): Uint8Array {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  return joinBytes([wireUint32(bytes.length), bytes]);
}
