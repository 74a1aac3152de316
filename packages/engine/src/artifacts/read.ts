import { join } from 'node:path';
import {
  type ArtifactKind,
  type ArtifactManifest,
  artifactManifest,
  artifactTables,
  canonicalJson,
  columnsOf,
  type Json,
  type ManifestTable,
  namingRecords,
  type Sha256,
  safeName,
  schemaVersions,
  type TableOf,
  type TableSchema,
  ThroughlineError,
  tablesLacking,
} from '@throughline/core';
import { z } from 'zod';
import { exists, recoverFolder } from '../files/durable.js';
import { hashedFiles, layStill, type Remembering, worthNoting } from '../files/hashed.js';
import { bytesOfSmall, type Stamp, sha256Of, sha256OfFile, stampOf } from '../files/ordinary.js';
import { ident, readParquet, type Sql, sql, sqlJoin, sqlType } from '../sql/sql.js';

/** An artifact whose files have been checked against its manifest. */
export type ReadArtifact<Kind extends ArtifactKind = ArtifactKind> = {
  readonly kind: Kind;
  readonly of: string;
  readonly folder: string;
  readonly manifest: ArtifactManifest;
  /** The artifact's identity: the hash of its manifest without `run`. */
  readonly sha256: Sha256;
  /** Rows of a table. @throws ThroughlineError ARTIFACT_SCHEMA if this artifact does not have it. */
  readonly table: (name: TableOf<Kind>) => Sql;
  /**
   * That every file is still what was checked.
   *
   * @param opened when the run began to read.
   * @throws ThroughlineError ARTIFACT_ALTERED
   */
  readonly requireUnchanged: (opened: Date) => Promise<void>;
};

/** An artifact's identity: the SHA-256 of its manifest's canonical bytes without `run`. */
export function identityOf(manifest: ArtifactManifest): Sha256 {
  const { run: _, ...rest } = manifest;
  return sha256Of(canonicalJson(rest as Json));
}

/**
 * Reads an artifact and checks every file of it by hash, but for large ones of which it is known.
 *
 * @param remembering where it is noted which files were hashed here; without it all are.
 * @throws ThroughlineError ARTIFACT_MISSING, ARTIFACT_ALTERED, ARTIFACT_SCHEMA (another kind, or an older version that
 *   is not carried over), FORMAT_NEWER.
 */
export async function readArtifact<Kind extends ArtifactKind>(
  folder: string,
  kind: Kind,
  remembering?: Remembering,
): Promise<ReadArtifact<Kind>> {
  await recoverFolder(folder);
  const manifest = await readManifest(folder, kind);
  const checked = stampsOf(folder, manifest);
  await (remembering === undefined
    ? requireUnaltered(folder, manifest)
    : requireKnown({ folder, manifest, checked }, remembering));
  return {
    kind,
    of: manifest.of,
    folder,
    manifest,
    sha256: identityOf(manifest),
    table: (name) => rowsOf(folder, manifest, name),
    requireUnchanged: (opened) => requireUnchanged({ folder, manifest, checked, opened }),
  };
}

/** A table that an older version did not have yet is empty; of a carried one, rows that others take the place of are none. */
function rowsOf(folder: string, manifest: ArtifactManifest, name: string): Sql {
  const file = (of: string): Sql => readParquet(join(folder, fileOf(manifest, of)));
  if (isCarried(manifest, name)) {
    const standing = standingRows(file(name), namingRecords(manifest.kind, name) ?? [], file('since'));
    return sql`(${standing} UNION ALL SELECT * FROM ${file(laterOf(name))})`;
  }
  if (tablesLacking(manifest.kind, manifest.schemaVersion)?.includes(name) !== true) return file(name);
  return emptyTable(manifest.kind, name);
}

/** A table of a kind without a row. */
export function emptyTable(kind: ArtifactKind, name: string): Sql {
  const tables: Readonly<Record<string, TableSchema>> = artifactTables[kind];
  const columns = columnsOf(tables[name] ?? {}).map(
    (column) => sql`CAST(NULL AS ${sqlType(column.type)}) AS ${ident(column.name)}`,
  );
  return sql`(SELECT ${sqlJoin(columns)} WHERE false)`;
}

