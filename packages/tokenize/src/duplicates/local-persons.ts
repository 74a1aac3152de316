import type { SealingPass } from '@throughline/agreement';
import {
  type Candidates,
  type Comparison,
  comparing,
  type Draw,
  estimateMatches,
  gatherPatterns,
  groundsOf,
  type Learning,
  mayBeOne,
  type NonMatches,
  nonMatches,
  type OwnPairs,
  type PerLevel,
} from '@throughline/model';
import { choosePasses } from '../passes/choose.js';
import type { Identifiers } from '../tok1/parts.js';
import type { ComparedFields } from './fields.js';
import { joinDuplicates, type Likeness, type LocalPersons } from './join-duplicates.js';
import { type ClearRecords, ownPairs } from './likeness.js';
import { meetOwn, type OwnMeetings } from './meetings.js';

/** An owner's records of one kind, in the clear, by fields. */
export type OwnFile = {
  readonly rows: readonly Identifiers[];
  readonly records: ClearRecords;
  readonly fields: ComparedFields;
};

/** What an owner judges its own records by. */
export type DuplicateModel = {
  readonly fields: ComparedFields;
  readonly passes: readonly SealingPass[];
  /** P(level | same person), and of different persons. */
  readonly m: PerLevel;
  readonly others: NonMatches;
  /** Pairs of one person that were expected among so many records: what is held of a pair before it is looked at. */
  readonly matches: number;
  readonly records: number;
  /**
   * Whether a record without a first name may be another's, though twins would agree in as much: where there are more
   * duplicates than relatives.
   */
  readonly nameless: boolean;
};

export type Looking = {
  /** A model that was learned before; without it one is learned. */
  readonly standing?: DuplicateModel | undefined;
  /** By record, whose it was last time, in numbers; NO_VALUE where it was a person by itself. */
  readonly before?: Int32Array | undefined;
  readonly draw: Draw;
};

/** Who is one person, and what it was judged by. */
export type FoundDuplicates = LocalPersons & { readonly model: DuplicateModel };

/** A slot belongs to one local person or to none, so an owner would rather have two persons too many than one too few. */
const SURE = 0.9;
/**
 * m is learned from a file in which the published m is sure of so many duplicates, and of more than there are pairs of
 * relatives. Where families are the more, it would be learned of them, and join twins.
 */
const LEAST_TO_LEARN = 50;
/** Duplicates share their values, so that a pass may bring many together. */
const PASSES = { unique: 0.45, most: 40 } as const;

/** Finds an owner's own duplicates in the clear, with the model that links sources. */
export function findDuplicates(file: OwnFile, { standing, before, draw }: Looking): FoundDuplicates {
  const passes = standing?.passes ?? ownPasses(file.rows);
  const met = meetOwn(file, passes, before);
  const pairsOf = (nameless: boolean) => comparedPairs(file, met, nameless);
  const model = standing ?? learnedFrom(file, { passes, pairsOf, draw });
  const likely = likenesses(pairsOf(model.nameless), model);
  return { ...joinDuplicates(file.rows.length, likely, SURE), model };
}

const ownPasses = (rows: readonly Identifiers[]): SealingPass[] =>
  choosePasses([{ rows, persons: [...rows.keys()] }], PASSES).map(({ name, parts }) => ({
    name,
    parts: [...parts],
  }));

/**
 * Pairs of records, and what their comparisons show. Nothing is learned of pairs that are never joined: of strangers
 * with two names in common there are many in one file.
 */
type ComparedPairs = Pick<Candidates, 'a' | 'b' | 'patterns'> & {
  readonly comparisons: readonly Comparison[];
  readonly never: Pick<OwnMeetings, 'a' | 'b'>;
};

