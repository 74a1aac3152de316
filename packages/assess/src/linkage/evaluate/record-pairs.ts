import type { LinkedSources } from '@throughline/link';
import type { Grounds } from '@throughline/model';
import type { RecordPair } from './score.js';

/** Of each source, the local person of each record. */
type Persons = readonly (readonly number[])[];

/** Chosen pairs of persons as pairs of their records, the likeliest first. */
export function chosenRecords({ chosen }: LinkedSources, persons: Persons): (RecordPair & Grounds)[] {
  const members = persons.map(membersOf);
  return chosen.flatMap(({ left, right, a, b, probability, first, namesAlone }, persons) =>
    (members[left]?.[a] ?? []).flatMap((one) =>
      (members[right]?.[b] ?? []).map((other) => ({
        left,
        right,
        a: one,
        b: other,
        probability,
        first,
        namesAlone,
        persons,
      })),
    ),
  );
}

/** All pairs of records of different sources that were joined into one person of all. */
export function joinedRecords(
  { personsOf }: LinkedSources,
  persons: Persons,
  by: 'threshold' | 'unseen',
): RecordPair[] {
  const personOf = personsOf(by);
  return pairsWithin(
    persons.map((of, source) => {
      const joined = new Array<number>(of.length).fill(0);
      for (const [number, records] of membersOf(of).entries()) {
        for (const record of records) joined[record] = personOf[source]?.[number] ?? -1;
      }
      return joined;
    }),
  );
}

/** Pairs of records of different sources that have one person. */
export function pairsWithin(personOf: Persons): RecordPair[] {
  const groups = new Map<number, { source: number; record: number }[]>();
  for (const [source, of] of personOf.entries()) {
    for (const [record, person] of of.entries()) {
      const group = groups.get(person);
      if (group === undefined) groups.set(person, [{ source, record }]);
      else group.push({ source, record });
    }
  }
  return [...groups.values()].flatMap((group) =>
    group.flatMap((one, place) =>
      group
        .slice(place + 1)
        .filter((other) => other.source !== one.source)
        .map((other) => ({
          left: one.source,
          right: other.source,
          a: one.record,
          b: other.record,
          probability: 1,
        })),
    ),
  );
}

/** By number of a person, in the order in which they first occur: its records. */
function membersOf(persons: readonly number[]): number[][] {
  const members = new Map<number, number[]>();
  for (const [record, person] of persons.entries()) {
    const known = members.get(person);
    if (known === undefined) members.set(person, [record]);
    else known.push(record);
  }
  return [...members.values()];
}
