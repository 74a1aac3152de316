import type { MetPersons } from '../decide/link-sources.js';
import type { Meetings } from './meetings.js';

/** Persons of each source, as the tokens have joined its records, numbered from 0 in the order of their records. */
export type SourcePersons = {
  readonly sourceOf: Int32Array;
  /** By record: the number of its person in its source. */
  readonly numberOf: Int32Array;
  /** By source: how many persons it has. */
  readonly counts: Int32Array;
};

export function personsBySource(
  sourceOf: Int32Array,
  sources: number,
  personOf: (record: number) => number,
): SourcePersons {
  const numbers = new Map<number, number>();
  const counts = new Int32Array(sources);
  const numberOf = sourceOf.map((source, record) => {
    const key = personOf(record) * sources + source;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const number = counts[source] ?? 0;
    counts[source] = number + 1;
    numbers.set(key, number);
    return number;
  });
  return { sourceOf, numberOf, counts };
}

/** Persons of two sources that met, and for each pair of them the place of the meeting that says most. */
export type Met = MetPersons & { readonly meeting: Int32Array };

/** Meetings of records as meetings of persons, by pair of sources; of several, the one that agrees most. */
export function metPersons(
  { a, b, patterns }: Meetings,
  { sourceOf, numberOf, counts }: SourcePersons,
): Met[] {
  const best = new Map<number, Map<number, number>>();
  for (const meeting of a.keys()) {
    const [left, right] = inOrder(sourceOf, a[meeting] ?? 0, b[meeting] ?? 0);
    const sources = (sourceOf[left] ?? 0) * counts.length + (sourceOf[right] ?? 0);
    const pairs = best.get(sources) ?? new Map<number, number>();
    best.set(sources, pairs);
    const key = (numberOf[left] ?? 0) * (counts[sourceOf[right] ?? 0] ?? 1) + (numberOf[right] ?? 0);
    const known = pairs.get(key);
    const agreement = (place: number) => sumOf(patterns.levels[patterns.of[place] ?? 0]);
    if (known === undefined || agreement(meeting) < agreement(known)) pairs.set(key, meeting);
  }
  return [...best]
    .toSorted(([one], [other]) => one - other)
    .map(([sources, pairs]): Met => {
      const [left, right] = [Math.floor(sources / counts.length), sources % counts.length];
      const ordered = [...pairs].toSorted(([one], [other]) => one - other);
      const width = counts[right] ?? 1;
      return {
        left,
        right,
        a: Int32Array.from(ordered, ([key]) => Math.floor(key / width)),
        b: Int32Array.from(ordered, ([key]) => key % width),
        levels: ordered.map(([, meeting]) => patterns.levels[patterns.of[meeting] ?? 0] ?? new Uint8Array()),
        meeting: Int32Array.from(ordered, ([, meeting]) => meeting),
      };
    });
}

/** The record of the lower source first. */
const inOrder = (sourceOf: Int32Array, one: number, other: number): [number, number] =>
  (sourceOf[one] ?? 0) <= (sourceOf[other] ?? 0) ? [one, other] : [other, one];

const sumOf = (levels: Uint8Array | undefined): number =>
  levels?.reduce((sum, level) => sum + Math.min(level, 3), 0) ?? Number.POSITIVE_INFINITY;
