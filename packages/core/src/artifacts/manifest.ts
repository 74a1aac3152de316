import { z } from 'zod';
import { stageNames } from '../events/events.js';
import { fileNameForm } from '../names/file-name.js';
import { columnTypes } from './columns.js';
import { artifactTables } from './tables.js';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const name = z.string().min(1).max(200);
const file = z.string().regex(fileNameForm);
const kinds = Object.keys(artifactTables) as [
  keyof typeof artifactTables,
  ...(keyof typeof artifactTables)[],
];

const table = z.strictObject({
  name,
  file,
  rows: z.int().nonnegative(),
  sha256,
  columns: z.array(z.tuple([name, z.enum(columnTypes)])),
});

const count = z.strictObject({
  name,
  by: z.record(name, name).optional(),
  value: z.int().nonnegative(),
});

/**
 * An artifact's `manifest.json`. Written last: without it the artifact does not exist. Its identity is the
 * SHA-256 of its canonical bytes without `run`, so equal inputs give equal identities.
 */
export const artifactManifest = z.strictObject({
  kind: z.enum(kinds),
  schemaVersion: z.int().positive(),
  of: name.describe('whose artifact this is: a partner, or the city'),
  synthetic: z.boolean().describe('true only if every input is'),
  tables: z.array(table),
  /** Files beside the tables, such as a release's codebook. */
  files: z.array(z.strictObject({ name: file, sha256 })),
  counts: z.array(count).describe('what happened, in numbers; internal, never released'),
  inputs: z.array(z.strictObject({ kind: z.union([z.enum(kinds), z.literal('extract')]), name, sha256 })),
  producedBy: z.strictObject({
    stage: z.enum(stageNames),
    version: name,
    software: name,
    configSha256: sha256,
    /** Freshness: a hash of everything that decides the output. */
    recipeSha256: sha256,
    keyCheck: z.strictObject({ agreement: name, epoch: name, value: name }).optional(),
  }),
  /** What allowed it: each document by its bytes, and by its approvals, which are signature files or attestations. */
  documents: z.array(
    z.strictObject({
      kind: name,
      id: name,
      version: z.int().positive(),
      sha256,
      approvals: z.array(sha256).optional(),
    }),
  ),
  run: z.strictObject({ startedAt: z.iso.datetime(), node: name, duckdb: name }),
});

export type ArtifactManifest = z.infer<typeof artifactManifest>;
export type ManifestCount = z.infer<typeof count>;
export type ManifestTable = z.infer<typeof table>;
export type ArtifactInput = ArtifactManifest['inputs'][number];
