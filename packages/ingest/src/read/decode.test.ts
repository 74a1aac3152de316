import { describe, expect, it } from 'vitest';
import { bytesOf, extractOf } from '../sample/extract.fixture.js';
import { decodedText, type Encoding } from './decode.js';

async function decoded(bytes: Uint8Array, encoding: Encoding, pieces?: number) {
  let text = '';
  let stripped = 0;
  for await (const piece of decodedText(extractOf(bytes, pieces === undefined ? {} : { pieces }), encoding)) {
    text += piece.text;
    stripped += piece.stripped;
  }
  return { text, stripped };
}

const utf16 = (text: string) => Uint8Array.from(Buffer.from(text, 'utf16le'));

describe('decodedText', () => {
  it('takes a byte-order mark of the declared encoding off', async () => {
    expect((await decoded(bytesOf(0xef, 0xbb, 0xbf, 'id'), 'utf-8')).text).toBe('id');
    expect((await decoded(bytesOf(0xff, 0xfe, 'i', 0, 'd', 0), 'utf-16le')).text).toBe('id');
  });

  it.each([1, 2, 3, 7])('reads characters that are cut between pieces of %i bytes', async (pieces) => {
    const text = 'José ☺ 😀,Núñez\n';
    expect((await decoded(new TextEncoder().encode(text), 'utf-8', pieces)).text).toBe(text);
    expect((await decoded(utf16(text), 'utf-16le', pieces)).text).toBe(text);
  });

  it('reads the bytes that Windows puts where Latin-1 has none', async () => {
    expect((await decoded(bytesOf('O', 0x92, 'Brien ', 0xe9), 'windows-1252')).text).toBe('O’Brien é');
  });

  it('strips control characters but tab and line breaks, and counts them', async () => {
    const bytes = bytesOf('a', 0, 'b\tc\r\n', 0x1b, '[31m', 0x7f);
    expect(await decoded(bytes, 'utf-8')).toEqual({ text: 'ab\tc\r\n[31m', stripped: 3 });
  });

  it.each([
    [
      'a mark of another encoding',
      'windows-1252',
      bytesOf(0xef, 0xbb, 0xbf, 'id'),
      { byte_order_mark: 'utf-8' },
    ],
    ['a mark of another width', 'utf-8', bytesOf(0xff, 0xfe, 'i', 0), { byte_order_mark: 'utf-16le' }],
    ['Latin-1 in UTF-8, with the line', 'utf-8', bytesOf('id\nok\nJos', 0xe9, '\n'), { near_line: 3 }],
    ['UTF-8 cut short', 'utf-8', bytesOf('id\nJos', 0xc3), { near_line: 1 }],
    ['bytes that Windows-1252 has not', 'windows-1252', bytesOf('id', 0x81, 0x9d, 0x80), { near_line: 1 }],
    ['bytes that Latin-1 has not', 'iso-8859-1', bytesOf('O\n', 0x92, 'Brien', 0xe9), { near_line: 2 }],
    ['half a surrogate pair', 'utf-16le', bytesOf('a', 0, 0x3d, 0xd8, 'b', 0), {}],
  ] as const)('refuses %s', async (_, encoding, bytes, details) => {
    const reading = decoded(bytes, encoding);
    await expect(reading).rejects.toMatchObject({
      code: 'ENCODING_BROKEN',
      details: { declared: encoding, ...details },
    });
  });
});
