import { DEFINITIONS_FILE } from '@throughline/core';
import { ident, type Sql, type Stage, type StageContext, sql, sqlJoin } from '@throughline/engine';
import { countsOf } from './cells/cells.js';
import { allComparisons } from './cells/comparisons.js';
import { equityOf, linkedLevels } from './cells/equity.js';
import { makeExpectedLinks } from './cells/expected-links.js';
import { allMagnitudes, amountsTable, withAmounts } from './cells/magnitudes.js';
import { overlapsOf, pairsOf, pairVerdicts } from './cells/overlaps.js';
import { personAccess, personLevels, personVerdicts } from './cells/persons.js';
import { cellsOf, ratesOf, unlinkedCounts } from './cells/rates.js';
import { measuresOf } from './compile/compile.js';
import { type MeasureConfig, measureConfig } from './config/config.js';
import { verdictsName, verdictsTable } from './definition/counts.js';
import { definitionsOf } from './definition/described.js';
import { type Make, type Measure, type Plan, partnersIn, roles, type Scope } from './definition/measure.js';
import { governing } from './governing/governing.js';
import { needsOf } from './governing/needs.js';
import { requireCoverage, rowsIn, sourcesOf } from './payload/sources.js';
import { makePopulation, populationCoverage } from './population/make-population.js';

type Context = StageContext<MeasureConfig>;

/** Payload of all partners + people -> exact cells of every measure, and the counts beside them. */
export const measureStage: Stage<MeasureConfig> = {
  name: 'measure',
  version: '4',
  config: measureConfig,
  writes: ['counted', 'measures'],
  secrets: [],
  governs: governing,
  run: async (context) => {
    const { config, output, step } = context;
    const chosen = measuresOf(config);
    const scope = await step('require coverage', () => coveredScope(context, chosen));
    await step('population', () => makePopulation(context, scope));
    const planned = chosen.map((measure) => ({ measure, plan: measure.plan(scope) }));
    await step('tables', () => makeTables(context, planned));
    await step('verdicts', () => makeVerdicts(context, planned));
    await step('counted', () => writeCounted(context, chosen));
    await step('count', () => makeCounted(context, chosen));
    await step('unlinked', () => writeUnlinked(context, planned));
    await step('overlaps', () => writeOverlaps(context, chosen));
    await step('cells', () => output('measures').table('cells', cellsOf(ident('counted'))));
    await step('rates', () =>
      output('measures').table('rates', ratesOf(ident('counted'), ident('unlinked_persons'))),
    );
    await step('magnitudes', () => writeMagnitudes(context, planned));
    await step('equity', () => writeEquity(context, chosen));
    await step('expected links', () => writeExpectedLinks(context));
    await step('comparisons', () => output('measures').table('comparisons', allComparisons(chosen)));
    await step('coverage', () => writeCoverage(context, planned, populationCoverage(config, scope)));
    await step('sources', () => output('measures').table('sources', sourcesRead(scope)));
    await step('definitions', () => output('measures').file(DEFINITIONS_FILE, definitionsOf(config, chosen)));
  },
};

/** Returns how many. */
async function makeTables({ session }: Context, planned: readonly Planned[]): Promise<number> {
  const makes = makesOf(planned);
  for (const { table, select } of makes) await session.make(table, table, select);
  return makes.length;
}

/** In the order of the measures, since some are made of the verdicts of others. */
async function makeVerdicts({ session }: Context, planned: readonly Planned[]): Promise<number> {
  let verdicts = 0;
  for (const { measure, plan } of planned) {
    verdicts += await session.make(measure.name, verdictsName(measure.name), plan.verdicts);
  }
  return verdicts;
}

/** Table `counted`, from a table a measure: one statement of all takes longer to plan than to run. */
async function makeCounted({ config, session }: Context, chosen: readonly Measure[]): Promise<number> {
  for (const measure of chosen) {
    await session.make(measure.name, `counted_${measure.name}`, countsOf(measure, config));
  }
  const tables = chosen.map(({ name }) => sql`SELECT * FROM ${ident(`counted_${name}`)}`);
  return session.make('count', 'counted', sqlJoin(tables, sql` UNION ALL `));
}

