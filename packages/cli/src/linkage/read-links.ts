import { join } from 'node:path';
import {
  openSession,
  type ReadArtifact,
  type Row,
  readArtifact,
  removeFolder,
  type Session,
  sql,
} from '@throughline/engine';
import type { Project } from '../project/project.js';
import type { ComparedPair, ModelLevel } from './waterfall.js';

type Links = ReadArtifact<'links'>;

/** Work on the links of the last night. @throws ThroughlineError ARTIFACT_MISSING if there has been no night. */
export async function withLinks<Result>(
  { folders }: Project,
  work: (links: Links, session: Session) => Promise<Result>,
): Promise<Result> {
  const links = await readArtifact(folders.links, 'links');
  const spill = join(folders.work, 'links');
  const session = await openSession({ folders: [folders.state], spill, memory: '1GB', threads: 1 });
  try {
    return await work(links, session);
  } finally {
    session.close();
    await removeFolder(spill);
  }
}

export const number = (row: Row, column: string): number => Number(row[column] ?? 0);
export const text = (row: Row, column: string): string => String(row[column] ?? '');

export async function readModel(links: Links, session: Session): Promise<ModelLevel[]> {
  const rows = await session.rows(
    'model',
    sql`SELECT * FROM ${links.table('model')} ORDER BY position, place`,
  );
  return rows.map((row) => ({
    position: number(row, 'position'),
    comparison: text(row, 'comparison'),
    place: number(row, 'place'),
    level: text(row, 'level'),
    m: number(row, 'm'),
    u: number(row, 'u'),
    weight: number(row, 'weight'),
  }));
}

export const comparedPair = (row: Row): ComparedPair => ({
  pass: text(row, 'pass'),
  levels: text(row, 'levels'),
  weight: number(row, 'weight'),
  probability: number(row, 'probability'),
  verdict: text(row, 'verdict'),
});
