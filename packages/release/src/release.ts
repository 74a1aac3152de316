import { join } from 'node:path';
import { type ReleaseTerms, releaseTerms } from '@throughline/agreement';
import {
  artifactTables,
  DEFINITIONS_FILE,
  type MeasureDefinition,
  measureDefinitions,
  safeName,
  ThroughlineError,
} from '@throughline/core';
import { type ReadArtifact, readText, type Stage, type StageContext, sql } from '@throughline/engine';
import { z } from 'zod';
import { candidateOf } from './candidate/tables.js';
import { type NamedTable, readExactTables } from './cells/exact-cells.js';
import { type ReleasedCell, releasedCells } from './cells/released-cells.js';
import { writeCellFiles } from './folder/cell-files.js';
import { releaseColumns } from './folder/columns.js';
import { describeRelease } from './folder/describe.js';
import { type LedgerRelease, readEquations, writeEquations } from './ledger/equations.js';
import { readPeople } from './ledger/read-people.js';
import { readPrintedRows, standingRows, standOnLedger } from './ledger/stand.js';
import { loadSolver } from './linear/program.js';
import type { ProtectionPolicy } from './protect/policy.js';
import { type Protected, protect } from './protect/protect.js';
import { publicTotalsIn } from './protect/public-totals.js';
import { requireSafe } from './verify/verify.js';

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
  version: '2',
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
    const earlier = await step('ledger', () => readLedger(context));
    const protecting = { tables, earlier, terms };
    const { released, outcome, kept } = await step('protect', () => protectTables(context, protecting));
    await step('cells', () => writeCells(context, released));
    await step('equations', () => writeEquations(output('equations'), kept, session));
    await step('files', () => writeCellFiles(output('release'), released, session));
    await step('describe', () =>
      describeRelease(output('release'), {
        city: config.city,
        day,
        synthetic: context.synthetic,
        terms,
        definitions,
        rows: released.length,
        withheldRows: released.filter(({ status }) => status === 'withheld').length,
        attackers: outcome.audit.attackers,
        measuresSha256: measures.sha256,
        software: measures.manifest.producedBy.software,
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

type Licensed = {
  readonly definitions: readonly MeasureDefinition[];
  /** Whether a table is of a licensed measure, broken down by nothing that is not. */
  readonly licensed: (table: NamedTable) => boolean;
};

/**
 * What the licence names of all that is counted. Bands of one rule add up, which protection does not know yet, so
 * that one of them alone may be released.
 *
 * @throws ThroughlineError RELEASE_UNSAFE naming the rule if two bands of it would be released.
 */
function licensedOf(all: readonly MeasureDefinition[], { measures, presets }: ReleaseConfig): Licensed {
  const isLicensed = ({ measure, preset }: MeasureDefinition) =>
    measures.includes(measure) &&
    (presets === undefined || presets.some((each) => each.measure === measure && each.preset === preset));
  const definitions = all.filter(isLicensed);
  const partitions = definitions.flatMap(({ partition }) => partition ?? []);
  const twice = partitions.find((partition, index) => partitions.indexOf(partition) < index);
  if (twice !== undefined) throw new ThroughlineError('RELEASE_UNSAFE', { partition: safeName(twice) });
  const own = new Set(definitions.map((each) => each.name));
  const unlicensed = new Set(
    all.flatMap((each) => (isLicensed(each) ? [] : (each.breakdown?.dimension ?? []))),
  );
  const licensed = ({ measure, dims }: NamedTable) =>
    own.has(measure) && !dims.some((dim) => unlicensed.has(dim));
  return { definitions, licensed };
}

const policyOf = ({ minCell, minIntervalWidth, zeroCounts }: ReleaseTerms): ProtectionPolicy => ({
  threshold: minCell,
  zeroCounts,
  minIntervalWidth,
});

type ProtectedTables = {
  readonly released: readonly ReleasedCell[];
  readonly outcome: Protected;
  readonly kept: LedgerRelease;
};

type Protecting = {
  readonly tables: readonly NamedTable[];
  readonly earlier: readonly LedgerRelease[];
  readonly terms: ReleaseTerms;
};

/** Every release that was published, in order. */
async function readLedger({ config, inputs, session }: Context): Promise<LedgerRelease[]> {
  const ledger: LedgerRelease[] = [];
  for (const each of inputs('equations')) ledger.push(await readEquations(each, session));
  return ledger.map((release, at) => ({ ...release, recalled: config.recalled?.includes(at) === true }));
}

/**
 * Withholds, holds what is left against every published release, and attacks what will be printed anew.
 *
 * @throws ThroughlineError RELEASE_UNSAFE
 */
async function protectTables(
  context: Context,
  { tables, earlier, terms }: Protecting,
): Promise<ProtectedTables> {
  const { inputs, session, day } = context;
  const solver = await loadSolver();
  const policy = policyOf(terms);
  const candidate = candidateOf(tables);
  const alreadyPublic = publicTotalsIn(tables, terms.publicTotals, terms.minCell);
  const alone = protect({ candidate, policy, solver, alreadyPublic });
  const [counted] = inputs('counted');
  if (counted === undefined) throw new ThroughlineError('ARTIFACT_MISSING', { kind: safeName('counted') });
  const people = await readPeople(counted, [...new Set(tables.map(({ measure }) => measure))], session);
  const { withheld } = alone;
  const standing = standOnLedger({ tables, candidate, withheld, people, earlier, policy, day, solver });
  const { published, release } = standing;
  const outcome = {
    ...alone,
    withheld: new Set([...candidate.cells.keys()].filter((cell) => !published.has(cell))),
  };
  const tonight = releasedCells(tables, published, terms.rateDecimals);
  requireSafe({ candidate, tables, released: tonight, outcome, policy, solver });
  const last = await readPrintedRows(inputs('release')[0], session);
  return { released: standingRows(tables, tonight, { standing, last, day }), outcome, kept: release };
}

async function writeCells({ session, output }: Context, released: readonly ReleasedCell[]): Promise<number> {
  const columns = releaseColumns.map(({ name: column }) =>
    released.map((cell) => cell[column as keyof ReleasedCell]),
  );
  await session.append('released cells', { name: 'released', schema: artifactTables.release.cells }, [
    columns,
  ]);
  return output('release').table('cells', sql`SELECT * FROM released`);
}

/** For the city's own report: what of the protection was needed. Never inside a published file. */
function noteCounts({ output }: Context, released: readonly ReleasedCell[], outcome: Protected): void {
  output('release').count('rows', released.length);
  output('release').count('refused', outcome.audit.verdict === 'refused' ? 1 : 0);
}
