import { type Sealing, type SimilarPart, type SlotPart, sealingOf } from '@throughline/agreement';
import type { Session } from '@throughline/engine';
import {
  comparing,
  type LinkedSources,
  linkSources,
  type MetPersons,
  type OwnPairs,
} from '@throughline/link';
import {
  bigramTable,
  choosePasses,
  type DerivedKeys,
  deriveKeys,
  type Identifiers,
  type LinkageTerms,
  partOf,
  sealFile,
} from '@throughline/tokenize';
import type { Encoding, EvaluationConfig } from './config.js';
import { type Draw, drawing, shuffled } from './draw.js';
import { linkExact } from './exact.js';
import { type ClearRecords, clearRecords, ownPairs } from './likeness.js';
import { localPersons } from './local-persons.js';
import { type Meetings, meetClear, meetSealed } from './meetings.js';
import { chosenRecords, joinedRecords, pairsWithin } from './record-pairs.js';
import { type Judged, type Judgement, judge } from './score.js';
import type { Source } from './sources.js';

export type EvaluationEffects = {
  /** Milliseconds since some moment. */
  readonly elapsed: () => number;
  /** 32 fresh random bytes each time. */
  readonly randomKey: () => Uint8Array;
  readonly seed: string;
};

export type Evaluation = Judgement & {
  readonly encoding: Encoding;
  readonly seed: string;
  readonly seconds: Readonly<Record<string, number>>;
  readonly passes: Meetings['passes'];
};

/**
 * Encodes sources with a fresh key, links them, and only then compares with the truth. The linker is given rows in
 * random order and nothing that only the judge may know.
 */
export async function evaluateLinkage(
  config: EvaluationConfig,
  sources: readonly Source[],
  { encoding, effects, session }: Evaluating,
): Promise<Evaluation> {
  const clock = stopwatch(effects.elapsed);
  const draw = drawing(effects.seed);
  const shuffledSources = sources.map((source) => inRandomOrder(source, draw));
  const work = { config, sources: shuffledSources, draw, clock, keys: freshKeys(effects, sources.length) };
  const { judged, passes } =
    encoding === 'exact' ? await byTokens(work, session) : byModel(work, encoding === 'clear');
  return { encoding, seed: effects.seed, seconds: clock.seconds(), passes, ...judge(judged) };
}

export type Evaluating = {
  readonly encoding: Encoding;
  readonly effects: EvaluationEffects;
  /** Where exact tokens are joined. */
  readonly session: Session;
};

type Work = {
  readonly config: EvaluationConfig;
  readonly sources: readonly Source[];
  readonly draw: Draw;
  readonly clock: ReturnType<typeof stopwatch>;
  readonly keys: Keys;
};

type Outcome = { readonly judged: Judged; readonly passes: Meetings['passes'] };

async function byTokens({ config, sources, clock, keys }: Work, session: Session): Promise<Outcome> {
  const linking = { sources, oneToOne: config.one_to_one, keys: keys.keys };
  const { persons, candidates } = await clock.later('link', () => linkExact(session, linking));
  const own = pairsWithin(persons);
  const judged = { sources, chosen: own, own, threshold: 1, expected: null, ties: 0, candidates };
  return { judged, passes: [] };
}

