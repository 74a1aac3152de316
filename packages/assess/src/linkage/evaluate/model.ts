import type { Sealing } from '@throughline/agreement';
import {
  comparing,
  type LinkedSources,
  linkSources,
  type MetPersons,
  type OwnPairs,
} from '@throughline/link';
import { bigramTable, type DerivedKeys, type Identifiers, sealFile } from '@throughline/tokenize';
import type { EvaluationConfig } from './config.js';
import type { Draw } from './draw.js';
import { type ClearRecords, clearRecords, ownPairs } from './likeness.js';
import { localPersons } from './local-persons.js';
import { type Meetings, meetClear, meetSealed } from './meetings.js';
import type { ComparedFields } from './plan.js';
import { duplicatePasses } from './plan.js';
import { chosenRecords, joinedRecords } from './record-pairs.js';
import type { Judged } from './score.js';
import type { Source } from './sources.js';
import type { Stopwatch } from './stopwatch.js';

/** Every evaluation has keys of its own, under terms that nobody signs: one that all share, and one for each owner. */
export type Keys = { readonly keys: DerivedKeys; readonly own: readonly DerivedKeys[] };

/** One source as its owner has it. */
export type Owner = {
  readonly rows: readonly Identifiers[];
  readonly records: ClearRecords;
  /** The local person of each record. */
  readonly persons: readonly number[];
};

export type Owning = {
  readonly config: EvaluationConfig;
  readonly sources: readonly Source[];
  readonly fields: ComparedFields;
  readonly keys: Keys;
  readonly draw: Draw;
};

/** What each owner knows of its own file, before anything is sealed. */
export function ownersOf({ config, sources, fields, keys, draw }: Owning): Owner[] {
  const table = bigramTable(keys.keys.key('seal1-vector', ''));
  return sources.map(({ rows }): Owner => {
    const records = clearRecords(rows, fields, table);
    const everybody = rows.map((_, row) => row);
    if (config.one_to_one) return { rows, records, persons: everybody };
    const passes = duplicatePasses({ rows, persons: everybody }, config);
    return { rows, records, persons: localPersons({ rows, records, sealing: { ...fields, passes }, draw }) };
  });
}

export type Modelling = {
  readonly sources: readonly Source[];
  readonly owners: readonly Owner[];
  readonly sealing: Sealing;
  readonly keys: Keys;
  readonly draw: Draw;
  readonly clock: Stopwatch;
  /** In the clear, for comparison. */
  readonly clear: boolean;
};

export type Outcome = { readonly judged: Judged; readonly passes: Meetings['passes'] };

/** Brings records together, sealed or in the clear, and links them by the model. */
export function linkByModel({ sources, owners, sealing, keys, draw, clock, clear }: Modelling): Outcome {
  const own = clock('owners', () =>
    owners.map((owner) => ownPairs({ ...owner, sealing, told: clear, draw })),
  );
  const meetings = clock(clear ? 'block' : 'encode', () =>
    clear ? clearMeetings(owners, sealing) : sealedMeetings(owners, { sealing, keys }),
  );
  const linked = clock('link', () => linkAll(sealing, { owners, own }, meetings));
  const persons = owners.map((owner) => owner.persons);
  const chosen = chosenRecords(linked, persons);
  const { threshold, precision, recall } = linked.expectation;
  return {
    passes: passesTogether(meetings),
    judged: {
      sources,
      chosen,
      own:
        sources.length === 2
          ? chosen.filter(({ probability }) => probability >= threshold)
          : joinedRecords(linked, persons),
      threshold,
      expected: { precision, recall },
      ties: linked.ties,
      candidates: meetings.map(({ left, right, meetings: { a, b } }) => ({ left, right, a, b })),
    },
  };
}

type Between = { readonly left: number; readonly right: number; readonly meetings: Meetings };

function* pairsOf(count: number): Generator<readonly [number, number]> {
  for (let left = 0; left < count; left += 1) {
    for (let right = left + 1; right < count; right += 1) yield [left, right];
  }
}

function clearMeetings(owners: readonly Owner[], sealing: Sealing): Between[] {
  return [...pairsOf(owners.length)].flatMap(([left, right]) => {
    const [one, other] = [owners[left], owners[right]];
    if (one === undefined || other === undefined) return [];
    return [{ left, right, meetings: meetClear(one, other, sealing) }];
  });
}

type Keyed = { readonly sealing: Sealing; readonly keys: Keys };

function sealedMeetings(owners: readonly Owner[], { sealing, keys }: Keyed): Between[] {
  const files = owners.map(({ rows, persons }, owner) =>
    sealFile(
      { sealing, keys: keys.keys, own: keys.own[owner] ?? keys.keys, decoys: 0 },
      { rows, persons, records: rows.map((_, row) => String(row)) },
    ),
  );
  return [...pairsOf(owners.length)].flatMap(([left, right]) => {
    const [one, other] = [files[left], files[right]];
    if (one === undefined || other === undefined) return [];
    return [{ left, right, meetings: meetSealed(one, other, sealing) }];
  });
}

/** Persons of each source numbered from 0, in the order in which they first occur. */
function numbersOf(persons: readonly number[]): Int32Array {
  const numbers = new Map<number, number>();
  for (const person of persons) if (!numbers.has(person)) numbers.set(person, numbers.size);
  return Int32Array.from(persons, (person) => numbers.get(person) ?? 0);
}

type Owned = { readonly owners: readonly Owner[]; readonly own: readonly OwnPairs[] };

function linkAll(sealing: Sealing, { owners, own }: Owned, between: readonly Between[]): LinkedSources {
  const { comparisons, levelsOf } = comparing(sealing);
  const numbers = owners.map(({ persons }) => numbersOf(persons));
  const met = between.map(({ left, right, meetings }): MetPersons => {
    const best = new Map<string, { a: number; b: number; levels: Uint8Array }>();
    for (const [pair, fields] of meetings.fields.entries()) {
      const a = numbers[left]?.[meetings.a[pair] ?? 0] ?? 0;
      const b = numbers[right]?.[meetings.b[pair] ?? 0] ?? 0;
      const levels = levelsOf(fields);
      const known = best.get(`${a} ${b}`);
      if (known === undefined || agreesMore(levels, known.levels)) best.set(`${a} ${b}`, { a, b, levels });
    }
    const all = [...best.values()];
    return {
      left,
      right,
      a: Int32Array.from(all, ({ a }) => a),
      b: Int32Array.from(all, ({ b }) => b),
      levels: all.map(({ levels }) => levels),
    };
  });
  return linkSources({ comparisons, own }, met);
}

/** Of several records of two persons, the pair that agrees on most, as far as anything is missing nowhere. */
const agreesMore = (one: Uint8Array, other: Uint8Array): boolean => sumOf(one) < sumOf(other);
const sumOf = (levels: Uint8Array): number => levels.reduce((sum, level) => sum + Math.min(level, 3), 0);

function passesTogether(between: readonly Between[]): Meetings['passes'] {
  const together = new Map<string, { pass: string; pairs: number; first: number }>();
  for (const { meetings } of between) {
    for (const { pass, pairs, first } of meetings.passes) {
      const known = together.get(pass) ?? { pass, pairs: 0, first: 0 };
      together.set(pass, { pass, pairs: known.pairs + pairs, first: known.first + first });
    }
  }
  return [...together.values()];
}
