import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { artifactManifest, type ThroughlineEvent } from '@throughline/core';
import { identityOf, readParquet, type Session, sql } from '@throughline/engine';
import { processEffects } from '../effects.js';
import { createMissingKeys } from '../keys/create-keys.js';
import { signMadeUp } from '../made-up/sign.js';
import { readPipeline } from '../pipeline/pipeline.js';
import { documentFolders, openProject } from '../project/project.js';
import { runCommand } from '../run-command.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const PARTNERS = ['district', 'charter', 'afterschool', 'city', 'health'];

/** A copy of Millbrook's pipeline with a state and keys of its own; the keys are fixed, so that bytes can be golden. */
export async function millbrook(
  options: { readonly threads?: number; readonly copyExtracts?: boolean } = {},
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'millbrook-'));
  await cp(join(root, 'pipelines/millbrook'), folder, { recursive: true });
  const extracts =
    options.copyExtracts === true ? join(folder, 'extracts') : join(root, 'fixtures/millbrook/extracts');
  if (options.copyExtracts === true)
    await cp(join(root, 'fixtures/millbrook/extracts'), extracts, { recursive: true });
  const pipeline = join(folder, 'pipeline.yaml');
  const text = (await readFile(pipeline, 'utf8'))
    .replaceAll('../../fixtures/millbrook/extracts', extracts)
    .replaceAll('../../work/millbrook', join(folder, 'state'))
    .replace('threads: 2', `threads: ${options.threads ?? 2}`);
  await writeFile(pipeline, text);
  await writeFixedKeys(join(folder, 'state/keys'));
  const effects = await processEffects('none');
  await createMissingKeys(await openProject(pipeline, effects), effects);
  return folder;
}

/** A made-up city as `throughline init` makes it, with keys, that counts few measures: for what is not about measures. */
export async function smallCity(
  folder: string,
  seed = 7,
  agree: (pipeline: string) => Promise<void> = async () => undefined,
): Promise<string> {
  const pipeline = join(folder, 'pipeline.yaml');
  await told(['init', folder, '--students', '150', '--seed', String(seed)]);
  await countFew(pipeline);
  await agree(pipeline);
  await told(['keys', 'create', pipeline]);
  return pipeline;
}

const FEW = /afterschool_participation, preset: any_session|chronic_absence, preset: ma\b/;

/** Takes all but two measures and two dimensions out of a pipeline: a night of a fraction of the time. */
async function countFew(pipeline: string): Promise<void> {
  const lines = (await readFile(pipeline, 'utf8'))
    .replace(/\nthroughlines:[\s\S]*?(?=\nrelease:)/, '')
    .replace(/dimensions: \[.*\]/, 'dimensions: [school, grade_band]')
    .split('\n');
  const few = lines.filter((line) => !line.startsWith('    - { measure:') || FEW.test(line));
  await writeFile(pipeline, few.join('\n'));
}

/** Has the made-up approvers sign again what a test has changed. */
export async function signAgain(pipeline: string): Promise<void> {
  await signMadeUp(documentFolders(await readPipeline(pipeline)), '2026-06-16');
}

export async function writeFixedKeys(keys: string): Promise<void> {
  const paths = [
    'token.key',
    'log/log.key',
    'linkage-unit/person.key',
    ...PARTNERS.map((name) => `${name}/record.key`),
  ];
  for (const path of paths) {
    await mkdir(dirname(join(keys, path)), { recursive: true, mode: 0o700 });
    await writeFile(join(keys, path), createHash('sha256').update(`millbrook test ${path}`).digest(), {
      mode: 0o600,
    });
  }
}

/** What a command said and did. */
export type Told = {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly events: readonly ThroughlineEvent[];
};

/** Runs a command in this process and keeps everything that it says. */
export async function told(
  args: readonly string[],
  onEvent: (event: ThroughlineEvent) => void = () => undefined,
): Promise<Told> {
  let stdout = '';
  let stderr = '';
  const events: ThroughlineEvent[] = [];
  const exitCode = await runCommand({
    args: ['--log', 'none', ...args],
    environment: {},
    stderr: (text) => {
      stderr += text;
    },
    around: (effects) => ({
      ...effects,
      stdout: (text) => {
        stdout += text;
      },
      stderr: (text) => {
        stderr += text;
      },
      emit: (event) => {
        events.push(event);
        onEvent(event);
      },
    }),
  });
  return { exitCode, stdout, stderr, events };
}

/** The identity of every artifact of a state: the hash of its manifest without `run`. */
export async function identities(state: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of (await readdir(state, { recursive: true })).sort()) {
    if (basename(entry) !== 'manifest.json') continue;
    const manifest = artifactManifest.parse(JSON.parse(await readFile(join(state, entry), 'utf8')));
    found[dirname(entry)] = identityOf(manifest);
  }
  return found;
}

/** Every value of a Parquet file, as text. */
export async function cellsAsText(session: Session, path: string): Promise<string> {
  const rows = await session.rows('cells', sql`SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ${readParquet(path)}`);
  return JSON.stringify(rows);
}
