import { type Sql, sql } from '@throughline/engine';
import { verdictsTable } from '../definition/counts.js';
import type { Measure, Scope } from '../definition/measure.js';
import type { CountsOf } from '../definition/vocabulary.js';
import { boundCounts } from './coverage.js';
import { described, type Ruled } from './ruled.js';
import { severalVerdicts } from './several.js';

/** Measures of another definition, of which there may be one a band. */
export type Lookup = (asked: { readonly measure: string; readonly preset: string }) => readonly Measure[];

/** Unlinked persons of all parts: each might be a child that lacks just this service. */
const unlinkedOfAll = (members: readonly Measure[], scope: Scope): Sql =>
  members.reduce<Sql>(
    (sum, { plan }) => sql`SELECT (${sum}) + (${plan(scope).unlinked}) AS count`,
    sql`SELECT 0::BIGINT AS count`,
  );

/** @throws RangeError if a part is not known, is in bands or counts another population; a checked set has no such. */
export function severalMeasure(ruled: Ruled, counts: CountsOf<'several'>, lookup: Lookup): Measure {
  const about = described(ruled);
  const members = counts.of.map((asked) => onlyOne(lookup(asked)));
  const [first] = members;
  if (first === undefined) throw new RangeError('severalMeasure: two measures at least expected');
  return {
    ...about,
    population: first.population,
    populationRule: first.populationRule,
    needs: members.flatMap(({ needs }) => needs),
    windows: members.flatMap(({ windows }) => windows),
    after: members.map(({ name }) => name),
    plan: (scope) => ({
      makes: [],
      verdicts: severalVerdicts(
        members.map(({ name }) => name),
        counts.at_least,
      ),
      coverage: boundCounts(verdictsTable(about.name), unlinkedOfAll(members, scope)),
      unlinked: unlinkedOfAll(members, scope),
    }),
  };
}

/** Not a count of its own: the cells of the outcome once more, by the band of access that each child is in. */
export function byAccessMeasure(ruled: Ruled, counts: CountsOf<'by_access'>, lookup: Lookup): Measure {
  const about = described(ruled);
  const outcome = onlyOne(lookup(counts.outcome));
  const [band] = lookup(counts.access);
  if (band?.banded === undefined) throw new RangeError('byAccessMeasure: a measure in bands expected');
  return {
    ...about,
    population: outcome.population,
    populationRule: outcome.populationRule,
    needs: [...outcome.needs, ...band.needs],
    windows: [...outcome.windows, ...band.windows],
    after: [outcome.name, band.name],
    crossing: {
      outcome: outcome.name,
      access: band.partition ?? band.name,
      banded: band.banded,
      without: band.band ?? '',
    },
    plan: (scope) => ({
      makes: [],
      verdicts: sql`SELECT person_id, verdict, basis FROM ${verdictsTable(outcome.name)}`,
      coverage: [],
      unlinked: outcome.plan(scope).unlinked,
    }),
  };
}

function onlyOne(found: readonly Measure[]): Measure {
  const [measure, another] = found;
  if (measure === undefined || another !== undefined) {
    throw new RangeError('onlyOne: one known measure expected');
  }
  return measure;
}