/** Whether a table is as an earlier night wrote it, and what takes the place of its rows stands beside it. */
const isCarried = ({ kind, tables }: ArtifactManifest, name: string): boolean =>
  namingRecords(kind, name) !== undefined && tables.some((table) => table.name === laterOf(name));

/** The table of what takes the place of rows of a carried one. */
export const laterOf = (name: string): string => `later_${name}`;

/** The file of a carried table as an earlier night wrote it, or of any other. */
export const fileRows = (
  { folder, manifest }: Pick<ReadArtifact, 'folder' | 'manifest'>,
  name: string,
): Sql => readParquet(join(folder, fileOf(manifest, name)));

/** Rows that name none of these records. @param columns those that name records. */
export const standingRows = (rows: Sql, columns: readonly string[], records: Sql): Sql =>
  sql`SELECT standing.* FROM ${rows} AS standing ${sqlJoin(
    columns.map(
      (column, place) =>
        sql`ANTI JOIN (SELECT record_id FROM ${records}) AS ${ident(`replaced_${place}`)}
            ON ${ident(`replaced_${place}`)}.record_id = standing.${ident(column)}`,
    ),
    sql` `,
  )}`;

type HashedFile = { readonly name: string; readonly sha256: string };

const filesOf = ({ tables, files }: ArtifactManifest): HashedFile[] => [
  ...tables.map(({ file, sha256 }) => ({ name: file, sha256 })),
  ...files,
];

/** Compares files of an artifact, or all of them, with its manifest. @throws ThroughlineError ARTIFACT_ALTERED */
export async function requireUnaltered(
  folder: string,
  manifest: ArtifactManifest,
  some: readonly HashedFile[] = filesOf(manifest),
): Promise<void> {
  for (const { name, sha256 } of some) {
    const altered = { kind: safeName(manifest.kind), file: safeName(name) };
    const found = await sha256OfFile(join(folder, name), {
      missing: 'ARTIFACT_ALTERED',
      refused: 'ARTIFACT_ALTERED',
      name: safeName(name),
    });
    if (found !== sha256) throw new ThroughlineError('ARTIFACT_ALTERED', altered);
  }
}

/** Compares the files that are not known to be what the manifest says. @throws ThroughlineError ARTIFACT_ALTERED */
async function requireKnown(
  { folder, manifest, checked }: Omit<Reading, 'opened'>,
  remembering: Remembering,
): Promise<void> {
  const hashed = await hashedFiles(folder, remembering);
  const unknown = filesOf(manifest).filter(({ name, sha256 }) => !hashed.has(name, sha256));
  const noted = unknown.flatMap(({ name, sha256 }) => {
    const found = worthNoting(name, checked.get(name), remembering.now);
    return found === undefined ? [] : [{ ...found, sha256 }];
  });
  await requireUnaltered(folder, manifest, unknown);
  await hashed.note(noted);
}

type Stamps = ReadonlyMap<string, Stamp | undefined>;

/** The files of an artifact as the file system has them. */
const stampsOf = (folder: string, manifest: ArtifactManifest): Stamps =>
  new Map(filesOf(manifest).map(({ name }) => [name, stampOf(join(folder, name))]));

type Reading = {
  readonly folder: string;
  readonly manifest: ArtifactManifest;
  /** As they were before they were checked. */
  readonly checked: Stamps;
  readonly opened: Date;
};

/**
 * Whoever writes into a file cannot leave the time of its last change (ctime) as it was. So of files that had lain still
 * when they were hashed, only those of which the file system says that they are others are hashed again: an artifact
 * may have gigabytes.
 */
async function requireUnchanged({ folder, manifest, checked, opened }: Reading): Promise<void> {
  const stamps = stampsOf(folder, manifest);
  const doubtful = filesOf(manifest).filter(({ name }) => {
    const [was, is] = [checked.get(name), stamps.get(name)];
    return was === undefined || was.file !== is?.file || !layStill(was, opened);
  });
  await requireUnaltered(folder, manifest, doubtful);
}

