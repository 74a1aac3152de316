import { join } from 'node:path';
import {
  type ArtifactInput,
  type ArtifactKind,
  canonicalJson,
  type Json,
  type Sha256,
  safeName,
  schemaVersions,
  ThroughlineError,
} from '@throughline/core';
import { type ReadArtifact, readArtifact, readArtifactIfThere } from '../artifacts/read.js';
import type { Remembering } from '../files/hashed.js';
import { requireOneName } from '../files/landed.js';
import { bytesOf, fileName, openOrdinary, sha256Of, sha256OfFile } from '../files/ordinary.js';
import type { ExtractFile, GoverningDocument, Stage, StageOutcome, StageRequest } from './stage.js';

/** @throws ThroughlineError CONFIG_INVALID */
export function parseConfig<Config>(stage: Stage<Config>, request: StageRequest): Config {
  const parsed = stage.config.safeParse(request.config);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ThroughlineError('CONFIG_INVALID', {
    stage: safeName(stage.name),
    field: safeName(issue?.path.join('.') ?? ''),
    rule: safeName(issue?.message ?? ''),
  });
}

/** Everything that a stage reads, by hash. */
export type Inputs = {
  /** When they began to be read. */
  readonly opened: Date;
  readonly extracts: readonly ExtractFile[];
  readonly artifacts: readonly ReadArtifact[];
  readonly previous: readonly ReadArtifact[];
  readonly compared: readonly ReadArtifact[];
};

/** Which files of artifacts were hashed or written by a stage of this machine. */
export const remembering = ({ work, effects }: StageRequest): Remembering => ({
  folder: join(work, 'hashed'),
  now: effects.now,
  notes: true,
});

/**
 * What a stage carries on nobody could make again, the people index, is hashed whole each time.
 *
 * @throws ThroughlineError EXTRACT_*, ARTIFACT_*
 */
export async function openInputs(
  request: StageRequest,
  remember: Remembering = remembering(request),
): Promise<Inputs> {
  const opened = request.effects.now();
  const extracts: ExtractFile[] = [];
  for (const { name, path } of request.extracts ?? []) extracts.push(await openExtract(name, path));
  const artifacts: ReadArtifact[] = [];
  for (const { kind, folder } of request.inputs ?? [])
    artifacts.push(await readArtifact(folder, kind, remember));
  const previous: ReadArtifact[] = [];
  for (const kind of request.carriesOn ?? []) {
    const found = await readArtifactIfThere(outputFolder(request, kind), kind);
    if (found !== undefined) previous.push(found);
  }
  previous.push(...(await ofThisVersion(request, request.mayCarryOn, remember)));
  return {
    opened,
    extracts,
    artifacts,
    previous,
    compared: await ofThisVersion(request, request.comparesWith, remember),
  };
}

async function ofThisVersion(
  request: StageRequest,
  kinds: readonly ArtifactKind[] | undefined,
  remember: Remembering,
): Promise<ReadArtifact[]> {
  const read: ReadArtifact[] = [];
  for (const kind of kinds ?? []) {
    const found = await readArtifactIfThere(outputFolder(request, kind), kind, remember).catch(
      noneOfThisVersion,
    );
    if (found !== undefined) read.push(found);
  }
  return read;
}

function noneOfThisVersion(thrown: unknown): undefined {
  if (thrown instanceof ThroughlineError && thrown.code === 'ARTIFACT_SCHEMA') return undefined;
  throw thrown;
}

const LARGEST_EXTRACT = 16 * 1024 ** 3;

/** An ordinary file, hashed, as an extract. @throws ThroughlineError EXTRACT_MISSING, EXTRACT_REFUSED */
export async function openExtract(name: string, path: string): Promise<ExtractFile> {
  const refusal = { missing: 'EXTRACT_MISSING', refused: 'EXTRACT_REFUSED', name: safeName(name) } as const;
  const { bytes, stats, close } = await openOrdinary(path, refusal);
  close();
  requireOneName(stats, safeName(name));
  if (bytes === 0 || bytes > LARGEST_EXTRACT) {
    throw new ThroughlineError('EXTRACT_REFUSED', { name: safeName(name), bytes, file: fileName(path) });
  }
  return { name, path, bytes, sha256: await sha256OfFile(path, refusal), read: () => bytesOf(path, refusal) };
}

/** Everything that decides what a stage makes. */
export type Recipe<Config> = {
  readonly stage: Stage<Config>;
  readonly request: StageRequest;
  readonly config: Config;
  readonly governing: readonly GoverningDocument[];
  readonly inputs: Inputs;
};

/** A hash of everything that decides the output; an earlier output that is carried on does not. */
export function recipeOf<Config>(ingredients: Recipe<Config>): Sha256 {
  const { stage, request, config, governing, inputs } = ingredients;
  return sha256Of(
    canonicalJson({
      stage: stage.name,
      version: stage.version,
      schemas: stage.writes.map((kind) => schemaVersions[kind]),
      of: request.of,
      day: stage.usesDay === true ? request.day : undefined,
      synthetic: isSynthetic(ingredients),
      config: config as Json,
      documents: governing.map(({ sha256 }) => sha256),
      inputs: inputList({ ...inputs, previous: [] }),
    }),
  );
}

export function inputList({
  extracts,
  artifacts,
  previous,
}: Pick<Inputs, 'extracts' | 'artifacts' | 'previous'>): ArtifactInput[] {
  return [
    ...extracts.map(({ name, sha256 }) => ({ kind: 'extract' as const, name, sha256 })),
    ...[...artifacts, ...previous].map(({ kind, of, sha256 }) => ({ kind, name: of, sha256 })),
  ];
}

/** What is broken is made again; what a newer version made is not replaced by an older one. */
function noneUnlessNewer(thrown: unknown): undefined {
  if (thrown instanceof ThroughlineError && thrown.code === 'FORMAT_NEWER') throw thrown;
  return undefined;
}

/** The outputs that stand, if all of them were made by this recipe. @throws ThroughlineError FORMAT_NEWER */
export async function currentOutputs<Config>(
  { stage, request }: Pick<Recipe<Config>, 'stage' | 'request'>,
  recipe: Sha256,
  remember: Remembering = remembering(request),
): Promise<StageOutcome['artifacts'] | undefined> {
  const current: Partial<Record<ArtifactKind, Sha256>> = {};
  for (const kind of stage.writes) {
    const found = await readArtifactIfThere(outputFolder(request, kind), kind, remember).catch(
      noneUnlessNewer,
    );
    if (found === undefined || found.manifest.producedBy.recipeSha256 !== recipe) return undefined;
    if (found.manifest.schemaVersion !== schemaVersions[kind]) return undefined;
    current[kind] = found.sha256;
  }
  return current;
}

export function outputFolder(request: StageRequest, kind: ArtifactKind): string {
  const folder = request.outputs[kind];
  if (folder === undefined) throw new ThroughlineError('BUG', { kind: safeName(kind) });
  return folder;
}

/** True only if every input is: artifacts say so themselves, of extracts the request does. */
export function isSynthetic<Config>({ request, inputs }: Recipe<Config>): boolean {
  const { extracts, artifacts, previous } = inputs;
  const told = request.synthetic === true || (extracts.length === 0 && artifacts.length > 0);
  return told && [...artifacts, ...previous].every(({ manifest }) => manifest.synthetic);
}
