import { join } from 'node:path';
import {
  type ArtifactKind,
  type ArtifactManifest,
  artifactTables,
  type ColumnType,
  columnsOf,
  fileNameForm,
  type ManifestCount,
  type ManifestTable,
  type Sha256,
  safeName,
  type TableOf,
  type TableSchema,
  ThroughlineError,
} from '@throughline/core';
import type { Session } from '../database/session.js';
import { copyFile, makePrivateFolder, sync, writeDurably } from '../files/durable.js';
import { type Hashed, worthNoting } from '../files/hashed.js';
import { sha256Of, sha256OfFile, stampOf } from '../files/ordinary.js';
import { ident, readParquet, type Sql, sql, sqlJoin, sqlType } from '../sql/sql.js';
import { type Carrying, carryTables } from './carry.js';
import type { ReadArtifact } from './read.js';

export type KeyCheck = { readonly agreement: string; readonly epoch: string; readonly value: string };

/** An artifact in the making, in a temporary folder beside its place. */
export type OutputArtifact<Kind extends ArtifactKind> = Draft & {
  /**
   * Writes a table. Its columns must be exactly the declared ones; rows are put into total order, so that equal
   * rows give equal bytes.
   *
   * @param by columns that put the rows into that same order at less cost; those of them that are not declared are
   *   left out of the table.
   */
  readonly table: (name: TableOf<Kind>, select: Sql, by?: readonly string[]) => Promise<number>;
  /**
   * Takes a table of an artifact of the same kind as it is: the same bytes, without reading a row.
   *
   * @throws ThroughlineError ARTIFACT_ALTERED, ARTIFACT_SCHEMA where it has none of that name.
   */
  readonly keep: (
    name: TableOf<Kind>,
    from: Pick<ReadArtifact<Kind>, 'folder' | 'manifest'>,
  ) => Promise<number>;
  /**
   * Carries tables on of which only the rows about some records have changed. @param tonight those rows, by table.
   *
   * @returns how many rows of tonight there are.
   * @throws ThroughlineError ARTIFACT_ALTERED, ARTIFACT_SCHEMA
   */
  readonly carry: (
    carrying: Carrying<Kind>,
    tonight: readonly (readonly [name: TableOf<Kind>, rows: Sql])[],
  ) => Promise<number>;
};

type Draft = {
  /** The temporary folder, for files that DuckDB or a library writes itself. */
  readonly folder: string;
  /** Writes a file beside the tables. */
  readonly file: (name: string, bytes: Uint8Array | string) => Promise<void>;
  /** Declares a file in the folder that was written by somebody else. */
  readonly written: (name: string) => Promise<void>;
  /** Notes a count for the manifest. */
  readonly count: (name: string, value: number, by?: Readonly<Record<string, string>>) => void;
  readonly keyCheck: (check: KeyCheck) => void;
};

export type DraftArtifact = {
  readonly output: Draft & {
    readonly table: (name: string, select: Sql, by?: readonly string[]) => Promise<number>;
    readonly keep: (name: string, from: Pick<ReadArtifact, 'folder' | 'manifest'>) => Promise<number>;
    readonly carry: (
      carrying: Carrying,
      tonight: readonly (readonly [name: string, rows: Sql])[],
    ) => Promise<number>;
  };
  readonly parts: () => Pick<ArtifactManifest, 'tables' | 'files' | 'counts'> & {
    keyCheck: KeyCheck | undefined;
  };
  /** The files that were hashed once they were written. */
  readonly hashed: () => readonly Hashed[];
};

export type Drafting = {
  /** Empty and temporary. */
  readonly folder: string;
  readonly session: Session;
  readonly now: () => Date;
};

/** Starts an artifact. */
export async function draftArtifact(
  kind: ArtifactKind,
  { folder, session, now }: Drafting,
): Promise<DraftArtifact> {
  await makePrivateFolder(folder);
  const tables: ManifestTable[] = [];
  const files: ArtifactManifest['files'] = [];
  const counts: ManifestCount[] = [];
  const checks: KeyCheck[] = [];
  const hashed: Hashed[] = [];
  const hash: Hash = async (name) => {
    const path = join(folder, name);
    const noted = worthNoting(name, stampOf(path), now);
    const sha256 = await sha256OfFile(path, gone(name));
    if (noted !== undefined) hashed.push({ ...noted, sha256 });
    return sha256;
  };
  const written = async (name: string) => {
    await sync(join(folder, nameFor(name)));
    files.push({ name, sha256: await hash(name) });
  };
  const names = new Set(['manifest.json']);
  /** A file of the artifact is written once, inside its folder. */
  const nameFor = (name: string): string => {
    if (!fileNameForm.test(name) || names.has(name))
      throw new ThroughlineError('BUG', { file: safeName(name) });
    names.add(name);
    return name;
  };
  const table: DraftArtifact['output']['table'] = async (name, select, by = []) => {
    nameFor(`${name}.parquet`);
    const made = await writeTable({ kind, name, folder, hash, session, by }, select);
    tables.push(made);
    return made.rows;
  };
  const keep: DraftArtifact['output']['keep'] = async (name, from) => {
    nameFor(`${name}.parquet`);
    const made = await keptTable({ kind, name, folder, hash }, from);
    tables.push(made);
    return made.rows;
  };
  const output: DraftArtifact['output'] = {
    folder,
    table,
    keep,
    carry: (carrying, tonight) => carryTables({ session, table, keep }, carrying, tonight),
    file: async (name, bytes) => {
      await writeDurably(join(folder, nameFor(name)), bytes);
      files.push({ name, sha256: sha256Of(bytes) });
    },
    written,
    count: (name, value, by) => void counts.push({ name, value, ...(by === undefined ? {} : { by }) }),
    keyCheck: (check) => void checks.push(check),
  };
  return {
    output,
    parts: () => ({ tables, files, counts, keyCheck: checks[0] }),
    hashed: () => hashed,
  };
}

