import type { Sealing } from '@throughline/agreement';
import type { VectorTable } from '@throughline/tokenize';
import type { Scene } from '../people/scene.js';
import { type Lists, listAt, type NumberedParts } from '../people/values.js';
import { type Compare, grouping, type Observed } from './observed.js';

/**
 * What sealed files of a scene let be seen, computed from the identifiers themselves and without sealing anything:
 * two rows meet in a pass if they have one value of it that each file has once, and then their vectors' distances and
 * their equal fields are seen. A hundredth of the time of sealing; that the sealed bytes show this and nothing else
 * is tested.
 *
 * @param values of each pass, by row of the scene.
 * @param decoys the share of values that are sealed for real nowhere.
 */
export function observeClear(
  scene: Scene,
  values: readonly Lists[],
  { compare, decoys = 0 }: { readonly compare: Compare; readonly decoys?: number },
): Observed {
  const groups = grouping(values.length);
  const isDecoy = (pass: number, value: number) => scrambled(value * values.length + pass) < decoys;
  for (const [pass, ofPass] of values.entries()) {
    for (const { row, value } of uniqueValues(scene, ofPass)) {
      if (!isDecoy(pass, value)) groups.add(pass, row, value);
    }
  }
  return groups.done(scene.file, compare);
}

/** Uniform in [0, 1), in the place of the keyed draw that makes a value a decoy at every partner. */
const scrambled = (value: number): number => {
  const mixed = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  return (Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39) >>> 0) / 2 ** 32;
};

/** The values that occur once in their file, row by row. */
function* uniqueValues(
  { roll, file, truth }: Scene,
  values: Lists,
): Generator<{ row: number; value: number }> {
  const holders = new Map<number, number>();
  const keyOf = (row: number): number => (listAt(values, roll + row)[0] ?? -1) * 256 + (file[row] ?? 0);
  for (let row = 0; row < truth.length; row += 1) holders.set(keyOf(row), (holders.get(keyOf(row)) ?? 0) + 1);
  for (let row = 0; row < truth.length; row += 1) {
    const value = listAt(values, roll + row)[0];
    if (value !== undefined && holders.get(keyOf(row)) === 1) yield { row, value };
  }
}

export type Clear = {
  readonly sealing: Sealing;
  readonly parts: NumberedParts;
  readonly bigrams: VectorTable;
};

const BITS = 256;

/** The comparison of two rows by their identifiers, whatever the pass. */
export function clearComparison(scene: Scene, { sealing, parts, bigrams }: Clear): Compare {
  const numberOf = (part: Sealing['exact'][number], row: number) =>
    listAt(parts.get(part), scene.roll + row)[0];
  const vectors = new Map<string, Uint8Array>();
  const vectorOf = (part: Sealing['similar'][number], row: number): Uint8Array => {
    const name = scene.all[scene.roll + row]?.[part] ?? privateName(row);
    const vector = vectors.get(name) ?? vectorOfPositions(bigrams.positions(name));
    vectors.set(name, vector);
    return vector;
  };
  return (_, row, other) => ({
    distances: sealing.similar.map((part) => distance(vectorOf(part, row), vectorOf(part, other))),
    equal: sealing.exact.map((part) => {
      const value = numberOf(part, row);
      return value !== undefined && value === numberOf(part, other);
    }),
  });
}

/** In the place of a missing name: six letters that no other row has. */
const privateName = (row: number): string =>
  String.fromCodePoint(...Array.from({ length: 6 }, (_, at) => 0xf0000 + ((row * 6 + at) % 0xfff0)));

function vectorOfPositions(positions: Uint8Array): Uint8Array {
  const vector = new Uint8Array(BITS);
  for (const position of positions) vector[position] = 1;
  return vector;
}

const distance = (one: Uint8Array, other: Uint8Array): number => {
  let sum = 0;
  for (let bit = 0; bit < BITS; bit += 1) sum += (one[bit] ?? 0) ^ (other[bit] ?? 0);
  return sum;
};
