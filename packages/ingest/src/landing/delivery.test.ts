import { sha256Of } from '@throughline/engine';
import { describe, expect, it } from 'vitest';
import { sampleManifest } from '../sample/manifest.fixture.js';
import { deliveryReasons } from './delivery.js';

const sha256 = sha256Of('sessions');
const landed = { sha256, bytes: 900, modifiedAt: Date.parse('2026-03-02T23:00:00Z'), endsWithBreak: true };
const last = { sha256, first_seen: '2026-03-02', ends_with_break: true };

const reasons = (over: Partial<Parameters<typeof deliveryReasons>[0]> = {}) =>
  deliveryReasons({ manifest: sampleManifest(), landed, last, today: '2026-03-03', years: [], ...over }).map(
    ({ reason }) => reason,
  );

describe('a delivery', () => {
  it('of the same bytes is borne for a week of term where rows come daily', () => {
    expect(reasons({ today: '2026-03-09' })).toEqual([]);
    expect(reasons({ today: '2026-03-10' })).toEqual(['unchanged']);
    expect(reasons({ today: '2026-03-10', last: { ...last, sha256: sha256Of('other') } })).toEqual([]);
    expect(reasons({ today: '2026-03-10', last: undefined })).toEqual([]);
    expect(reasons({ today: '2026-07-20' })).toEqual([]);
    const years = [
      { first_day: '2025-09-01', last_day: '2026-06-20', breaks: [{ from: '2026-03-04', to: '2026-03-12' }] },
    ];
    expect(reasons({ today: '2026-03-13', years })).toEqual([]);
  });

  it('of the same bytes is borne as long as the manifest says', () => {
    const manifest = sampleManifest({ delivery: { every_days: 1 } });
    expect(reasons({ manifest, today: '2026-03-03' })).toEqual([]);
    expect(reasons({ manifest, today: '2026-03-04' })).toEqual(['unchanged']);
  });

  it('that was written too long ago is held in term, where the manifest says so', () => {
    const manifest = sampleManifest({ delivery: { oldest_days: 3 } });
    const other = { ...last, sha256: sha256Of('other') };
    expect(reasons({ manifest, last: other, today: '2026-03-05' })).toEqual([]);
    expect(reasons({ manifest, last: other, today: '2026-03-06' })).toEqual(['old']);
    expect(reasons({ manifest, last: other, today: '2026-07-06' })).toEqual([]);
    expect(reasons({ last: other, today: '2026-03-26' })).toEqual([]);
  });

  it('whose last line has no end is held if that of the last one had', () => {
    expect(reasons({ landed: { ...landed, endsWithBreak: false } })).toEqual(['truncated']);
    expect(
      reasons({ landed: { ...landed, endsWithBreak: false }, last: { ...last, ends_with_break: false } }),
    ).toEqual([]);
  });
});
