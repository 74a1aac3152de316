import { join } from 'node:path';
import { ThroughlineError } from '@throughline/core';
import { exists, readText, writeDurably } from '@throughline/engine';
import { z } from 'zod';
import type { Effects } from '../effects.js';
import { parsedFile } from '../holds/hold-records.js';
import type { Project } from '../project/project.js';
import type { Night } from '../report/night.js';
import { rowsOfPartner } from '../report/totals.js';

const count = z.int().nonnegative();

/** A night that began, and what came of it: counts of records, codes and names of partners. */
const nightRun = z.strictObject({
  started: z.iso.datetime(),
  ended: z.iso.datetime().optional(),
  process: count,
  status: z.enum(['running', 'done', 'held', 'failed']),
  failure: z.strictObject({ code: z.string(), partner: z.string().optional() }).optional(),
  /** What the pages that it left tell of, by hash; undefined if it left none. */
  told: z.string().optional(),
  partners: z.record(
    z.string(),
    z.strictObject({ rows: count, rejected: count, records: count, linked: count }),
  ),
});
export type NightRun = z.infer<typeof nightRun>;

/** Two months of nights: as far back as anybody asks what changed. */
const KEPT = 62;

const fileOf = ({ folders }: Project): string => join(folders.state, 'runs.json');

/** The runs that are remembered, the oldest first. @throws ThroughlineError CONFIG_UNREADABLE, CONFIG_INVALID */
export async function readRuns(project: Project): Promise<readonly NightRun[]> {
  const path = fileOf(project);
  return (await exists(path)) ? parsedFile(await readText(path), z.array(nightRun), 'runs.json') : [];
}

const writeRuns = (project: Project, runs: readonly NightRun[]): Promise<void> =>
  writeDurably(fileOf(project), `${JSON.stringify(runs.slice(-KEPT), undefined, 2)}\n`);

/** What a night counted, for the next one to be compared with. */
export const countsOf = (night: Night): NightRun['partners'] =>
  Object.fromEntries(
    night.partners.map((partner) => {
      const { rowsIn, rejected } = rowsOfPartner(partner);
      return [partner.name, { rows: rowsIn, rejected, records: partner.records, linked: partner.linked }];
    }),
  );

/** What becomes of a run: its counts, whether some delivery was held, and what its pages tell of. */
export type Ended = {
  readonly partners: NightRun['partners'];
  readonly held: boolean;
  readonly told?: string;
};

/**
 * Remembers that a night began and how it ended; the work is told of the run before it. A run that stays `running` although nobody holds the lock was killed.
 *
 * @throws what the work throws.
 */
export async function remembered<T>(
  project: Project,
  effects: Effects,
  work: (last: NightRun | undefined) => Promise<{ readonly ended: Ended; readonly result: T }>,
): Promise<T> {
  const before = await readRuns(project);
  const started = effects.now().toISOString();
  const run = { started, process: effects.processId, status: 'running', partners: {} } as const;
  const end = (outcome: Partial<NightRun>) =>
    writeRuns(project, [...before, { ...run, ended: effects.now().toISOString(), ...outcome }]);
  await writeRuns(project, [...before, run]);
  try {
    const { ended, result } = await work(before.at(-1));
    const { held, ...rest } = ended;
    await end({ status: held ? 'held' : 'done', ...rest });
    return result;
  } catch (thrown) {
    await end({ status: 'failed', failure: failureOf(thrown) });
    throw thrown;
  }
}

function failureOf(thrown: unknown): NonNullable<NightRun['failure']> {
  if (!(thrown instanceof ThroughlineError)) return { code: 'BUG' };
  const { partner } = thrown.details;
  return { code: thrown.code, ...(typeof partner === 'string' ? { partner } : {}) };
}
