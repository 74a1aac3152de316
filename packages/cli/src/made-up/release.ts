import { join } from 'node:path';
import {
  type ArtifactManifest,
  artifactTables,
  columnsOf,
  safeName,
  schemaVersions,
} from '@throughline/core';
import {
  ident,
  makePrivateFolder,
  openSession,
  type Session,
  type Sql,
  sha256OfFile,
  sql,
  sqlJoin,
  sqlType,
  writeDurably,
} from '@throughline/engine';

/** How large a made-up release is, and what its hostile places hold. */
export type MadeUpRelease = {
  readonly day: string;
  readonly rows: number;
  /** Stands in the title of a measure, in a level and in a comment; pages must show it as text. */
  readonly odd?: string;
  readonly version?: number;
};

const GROUPS = 20;

/** Every column by name: measures of five presets, schools in each, every ninth row withheld. */
const values = (odd: string): Readonly<Record<string, Sql>> => ({
  measure: sql`'measure_' || (i % 5)`,
  table_name: sql`'measure_' || (i % 5) || '.school'`,
  dim_1: sql`'school'`,
  level_1: sql`CASE WHEN i < 5 THEN 'Total' WHEN i = 7 THEN ${odd} ELSE 'School ' || (i // 5 % ${GROUPS}) END`,
  status: sql`CASE WHEN i % 9 = 8 THEN 'withheld' ELSE 'published' END`,
  yes: sql`CASE WHEN i % 9 = 8 THEN NULL ELSE i % 40 + 11 END`,
  no: sql`CASE WHEN i % 9 = 8 THEN NULL ELSE 60 END`,
  unknown: sql`CASE WHEN i % 9 = 8 THEN NULL ELSE 0 END`,
  total: sql`CASE WHEN i % 9 = 8 THEN NULL ELSE i % 40 + 71 END`,
  rate_percent: sql`CASE WHEN i % 9 = 8 THEN NULL ELSE CAST(15 + i % 30 AS VARCHAR) END`,
  coverage_percent: sql`CASE WHEN i % 9 = 8 THEN NULL ELSE '100' END`,
});

/** Writes a release folder of made-up cells, as a stage would leave it, for trying pages and speed. */
export async function writeMadeUpRelease(folder: string, release: MadeUpRelease): Promise<void> {
  await makePrivateFolder(folder);
  const session = await openSession({
    folders: [folder],
    spill: join(folder, 'spill'),
    memory: '4GB',
    threads: 2,
  });
  try {
    await writeTables(folder, release, session);
  } finally {
    session.close();
  }
  await writeWords(folder, release);
  await writeDurably(join(folder, 'manifest.json'), JSON.stringify(await manifestOf(folder, release)));
}

async function writeTables(
  folder: string,
  { rows, odd = 'plain' }: MadeUpRelease,
  session: Session,
): Promise<void> {
  const known = values(odd);
  const columns = columnsOf(artifactTables.release.cells).map(
    ({ name, type }) => sql`CAST(${known[name] ?? sql`NULL`} AS ${sqlType(type)}) AS ${ident(name)}`,
  );
  await session.run(
    'make',
    sql`CREATE TABLE cells AS SELECT ${sqlJoin(columns)} FROM range(${rows}) AS t(i)`,
  );
  await session.run('parquet', sql`COPY cells TO ${join(folder, 'cells.parquet')} (FORMAT parquet)`);
  await session.save('save', join(folder, 'release.duckdb'), [
    {
      name: 'cells',
      select: sql`SELECT * FROM cells`,
      comment: `Made-up cells, ${odd}.`,
      columns: { measure: odd },
    },
  ]);
}

async function writeWords(folder: string, { day, odd = 'plain', version = 1 }: MadeUpRelease): Promise<void> {
  const definitions = Array.from({ length: 5 }, (_, at) => ({
    name: `measure_${at}`,
    title: `Measure ${at}, ${odd}`,
    version,
    population: 'everybody',
    source: 'nobody',
    caveats: ['made up'],
  }));
  await writeDurably(join(folder, 'definitions.json'), JSON.stringify(definitions));
  await writeDurably(
    join(folder, 'provenance.json'),
    JSON.stringify({ city: 'Millbrook', day, synthetic: true }),
  );
  await writeDurably(join(folder, 'README.md'), `# Made up\n\n    ${odd}\n`);
}

const FILES = ['release.duckdb', 'definitions.json', 'provenance.json', 'README.md'];

async function manifestOf(folder: string, { day, rows }: MadeUpRelease): Promise<ArtifactManifest> {
  const hash = (name: string) =>
    sha256OfFile(join(folder, name), {
      missing: 'ARTIFACT_MISSING',
      refused: 'ARTIFACT_ALTERED',
      name: safeName(name),
    });
  const files = await Promise.all(FILES.map(async (name) => ({ name, sha256: await hash(name) })));
  const none = '0'.repeat(64);
  return {
    kind: 'release',
    schemaVersion: schemaVersions.release,
    of: 'millbrook',
    synthetic: true,
    tables: [
      {
        name: 'cells',
        file: 'cells.parquet',
        rows,
        sha256: await hash('cells.parquet'),
        columns: columnsOf(artifactTables.release.cells).map(({ name, type }) => [name, type]),
      },
    ],
    files,
    counts: [],
    inputs: [],
    producedBy: {
      stage: 'release',
      version: '1',
      software: 'made up',
      configSha256: none,
      recipeSha256: none,
    },
    documents: [],
    run: { startedAt: `${day}T00:00:00Z`, node: 'none', duckdb: 'none' },
  };
}
