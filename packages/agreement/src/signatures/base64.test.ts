import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromBase64, toBase64 } from './base64.js';

it('reads back what it writes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(fromBase64(toBase64(bytes))).toEqual(bytes);
    }),
  );
});

it('writes the bytes of a view, not of the buffer behind it', () => {
  expect(toBase64(Uint8Array.of(9, 1, 2, 9).subarray(1, 3))).toBe('AQI=');
});

it.each([
  'AQI',
  'AQJ=',
  'AQI=\n',
  ' AQI=',
  'AQI==',
  'AQ I=',
  '_-8=',
  'AQI=AQI=',
  'A',
  '====',
  'AQI=é',
])('refuses %j, which is not how its bytes are written', (text) => {
  expect(fromBase64(text)).toBeUndefined();
});
