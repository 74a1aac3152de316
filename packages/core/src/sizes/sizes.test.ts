import { expect, it } from 'vitest';
import { bytesOfSize, lesserSize, SIZE } from './sizes.js';

it.each([
  ['3GB', '400MB', '400MB'],
  ['300MB', '400MB', '300MB'],
  ['1GB', '1001MB', '1GB'],
  ['400MB', '400MB', '400MB'],
])('of %s and %s the lesser size is %s', (one, other, lesser) => {
  expect(lesserSize(one, other)).toBe(lesser);
  expect(lesserSize(other, one)).toBe(lesser);
});

it('has a million bytes to a megabyte', () => {
  expect([bytesOfSize('1MB'), bytesOfSize('2GB')]).toEqual([1_000_000, 2_000_000_000]);
});

it.each(['0MB', '1.5GB', '3 GB', '3gb', '3GiB', '-1MB', '1234567MB', '3'])('is not %s', (text) => {
  expect(SIZE.test(text)).toBe(false);
});
