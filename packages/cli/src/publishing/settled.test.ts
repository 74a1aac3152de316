import { describe, expect, it } from 'vitest';
import { requireSettled } from './settled.js';

describe('a release', () => {
  const asked = (settlingDays: number, day: string) => () =>
    requireSettled({ settlingDays }, { last: '2026-02-15', day });

  it('is not published before the last days have settled', () => {
    expect(asked(14, '2026-02-28')).toThrow(/RELEASE_NOT_SETTLED.*2026-03-01/);
    expect(asked(14, '2026-03-01')).not.toThrow();
    expect(asked(0, '2026-02-15')).not.toThrow();
  });
});
