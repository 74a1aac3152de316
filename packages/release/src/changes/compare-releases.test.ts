import { describe, expect, it } from 'vitest';
import { compareReleases, type FrozenCell, type FrozenRelease } from './compare-releases.js';

const cell = (over: Partial<FrozenCell> = {}): FrozenCell => ({
  measure: 'm_a',
  table: 'm_a.total',
  level1: null,
  level2: null,
  published: true,
  yes: 40,
  ratePercent: '40',
  ...over,
});
const release = (
  cells: readonly FrozenCell[],
  version = 1,
  { population = 'p', sources = ['district absences'] }: { population?: string; sources?: string[] } = {},
): FrozenRelease => ({ cells, definitions: [{ name: 'm_a', version, population, sources }] });
const only = (later: FrozenRelease, earlier: FrozenRelease) => compareReleases(later, earlier)[0];

describe('the change between two frozen releases', () => {
  it('is a number where both mean the same and both are printed', () => {
    const change = only(release([cell({ yes: 55, ratePercent: '52.5' })]), release([cell()]));
    expect(change).toMatchObject({ points: 12.5, children: 15, reason: null, earlier: '40', later: '52.5' });
  });

  it.each([
    ['definition changed', release([cell()], 2), release([cell()])],
    ['definition changed', release([cell()], 1, { population: 'others' }), release([cell()])],
    ['source changed', release([cell()], 1, { sources: ['charter absences'] }), release([cell()])],
    ['suppressed', release([cell({ published: false, yes: null })]), release([cell()])],
    ['suppressed', release([cell()]), release([cell({ published: false, ratePercent: null })])],
    ['rounded', release([cell({ ratePercent: '<1' })]), release([cell()])],
    ['source missing', release([]), release([cell()])],
    ['new in the later release', release([cell()]), release([])],
  ])('is the reason %s where it is none', (reason, later, earlier) => {
    expect(only(later, earlier)).toMatchObject({ reason, points: null, children: null });
  });

  it('tells a changed definition before a suppressed cell, since then nothing may be compared', () => {
    const later = release([cell({ published: false })], 2);
    expect(only(later, release([cell()]))?.reason).toBe('definition changed');
  });

  it('lists every cell of both once', () => {
    const schools = ['1', '2'].map((level1) => cell({ table: 'm_a.school', level1 }));
    expect(compareReleases(release(schools), release([cell(), ...schools.slice(1)]))).toHaveLength(3);
  });
});
