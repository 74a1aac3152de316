import { type MeasureDefinition, safeName, ThroughlineError } from '@throughline/core';
import type { NamedTable } from './cells/exact-cells.js';
import type { ReleaseConfig } from './release.js';

export type Licensed = {
  readonly definitions: readonly MeasureDefinition[];
  /** Whether a table is of a licensed measure, broken down by nothing that is not. */
  readonly licensed: (table: NamedTable) => boolean;
};

/**
 * What the licence names of all that is counted. Bands of one rule are protected together. Bands of two rules over the
 * same days, or bands beside an outcome broken down by them, count the same children in ways that protection is not
 * told of.
 *
 * @throws ThroughlineError RELEASE_UNSAFE naming the rule if such would be released.
 */
export function licensedOf(
  all: readonly MeasureDefinition[],
  { measures, presets }: ReleaseConfig,
): Licensed {
  const isLicensed = ({ measure, preset }: MeasureDefinition) =>
    measures.includes(measure) &&
    (presets === undefined || presets.some((each) => each.measure === measure && each.preset === preset));
  const definitions = all.filter(isLicensed);
  requireOneBanding(definitions);
  const own = new Set(definitions.map((each) => each.name));
  const unlicensed = new Set(
    all.flatMap((each) => (isLicensed(each) ? [] : (each.breakdown?.dimension ?? []))),
  );
  const licensed = ({ measure, dims }: NamedTable) =>
    own.has(measure) && !dims.some((dim) => unlicensed.has(dim));
  return { definitions, licensed };
}

function requireOneBanding(definitions: readonly MeasureDefinition[]): void {
  const banded = new Map<string, string>();
  const broken = new Set(definitions.flatMap(({ breakdown }) => breakdown?.dimension ?? []));
  for (const { measure, partition } of definitions) {
    if (partition === undefined) continue;
    if ((banded.get(measure) ?? partition) !== partition || broken.has(partition))
      throw new ThroughlineError('RELEASE_UNSAFE', { partition: safeName(partition) });
    banded.set(measure, partition);
  }
}
