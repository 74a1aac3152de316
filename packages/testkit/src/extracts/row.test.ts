import { describe, expect, it } from 'vitest';
import { type Row, withBroken } from './row.js';

const sound = (count: number): Row[] => [
  ['header'],
  ...Array.from({ length: count }, (_, index) => [String(index)]),
];

describe('withBroken', () => {
  it('keeps every sound row in order, and writes every broken one', () => {
    for (const count of [0, 1, 29, 30, 200]) {
      const rows = [...withBroken(sound(count), [['broken 1'], ['broken 2']])];
      expect(rows.filter(([cell]) => !cell?.startsWith('broken'))).toEqual(sound(count));
      expect(rows.filter(([cell]) => cell?.startsWith('broken'))).toEqual([['broken 1'], ['broken 2']]);
      expect(rows[0]).toEqual(['header']);
    }
  });

  it('sets them among the sound ones where there are enough', () => {
    const rows = [...withBroken(sound(100), [['broken']])];
    expect(rows.findIndex(([cell]) => cell === 'broken')).toBe(30);
  });
});
