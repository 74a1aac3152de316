import { textOf } from '@throughline/pages';
import { describe, expect, it } from 'vitest';
import { chancesChart } from './charts.js';

describe('the chart of m and u', () => {
  it('draws chances close to none and to all as lengths, not as the words beside them', () => {
    const chances = [0, 0.000_1, 0.5, 0.999_9, 1];
    const model = chances.map((u, place) => ({
      position: 0,
      comparison: 'first',
      place,
      level: `level ${place}`,
      m: 1 - u,
      u,
      weight: 0,
    }));
    const lengths = [...textOf(chancesChart(model)).matchAll(/ (?:x|width|height)="([^"]*)"/g)];
    expect(lengths.length).toBeGreaterThan(20);
    expect(
      lengths.map(([, length]) => length).filter((length) => !/^\d+(?:\.\d+)?%?$/.test(length ?? '')),
    ).toEqual([]);
  });
});
