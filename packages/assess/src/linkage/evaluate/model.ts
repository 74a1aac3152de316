import type { Sealing } from '@throughline/agreement';
import {
  fixedModel,
  type HealthFinding,
  isJoinedUnseen,
  linkSources,
  type MetPersons,
  type Parameters,
} from '@throughline/link';
import { comparing, type Draw, type OwnPairs } from '@throughline/model';
import {
  bigramTable,
  type ClearMeeting,
  type ClearRecords,
  type ComparedFields,
  clearCodes,
  clearRecords,
  type DerivedKeys,
  findDuplicates,
  type Identifiers,
  type Meetings,
  meetClear,
  ownPairs,
  type PassYield,
  pairList,
  type SealedFile,
  sealFile,
} from '@throughline/tokenize';
import type { EvaluationConfig } from './config.js';
import { expectedOfAll } from './expected.js';
import { type Meeting, meetSealed } from './meetings.js';
import { type All, linkEachTwo, type TwoSources } from './pairwise.js';
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
  /** Groups of records that resemble one another and are more than one person can have. */
  readonly crowded: number;
  /** How alike its own persons are. */
  readonly own: OwnPairs;
};

export type Owning = {
  readonly config: Pick<EvaluationConfig, 'one_to_one'>;
  readonly sources: readonly Source[];
  readonly fields: ComparedFields;
  readonly keys: Keys;
  readonly draw: Draw;
};

/** What each owner knows of its own file, before anything is sealed. */
export function ownersOf({ config, sources, fields, keys, draw }: Owning): Owner[] {
  const codes = clearCodes(bigramTable(keys.keys.key('seal1-vector', '')));
  return sources.map(({ rows }): Owner => {
    const records = clearRecords(rows, fields, codes);
    const found = config.one_to_one
      ? { persons: rows.map((_, row) => row), crowded: 0 }
      : findDuplicates({ rows, records, fields }, { draw });
    const { persons, crowded } = found;
    const own = ownPairs({ records, fields, rows, persons, draw });
    return { rows, records, persons, crowded, own };
  });
}

export type Modelling = {
  readonly sources: readonly Source[];
  readonly owners: readonly Owner[];
  readonly sealing: Sealing;
  readonly keys: Keys;
  readonly clock: Stopwatch;
  /** In the clear, for comparison. */
  readonly clear: boolean;
  readonly config: Pick<EvaluationConfig, 'one_to_one'>;
  /** A model learned elsewhere. */
  readonly parameters: Parameters | undefined;
};

export type Outcome = {
  readonly health: readonly HealthFinding[];
  /** The model that has decided; null where exact tokens have. */
  readonly parameters: Parameters | null;
  readonly judged: Judged;
  readonly passes: Meetings['passes'];
  /** Links each two sources by themselves, for comparison; undefined where there are but two, or exact tokens have decided. */
  readonly eachTwo: (() => readonly TwoSources[]) | undefined;
};

/** Brings records together, sealed or in the clear, and links them by the model. */
export function linkByModel(modelling: Modelling): Outcome {
  const { sources, owners, sealing, keys, clock, clear, parameters, config } = modelling;
  const own = owners.map((owner) => owner.own);
  const meetings = clear
    ? clock('meet', () => clearMeetings(owners, { passes: sealing.passes, elapsed: clock.elapsed }))
    : sealedMeetings(owners, { sealing, keys }, clock);
  const { all, by } = clock('link', () =>
    metPersons(sealing, { sources, owners, own, parameters, oneToOne: config.one_to_one }, meetings),
  );
  const linked = clock('link', () => linkSources(...all));
  const persons = owners.map((owner) => owner.persons);
  const chosen = chosenRecords(linked, persons);
  const { threshold } = linked.expectation;
  return {
    health: linked.health,
    parameters: linked.parameters,
    passes: passesTogether(meetings),
    eachTwo: sources.length < 3 ? undefined : () => linkEachTwo(all, persons),
    judged: {
      sources,
      chosen,
      own:
        sources.length === 2
          ? chosen.filter(({ probability }) => probability >= threshold)
          : joinedRecords(linked, persons, 'threshold'),
      unseen:
        sources.length === 2
          ? chosen.filter((pair) => isJoinedUnseen(pair, threshold))
          : joinedRecords(linked, persons, 'unseen'),
      threshold,
      expected: expectedOfAll({
        met: linked.estimate.between.map(({ probabilities }, place) => ({
          probabilities,
          passes: by[place] ?? [],
        })),
        linked: linked.chosen.flatMap(({ probability }) => (probability < threshold ? [] : [probability])),
        passes: sealing.passes,
        most: meetings.reduce((most, { left, right }) => most + smaller(own[left], own[right]), 0),
      }),
      ties: linked.ties,
      candidates: meetings.map(({ left, right, meetings: { a, b } }) => ({ left, right, a, b })),
    },
  };
}

const smaller = (one: OwnPairs | undefined, other: OwnPairs | undefined): number =>
  Math.min(one?.persons ?? 0, other?.persons ?? 0);

