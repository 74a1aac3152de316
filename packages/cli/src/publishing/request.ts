import { join } from 'node:path';
import { canonicalJson, type MeasureDefinition, measureDefinitions } from '@throughline/core';
import { exists, type ReadArtifact, readText, sha256Of } from '@throughline/engine';
import { shapesOf } from '@throughline/release';
import { z } from 'zod';
import { asJson } from '../project/as-json.js';
import type { Project } from '../project/project.js';
import { printedIn, termsOfRelease } from './candidate.js';
import type { Publication } from './publications.js';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** What people are asked to approve: every file of the candidate by hash, and every table by its shape. */
export const reviewRequest = z.strictObject({
  kind: z.literal('release-request'),
  pipeline: z.string(),
  /** Who asks; their own vote does not count. */
  author: z.string(),
  candidate: sha256,
  files: z.array(z.strictObject({ name: z.string(), sha256 })),
  /** Documents that allow it, by their bytes. */
  rests_on: z.array(z.strictObject({ id: z.string(), version: z.int(), sha256 })),
  /** A shape is a table's name, its columns and dimensions, the definition behind it and the rules that protect it. */
  shapes: z.array(z.strictObject({ table: z.string(), sha256, seen_before: z.boolean() })),
});
export type ReviewRequest = z.infer<typeof reviewRequest>;

export const REQUEST_FILE = 'request.json';

/** A request with the exact bytes that people sign. */
export type Asked = { readonly request: ReviewRequest; readonly text: string; readonly sha256: string };

const asked = (request: ReviewRequest): Asked => {
  const text = `${canonicalJson(request)}\n`;
  return { request, text, sha256: sha256Of(text) };
};

/** The request in a folder; undefined if there is none. @throws ThroughlineError CONFIG_UNREADABLE */
export async function readRequest(folder: string): Promise<Asked | undefined> {
  const path = join(folder, REQUEST_FILE);
  if (!(await exists(path))) return undefined;
  const parsed = reviewRequest.safeParse(asJson(await readText(path)));
  return parsed.success ? asked(parsed.data) : undefined;
}

export const filesOf = ({ manifest }: ReadArtifact<'release'>): { name: string; sha256: string }[] =>
  [...manifest.files, ...manifest.tables.map(({ file, sha256: hash }) => ({ name: file, sha256: hash }))]
    .map(({ name, sha256: hash }) => ({ name, sha256: hash }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));

const definitionsIn = async ({ folder }: ReadArtifact<'release'>): Promise<MeasureDefinition[]> =>
  measureDefinitions.parse(JSON.parse(await readText(join(folder, 'definitions.json'))));

/** Shapes that people have approved, in a release that still stands. */
async function shapesBefore(published: readonly Publication[]): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  for (const { release, recalled } of published) {
    if (recalled) continue;
    const before = await readRequest(join(release.folder, '..', 'review'));
    for (const shape of before?.request.shapes ?? []) seen.add(shape.sha256);
  }
  return seen;
}

type Asking = {
  readonly candidate: ReadArtifact<'release'>;
  readonly published: readonly Publication[];
  readonly author: string;
};

/** The request that the candidate as it lies there makes. */
export async function requestFor(project: Project, { candidate, published, author }: Asking): Promise<Asked> {
  const { pipeline } = project;
  const seen = await shapesBefore(published);
  const shapes = shapesOf(
    {
      written: candidate.manifest.tables,
      printed: (await printedIn(candidate, project)).tables,
      definitions: await definitionsIn(candidate),
    },
    termsOfRelease(project),
  );
  return asked({
    kind: 'release-request',
    pipeline: pipeline.pipeline,
    author,
    candidate: candidate.sha256,
    files: filesOf(candidate),
    rests_on: candidate.manifest.documents.map(({ id, version, sha256: hash }) => ({
      id,
      version,
      sha256: hash,
    })),
    shapes: shapes.map(({ table, text }) => ({
      table,
      sha256: sha256Of(text),
      seen_before: seen.has(sha256Of(text)),
    })),
  });
}
