import {
  type ArtifactKind,
  artifactTables,
  columnsOf,
  type PayloadTable,
  type TableOf,
  type TableSchema,
} from '@throughline/core';
import {
  createKey,
  exists,
  ident,
  makePrivateFolder,
  openSession,
  readArtifact,
  runStage,
  type Stage,
  type StageRequest,
  sql,
} from '@throughline/engine';
import { z } from 'zod';
import {
  definitionsFor,
  type MeasureConfig,
  type MeasuresInput,
  measureConfig,
  measureStage,
} from '../index.js';
import { catalogue } from './catalogue.js';
import { registersOf } from './registers.js';

/** A small made-up city, row by row, for the tests. */
export type Value = string | number | boolean | null;
export type Row = Readonly<Record<string, Value>>;
export type Tables = Readonly<Partial<Record<PayloadTable | 'extracts', readonly Row[]>>>;
export type City = {
  readonly partners: Readonly<Record<string, Tables>>;
  readonly people: readonly Row[];
  /** How sure the links of records are, of those that met in sealed fields. */
  readonly certainty?: readonly Row[];
};

export type Cell = Readonly<Record<'measure' | 'population' | 'table_name', string>> &
  Readonly<Record<'dim_1' | 'level_1' | 'dim_2' | 'level_2', string | null>> &
  Readonly<Record<'yes' | 'no' | 'unknown' | 'total', number>>;
export type Rate = Readonly<Record<string, string | number | null>>;
export type Coverage = {
  readonly measure: string;
  readonly name: string;
  readonly by: string | null;
  readonly count: number;
};

/** A UUID for a small number, so that rows can be told apart by eye. */
export const id = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

type Measuring = {
  readonly folder: string;
  readonly city: City;
  readonly config: MeasuresInput;
  readonly threads?: number;
};

/** Runs the stage over a city written to an empty folder. Whether the agreements allow it is tested apart. */
export const measured = async ({ config, ...measuring }: Measuring) =>
  measuredWhole({ ...measuring, config: await whole(config) });

type MeasuringWhole = Omit<Measuring, 'config'> & { readonly config: MeasureConfig };

/** The same, where the configuration has its definitions. */
export async function measuredWhole({ folder, city, config, threads = 1 }: MeasuringWhole) {
  const request = await requestFor(folder, city, config);
  const ungoverned: Stage<MeasureConfig> = { ...measureStage, governs: () => [] };
  const { artifacts } = await runStage(ungoverned, { ...request, limits: { memory: '2GB', threads } });
  const measures = await readArtifact(`${folder}/desk/measures`, 'measures');
  const session = await openSession({
    folders: [folder],
    spill: `${folder}/spill`,
    memory: '1GB',
    threads: 1,
  });
  const rows = (table: TableOf<'measures'>) =>
    session.rows(table, sql`SELECT * FROM ${measures.table(table)} ORDER BY ALL`);
  const cells = (await rows('cells')) as readonly Cell[];
  const rates = (await rows('rates')) as readonly Rate[];
  const coverage = (await rows('coverage')) as readonly Coverage[];
  const beside = {
    overlaps: (await rows('overlaps')) as readonly Rate[],
    magnitudes: (await rows('magnitudes')) as readonly Rate[],
    equity: (await rows('equity')) as readonly Rate[],
    expectedLinks: (await rows('expected_links')) as readonly Rate[],
    comparisons: (await rows('comparisons')) as readonly Rate[],
  };
  session.close();
  return { identity: artifacts.measures, cells, rates, coverage, beside };
}

/** A configuration with the definitions of what it asks for. */
export const whole = async (asked: MeasuresInput): Promise<MeasureConfig> =>
  measureConfig.parse({ ...asked, definitions: definitionsFor(await catalogue(), asked.measures) });

export async function requestFor(folder: string, city: City, config: unknown): Promise<StageRequest> {
  const logKey = surroundings(folder).log.key;
  await makePrivateFolder(folder);
  if (!(await exists(logKey))) await createKey(logKey);
  const inputs: { kind: ArtifactKind; folder: string }[] = [];
  for (const [partner, tables] of Object.entries(city.partners)) {
    const registered = { ...tables, attendance: registersOf(tables) };
    inputs.push(await written(folder, { kind: 'payload', of: partner, tables: registered }));
  }
  const { people, certainty = [] } = city;
  inputs.push(await written(folder, { kind: 'people', of: 'city', tables: { people, certainty } }));
  return {
    ...surroundings(folder),
    of: 'city',
    config,
    inputs,
    outputs: { counted: `${folder}/desk/counted`, measures: `${folder}/desk/measures` },
  };
}

const surroundings = (folder: string) => ({
  documents: { emous: [], dsas: [], duls: [], policies: [], manifests: [] },
  day: '2026-06-16',
  work: `${folder}/work`,
  log: { folder: `${folder}/log`, origin: 'test.example/log', key: `${folder}/log.key` },
  limits: { memory: '2GB', threads: 1 },
  effects: {
    emit: () => undefined,
    now: () => new Date(0),
    elapsed: () => 0,
    software: 'test',
    userId: undefined,
  },
});

type Writing = {
  readonly kind: 'payload' | 'people';
  readonly of: string;
  readonly tables: Readonly<Record<string, readonly Row[] | undefined>>;
};

/** Writes an artifact as the stage that makes it would. */
async function written(folder: string, { kind, of, tables }: Writing) {
  const schemas: Readonly<Record<string, TableSchema>> = artifactTables[kind];
  const place = `${folder}/${kind}-${of}`;
  const writing: Stage<Record<string, never>> = {
    name: kind === 'payload' ? 'ingest' : 'link',
    version: '1',
    config: z.strictObject({}),
    writes: [kind],
    secrets: [],
    governs: () => [],
    run: async ({ session, output }) => {
      for (const [name, rows = []] of Object.entries(tables)) {
        const schema = schemas[name] ?? {};
        await session.append(name, { name, schema }, [
          columnsOf(schema).map((column) => rows.map((row) => row[column.name] ?? null)),
        ]);
        await output(kind).table(name as TableOf<typeof kind>, sql`SELECT * FROM ${ident(name)}`);
      }
    },
  };
  await runStage(writing, { ...surroundings(folder), of, config: {}, outputs: { [kind]: place } });
  return { kind, folder: place };
}
