import { type ArtifactInput, type ArtifactManifest, canonicalJson, type Json } from '@throughline/core';
import { readArtifactIfThere } from '../artifacts/read.js';
import { sha256Of } from '../files/ordinary.js';
import {
  currentOutputs,
  inputList,
  openInputs,
  outputFolder,
  parseConfig,
  recipeOf,
  remembering,
} from './recipe.js';
import type { GoverningDocument, Stage, StageRequest } from './stage.js';

/** Whether a stage would do anything, and why, in words that name no row. */
export type Freshness = {
  readonly status: 'current' | 'stale' | 'absent';
  readonly because: readonly string[];
};

/**
 * Compares what a stage would read now with what its outputs were made from. Writes nothing.
 *
 * @throws ThroughlineError as the stage would before it reads a row: agreements, inputs that are missing or altered.
 */
export async function freshnessOf<Config>(stage: Stage<Config>, request: StageRequest): Promise<Freshness> {
  const config = parseConfig(stage, request);
  const governing = stage.governs(request.documents, { of: request.of, day: request.day, config });
  const looking = { ...remembering(request), notes: false };
  const inputs = await openInputs(request, looking);
  const recipe = recipeOf({ stage, request, config, governing, inputs });
  if ((await currentOutputs({ stage, request }, recipe, looking)) !== undefined)
    return { status: 'current', because: [] };
  const [kind] = stage.writes;
  const made =
    kind === undefined
      ? undefined
      : await readArtifactIfThere(outputFolder(request, kind), kind).catch(() => undefined);
  if (made === undefined) return { status: 'absent', because: ['there is none of this version yet'] };
  const because = [
    ...changedInputs(withoutCarried(made.manifest.inputs, request), inputList({ ...inputs, previous: [] })),
    ...changedDocuments(made.manifest, governing),
    ...(made.manifest.producedBy.configSha256 === sha256Of(canonicalJson(config as Json))
      ? []
      : ['the configuration has changed']),
    ...(made.manifest.producedBy.version === stage.version ? [] : ['the stage is another version']),
  ];
  return { status: 'stale', because: because.length === 0 ? [OTHERWISE] : because };
}

/** What is left: a stage that counts by the day, or an output of several that is missing or was made before. */
const OTHERWISE = 'the day, a schema or one of its outputs is another';

const named = ({ kind, name }: ArtifactInput): string => `${kind} of ${name}`;

/** An output of its own that a stage carried on decides nothing. */
const withoutCarried = (
  inputs: readonly ArtifactInput[],
  { carriesOn = [], mayCarryOn = [] }: StageRequest,
): ArtifactInput[] =>
  inputs.filter(({ kind }) => kind === 'extract' || ![...carriesOn, ...mayCarryOn].includes(kind));

function changedInputs(before: readonly ArtifactInput[], now: readonly ArtifactInput[]): string[] {
  const had = new Map(before.map((input) => [named(input), input.sha256]));
  const has = new Map(now.map((input) => [named(input), input.sha256]));
  const changed = [...has].flatMap(([name, sha256]) => {
    if (!had.has(name)) return [`${name} is new`];
    return had.get(name) === sha256 ? [] : [`${name} has changed`];
  });
  const gone = [...had.keys()].filter((name) => !has.has(name));
  return [...changed, ...gone.map((name) => `${name} is no longer read`)];
}

function changedDocuments(
  { documents }: ArtifactManifest,
  governing: readonly GoverningDocument[],
): string[] {
  const had = new Map(documents.map(({ kind, id, sha256 }) => [`${kind} ${id}`, sha256]));
  const has = new Map(governing.map(({ document: { kind, id }, sha256 }) => [`${kind} ${id}`, sha256]));
  return [
    ...[...has].flatMap(([name, sha256]) => (had.get(name) === sha256 ? [] : [`${name} has changed`])),
    ...[...had.keys()].flatMap((name) => (has.has(name) ? [] : [`${name} no longer counts`])),
  ];
}