/** Only what the manifest lists has been checked; another file of the folder is none of the artifact's. */
function fileOf({ kind, tables }: ArtifactManifest, name: string): string {
  const table = tables.find((each) => each.name === name);
  if (table !== undefined) return table.file;
  throw new ThroughlineError('ARTIFACT_SCHEMA', { kind: safeName(kind), table: safeName(name) });
}

/** As `readArtifact`, but undefined where there is none. @throws ThroughlineError ARTIFACT_ALTERED, ARTIFACT_SCHEMA */
export async function readArtifactIfThere<Kind extends ArtifactKind>(
  folder: string,
  kind: Kind,
  remembering?: Remembering,
): Promise<ReadArtifact<Kind> | undefined> {
  await recoverFolder(folder);
  return (await exists(join(folder, 'manifest.json'))) ? readArtifact(folder, kind, remembering) : undefined;
}

/**
 * The identity of the artifact in a folder by its manifest alone, whatever its schema version; its files are not
 * read. Undefined if there is no manifest, or none that can be understood.
 */
export async function identityIfThere(folder: string, kind: ArtifactKind): Promise<Sha256 | undefined> {
  await recoverFolder(folder);
  return parsedManifest(folder, kind).then(identityOf, () => undefined);
}

const LARGEST_MANIFEST = 64 * 1024 ** 2;

async function parsedManifest(folder: string, kind: ArtifactKind): Promise<ArtifactManifest> {
  const refusal = {
    missing: 'ARTIFACT_MISSING',
    refused: 'ARTIFACT_ALTERED',
    name: safeName(kind),
  } as const;
  const bytes = await bytesOfSmall(join(folder, 'manifest.json'), refusal, LARGEST_MANIFEST);
  const found = parsedJson(new TextDecoder().decode(bytes));
  refuseNewer(found, kind);
  const parsed = artifactManifest.safeParse(found);
  if (!parsed.success) throw new ThroughlineError('ARTIFACT_SCHEMA', { kind: safeName(kind) });
  return parsed.data;
}

async function readManifest(folder: string, kind: ArtifactKind): Promise<ArtifactManifest> {
  const manifest = await parsedManifest(folder, kind);
  const lacking = tablesLacking(kind, manifest.schemaVersion);
  const isKnown = manifest.schemaVersion === schemaVersions[kind] || lacking !== undefined;
  if (manifest.kind !== kind || !isKnown) {
    throw new ThroughlineError('ARTIFACT_SCHEMA', {
      kind: safeName(kind),
      found: safeName(manifest.kind),
      version: manifest.schemaVersion,
    });
  }
  if (!manifest.tables.every((table) => isDeclared(kind, table))) {
    throw new ThroughlineError('ARTIFACT_SCHEMA', {
      kind: safeName(kind),
      rule: safeName('exactly the declared tables and columns'),
    });
  }
  return manifest;
}

const versioned = z.looseObject({ kind: z.string(), schemaVersion: z.int() });

/** Whatever else a newer version says in its manifest. @throws ThroughlineError FORMAT_NEWER */
function refuseNewer(found: unknown, kind: ArtifactKind): void {
  const manifest = versioned.safeParse(found);
  if (!manifest.success || manifest.data.kind !== kind) return;
  const { schemaVersion } = manifest.data;
  if (schemaVersion > schemaVersions[kind])
    throw new ThroughlineError('FORMAT_NEWER', {
      kind: safeName(kind),
      found: schemaVersion,
      known: schemaVersions[kind],
    });
}

function isDeclared(kind: ArtifactKind, { name, file, columns }: ManifestTable): boolean {
  const tables: Readonly<Record<string, TableSchema>> = artifactTables[kind];
  const schema = Object.hasOwn(tables, name) ? tables[name] : undefined;
  const declared = columnsOf(schema ?? {}).map((column) => `${column.name} ${column.type}`);
  const found = columns.map((column) => column.join(' '));
  return schema !== undefined && file === `${name}.parquet` && found.join() === declared.join();
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
