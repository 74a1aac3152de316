import { describe, expect, it } from 'vitest';
import { soundex } from './soundex.js';

describe('soundex', () => {
  /** Examples of the US National Archives; those of two surnames written together are coded as written. */
  it.each([
    ['Washington', 'W252'],
    ['Lee', 'L000'],
    ['Gutierrez', 'G362'],
    ['Pfister', 'P236'],
    ['Jackson', 'J250'],
    ['Tymczak', 'T522'],
    ['VanDeusen', 'V532'],
    ['Deusen', 'D250'],
    ['Ashcraft', 'A261'],
  ])('codes %s as %s', (name, code) => {
    expect(soundex(name.toUpperCase())).toBe(code);
  });

  it('has no code for a name without Latin letters', () => {
    expect(soundex('明')).toBeNull();
    expect(soundex('')).toBeNull();
  });
});
