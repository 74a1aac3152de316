import { dirname, join } from 'node:path';
import { isRefused } from '@throughline/agreement';
import {
  type ArtifactKind,
  type ArtifactManifest,
  canonicalJson,
  fileNameForm,
  type Json,
  type Sha256,
  safeName,
  schemaVersions,
  ThroughlineError,
} from '@throughline/core';
import { identityIfThere, identityOf, type ReadArtifact } from '../artifacts/read.js';
import { type DraftArtifact, draftArtifact } from '../artifacts/write.js';
import { openSession, type Session } from '../database/session.js';
import { duckdbVersion } from '../database/version.js';
import {
  makeFreshFolder,
  makePrivateFolder,
  removeFolder,
  replaceFolder,
  writeDurably,
} from '../files/durable.js';
import { hashedFiles } from '../files/hashed.js';
import { sha256Of, sha256OfFile } from '../files/ordinary.js';
import { scratchIn } from '../files/scratch.js';
import { readIdentity, readKey, requireStrong, type SecretKey } from '../keys/key-file.js';
import { logAbort, type Starting } from '../log/abort.js';
import { appendToLog } from '../log/append.js';
import type { MadeEntry } from '../log/entry.js';
import { requireNotLost } from '../log/lost.js';
import { requireNoneSuperseded } from '../log/superseded.js';
import {
  currentOutputs,
  type Inputs,
  inputList,
  isSynthetic,
  openInputs,
  outputFolder,
  parseConfig,
  type Recipe,
  recipeOf,
  remembering,
} from './recipe.js';
import { requireNoneRevoked } from './revoked.js';
import type { GoverningDocument, Stage, StageContext, StageOutcome, StageRequest } from './stage.js';

/**
 * Runs a stage, or finds its outputs current. The one place that parses a configuration, checks the agreements,
 * verifies inputs by hash, opens the database, writes, logs and renames. Each output appears whole, by rename, once
 * all are finished and logged; where a crash falls between two renames, the next run finds that and completes it.
 *
 * @throws ThroughlineError; the last good outputs are untouched then.
 */
export async function runStage<Config>(stage: Stage<Config>, request: StageRequest): Promise<StageOutcome> {
  const { emit, elapsed } = request.effects;
  const of = safeName(request.of);
  const started = elapsed();
  try {
    const config = parseConfig(stage, request);
    const governing = stage.governs(request.documents, { of: request.of, day: request.day, config });
    await requireNoneSuperseded(request.log, governing, request.effects.userId);
    await logAbort(request.log, startOf(stage, request));
    const inputs = await openInputs(request);
    requireNoneRevoked(inputs.artifacts, request.documents);
    await requireNoneLost(stage, request, inputs);
    const recipe = recipeOf({ stage, request, config, governing, inputs });
    const current = await currentOutputs({ stage, request }, recipe);
    if (current !== undefined) {
      emit({ event: 'stage.current', stage: stage.name, of });
      return { status: 'current', artifacts: current };
    }
    emit({ event: 'stage.start', stage: stage.name, of });
    const artifacts = await produce({ stage, request, config, governing, inputs, recipe });
    emit({ event: 'stage.done', stage: stage.name, of, ms: elapsed() - started });
    return { status: 'made', artifacts };
  } catch (thrown) {
    const failure =
      thrown instanceof ThroughlineError
        ? thrown
        : new ThroughlineError('BUG', { stage: safeName(stage.name) });
    emit({ event: 'stage.failed', stage: stage.name, of, code: failure.code });
    throw failure;
  }
}

/** @throws ThroughlineError INDEX_LOST */
async function requireNoneLost<Config>(
  { irreplaceable = [] }: Stage<Config>,
  { of, log, effects }: StageRequest,
  { previous }: Inputs,
): Promise<void> {
  for (const kind of irreplaceable) {
    const identity = previous.find((each) => each.kind === kind)?.sha256;
    await requireNotLost(log, { kind, of, identity }, effects.userId);
  }
}

function startOf<Config>({ name, writes }: Stage<Config>, request: StageRequest): Starting {
  const { of, outputs, effects } = request;
  const identityOf = async (logged: string) => {
    const kind = writes.find((each) => each === logged);
    const folder = kind === undefined ? undefined : outputs[kind];
    return kind === undefined || folder === undefined ? undefined : identityIfThere(folder, kind);
  };
  return { stage: name, of, identityOf, now: effects.now, userId: effects.userId };
}

type Production<Config> = Recipe<Config> & { readonly recipe: Sha256 };

