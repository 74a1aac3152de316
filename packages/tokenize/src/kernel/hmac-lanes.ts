import { kernel } from './kernel.js';

/**
 * HMAC-SHA-256 (RFC 2104) of many short messages under few keys. The states after the blocks of the keys are kept, and
 * four messages are hashed at once.
 */
export type HmacLanes = {
  /** Where what messages are made of is written. */
  readonly room: { readonly bytes: Uint8Array; readonly at: number };
  /** Puts the bytes from an offset to another at the end of the message in the making. */
  readonly piece: (from: number, until: number) => void;
  /** Takes that message; its pieces may then be overwritten. @param key the place of the key. */
  readonly take: (key: number) => void;
  /** Hashes what has been taken and not hashed yet. */
  readonly finish: () => void;
  readonly erase: () => void;
};

export type LanesAsked = {
  /** Of 32 bytes each; whoever derived them erases them. */
  readonly keys: readonly Uint8Array[];
  /** Bytes of the room that is wanted. */
  readonly room: number;
  /** The most pieces that a message is made of, and the most bytes. */
  readonly pieces: number;
  readonly longest: number;
  /** Bytes that each code is cut to. */
  readonly cut: number;
  /** Is given the code of each message, valid during the call, in the order in which they were taken. */
  readonly made: (code: Uint8Array) => void;
};

const LANES = 4;
const CODE = 32;
const STATES = 64;
const PIECE = 8;
/** Behind a message, up to the end of its last block. */
const PADDING_ROOM = 73;

export function hmacLanes({ keys, room, pieces, longest, cut, made }: LanesAsked): HmacLanes {
  const lane = longest + PADDING_ROOM;
  const memory = kernel([CODE, STATES * keys.length, room, PIECE * pieces, LANES * lane]);
  const { bytes, words, lanes, codes, joinPieces, hmac256, erase } = memory;
  const [key = 0, states = 0, at = 0, list = 0, messages = 0] = memory.regions;
  for (const [place, each] of keys.entries()) {
    bytes.set(each, key);
    memory.hmac256Key(key, states + place * STATES);
  }
  bytes.fill(0, key, key + CODE);
  const code = Array.from({ length: LANES }, (_, index) =>
    bytes.subarray(codes + index * CODE, codes + index * CODE + cut),
  );
  let [listed, taken] = [0, 0];
  const take = (which: number) => {
    const message = messages + taken * lane;
    const word = lanes / 4 + 3 * taken;
    words[word] = message;
    words[word + 1] = joinPieces(list, listed, message);
    words[word + 2] = states + which * STATES;
    listed = 0;
    taken += 1;
  };
  const finish = () => {
    const last = taken;
    // A lane of an empty message costs nothing beside one that is longer.
    while (taken < LANES) take(0);
    taken = 0;
    hmac256();
    for (let each = 0; each < last; each += 1) made(code[each] ?? bytes);
  };
  return {
    room: { bytes, at },
    piece: (from, until) => {
      const word = list / 4 + 2 * listed;
      words[word] = from;
      words[word + 1] = until - from;
      listed += 1;
    },
    take: (which) => {
      take(which);
      if (taken === LANES) finish();
    },
    finish: () => {
      if (taken > 0) finish();
    },
    erase,
  };
}
