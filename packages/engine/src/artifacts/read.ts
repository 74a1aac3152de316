import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ArtifactKind,
  type ArtifactManifest,
  artifactManifest,
  canonicalJson,
  type Json,
  type Sha256,
  safeName,
  schemaVersions,
  type TableOf,
  ThroughlineError,
} from '@throughline/core';
import { exists, recoverFolder } from '../files/durable.js';
import { sha256Of, sha256OfFile } from '../files/ordinary.js';
import { readParquet, type Sql } from '../sql/sql.js';

/** An artifact whose files have been checked against its manifest. */
export type ReadArtifact<Kind extends ArtifactKind = ArtifactKind> = {
  readonly kind: Kind;
  readonly of: string;
  readonly folder: string;
  readonly manifest: ArtifactManifest;
  /** The artifact's identity: the hash of its manifest without `run`. */
  readonly sha256: Sha256;
  readonly table: (name: TableOf<Kind>) => Sql;
};

/** An artifact's identity: the SHA-256 of its manifest's canonical bytes without `run`. */
export function identityOf(manifest: ArtifactManifest): Sha256 {
  const { run: _, ...rest } = manifest;
  return sha256Of(canonicalJson(rest as Json));
}

/**
 * Reads an artifact and checks every file of it by hash.
 *
 * @throws ThroughlineError ARTIFACT_MISSING, ARTIFACT_ALTERED, ARTIFACT_SCHEMA (another kind or version).
 */
export async function readArtifact<Kind extends ArtifactKind>(
  folder: string,
  kind: Kind,
): Promise<ReadArtifact<Kind>> {
  await recoverFolder(folder);
  const manifest = await readManifest(folder, kind);
  const files = [...manifest.tables.map(({ file, sha256 }) => ({ name: file, sha256 })), ...manifest.files];
  for (const { name, sha256 } of files) {
    const found = await sha256OfFile(join(folder, name), {
      missing: 'ARTIFACT_ALTERED',
      refused: 'ARTIFACT_ALTERED',
      name: safeName(name),
    });
    if (found !== sha256)
      throw new ThroughlineError('ARTIFACT_ALTERED', { kind: safeName(kind), file: safeName(name) });
  }
  return {
    kind,
    of: manifest.of,
    folder,
    manifest,
    sha256: identityOf(manifest),
    table: (name) => readParquet(join(folder, `${name}.parquet`)),
  };
}

/** As `readArtifact`, but undefined where there is none. @throws ThroughlineError ARTIFACT_ALTERED, ARTIFACT_SCHEMA */
export async function readArtifactIfThere<Kind extends ArtifactKind>(
  folder: string,
  kind: Kind,
): Promise<ReadArtifact<Kind> | undefined> {
  await recoverFolder(folder);
  return (await exists(join(folder, 'manifest.json'))) ? readArtifact(folder, kind) : undefined;
}

async function readManifest(folder: string, kind: ArtifactKind): Promise<ArtifactManifest> {
  const text = await readFile(join(folder, 'manifest.json'), 'utf8').catch(() => undefined);
  if (text === undefined) throw new ThroughlineError('ARTIFACT_MISSING', { kind: safeName(kind) });
  const parsed = artifactManifest.safeParse(parsedJson(text));
  if (!parsed.success) throw new ThroughlineError('ARTIFACT_SCHEMA', { kind: safeName(kind) });
  const manifest = parsed.data;
  if (manifest.kind !== kind || manifest.schemaVersion !== schemaVersions[kind]) {
    throw new ThroughlineError('ARTIFACT_SCHEMA', {
      kind: safeName(kind),
      found: safeName(manifest.kind),
      version: manifest.schemaVersion,
    });
  }
  return manifest;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
