import { grouping, type Observed } from '../known/observed.js';
import type { Scene } from '../people/scene.js';
import { type Lists, listAt } from '../people/values.js';

/**
 * What exact tokens of a scene let be seen. A token is the same for equal values and for no others, so that the values
 * themselves stand for it; `shown` tells how many rows of a file may share one that is emitted.
 *
 * @param values of each rule, by row of the scene.
 */
export function observeTokens(
  { roll, file, truth }: Scene,
  values: readonly Lists[],
  shown: (holders: number) => boolean,
): Observed {
  const groups = grouping(values.length);
  for (const [rule, ofRule] of values.entries()) {
    const holders = new Map<number, number>();
    const each = (row: number, use: (value: number, key: number) => void): void => {
      for (const value of listAt(ofRule, roll + row)) use(value, value * 256 + (file[row] ?? 0));
    };
    for (let row = 0; row < truth.length; row += 1) {
      each(row, (_, key) => holders.set(key, (holders.get(key) ?? 0) + 1));
    }
    for (let row = 0; row < truth.length; row += 1) {
      each(row, (value, key) => {
        if (shown(holders.get(key) ?? 0)) groups.add(rule, row, value);
      });
    }
  }
  return groups.done(file, null);
}
