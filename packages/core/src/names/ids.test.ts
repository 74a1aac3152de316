import { describe, expect, it } from 'vitest';
import { fileNameForm } from './file-name.js';
import { uuidForm } from './ids.js';

describe('uuidForm', () => {
  it('puts hyphens after 8, 12, 16 and 20 digits', () => {
    expect(uuidForm('0123456789abcdef0123456789abcdef')).toBe('01234567-89ab-cdef-0123-456789abcdef');
  });

  it.each([
    '',
    'Zzqcanary',
    '0123456789ABCDEF0123456789ABCDEF',
    '0'.repeat(31),
    '0'.repeat(33),
    `${'0'.repeat(32)}\n`,
  ])('refuses what is not 32 lower-case digits and does not repeat it', (hex) => {
    expect(() => uuidForm(hex)).toThrow(
      new RangeError('uuidForm: 32 lower-case hexadecimal digits expected'),
    );
  });
});

describe('fileNameForm', () => {
  it.each(['a', 'cells.csv', 'people.parquet', 'link-city', 'A.b_c-9'])('takes %s', (name) => {
    expect(name).toMatch(fileNameForm);
  });

  it.each([
    '',
    '.',
    '..',
    '../a',
    'a/b',
    'a\\b',
    '/a',
    '.hidden',
    'a.',
    '-rf',
    'a b',
    'a\n',
    'C:a',
    'é',
    'a\0',
    'x'.repeat(101),
  ])('refuses %j', (name) => {
    expect(name).not.toMatch(fileNameForm);
  });
});
