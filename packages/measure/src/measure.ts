import { DEFINITIONS_FILE, type MeasureDefinition } from '@throughline/core';
import { ident, type Sql, type Stage, type StageContext, sql, sqlJoin } from '@throughline/engine';
import { allCounts } from './cells/cells.js';
import { cellsOf, ratesOf, unlinkedCounts } from './cells/rates.js';
import { measuresOf } from './compile/compile.js';
import { type MeasureConfig, measureConfig } from './config/config.js';
import type { Make, Measure, Plan, Scope } from './definition/measure.js';
import { governing } from './governing/governing.js';
import { needsOf } from './governing/needs.js';
import { requireCoverage, rowsIn, sourcesOf } from './payload/sources.js';
import { makePopulation, populationCoverage } from './population/make-population.js';

type Context = StageContext<MeasureConfig>;

/** Payload of all partners + people -> exact cells of every measure, and the counts beside them. */
export const measureStage: Stage<MeasureConfig> = {
  name: 'measure',
  version: '2',
  config: measureConfig,
  writes: ['measures'],
  secrets: [],
  governs: governing,
  run: async (context) => {
    const { config, output, session, step } = context;
    const chosen = measuresOf(config);
    const scope = await step('require coverage', () => coveredScope(context, chosen));
    await step('population', () => makePopulation(context, scope));
    const planned = chosen.map((measure) => ({ measure, plan: measure.plan(scope) }));
    for (const { table, select } of makesOf(planned)) {
      await step(table, () => session.make(table, table, select));
    }
    for (const { measure, plan } of planned) {
      await step(measure.name, () => session.make(measure.name, `verdicts_${measure.name}`, plan.verdicts));
    }
    await step('count', () => session.make('count', 'counted', allCounts(config, chosen)));
    await step('unlinked', () => session.make('unlinked', 'unlinked_persons', unlinkedCounts(planned)));
    await step('cells', () => output('measures').table('cells', cellsOf(ident('counted'))));
    await step('rates', () =>
      output('measures').table('rates', ratesOf(ident('counted'), ident('unlinked_persons'))),
    );
    await step('coverage', () =>
      output('measures').table('coverage', allCoverage(planned, populationCoverage(config, scope))),
    );
    await step('definitions', () => output('measures').file(DEFINITIONS_FILE, definitionsOf(chosen)));
  },
};

/** The words of the measures, which travel with the cells to the release. */
function definitionsOf(chosen: readonly Measure[]): string {
  const definitions = chosen.map(
    ({ name, measure, preset, version, title, population, source, caveats, ...more }): MeasureDefinition => ({
      name,
      measure,
      preset,
      version,
      title,
      population,
      source,
      caveats: [...caveats],
      ...(more.partition === undefined ? {} : { partition: more.partition }),
      ...(more.crossing === undefined
        ? {}
        : { breakdown: { measure: more.crossing.outcome, dimension: more.crossing.access } }),
    }),
  );
  return `${JSON.stringify(definitions, undefined, 2)}\n`;
}

async function coveredScope(
  { config, inputs, session }: Context,
  chosen: readonly Measure[],
): Promise<Scope> {
  const sources = sourcesOf(inputs('payload'), config.partners);
  const needs = chosen.flatMap((measure) => needsOf(measure, config.dimensions));
  await requireCoverage(session, sources, needs);
  const { period, snapshot, windows } = config;
  return { period, snapshot, windows, rows: rowsIn(sources) };
}

type Planned = { readonly measure: Measure; readonly plan: Plan };

/** Measures under several presets share their tables on the way. */
function makesOf(planned: readonly Planned[]): readonly Make[] {
  const makes = planned.flatMap(({ plan }) => plan.makes);
  return [...new Map(makes.map((make) => [make.table, make])).values()];
}

function allCoverage(planned: readonly Planned[], population: readonly Sql[]): Sql {
  const of = (measure: string, rows: readonly Sql[]) =>
    rows.map((each) => sql`SELECT ${measure}::VARCHAR AS measure, name, "by", count FROM (${each})`);
  return sqlJoin(
    [
      ...of('population', population),
      ...planned.flatMap(({ measure, plan }) => of(measure.name, plan.coverage)),
    ],
    sql` UNION ALL `,
  );
}
