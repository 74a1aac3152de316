import type { Sealing } from '@throughline/agreement';
import {
  comparing,
  estimateMatches,
  gatherPatterns,
  groundsOf,
  type Learning,
  mayBeOne,
  nonMatches,
} from '@throughline/model';
import type { Identifiers } from '@throughline/tokenize';
import type { Draw } from './draw.js';
import { joinDuplicates, type Likeness, type LocalPersons } from './duplicates.js';
import { type ClearRecords, ownPairs } from './likeness.js';
import { meetClear } from './meetings.js';

type Own = {
  readonly rows: readonly Identifiers[];
  readonly records: ClearRecords;
  readonly sealing: Sealing;
  readonly draw: Draw;
};

/** A slot belongs to one local person or to none, so an owner would rather have two persons too many than one too few. */
const SURE = 0.9;
/**
 * m is learned from a file in which the published m is sure of so many duplicates, and of more than there are pairs of
 * relatives. Where families are the more, it would be learned of them, and join twins.
 */
const LEAST_TO_LEARN = 50;

/** Finds an owner's own duplicates in the clear, with the model that links sources. */
export function localPersons({ rows, records, sealing, draw }: Own): LocalPersons {
  const { comparisons, levelsOf } = comparing(sealing);
  const file = { rows, records };
  const meetings = meetClear(file, file, { sealing, elapsed: () => 0 });
  const once = [...meetings.a.keys()].filter((pair) => (meetings.a[pair] ?? 0) < (meetings.b[pair] ?? 0));
  const met = once.map((pair) => ({
    one: meetings.a[pair] ?? 0,
    other: meetings.b[pair] ?? 0,
    levels: levelsOf(meetings.fields[pair] ?? new Uint8Array()),
  }));
  // Nothing is learned of pairs that are never joined: of strangers with two names in common there are many in one file.
  const [joinable, apart] = parted(met, ({ levels }) => mayBeOne(groundsOf(comparisons, levels)));
  const levels = joinable.map((pair) => pair.levels);
  const strangers = ownPairs({
    rows,
    records,
    fields: sealing,
    persons: rows.map((_, row) => row),
    draw,
  });
  const related = differentFirst(strangers.related, comparisons);
  const candidates = {
    a: Int32Array.from(joinable, ({ one }) => one),
    b: Int32Array.from(joinable, ({ other }) => other),
    sides: { a: rows.length, b: (rows.length - 1) / 2 },
    patterns: gatherPatterns(levels, levels.length),
    others: nonMatches(comparisons, [{ ...strangers, related }]),
    oneToOne: false,
  };
  const likenesses = (learning: Learning): Likeness[] => {
    const probabilities = estimateMatches(comparisons, [candidates], learning).between[0]?.probabilities;
    return [
      ...joinable.map(({ one, other }, pair) => ({ one, other, probability: probabilities?.[pair] ?? 0 })),
      ...apart.map(({ one, other }) => ({ one, other, probability: 0 })),
    ];
  };
  const published = likenesses('usual');
  const sure = published.filter(({ probability }) => probability >= SURE).length;
  const relatives = related.reduce((sum, { pairs }) => sum + pairs, 0);
  const learn = sure > Math.max(LEAST_TO_LEARN, relatives);
  return joinDuplicates(rows.length, learn ? likenesses('learned') : published, SURE);
}

function parted<Value>(
  values: readonly Value[],
  where: (value: Value) => boolean,
): readonly [Value[], Value[]] {
  return [values.filter(where), values.filter((value) => !where(value))];
}

/** Of pairs that share a household or a birth date, those of two first names: others may be one child twice. */
function differentFirst(
  related: ReturnType<typeof ownPairs>['related'],
  comparisons: ReturnType<typeof comparing>['comparisons'],
) {
  const first = comparisons.findIndex(({ name }) => name === 'first');
  const differs = (comparisons[first]?.levels.length ?? 0) - 1;
  return related.filter(({ levels }) => first >= 0 && levels[first] === differs);
}
