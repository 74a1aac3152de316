import { kernel } from './kernel.js';

/**
 * HMAC-SHA-256 (RFC 2104) of many short messages under few keys. The states after the blocks of the keys are kept, and
 * four messages are hashed at once.
 */
export type HmacLanes = {
  /** Where messages are written. */
  readonly bytes: Uint8Array;
  /** The offset at which the next message begins. */
  readonly next: () => number;
  /** Takes the message that was written there: its length in bytes, and under which key it is hashed. */
  readonly take: (length: number, key: number) => void;
  /** Hashes what has been taken and not hashed yet. */
  readonly finish: () => void;
  readonly erase: () => void;
};

export type LanesAsked = {
  /** Of 32 bytes each; whoever derived them erases them. */
  readonly keys: readonly Uint8Array[];
  /** The most bytes that a message takes. */
  readonly longest: number;
  /** Bytes that each code is cut to. */
  readonly cut: number;
  /** Is given the code of each message, valid during the call, in the order in which they were taken. */
  readonly made: (code: Uint8Array) => void;
};

const LANES = 4;
const CODE = 32;
const STATES = 64;
/** Behind a message, up to the end of its last block. */
const PADDING_ROOM = 73;

export function hmacLanes({ keys, longest, cut, made }: LanesAsked): HmacLanes {
  const room = longest + PADDING_ROOM;
  const hashing = kernel([CODE, STATES * keys.length, LANES * room]);
  const { bytes, words, lanes, codes, regions, hmac256, erase } = hashing;
  const [key = 0, states = 0, messages = 0] = regions;
  for (const [place, each] of keys.entries()) {
    bytes.set(each, key);
    hashing.hmac256Key(key, states + place * STATES);
  }
  bytes.fill(0, key, key + CODE);
  const code = Array.from({ length: LANES }, (_, lane) =>
    bytes.subarray(codes + lane * CODE, codes + lane * CODE + cut),
  );
  let taken = 0;
  const lane = (length: number, which: number) => {
    const word = lanes / 4 + 3 * taken;
    words[word] = messages + taken * room;
    words[word + 1] = length;
    words[word + 2] = states + which * STATES;
    taken += 1;
  };
  const finish = () => {
    const last = taken;
    // A lane of an empty message costs nothing beside one that is longer.
    while (taken < LANES) lane(0, 0);
    taken = 0;
    hmac256();
    for (let each = 0; each < last; each += 1) made(code[each] ?? bytes);
  };
  return {
    bytes,
    next: () => messages + taken * room,
    take: (length, which) => {
      lane(length, which);
      if (taken === LANES) finish();
    },
    finish: () => {
      if (taken > 0) finish();
    },
    erase,
  };
}
