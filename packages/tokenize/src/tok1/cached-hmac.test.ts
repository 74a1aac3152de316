import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { cachedHmac, PADDING_ROOM } from './cached-hmac.js';

const LONGEST = 300;

describe('cachedHmac', () => {
  it('is the HMAC of the platform for every length around the blocks, longer and shorter in turn', () => {
    const key = Uint8Array.from({ length: 32 }, (_, at) => 7 * at);
    const [message, code] = [new Uint8Array(LONGEST + PADDING_ROOM), new Uint8Array(16)];
    const { hash } = cachedHmac(key, { message, code });
    for (let turn = 0; turn <= LONGEST; turn += 1) {
      const length = turn % 2 === 0 ? turn : LONGEST - turn;
      const text = Uint8Array.from({ length }, (_, at) => turn + 3 * at);
      message.set(text);
      hash(length);
      const expected = createHmac('sha256', key).update(text).digest('hex').slice(0, 32);
      expect(Buffer.from(code).toString('hex'), `length ${length}`).toBe(expected);
    }
  });

  it('leaves nothing of key, message and code when erased', () => {
    const [message, code] = [new Uint8Array(100 + PADDING_ROOM).fill(5), new Uint8Array(16)];
    const { hash, erase } = cachedHmac(new Uint8Array(32).fill(9), { message, code });
    hash(100);
    erase();
    expect([...message, ...code].every((byte) => byte === 0)).toBe(true);
  });
});
