import { join } from 'node:path';
import { measureDefinitions } from '@throughline/core';
import { type ReadArtifact, readText, type Session, sql } from '@throughline/engine';
import type { ReleasedCell } from '../cells/released-cells.js';
import type { FrozenCell, FrozenRelease } from './compare-releases.js';

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

export const frozenCell = (cell: ReleasedCell): FrozenCell => ({
  measure: cell.measure,
  table: cell.table_name,
  level1: cell.level_1,
  level2: cell.level_2,
  published: cell.status === 'published',
  yes: cell.yes,
  ratePercent: cell.rate_percent,
});

/** A release as far as a comparison needs it. @throws ThroughlineError ARTIFACT_* */
export async function readFrozen(release: ReadArtifact<'release'>, session: Session): Promise<FrozenRelease> {
  const rows = await session.rows('cells', sql`SELECT * FROM ${release.table('cells')} ORDER BY ALL`);
  return {
    cells: rows.map((row) => ({
      measure: String(row['measure']),
      table: String(row['table_name']),
      level1: textOrNull(row['level_1']),
      level2: textOrNull(row['level_2']),
      published: row['status'] === 'published',
      yes: row['yes'] === null ? null : Number(row['yes']),
      ratePercent: textOrNull(row['rate_percent']),
    })),
    definitions: measureDefinitions.parse(
      JSON.parse(await readText(join(release.folder, 'definitions.json'))),
    ),
  };
}