type Between = { readonly left: number; readonly right: number; readonly meetings: Meetings };

function* pairsOf(count: number): Generator<readonly [number, number]> {
  for (let left = 0; left < count; left += 1) {
    for (let right = left + 1; right < count; right += 1) yield [left, right];
  }
}

function clearMeetings(owners: readonly Owner[], how: ClearMeeting): Between[] {
  return [...pairsOf(owners.length)].flatMap(([left, right]) => {
    const [one, other] = [owners[left], owners[right]];
    if (one === undefined || other === undefined) return [];
    return [{ left, right, meetings: meetClear(one, other, how) }];
  });
}

type Keyed = { readonly sealing: Sealing; readonly keys: Keys };

function sealedMeetings(owners: readonly Owner[], { sealing, keys }: Keyed, clock: Stopwatch): Between[] {
  const files = clock('encode', () =>
    owners.map(({ rows, persons }, owner) =>
      sealFile(
        { sealing, keys: keys.keys, own: keys.own[owner] ?? keys.keys, decoys: 0 },
        { rows, persons, records: rows.map((_, row) => String(row)) },
      ),
    ),
  );
  return clock('meet', () => meetingsOf(files, { sealing, elapsed: clock.elapsed }));
}

function meetingsOf(files: readonly SealedFile[], how: Meeting): Between[] {
  return [...pairsOf(files.length)].flatMap(([left, right]) => {
    const [one, other] = [files[left], files[right]];
    if (one === undefined || other === undefined) return [];
    return [{ left, right, meetings: meetSealed(one, other, how) }];
  });
}

/** Persons of each source numbered from 0, in the order in which they first occur. */
function numbersOf(persons: readonly number[]): Int32Array {
  const numbers = new Map<number, number>();
  for (const person of persons) if (!numbers.has(person)) numbers.set(person, numbers.size);
  return Int32Array.from(persons, (person) => numbers.get(person) ?? 0);
}

type Owned = Pick<Modelling, 'sources'> & {
  readonly owners: readonly Owner[];
  readonly own: readonly OwnPairs[];
  readonly parameters: Parameters | undefined;
  readonly oneToOne: boolean;
};

function metPersons(
  sealing: Sealing,
  { sources, owners, own, parameters, oneToOne }: Owned,
  between: readonly Between[],
): { readonly all: All; readonly by: readonly (readonly bigint[])[] } {
  const { comparisons, levelsOf } = comparing(sealing);
  const numbers = owners.map(({ persons }) => numbersOf(persons));
  const by: bigint[][] = [];
  const met = between.map(({ left, right, meetings }): MetPersons => {
    const levels = levelsShared(meetings.fields, levelsOf);
    const pairs = pairList();
    const best: Uint8Array[] = [];
    const passes: bigint[] = [];
    for (const [pair, own] of levels.entries()) {
      const a = numbers[left]?.[meetings.a[pair] ?? 0] ?? 0;
      const b = numbers[right]?.[meetings.b[pair] ?? 0] ?? 0;
      const place = pairs.placeOf(a, b);
      const known = best[place];
      if (known === undefined || agreesMore(own, known)) best[place] = own;
      passes[place] = (passes[place] ?? 0n) | (meetings.by[pair] ?? 0n);
    }
    by.push(passes);
    return { left, right, ...pairs.columns(), levels: best };
  });
  const names = sources.map(({ name }) => name);
  const fixed = parameters === undefined ? undefined : fixedModel(comparisons, names, parameters);
  return { all: [{ comparisons, names, own, fixed, oneToOne }, met], by };
}

/** Levels of comparisons; pairs that share the levels of their fields share these too. */
function levelsShared(
  fields: readonly Uint8Array[],
  levelsOf: (fields: Uint8Array) => Uint8Array,
): readonly Uint8Array[] {
  const known = new Map<Uint8Array, Uint8Array>();
  return fields.map((each) => {
    const levels = known.get(each) ?? levelsOf(each);
    known.set(each, levels);
    return levels;
  });
}

/** Of several records of two persons, the pair that agrees on most, as far as anything is missing nowhere. */
const agreesMore = (one: Uint8Array, other: Uint8Array): boolean => sumOf(one) < sumOf(other);
const sumOf = (levels: Uint8Array): number => levels.reduce((sum, level) => sum + Math.min(level, 3), 0);

function passesTogether(between: readonly Between[]): Meetings['passes'] {
  const together = new Map<string, PassYield>();
  for (const { meetings } of between) {
    for (const each of meetings.passes) {
      const known = together.get(each.pass);
      together.set(each.pass, known === undefined ? each : summed(known, each));
    }
  }
  return [...together.values()];
}

const summed = (one: PassYield, other: PassYield): PassYield => ({
  pass: one.pass,
  pairs: one.pairs + other.pairs,
  first: one.first + other.first,
  alone: one.alone + other.alone,
  crowded: one.crowded + other.crowded,
  ms: one.ms + other.ms,
});
