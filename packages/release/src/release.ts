import { join } from 'node:path';
import { releaseTerms } from '@throughline/agreement';
import {
  DEFINITIONS_FILE,
  type MeasureDefinition,
  measureDefinitions,
  safeName,
  ThroughlineError,
} from '@throughline/core';
import { type ReadArtifact, readText, type Stage, type StageContext } from '@throughline/engine';
import { z } from 'zod';
import { readExactTables } from './cells/exact-cells.js';
import { readRelations } from './cells/exact-relations.js';
import type { ReleasedCell } from './cells/released-cells.js';
import { type Change, compareReleases } from './changes/compare-releases.js';
import { frozenCell, readFrozen } from './changes/read-frozen.js';
import { releasedEquity } from './derived/equity.js';
import { describeRelease } from './folder/describe.js';
import { readSources } from './folder/provenance.js';
import { writeTableFiles } from './folder/table-files.js';
import { type LedgerRelease, readEquations, writeEquations } from './ledger/equations.js';
import { readPeople } from './ledger/read-people.js';
import { licensedOf } from './licensed.js';
import type { Protected } from './protect/protect.js';
import {
  comparisonsOf,
  type Ledger,
  protectedAmounts,
  protectTables,
  writeTables,
} from './released-tables.js';

const name = z.string().min(1);

export const releaseConfig = z.strictObject({
  dul: name.describe('id of the licence under which tables are released'),
  policy: name.describe('id of the release policy'),
  city: name,
  partners: z.array(name).min(1).describe('whose agreements bear on the release'),
  measures: z.array(name).min(1).describe('the measures, as the licence names them'),
  presets: z
    .array(z.strictObject({ measure: name, preset: name }))
    .optional()
    .describe('which rules of them; all where nothing is said'),
  recalled: z
    .array(z.int().min(0))
    .optional()
    .describe('positions of published releases whose numbers stand no longer'),
});
export type ReleaseConfig = z.infer<typeof releaseConfig>;

type Context = StageContext<ReleaseConfig>;

/** Exact cells -> a release candidate that has withstood an attack. */
export const releaseStage: Stage<ReleaseConfig> = {
  name: 'release',
  version: '3',
  config: releaseConfig,
  writes: ['equations', 'release'],
  secrets: [],
  governs: (documents, { day, config }) => releaseTerms(documents, { ...config, day }).documents,
  run: async (context) => {
    const { config, documents, day, output, session, step } = context;
    const terms = releaseTerms(documents, { ...config, day });
    const measures = measuresOf(context);
    const { definitions, licensed } = licensedOf(await readDefinitions(measures), config);
    const tables = (await readExactTables(measures, session)).filter(licensed);
    const read = { measures, session };
    const exact = { tables, definitions, relations: await readRelations(read, tables, definitions) };
    const ledger = await step('ledger', () => readLedger(context));
    const { released, outcome, published, kept } = await step('protect', () =>
      protectTables(exact, terms, { ledger, session }),
    );
    const printed = { terms, published, released, ledger };
    const rows = {
      cells: released,
      magnitudes: await step('magnitudes', () => protectedAmounts(read, exact, printed)),
      equity: releasedEquity(released, definitions),
      comparisons: await comparisonsOf(read, definitions, printed),
    };
    const sources = await readSources(measures, session);
    const changes = await changesSince(context, { cells: released, definitions });
    await step('tables', () => writeTables(output('release'), session, rows));
    await step('equations', () => writeEquations(output('equations'), kept, session));
    await step('files', () => writeTableFiles(output('release'), rows, session));
    await step('describe', () =>
      describeRelease(output('release'), {
        city: config.city,
        day,
        synthetic: context.synthetic,
        terms,
        definitions,
        cells: released,
        attackers: outcome.audit.attackers,
        measuresSha256: measures.sha256,
        software: measures.manifest.producedBy.software,
        sources,
        changes,
      }),
    );
    noteCounts(context, released, outcome);
  },
};

function measuresOf({ inputs }: Context): ReadArtifact<'measures'> {
  const [measures] = inputs('measures');
  if (measures === undefined) throw new ThroughlineError('ARTIFACT_MISSING', {});
  return measures;
}

async function readDefinitions({ folder }: ReadArtifact<'measures'>): Promise<MeasureDefinition[]> {
  return measureDefinitions.parse(JSON.parse(await readText(join(folder, DEFINITIONS_FILE))));
}

/** What was published before, and whom tonight's tables count. @throws ThroughlineError ARTIFACT_MISSING */
async function readLedger({ config, day, inputs, session }: Context): Promise<Ledger> {
  const earlier: LedgerRelease[] = [];
  for (const [at, each] of inputs('equations').entries())
    earlier.push({
      ...(await readEquations(each, session)),
      recalled: config.recalled?.includes(at) === true,
    });
  const [counted] = inputs('counted');
  if (counted === undefined) throw new ThroughlineError('ARTIFACT_MISSING', { kind: safeName('counted') });
  return {
    earlier,
    day,
    last: inputs('release')[0],
    people: (measures) => readPeople(counted, measures, session),
  };
}

/** What has changed since the last release that was frozen; null if there is none. */
async function changesSince(
  { inputs, session }: Context,
  { cells, definitions }: { cells: readonly ReleasedCell[]; definitions: readonly MeasureDefinition[] },
): Promise<readonly Change[] | null> {
  const [earlier] = inputs('release');
  if (earlier === undefined) return null;
  return compareReleases({ cells: cells.map(frozenCell), definitions }, await readFrozen(earlier, session));
}

/** For the city's own report: what of the protection was needed. Never inside a published file. */
function noteCounts({ output }: Context, released: readonly ReleasedCell[], outcome: Protected): void {
  output('release').count('rows', released.length);
  output('release').count('refused', outcome.audit.verdict === 'refused' ? 1 : 0);
}
