import { describe, expect, it } from 'vitest';
import { streams } from '../random/streams.js';
import { charterNumber, localId, MOST_CHILDREN, patientNumber, stateId } from './numbers.js';

const city = { streams: streams('numbers'), students: 2_000 };
const indexes = Array.from({ length: 2_400 }, (_, index) => index);

describe('numbers', () => {
  it.each([
    ['state id', /^10\d{8}$/, (index: number) => stateId(city.streams, index)],
    ['local id', /^\d{6}$/, (index: number) => localId(city, index)],
    ['charter number', /^3\d{6}$/, (index: number) => charterNumber(city.streams, index)],
    ['patient number', /^2\d{7}$/, (index: number) => patientNumber(city.streams, index, 0)],
  ])("%s has its form, is nobody else's, and leaves the canaries' alone", (_, form, number) => {
    const numbers = indexes.map(number);
    expect(new Set(numbers).size).toBe(indexes.length);
    for (const each of numbers) expect(each).toMatch(form);
    expect(numbers.filter((each) => each.startsWith('99'))).toEqual([]);
  });

  it('tells two charts of one child apart', () => {
    const charts = indexes.flatMap((index) => [
      patientNumber(city.streams, index, 0),
      patientNumber(city.streams, index, 1),
    ]);
    expect(new Set(charts).size).toBe(charts.length);
  });

  it('still fits the largest city', () => {
    const largest = { streams: city.streams, students: MOST_CHILDREN };
    const ids = Array.from({ length: 5_000 }, (_, index) => localId(largest, MOST_CHILDREN - index));
    expect(new Set(ids).size).toBe(5_000);
    for (const id of ids) expect(id).toMatch(/^\d{6}$/);
  });

  it('does not run in the order of the children', () => {
    const ids = indexes.map((index) => localId(city, index));
    const rises = ids.slice(1).filter((id, index) => id > (ids[index] ?? '')).length;
    expect(rises / ids.length).toBeGreaterThan(0.2);
    expect(rises / ids.length).toBeLessThan(0.8);
  });
});