/** Table `sources`: every extract of every partner that has a role. */
const sourcesRead = ({ partners, rows }: Scope): Sql =>
  sql`SELECT DISTINCT partner, extract, payload_table, covers_from, covers_to, rows_kept FROM (${sqlJoin(
    roles
      .filter((role) => partnersIn(partners, role).length > 0)
      .map((role) => sql`SELECT * FROM (${rows(role, 'extracts')})`),
    sql` UNION ALL `,
  )})`;

/** Who is counted, and as what: person by person, for the desk only. */
async function writeCounted({ config, output }: Context, chosen: readonly Measure[]): Promise<number> {
  const counted = output('counted');
  await counted.table('levels', personLevels(config.dimensions));
  await counted.table('verdicts', personVerdicts(chosen));
  await counted.table('access', personAccess(chosen));
  return counted.table('counted', countedPersons(chosen));
}

async function writeUnlinked({ output, session }: Context, planned: readonly Planned[]): Promise<number> {
  await session.make('unlinked', 'unlinked_persons', unlinkedCounts(planned));
  return output('measures').table('unlinked', sql`SELECT * FROM unlinked_persons`);
}

async function writeOverlaps({ config, output, session }: Context, chosen: readonly Measure[]) {
  await session.make('pairs', 'pair_verdicts', pairVerdicts(pairsOf(chosen)));
  return output('measures').table('overlaps', overlapsOf(config));
}

async function writeMagnitudes({ config, output, session }: Context, planned: readonly Planned[]) {
  for (const { measure, amounts } of withAmounts(planned)) {
    await session.make(measure.name, amountsTable(measure), amounts);
  }
  return output('measures').table('magnitudes', allMagnitudes(config, planned));
}

async function writeEquity({ config, output, session }: Context, chosen: readonly Measure[]) {
  await session.make('linked levels', 'linked_levels', linkedLevels(config.dimensions));
  return output('measures').table('equity', equityOf(chosen));
}

/** Whoever counts has a people index: `makePopulation` requires it. */
async function writeExpectedLinks({ config, inputs, output, session }: Context): Promise<number> {
  const [people] = inputs('people');
  if (people === undefined) return 0;
  await makeExpectedLinks(session, people.table('certainty'), config.dimensions);
  return output('measures').table('expected_links', sql`SELECT * FROM expected_links`);
}

async function coveredScope(
  { config, inputs, session }: Context,
  chosen: readonly Measure[],
): Promise<Scope> {
  const sources = sourcesOf(inputs('payload'), config.partners);
  const needs = chosen.flatMap((measure) => needsOf(measure, config.dimensions));
  await requireCoverage(session, sources, needs);
  const { period, snapshot, windows } = config;
  const onRecord = chosen.flatMap((measure) => measure.onRecord ?? []);
  return { period, snapshot, windows, onRecord, partners: config.partners, rows: rowsIn(sources) };
}

type Planned = { readonly measure: Measure; readonly plan: Plan };

/** Measures under several presets share their tables on the way. */
function makesOf(planned: readonly Planned[]): readonly Make[] {
  const makes = planned.flatMap(({ plan }) => plan.makes);
  return [...new Map(makes.map((make) => [make.table, make])).values()];
}

/** In the populations of how many measures each person is. */
const countedPersons = (chosen: readonly Measure[]): Sql =>
  sql`SELECT person_id, count(*) AS measures FROM (${sqlJoin(
    chosen.map(({ name }) => sql`SELECT DISTINCT person_id FROM ${verdictsTable(name)}`),
    sql` UNION ALL `,
  )}) GROUP BY person_id`;

/** Table `coverage`, likewise. */
async function writeCoverage(
  { output, session }: Context,
  planned: readonly Planned[],
  population: readonly Sql[],
): Promise<number> {
  const named = [
    { name: 'population', rows: population },
    ...planned.map(({ measure, plan }) => ({ name: measure.name, rows: plan.coverage })),
  ].filter(({ rows }) => rows.length > 0);
  for (const { name, rows } of named) {
    const selects = rows.map(
      (each) => sql`SELECT ${name}::VARCHAR AS measure, name, "by", count FROM (${each})`,
    );
    await session.make(name, `coverage_${name}`, sqlJoin(selects, sql` UNION ALL `));
  }
  const tables = named.map(({ name }) => sql`SELECT * FROM ${ident(`coverage_${name}`)}`);
  return output('measures').table('coverage', sqlJoin(tables, sql` UNION ALL `));
}
