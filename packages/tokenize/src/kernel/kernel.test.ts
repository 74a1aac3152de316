import { createHmac, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Kernel, kernel } from './kernel.js';

const KEY_STATES = 64;
const MESSAGE_ROOM = 512;
const [STATES, MESSAGES] = [1, 2];
const four = [0, 1, 2, 3];

/** A kernel with the keys of four lanes. */
function withKeys(keys: readonly Uint8Array[]): Kernel {
  const made = kernel([32, 4 * KEY_STATES, 4 * MESSAGE_ROOM]);
  const [key = 0, states = 0] = made.regions;
  for (const [lane, bytes] of keys.entries()) {
    made.bytes.set(bytes, key);
    made.hmac256Key(key, states + lane * KEY_STATES);
  }
  return made;
}

describe('kernel', () => {
  it('gives four lanes the HMAC of the platform, whatever the lengths of their messages', () => {
    const keys = four.map((lane) => Uint8Array.from({ length: 32 }, (_, at) => 7 * at + lane));
    const { bytes, words, regions, lanes, codes, hmac256 } = withKeys(keys);
    for (let turn = 0; turn <= 300; turn += 1) {
      const texts = four.map((lane) =>
        Uint8Array.from({ length: (turn * (lane + 1)) % 301 }, (_, at) => turn + 3 * at + lane),
      );
      for (const [lane, text] of texts.entries()) {
        const message = (regions[MESSAGES] ?? 0) + lane * MESSAGE_ROOM;
        bytes.set(text, message);
        words.set([message, text.length, (regions[STATES] ?? 0) + lane * KEY_STATES], lanes / 4 + 3 * lane);
      }
      hmac256();
      expect(
        four.map((lane) => hex(bytes, codes + 32 * lane)),
        `turn ${turn}`,
      ).toEqual(
        texts.map((text, lane) =>
          createHmac('sha256', keys[lane] ?? '')
            .update(text)
            .digest('hex'),
        ),
      );
    }
  });

  // Published with the reference implementation (vectors_sip64); 15 bytes are the example of the paper, appendix A.
  it.each([
    [0, '310e0edd47db6f72'],
    [1, 'fd67dc93c539f874'],
    [2, '5a4fa9d909806c0d'],
    [3, '2d7efbd796666785'],
    [4, 'b7877127e09427cf'],
    [5, '8da699cd64557618'],
    [6, 'cee3fe586e46c9cb'],
    [7, '37d1018bf50002ab'],
    [8, '6224939a79f5f593'],
    [15, 'e545be4961ca29a1'],
  ])('gives the published SipHash of %i bytes', (length, code) => {
    const { bytes, regions, sipHashInto } = kernel([16, 16, 8]);
    const [key = 0, message = 0, into = 0] = regions;
    for (let at = 0; at < 16; at += 1) bytes[key + at] = at;
    // What stands behind a message is none of it.
    for (let at = 0; at < 16; at += 1) bytes[message + at] = at < length ? at : 0xff;
    sipHashInto(key, message, length, into);
    expect(hex(bytes, into, 8)).toBe(code);
  });

  it('has no memory in common with another, and forgets all of it', () => {
    const [one, other] = [withKeys([randomBytes(32)]), withKeys([])];
    const start = one.regions[STATES] ?? 0;
    expect(one.bytes.subarray(start, start + KEY_STATES).some((byte) => byte !== 0)).toBe(true);
    expect(other.bytes.subarray(start, start + KEY_STATES).every((byte) => byte === 0)).toBe(true);
    one.erase();
    expect(one.bytes.every((byte) => byte === 0)).toBe(true);
  });
});

const hex = (bytes: Uint8Array, at: number, length = 32): string =>
  Buffer.from(bytes.subarray(at, at + length)).toString('hex');
