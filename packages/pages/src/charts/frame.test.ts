import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textOf } from '../markup.js';
import { type Segment, segments } from './frame.js';

type Drawn = { readonly kind: string; readonly start: number; readonly width: number };

const drawn = (parts: readonly Segment[]): readonly Drawn[] =>
  segments(parts).map((bar) => {
    const text = textOf(bar);
    const [, kind = ''] = /class="([^"]*)"/.exec(text) ?? [];
    const [, start = ''] = / x="([\d.]+)%"/.exec(text) ?? [];
    const [, width = ''] = / width="([\d.]+)%"/.exec(text) ?? [];
    return { kind, start: Number(start), width: Number(width) };
  });

const shares = fc
  .tuple(fc.nat({ max: 1_000_000 }), fc.nat({ max: 50 }), fc.nat({ max: 50 }))
  .filter((counts) => counts.some((count) => count > 0))
  .map((counts) => counts.map((count, at) => ({ kind: `k${at}`, count })))
  .map((parts) => {
    const whole = parts.reduce((sum, { count }) => sum + count, 0);
    return parts.map(({ kind, count }) => ({ kind, share: count / whole }));
  });

describe('segments', () => {
  it('draws every part that is not empty, wide enough to see, and none that is', () => {
    fc.assert(
      fc.property(shares, (parts) => {
        const bars = drawn(parts);
        expect(bars.map(({ kind }) => kind)).toEqual(
          parts.filter(({ share }) => share > 0).map(({ kind }) => kind),
        );
        for (const { width } of bars) expect(width).toBeGreaterThanOrEqual(1.2);
      }),
    );
  });

  it('lays parts end to end and stays on the track', () => {
    fc.assert(
      fc.property(shares, (parts) => {
        const bars = drawn(parts);
        for (const [at, { start, width }] of bars.entries()) {
          const end = start + width;
          expect(Math.abs(end - (bars[at + 1]?.start ?? 100))).toBeLessThan(0.05);
        }
      }),
    );
  });

  it('keeps true shares where nothing needs widening', () => {
    expect(
      drawn([
        { kind: 'a', share: 0.75 },
        { kind: 'b', share: 0.25 },
      ]),
    ).toEqual([
      { kind: 'a', start: 0, width: 75 },
      { kind: 'b', start: 75, width: 25 },
    ]);
  });
});
