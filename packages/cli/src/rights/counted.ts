import { join } from 'node:path';
import { openSession, readArtifactIfThere, sql, sqlJoin } from '@throughline/engine';
import type { Project } from '../project/project.js';
import { frozenReleases } from './frozen.js';

/** Whether a frozen release counted a record, and in how many measures. Nothing of what was counted. */
export type CountedIn = {
  readonly number: number;
  readonly on: string;
  readonly counted: boolean;
  readonly measures: number;
};

/** Of each record, every frozen release in their order. Empty lists where the desk is elsewhere. */
export async function countedIn(
  project: Project,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly CountedIn[]>> {
  const found = new Map<string, CountedIn[]>(ids.map((id) => [id, []]));
  for (const { number, on, folder } of await frozenReleases(project)) {
    const counts = await measuresCounting(project, join(folder, 'counted'), ids);
    for (const [id, list] of found) {
      const measures = counts.get(id) ?? 0;
      list.push({ number, on, counted: measures > 0, measures });
    }
  }
  return found;
}

async function measuresCounting(
  { folders, pipeline }: Project,
  folder: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const frozen = await readArtifactIfThere(folder, 'frozen');
  if (frozen === undefined) return new Map();
  const session = await openSession({
    folders: [folder],
    spill: join(folders.work, 'spill'),
    ...pipeline.limits,
  });
  try {
    const rows = await session.rows(
      'counted',
      sql`SELECT record_id, measures FROM ${frozen.table('counted')}
        WHERE record_id IN (${sqlJoin(ids.map((id) => sql`${id}::UUID`))})`,
    );
    return new Map(rows.map((row) => [String(row['record_id']), Number(row['measures'])]));
  } finally {
    session.close();
  }
}
