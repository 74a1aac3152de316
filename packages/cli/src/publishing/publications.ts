import { join } from 'node:path';
import { safeName, ThroughlineError } from '@throughline/core';
import {
  exists,
  type LogEntry,
  latestEntries,
  namesIn,
  openLog,
  type ReadArtifact,
  readArtifact,
} from '@throughline/engine';
import { readVerifierKey, verifierKeyPath } from '../keys/verifier-key.js';
import type { Project } from '../project/project.js';
import { requireCosigned } from './cosigned.js';

/** A release that is out, as the log says, and what the desk keeps of it. */
export type Publication = {
  readonly number: number;
  /** ISO date. */
  readonly on: string;
  readonly release: ReadArtifact<'release'>;
  readonly equations: ReadArtifact<'equations'>;
  readonly recalled: boolean;
};

/** What is prepared before the log entry, and renamed into place after it. */
export const stagingOf = ({ folders }: Project) => {
  const folder = join(folders.state, 'desk', 'publishing');
  return { folder, release: join(folder, 'public'), equations: join(folder, 'equations') };
};

type Logged = {
  readonly number: number;
  /** Of its entry in the log. */
  readonly index: number;
  readonly on: string;
  readonly hashes: ReadonlyMap<string, string>;
};
type InLog = { readonly published: readonly Logged[]; readonly recalled: ReadonlySet<number> };

export const recalledName = (release: number): string => `recalled ${release}`;

/** Every publication and recall in the log, in order. @throws ThroughlineError LOG_* */
async function inLog({ folders, pipeline }: Project): Promise<InLog> {
  const published: Logged[] = [];
  const recalled = new Set<number>();
  if (!(await exists(join(folders.log, 'checkpoint')))) return { published, recalled };
  const key = await readVerifierKey(verifierKeyPath(pipeline.resolve(pipeline.log.key)));
  for await (const { index, entry } of latestEntries(await openLog(folders.log, key))) {
    if (entry.event === 'published') published.unshift(loggedOf(entry, index));
    if (entry.event === 'recalled')
      for (const { name } of entry.about) recalled.add(Number(name.slice(recalledName(0).length - 1)));
  }
  return { published, recalled };
}

type LoggedRelease = Extract<LogEntry, { readonly release: number }>;

const loggedOf = ({ release, at, about }: LoggedRelease, index: number): Logged => ({
  number: release,
  index,
  on: at.slice(0, 10),
  hashes: new Map(about.map(({ name, sha256 }) => [name, sha256])),
});

/** The last release that the log says is published, and where; undefined if there is none. */
export const lastLogged = async (
  project: Project,
): Promise<{ readonly number: number; readonly index: number } | undefined> =>
  (await inLog(project)).published.at(-1);

const broken = (rule: string, release: number): ThroughlineError =>
  new ThroughlineError('RELEASE_LEDGER_BROKEN', { release, rule: safeName(rule) });

/**
 * Every published release in order of number, each file of it checked against the log.
 *
 * @throws ThroughlineError RELEASE_NOT_COSIGNED where one is logged and witnesses are awaited; RELEASE_LEDGER_BROKEN, LOG_*
 */
export async function publications(project: Project): Promise<Publication[]> {
  const { folders } = project;
  const { published, recalled } = await inLog(project);
  for (const name of await namesIn(folders.ledger))
    if (!published.some(({ number }) => String(number) === name))
      throw broken('no entry of which the log says nothing', Number(name));
  const found: Publication[] = [];
  for (const [at, logged] of published.entries()) {
    if (logged.number !== at + 1) throw broken('numbers that follow one another', logged.number);
    if (await isAwaitingWitnesses(project, logged)) await requireCosigned(project, logged.index);
    found.push({ ...(await whatIsKept(project, logged)), recalled: recalled.has(logged.number) });
  }
  return found;
}

/** Whether a release waits, prepared, for what makes it appear. */
const isAwaitingWitnesses = async (project: Project, { number }: Logged): Promise<boolean> =>
  !(await exists(join(project.folders.published, String(number)))) &&
  (await exists(stagingOf(project).release));

async function whatIsKept({ folders }: Project, { number, on, hashes }: Logged) {
  try {
    const release = await readArtifact(join(folders.published, String(number), 'release'), 'release');
    const equations = await readArtifact(join(folders.ledger, String(number)), 'equations');
    if (release.sha256 !== hashes.get('release')) throw broken('the release that was logged', number);
    if (equations.sha256 !== hashes.get('equations')) throw broken('the equations that were logged', number);
    return { number, on, release, equations };
  } catch (thrown) {
    if (!(thrown instanceof ThroughlineError) || thrown.code === 'RELEASE_LEDGER_BROKEN') throw thrown;
    throw new ThroughlineError('RELEASE_LEDGER_BROKEN', { release: number, because: safeName(thrown.code) });
  }
}