function byModel({ config, sources, draw, clock, keys }: Work, clear: boolean): Outcome {
  const sealing = clock('plan', () => sealingFor(sources, config));
  const table = bigramTable(keys.keys.key('seal1-vector', ''));
  const owners = clock('owners', () =>
    sources.map(({ rows }) => {
      const records = clearRecords(rows, sealing, table);
      const persons = config.one_to_one
        ? rows.map((_, row) => row)
        : localPersons({ rows, records, sealing, draw });
      const own = ownPairs({ records, sealing, rows, persons, told: clear, draw });
      return { rows, records, persons, own };
    }),
  );
  const meetings = clock(clear ? 'block' : 'encode', () =>
    clear ? clearMeetings(owners, sealing) : sealedMeetings(owners, { sealing, keys }),
  );
  const linked = clock('link', () => linkAll(sealing, owners, meetings));
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

function stopwatch(elapsed: () => number) {
  const seconds: Record<string, number> = {};
  const clock = <Value>(step: string, work: () => Value): Value => {
    const from = elapsed();
    const value = work();
    seconds[step] = (elapsed() - from) / 1000;
    return value;
  };
  const later = async <Value>(step: string, work: () => Promise<Value>): Promise<Value> => {
    const from = elapsed();
    const value = await work();
    seconds[step] = (elapsed() - from) / 1000;
    return value;
  };
  return Object.assign(clock, { later, seconds: () => seconds });
}

function inRandomOrder(source: Source, draw: Draw): Source {
  const order = [...shuffled(source.rows.length, draw)];
  const pick = <Value>(values: readonly Value[]): Value[] =>
    order.flatMap((place) => values.slice(place, place + 1));
  const { group } = source;
  return {
    name: source.name,
    rows: pick(source.rows),
    truth: pick(source.truth),
    group: group === undefined ? undefined : pick(group),
  };
}

const TERMS: LinkageTerms = { id: 'evaluation', linkage: { epoch: 'evaluation', rules: [] } };

type Keys = { readonly keys: DerivedKeys; readonly own: readonly DerivedKeys[] };

/** Every evaluation has keys of its own, under terms that nobody signs: one that all share, and one for each owner. */
function freshKeys({ randomKey }: EvaluationEffects, owners: number): Keys {
  const own = Array.from({ length: owners }, () => deriveKeys(randomKey(), TERMS));
  return { keys: deriveKeys(randomKey(), TERMS), own };
}

const UNIQUE_FOR_TWO = 0.9;
const UNIQUE_FOR_MORE = 0.95;
/** A field that fewer rows of a source have is not compared. */
const RARE = 0.02;

const SIMILAR: readonly SimilarPart[] = ['first', 'last', 'middle', 'street', 'guardian'];
const EXACT: readonly SlotPart[] = [
  'birth_date.year',
  'birth_date.month',
  'birth_date.day',
  'month_day.sorted',
  'sex',
  'middle.initial',
  'first_root',
  'names.sorted',
  'first.3',
  'last.3',
  'zip',
  'street_number',
  'city',
  'phone',
  'email',
  'state_id',
  'district_id',
  'birth_place',
  'suffix',
  'custom_1',
  'custom_2',
  'custom_3',
  'custom_4',
];

/** The fields that two sources have, and passes chosen for them. */
function sealingFor(sources: readonly Source[], { passes, one_to_one }: EvaluationConfig): Sealing {
  const present = (part: SlotPart | SimilarPart): boolean =>
    sources.filter(({ rows }) => shareWith(part, rows) >= RARE).length >= 2;
  const unique = passes.unique ?? (sources.length === 2 ? UNIQUE_FOR_TWO : UNIQUE_FOR_MORE);
  const files = sources.map(({ rows, truth: _ }) => ({ rows, persons: rows.map((_, row) => row) }));
  const limits = { unique: one_to_one ? unique : unique / 2, most: passes.most };
  return sealingOf({
    passes: choosePasses(files, limits),
    similar: SIMILAR.filter(present),
    exact: EXACT.filter(present),
  });
}

const shareWith = (part: SlotPart | SimilarPart, rows: readonly Identifiers[]): number =>
  rows.filter((row) => partOf(part, row).length > 0).length / rows.length;

type Owner = {
  readonly rows: readonly Identifiers[];
  readonly records: ClearRecords;
  readonly persons: readonly number[];
  readonly own: OwnPairs;
};

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

function linkAll(sealing: Sealing, owners: readonly Owner[], between: readonly Between[]): LinkedSources {
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
  return linkSources({ comparisons, own: owners.map(({ own }) => own) }, met);
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
