import type { Definition, Preset } from '../definition/definition.js';
import type { Measure } from '../definition/measure.js';
import type { PopulationRule } from '../definition/vocabulary.js';

/** A definition under one of its presets. */
export type Ruled = { readonly definition: Definition; readonly preset: Preset };

/** What every kind of measure says alike. */
export type Described = Omit<Measure, 'population' | 'populationRule' | 'needs' | 'windows' | 'plan'>;

export function described({ definition, preset }: Ruled): Described {
  const { measure, version, use, caveats } = definition;
  return {
    measure,
    preset: preset.name,
    name: `${measure}_${preset.name}`,
    version,
    title: preset.title,
    source: preset.source,
    caveats: [...caveats, ...preset.caveats],
    use,
  };
}

type Bandish = { readonly name: string; readonly title: string };

/** One measure a band; together they are a partition of the children whose band is known. */
export function describedBand(ruled: Ruled, band: Bandish): Described {
  const whole = described(ruled);
  return {
    ...whole,
    band: band.name,
    name: `${whole.name}_${band.name}`,
    title: `${whole.title}: ${band.title}`,
    partition: whole.name,
  };
}

/** @throws RangeError if nobody is counted; a checked definition says who. */
export function populationOf({ definition, preset }: Ruled): PopulationRule {
  const rule = preset.population ?? definition.population;
  if (rule === undefined) throw new RangeError('populationOf: a checked definition expected');
  return rule;
}