/** The hash of a file of the artifact as it has been written. */
type Hash = (name: string) => Promise<Sha256>;

const gone = (name: string) => ({
  missing: 'OUTPUT_UNWRITABLE' as const,
  refused: 'OUTPUT_UNWRITABLE' as const,
  name: safeName(name),
});

type Writing = {
  readonly kind: ArtifactKind;
  readonly name: string;
  readonly folder: string;
  readonly hash: Hash;
  readonly session: Session;
  readonly by: readonly string[];
};

async function writeTable(
  { kind, name, folder, hash, session, by }: Writing,
  select: Sql,
): Promise<ManifestTable> {
  const tables: Readonly<Record<string, TableSchema>> = artifactTables[kind];
  const schema = Object.hasOwn(tables, name) ? tables[name] : undefined;
  if (schema === undefined)
    throw new ThroughlineError('ARTIFACT_SCHEMA', { kind: safeName(kind), table: safeName(name) });
  const columns = columnsOf(schema);
  const step = `write ${name}`;
  const others = by.filter((each) => !columns.some((column) => column.name === each));
  await requireColumns({ step, session, columns }, sql`SELECT ${without(others)} FROM (${select})`);
  const file = `${name}.parquet`;
  const values = sqlJoin(
    columns.map(({ name, type }) => sql`CAST(${ident(name)} AS ${sqlType(type)}) AS ${ident(name)}`),
  );
  const names = sqlJoin(columns.map((column) => ident(column.name)));
  const order = by.length === 0 ? sql`ALL` : sqlJoin(by.map((each) => ident(each)));
  const metadata = sql`KV_METADATA {kind: ${kind}, contents: ${name}}`;
  const rows = await session.run(
    step,
    sql`COPY (SELECT ${values} FROM (SELECT ${names} FROM (${select}) ORDER BY ${order})) TO ${join(folder, file)} (FORMAT parquet, COMPRESSION zstd, ${metadata})`,
  );
  await requireNoGaps({ step, session, columns }, readParquet(join(folder, file)));
  await sync(join(folder, file));
  return {
    name,
    file,
    rows,
    sha256: await hash(file),
    columns: columns.map((column) => [column.name, column.type]),
  };
}

type Keeping = Pick<Writing, 'kind' | 'name' | 'folder' | 'hash'>;

async function keptTable(
  { kind, name, folder, hash }: Keeping,
  from: Pick<ReadArtifact, 'folder' | 'manifest'>,
): Promise<ManifestTable> {
  const table = from.manifest.tables.find((each) => each.name === name);
  if (table === undefined || from.manifest.kind !== kind)
    throw new ThroughlineError('ARTIFACT_SCHEMA', { kind: safeName(kind), table: safeName(name) });
  await copyFile(join(from.folder, table.file), join(folder, table.file));
  if ((await hash(table.file)) !== table.sha256)
    throw new ThroughlineError('ARTIFACT_ALTERED', { kind: safeName(kind), file: safeName(table.file) });
  return table;
}

const without = (columns: readonly string[]): Sql =>
  columns.length === 0 ? sql`*` : sql`* EXCLUDE (${sqlJoin(columns.map((each) => ident(each)))})`;

type Declared = {
  readonly step: string;
  readonly session: Session;
  readonly columns: readonly { name: string; type: ColumnType; nullable: boolean }[];
};

/** The allow-list: exactly the declared columns with their types; a list of words is put into order faster than texts, and written as texts. */
async function requireColumns({ step, session, columns }: Declared, select: Sql): Promise<void> {
  const described = await session.rows(step, sql`DESCRIBE ${select}`);
  const typeOf = (type: string) => (type.startsWith('ENUM(') ? 'VARCHAR' : type);
  const found = described.map((row) => `${row['column_name']} ${typeOf(String(row['column_type']))}`).sort();
  const declared = columns.map(({ name, type }) => `${name} ${type}`).sort();
  if (found.join() !== declared.join()) {
    throw new ThroughlineError('ARTIFACT_SCHEMA', {
      step: safeName(step),
      rule: safeName('exactly the declared columns'),
    });
  }
}

async function requireNoGaps({ step, session, columns }: Declared, rows: Sql): Promise<void> {
  const required = columns.filter(({ nullable }) => !nullable).map(({ name }) => sql`${ident(name)} IS NULL`);
  if (required.length === 0) return;
  const gaps = await session.rows(
    step,
    sql`SELECT count(*) AS gaps FROM ${rows} WHERE ${sqlJoin(required, sql` OR `)}`,
  );
  if (Number(gaps[0]?.['gaps']) > 0) {
    throw new ThroughlineError('ARTIFACT_SCHEMA', {
      step: safeName(step),
      rule: safeName('no gap in a required column'),
    });
  }
}
