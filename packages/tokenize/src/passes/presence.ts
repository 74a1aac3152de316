import type { SlotPart } from '@throughline/agreement';
import { compositions } from './compositions.js';
import { bitSet, DRAWS, type Survivors, sequence, setBit } from './error-model.js';

/**
 * In which draws both files have a part. A field that is missing takes all its parts with it: where there is no birth
 * date there is no year either, and only names find that child.
 *
 * @param sharesOf by part: the share of each file's persons who have it.
 */
export function presence(sharesOf: (part: SlotPart) => readonly number[]): ReadonlyMap<SlotPart, Survivors> {
  const next = sequence(7);
  const luck = new Map<string, Float64Array>();
  const luckOf = (field: string): Float64Array => {
    const known = luck.get(field) ?? new Float64Array(DRAWS).map(next);
    luck.set(field, known);
    return known;
  };
  const there = (part: SlotPart): Survivors => {
    const [rarest = 0, second = 1] = [...sharesOf(part)].sort((x, y) => x - y);
    const bits = bitSet();
    const of = luckOf(compositions.fieldOf(part));
    for (let draw = 0; draw < DRAWS; draw += 1) if ((of[draw] ?? 1) < rarest * second) setBit(bits, draw);
    return bits;
  };
  return new Map(
    compositions.parts.map((part) => {
      const of = compositions.madeOf(part).map(there);
      return [part, bitSet().map((_, word) => of.reduce((bits, each) => bits & (each[word] ?? 0), -1))];
    }),
  );
}
