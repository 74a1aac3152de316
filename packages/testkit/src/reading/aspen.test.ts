import { describe, expect, it } from 'vitest';
import { readAspen } from './aspen.js';

const read = (text: string) => readAspen(Buffer.from(text, 'latin1'));

describe('readAspen', () => {
  it('reads quotes, nulls, escapes and bytes above 127', () => {
    expect(read('"a","b, c",\\N\r\n')).toEqual([['a', 'b, c', null]]);
    expect(read('"say \\"hi\\"","back\\\\"\r\n"\\N",""\r\n')).toEqual([
      ['say "hi"', 'back\\'],
      ['N', ''],
    ]);
    expect(read('"two\\\r\nlines"\r\n')).toEqual([['two\r\nlines']]);
    expect(read('"O\x92Brien","Mu\xf1oz"\r\n')).toEqual([['O\u2019Brien', 'Muñoz']]);
  });

  it('refuses what the dialect does not write', () => {
    for (const text of ['a\r\n', '"a"\n', '"a" ,"b"\r\n', '"a', '"a"', "'a'\r\n", '\\n\r\n']) {
      expect(() => read(text)).toThrow(SyntaxError);
    }
  });
});