async function produce<Config>(production: Production<Config>): Promise<StageOutcome['artifacts']> {
  const { stage, request } = production;
  const work = join(request.work, workName(stage.name, request.of));
  const secrets = new Map<string, SecretKey>();
  await makeFreshFolder(work);
  if (request.aside !== undefined) await removeFolder(request.aside);
  let session: Session | undefined;
  try {
    for (const name of stage.secrets) secrets.set(name, await openSecret(request, name));
    const identities = await openIdentities(stage.identities ?? [], request);
    session = await openSession(sessionLimits(production, work));
    const drafts = await draftOutputs(production, session, work);
    const software = `${request.effects.software} ${await duckdbVersion()}`;
    await stage.run(contextOf({ production, session, secrets, identities, drafts, work, software }));
    await requireUnchanged(production.inputs);
    return await finish(production, drafts, work);
  } finally {
    session?.close();
    for (const secret of secrets.values()) secret.erase();
    await removeFolder(work);
  }
}

/** The work folder is emptied, so its name must not lead elsewhere. */
function workName(stage: string, of: string): string {
  const name = `${stage}-${of}`;
  if (fileNameForm.test(name)) return name;
  throw new ThroughlineError('CONFIG_INVALID', { field: safeName('of'), rule: safeName('a plain name') });
}

async function openSecret(request: StageRequest, name: string): Promise<SecretKey> {
  const given = request.secrets?.[name];
  if (given === undefined) throw new ThroughlineError('KEY_UNREADABLE', { name: safeName(name) });
  if (typeof given === 'string') return readKey(given, request.effects.userId);
  return requireStrong(Uint8Array.from(given.bytes), { name: safeName(name), exact: true });
}

async function openIdentities(
  names: readonly string[],
  { identities = {}, effects }: StageRequest,
): Promise<ReadonlyMap<string, string>> {
  const opened = new Map<string, string>();
  for (const name of names) {
    const path = identities[name];
    if (path !== undefined) opened.set(name, await readIdentity(path, effects.userId));
  }
  return opened;
}

function sessionLimits<Config>({ request, inputs }: Production<Config>, work: string) {
  const read = [...inputs.artifacts, ...inputs.previous, ...inputs.compared].map(({ folder }) => folder);
  return { folders: [work, ...read], spill: join(work, 'spill'), ...request.limits };
}

type Drafts = ReadonlyMap<ArtifactKind, DraftArtifact>;

async function draftOutputs<Config>(
  { stage, request }: Production<Config>,
  session: Session,
  work: string,
): Promise<Drafts> {
  const drafts = new Map<ArtifactKind, DraftArtifact>();
  const { now } = request.effects;
  for (const kind of stage.writes)
    drafts.set(kind, await draftArtifact(kind, { folder: draftFolder(work, kind), session, now }));
  return drafts;
}

const draftFolder = (work: string, kind: ArtifactKind) => join(work, `out-${kind}`);

type Context<Config> = {
  readonly production: Production<Config>;
  readonly session: Session;
  readonly secrets: ReadonlyMap<string, SecretKey>;
  readonly identities: ReadonlyMap<string, string>;
  readonly drafts: Drafts;
  readonly work: string;
  readonly software: string;
};

function contextOf<Config>({
  production,
  session,
  secrets,
  identities,
  drafts,
  work,
  software,
}: Context<Config>): StageContext<Config> {
  const { stage, request, config, inputs } = production;
  const ofKind = <Kind extends ArtifactKind>(list: readonly ReadArtifact[], kind: Kind) =>
    list.filter((each): each is ReadArtifact<Kind> => each.kind === kind);
  return {
    of: request.of,
    day: request.day,
    config,
    documents: request.documents,
    session,
    threads: request.limits.threads,
    scratch: scratchIn(work),
    extracts: inputs.extracts,
    inputs: (kind) => ofKind(inputs.artifacts, kind),
    previous: (kind) => ofKind([...inputs.previous, ...inputs.compared], kind)[0],
    secret: (name) => present(secrets.get(name), name),
    identity: (name) => identities.get(name),
    output: (kind) => present(drafts.get(kind), kind).output,
    step: (name, work) => timedStep(stage.name, request, { name, work }),
    warn: (about) =>
      request.effects.emit({ event: 'warning', stage: stage.name, of: safeName(request.of), about }),
    aside: (name, text) => putAside(request.aside, name, text),
    synthetic: isSynthetic(production),
    software,
  };
}

