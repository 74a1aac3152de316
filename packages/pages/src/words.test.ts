import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textOf, withCode } from './markup.js';
import {
  count,
  counted,
  dateInWords,
  daysBetween,
  inSentence,
  inWords,
  listed,
  percentOf,
  shortened,
  visible,
} from './words.js';

describe('percentOf', () => {
  it('says none and all only of none and all', () => {
    fc.assert(
      fc.property(fc.nat({ max: 100_000_000 }), fc.nat({ max: 100_000_000 }), (a, b) => {
        const [part, whole] = [Math.min(a, b), Math.max(a, b, 1)];
        expect(percentOf(part, whole) === '0.0%').toBe(part === 0);
        expect(percentOf(part, whole) === '100.0%').toBe(part === whole);
      }),
    );
  });

  it('says so of a share too near to none or all for one decimal', () => {
    expect(percentOf(1, 2500)).toBe('under 0.1%');
    expect(percentOf(2499, 2500)).toBe('over 99.9%');
    expect(percentOf(1, 1000)).toBe('0.1%');
    expect(percentOf(999, 1000)).toBe('99.9%');
  });

  it('is within half a tenth of the truth', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 998 }), (permille) => {
        expect(percentOf(permille, 1000)).toBe(`${Math.floor(permille / 10)}.${permille % 10}%`);
      }),
    );
  });

  it('has no share of nothing', () => expect(percentOf(0, 0)).toBe('none'));
});

describe('dates', () => {
  it('are spelled out', () => {
    expect(dateInWords('2026-06-16')).toBe('June 16, 2026');
    expect(dateInWords('2024-02-29')).toBe('February 29, 2024');
  });

  it('stay as they are if they are none', () => {
    expect(dateInWords('2026-13-01')).toBe('2026-13-01');
    expect(dateInWords('<b>')).toBe('<b>');
    expect(daysBetween('2026-06-16', 'never')).toBeNull();
  });

  it('are as many days apart as one counts', () => {
    const day = fc.date({ min: new Date('2020-01-01'), max: new Date('2028-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(day, fc.integer({ min: -800, max: 800 }), (start, days) => {
        const end = new Date(start);
        end.setUTCDate(end.getUTCDate() + days);
        const [from, to] = [start, end].map((each) => each.toISOString().slice(0, 10));
        expect(daysBetween(from ?? '', to ?? '')).toBe(days);
      }),
    );
  });
});

describe('names and numbers', () => {
  it('read as people write', () => {
    expect(inWords('grade_band')).toBe('Grade band');
    expect(inWords('race_ethnicity')).toBe('Race and ethnicity');
    expect(inSentence('english_learner')).toBe('English learner');
    expect(inWords('school x grade_band')).toBe('School by grade band');
    expect(inWords('first_last_dob')).toBe('First last birth date');
    expect(inWords('x')).toBe('X');
    expect(inWords('')).toBe('');
    expect(count(1_234_567)).toBe('1,234,567');
    expect(counted(1, 'row', 'rows')).toBe('1 row');
    expect(counted(0, 'row', 'rows')).toBe('0 rows');
    expect(listed(['a', 'b', 'c'])).toBe('a, b and c');
    expect(listed(['a'])).toBe('a');
  });

  it('are cut between characters', () => {
    expect(shortened('😀😀😀', 2)).toBe('😀…');
    expect(shortened('abc', 3)).toBe('abc');
  });
});

describe('visible', () => {
  it('folds space and shows what has no shape', () => {
    expect(visible('a\r\n\tb')).toBe('a b');
    expect(visible('\u202Ea\u0007\u200B\u2028\u00AD')).toBe('\uFFFDa\uFFFD\uFFFD\uFFFD\uFFFD');
  });

  it('leaves names of people and places alone', () => {
    const name = "Zoë O'Brien-Nuñez, 李小龍, Žižek, ประเทศไทย";
    expect(visible(name)).toBe(name);
  });
});

describe('words with commands in them', () => {
  it('set the commands apart, without a space more, and stay text', () => {
    expect(textOf(withCode('Run `throughline <run>`.'))).toBe('Run <code>throughline &lt;run&gt;</code>.');
    expect(textOf(withCode('nothing'))).toBe('nothing');
  });
});
