import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatNote, parseNote } from './note.js';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const line = '— example.com/log AAAAAQI=\n';

describe('a signed note', () => {
  it('is a text, an empty line and signature lines', () => {
    expect(parseNote(bytesOf(`one\n\ntwo\n\n${line}— b AAAAAgM=\n`))).toEqual({
      text: 'one\n\ntwo\n',
      signatures: [
        { name: 'example.com/log', keyId: '00000001', bytes: Uint8Array.of(2) },
        { name: 'b', keyId: '00000002', bytes: Uint8Array.of(3) },
      ],
    });
  });

  it('reads back what it writes', () => {
    const texts = fc.stringMatching(/^[a-zé ]{0,10}(?:\n[a-zé ]{0,10}){0,4}$/u).map((text) => `${text}\n`);
    const signatures = fc.array(
      fc.record({
        name: fc.stringMatching(/^[a-zà-ö./]{1,12}$/u),
        keyId: fc.stringMatching(/^[0-9a-f]{8}$/),
        bytes: fc.uint8Array({ minLength: 1, maxLength: 80 }),
      }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(texts, signatures, (text, signed) => {
        const note = { text, signatures: signed };
        expect(parseNote(bytesOf(formatNote(note)))).toEqual(note);
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['no signature', 'text\n\n'],
    ['no empty line', `text\n${line}`],
    ['no newline at the end', `text\n\n${line.trimEnd()}`],
    ['a carriage return', `text\r\n\n${line}`],
    ['a tab', `te\txt\n\n${line}`],
    ['a hyphen for the dash', 'text\n\n- example.com/log AAAAAQI=\n'],
    ['a line that is no signature', `text\n\n${line}more\n`],
    ['two spaces', 'text\n\n— example.com/log  AAAAAQI=\n'],
    ['a plus in a name', 'text\n\n— example+log AAAAAQI=\n'],
    ['a wide space in a name', 'text\n\n— example\u3000log AAAAAQI=\n'],
    ['no signature behind the key id', 'text\n\n— example.com/log AAAAAQ==\n'],
    ['Base64 in another form', 'text\n\n— example.com/log AAAAAQJ=\n'],
    ['more than 100 signatures', `text\n\n${line.repeat(101)}`],
    ['more than a mebibyte', `${'a'.repeat(1 << 20)}\n\n${line}`],
  ])('with %s is none', (_, note) => {
    expect(parseNote(bytesOf(note))).toBeUndefined();
  });

  it('takes 100 signatures, and keeps a byte order mark as part of the text', () => {
    expect(parseNote(bytesOf(`\ufefftext\n\n${line.repeat(100)}`))).toMatchObject({
      text: '\ufefftext\n',
      signatures: { length: 100 },
    });
  });

  it('is UTF-8', () => {
    const note = bytesOf(`text\n\n${line}`);
    expect(parseNote(Uint8Array.from([0xff, ...note]))).toBeUndefined();
    expect(parseNote(Uint8Array.from([0xc0, 0x80, ...note]))).toBeUndefined();
  });

  it('is not written without newline or signature', () => {
    const signature = { name: 'a', keyId: '00000001', bytes: Uint8Array.of(2) };
    expect(() => formatNote({ text: 'text', signatures: [signature] })).toThrow(RangeError);
    expect(() => formatNote({ text: 'text\n', signatures: [] })).toThrow(RangeError);
  });
});