async function putAside(folder: string | undefined, name: string, text: string): Promise<void> {
  if (folder === undefined) return;
  await makePrivateFolder(folder);
  await writeDurably(join(folder, name), text);
}

function present<T>(found: T | undefined, name: string): T {
  if (found === undefined) throw new ThroughlineError('BUG', { undeclared: safeName(name) });
  return found;
}

type Step<T> = { readonly name: string; readonly work: () => Promise<T> };

async function timedStep<T>(
  stage: ArtifactManifest['producedBy']['stage'],
  request: StageRequest,
  { name, work }: Step<T>,
) {
  const { emit, elapsed } = request.effects;
  const step = { stage, of: safeName(request.of), step: safeName(name) };
  emit({ event: 'step.start', ...step });
  const started = elapsed();
  const result = await work();
  emit({
    event: 'step.done',
    ...step,
    rows: typeof result === 'number' ? result : 0,
    ms: elapsed() - started,
  });
  return result;
}

/**
 * An extract that somebody was still writing would not be what was hashed. Nor would an artifact: DuckDB can write
 * into every folder that it can read.
 */
async function requireUnchanged({ opened, extracts, artifacts, previous, compared }: Inputs): Promise<void> {
  for (const { name, path, sha256 } of extracts) {
    const now = await sha256OfFile(path, {
      missing: 'EXTRACT_MISSING',
      refused: 'EXTRACT_REFUSED',
      name: safeName(name),
    });
    if (now !== sha256) throw new ThroughlineError('EXTRACT_CHANGED', { extract: safeName(name) });
  }
  for (const artifact of [...artifacts, ...previous, ...compared]) await artifact.requireUnchanged(opened);
}

async function finish<Config>(
  production: Production<Config>,
  drafts: Drafts,
  work: string,
): Promise<StageOutcome['artifacts']> {
  const { request } = production;
  const finished: { kind: ArtifactKind; sha256: Sha256 }[] = [];
  for (const [kind, draft] of drafts) {
    const manifest = await manifestOf(production, kind, draft);
    await writeDurably(
      join(draftFolder(work, kind), 'manifest.json'),
      `${JSON.stringify(manifest, undefined, 2)}\n`,
    );
    finished.push({ kind, sha256: identityOf(manifest) });
  }
  for (const { kind } of finished) await makePrivateFolder(dirname(outputFolder(request, kind)));
  await appendToLog(request.log, logEntryOf(production, finished), request.effects.userId);
  for (const { kind } of finished) {
    const folder = outputFolder(request, kind);
    await replaceFolder(draftFolder(work, kind), folder);
    await (await hashedFiles(folder, remembering(request))).note(drafts.get(kind)?.hashed() ?? []);
  }
  return Object.fromEntries(finished.map(({ kind, sha256 }) => [kind, sha256]));
}

async function manifestOf<Config>(
  production: Production<Config>,
  kind: ArtifactKind,
  draft: DraftArtifact,
): Promise<ArtifactManifest> {
  const { stage, request, config, governing, inputs, recipe } = production;
  const { keyCheck, ...parts } = draft.parts();
  return {
    kind,
    schemaVersion: schemaVersions[kind],
    of: request.of,
    synthetic: isSynthetic(production),
    ...parts,
    inputs: inputList(inputs),
    producedBy: {
      stage: stage.name,
      version: stage.version,
      software: request.effects.software,
      configSha256: sha256Of(canonicalJson(config as Json)),
      recipeSha256: recipe,
      ...(keyCheck === undefined ? {} : { keyCheck }),
    },
    documents: governing.map(documentReference),
    run: {
      startedAt: request.effects.now().toISOString(),
      node: process.versions.node,
      duckdb: await duckdbVersion(),
    },
  };
}

/** A document by its bytes, and the signature files or attestations by which it stands. */
const documentReference = ({
  document: { kind, id, version },
  sha256,
  standing,
}: GoverningDocument): ArtifactManifest['documents'][number] => ({
  kind,
  id,
  version,
  sha256,
  approvals: isRefused(standing) ? [] : standing.approvals.map((each) => each.sha256).sort(),
});

function logEntryOf<Config>(
  { stage, request, governing, inputs }: Production<Config>,
  finished: readonly { kind: ArtifactKind; sha256: Sha256 }[],
): MadeEntry {
  return {
    event: 'made',
    stage: stage.name,
    of: request.of,
    outputs: finished.map(({ kind, sha256 }) => ({ kind, manifest: sha256 })),
    inputs: inputList(inputs),
    documents: governing.map(documentReference),
    at: request.effects.now().toISOString(),
  };
}
