import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeName } from './safe-name.js';

describe('safeName', () => {
  it.each([
    ['an escape sequence of a terminal', '\u001b[2Jgone', '?[2Jgone'],
    ['a line that forges another', 'a\nERROR', 'a?ERROR'],
    ['a carriage return, tab and NUL', 'a\r\t\0b', 'a???b'],
    ['C1 control characters', 'a\u009b1mb', 'a?1mb'],
    ['markup', '<script src="x">', '?script src=?x??'],
    ['quotes of three kinds', `'a\`b"`, '?a?b?'],
    ['bidirectional overrides and isolates', 'a\u202etxt\u2066b', 'a?txt?b'],
    ['zero-width characters', 'ad\u200bmin\ufeff', 'ad?min?'],
    ['letters that show nothing', 'a\u3164b\u115fc\uffa0', 'a?b?c?'],
    ['line and paragraph separators', 'a\u2028b\u2029c', 'a?b?c'],
    ['a lone surrogate', 'a\ud800b', 'a?b'],
    ['tag characters', 'a\u{e0041}b', 'a?b'],
  ])('makes %s harmless', (_, hostile, harmless) => {
    expect(safeName(hostile)).toBe(harmless);
  });

  it.each([
    'date_of_birth',
    'Été 学年 Ñandú',
    'agreements/dsa-1.yaml:3:12',
    'M / 9 (#1) [a] {b} 50% a&b $x-y',
  ])('leaves %s as it is', (name) => {
    expect(safeName(name)).toBe(name);
  });

  it('cuts to 80 characters, between characters', () => {
    expect(safeName('a'.repeat(80))).toBe('a'.repeat(80));
    expect(safeName('a'.repeat(81))).toBe(`${'a'.repeat(79)}…`);
    expect([...safeName('𝒜'.repeat(200))]).toEqual([...'𝒜'.repeat(79), '…']);
  });

  it('never lets through a control, a format mark, markup or more than 80 characters; twice is once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 120 }), (hostile) => {
        const name = safeName(hostile);
        expect(name).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}<>"'`]/u);
        expect([...name].length).toBeLessThanOrEqual(80);
        expect(safeName(name)).toBe(name);
      }),
      { numRuns: 300 },
    );
  });
});