function comparedPairs(
  { fields }: OwnFile,
  { a, b, fields: seen }: OwnMeetings,
  nameless: boolean,
): ComparedPairs {
  const { comparisons, levelsOf } = comparing(fields);
  const known = new Map<Uint8Array, Read>();
  const read = seen.map((each) => {
    const before = known.get(each);
    if (before !== undefined) return before;
    const levels = levelsOf(each);
    const of = { levels, joinable: isJoinable(comparisons, levels, nameless) };
    known.set(each, of);
    return of;
  });
  const levels = read.flatMap((of) => (of.joinable ? [of.levels] : []));
  const those = (joinable: boolean) => ({
    a: a.filter((_, pair) => read[pair]?.joinable === joinable),
    b: b.filter((_, pair) => read[pair]?.joinable === joinable),
  });
  return {
    ...those(true),
    patterns: gatherPatterns(levels, levels.length),
    comparisons,
    never: those(false),
  };
}

const NUMBERS: readonly string[] = ['state_id', 'district_id'];

/** Whether nothing forbids that two are one: as the linkage unit joins nobody whose numbers differ, nor does an owner. */
function isJoinable(comparisons: readonly Comparison[], levels: Uint8Array, nameless: boolean): boolean {
  const differs = comparisons.some(
    ({ name, levels: of }, place) => NUMBERS.includes(name) && levels[place] === of.length - 1,
  );
  const { first, namesAlone } = groundsOf(comparisons, levels);
  return mayBeOne({ first: nameless && first === 'missing' ? 'alike' : first, namesAlone }) && !differs;
}

type Read = { readonly levels: Uint8Array; readonly joinable: boolean };

type Learned = {
  readonly passes: readonly SealingPass[];
  readonly pairsOf: (nameless: boolean) => ComparedPairs;
  readonly draw: Draw;
};

function learnedFrom({ rows, records, fields }: OwnFile, { passes, pairsOf, draw }: Learned): DuplicateModel {
  const { comparisons } = comparing(fields);
  const own = ownPairs({ rows, records, fields, persons: [...rows.keys()], draw });
  const related = differentFirst(own.related, comparisons);
  const others = nonMatches(comparisons, [{ ...own, related }]);
  const modelBy = (pairs: ComparedPairs, learning: Learning): DuplicateModel => {
    const { m, between } = estimateMatches(comparisons, [among(pairs, rows.length, others)], learning);
    const matches = between[0]?.matches ?? 1;
    return { fields, passes, m, others, matches, records: rows.length, nameless: learning === 'learned' };
  };
  const named = pairsOf(false);
  const usual = modelBy(named, 'usual');
  const sure = likenesses(named, usual).filter(({ probability }) => probability >= SURE).length;
  const relatives = related.reduce((sum, each) => sum + each.pairs, 0);
  return sure > Math.max(LEAST_TO_LEARN, relatives) ? modelBy(pairsOf(true), 'learned') : usual;
}

/** Of pairs that share a household or a birth date, those of two first names: others may be one child twice. */
function differentFirst(
  related: OwnPairs['related'],
  comparisons: readonly Comparison[],
): OwnPairs['related'] {
  const first = comparisons.findIndex(({ name }) => name === 'first');
  const differs = (comparisons[first]?.levels.length ?? 0) - 1;
  return related.filter(({ levels }) => first >= 0 && levels[first] === differs);
}

/** Pairs within so many records. */
const among = ({ a, b, patterns }: ComparedPairs, records: number, others: NonMatches): Candidates => ({
  a,
  b,
  patterns,
  sides: { a: records, b: (records - 1) / 2 },
  others,
  oneToOne: false,
});

/** How likely each pair is one person, as the model has it; pairs that are never joined speak against the others. */
function likenesses(pairs: ComparedPairs, { m, others, matches, records }: DuplicateModel): Likeness[] {
  const candidates = { ...among(pairs, records, others), matches };
  const { between } = estimateMatches(pairs.comparisons, [candidates], { fixed: m });
  const likely = ({ a, b }: Pick<OwnMeetings, 'a' | 'b'>, probabilities: Float64Array | undefined) =>
    Array.from(a, (one, pair) => ({ one, other: b[pair] ?? 0, probability: probabilities?.[pair] ?? 0 }));
  return [...likely(pairs, between[0]?.probabilities), ...likely(pairs.never, undefined)];
}
