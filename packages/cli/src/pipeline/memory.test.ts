import { expect, it } from 'vitest';
import { lesserMemory } from './memory.js';

it.each([
  ['3GB', '400MB', '400MB'],
  ['300MB', '400MB', '300MB'],
  ['1GB', '1001MB', '1GB'],
  ['400MB', '400MB', '400MB'],
])('of %s and %s the lesser limit is %s', (one, other, lesser) => {
  expect(lesserMemory(one, other)).toBe(lesser);
  expect(lesserMemory(other, one)).toBe(lesser);
});
