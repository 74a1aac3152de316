import { describe, expect, it } from 'vitest';
import { withoutTimes } from './zip-times.js';

describe('withoutTimes', () => {
  it('refuses what is no archive', () => {
    expect(() => withoutTimes(Buffer.alloc(0))).toThrow(RangeError);
    expect(() => withoutTimes(Buffer.alloc(100))).toThrow(RangeError);
  });
});
