import { describe, expect, it } from 'vitest';
import { looksLikeSomebody, requirePageWithoutIdentifier, suspectLines } from './identifiers.js';

describe('a text in a row of a release', () => {
  it.each([
    'zz@example.org',
    '617-555-0123',
    '(617) 555 0123',
    '1899-12-31',
    '123456789',
    'Mr. Zzqcanary',
    'sra Zzqcanary',
    'Moved in with an aunt. Call first',
    'seen twice; refused',
    'line one\nline two',
    'one two three four five six seven eight nine',
    'x'.repeat(81),
    'Is that so?',
  ])('is refused where it names somebody or is free text: %j', (text) => {
    expect(looksLikeSomebody(text)).toBe(true);
  });

  it.each([
    'Total',
    '0010',
    'grade_band',
    'PK-K',
    '1-5',
    'St. Mary School',
    'Dr Martin Luther King Jr School',
    'Native Hawaiian or other Pacific Islander',
    'J. F. Kennedy Elementary',
    '30 days or more',
    'Español',
    '=A1',
  ])('is let through as the name of a group: %j', (text) => {
    expect(looksLikeSomebody(text)).toBe(false);
  });
});

describe('a page of a release', () => {
  const hash = 'a3f5'.repeat(16);

  it('may have hashes, days and numbers', () => {
    const page = `as of 2026-06-16\nsha256 ${hash}\n1,234 children of 2025-2026\n10.1016/j.x.2024.01.001\n34 CFR 99.31(b)(1)`;
    expect(suspectLines(page)).toBe(0);
    expect(() => requirePageWithoutIdentifier('README.md', page)).not.toThrow();
  });

  it.each([
    'write to zz@example.org',
    'ssn 123-45-6789',
    'call (617) 555-0123',
    'call 617-555-0123.',
  ])('may not have what reaches a person: %s', (line) => {
    expect(() => requirePageWithoutIdentifier('README.md', `fine\n${line}\n`)).toThrow(
      /RELEASE_IDENTIFIER.*lines=1/,
    );
  });
});
