import { join, resolve } from 'node:path';
import { type Sha256, ThroughlineError } from '@throughline/core';
import { openReadOnly, type ReadOnlyDatabase, readArtifact, readText } from '@throughline/engine';
import { z } from 'zod';
import { type TableInfo, tablesOf } from './tables.js';

/** What a measure means, as far as the pages say it. */
export type Definition = z.infer<typeof definitionForm>;

const definitionForm = z.looseObject({
  name: z.string(),
  title: z.string(),
  version: z.number().optional(),
  population: z.string().default(''),
  source: z.string().default(''),
  caveats: z.array(z.string()).default([]),
});

const provenanceForm = z.looseObject({ city: z.string(), day: z.string(), synthetic: z.boolean() });

/** A release folder whose files are those that its manifest lists, with its tables open for reading. */
export type Release = {
  readonly folder: string;
  readonly sha256: Sha256;
  readonly city: string;
  /** ISO date of the release. */
  readonly day: string;
  readonly synthetic: boolean;
  readonly definitions: readonly Definition[];
  /** Names of the files that its manifest lists, in order. */
  readonly files: readonly string[];
  readonly tables: readonly TableInfo[];
  readonly database: ReadOnlyDatabase;
};

export type OpenLimits = {
  readonly memory: string;
  readonly threads: number;
};

/**
 * Opens a release folder after every file of it has been checked by hash.
 *
 * @throws ThroughlineError ARTIFACT_MISSING, ARTIFACT_ALTERED, ARTIFACT_SCHEMA, DATABASE_FAILED
 */
export async function openRelease(folder: string, limits: OpenLimits): Promise<Release> {
  const { manifest, sha256 } = await readArtifact(folder, 'release');
  const read = async <T>(name: string, form: z.ZodType<T>): Promise<T> => {
    const parsed = form.safeParse(parsedJson(await readText(join(folder, name))));
    if (parsed.success) return parsed.data;
    throw new ThroughlineError('ARTIFACT_SCHEMA', {});
  };
  const provenance = await read('provenance.json', provenanceForm);
  const definitions = await read('definitions.json', z.array(definitionForm));
  const database = await openReadOnly(resolve(folder, 'release.duckdb'), limits);
  const files = [
    ...manifest.tables.map(({ file }) => file),
    ...manifest.files.map(({ name }) => name),
  ].sort();
  return {
    folder,
    sha256,
    city: provenance.city,
    day: provenance.day,
    synthetic: provenance.synthetic,
    definitions,
    files,
    tables: await tablesOf(database),
    database,
  };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** How to cite a release: who, what, when, and the hash that nobody can give to other numbers. */
export const citation = ({ city, day, sha256 }: Release): string =>
  `Children's cabinet of ${city}: Access and outcomes, ${day}. Release ${sha256}.`;
