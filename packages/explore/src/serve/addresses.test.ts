import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressOf, serverLinks } from './addresses.js';

describe('the address of a name', () => {
  it('stays on this server and leads back to the name, whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (name) => {
        const href = serverLinks({ kind: 'measure', measure: name }) ?? '';
        const address = new URL(href, 'http://127.0.0.1:1/table/x');
        expect(address.host).toBe('127.0.0.1:1');
        // Dots alone are taken out of a path by every browser; no measure is called so.
        if (!/^\.{1,2}$/.test(name)) expect(addressOf(href)).toMatchObject({ room: 'measure', name });
      }),
    );
  });

  it.each([
    '/%',
    '/measure/%ff',
    '/a/b/c/d',
    'http://[',
    '/file/..%2f..%2fetc/passwd/x/y',
  ])('%s is none of ours', (requested) => {
    expect(addressOf(requested)).toBeUndefined();
  });
});
