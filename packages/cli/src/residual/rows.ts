import { join } from 'node:path';
import { artifactManifest, safeName, ThroughlineError } from '@throughline/core';
import {
  openSession,
  type ReadArtifact,
  readArtifact,
  readText,
  removeFolder,
  type Session,
  sql,
} from '@throughline/engine';
import { sealingPartners } from '../pipeline/sealing.js';
import { asJson } from '../project/as-json.js';
import type { Project } from '../project/project.js';
import type { Agreed } from './agreed.js';

/** A row of a record that nothing has linked to another partner's. */
export type UnlinkedRow = { readonly record: string; readonly nonce: string; readonly wrapped: Uint8Array };
export type UnlinkedRows = {
  readonly partner: string;
  /** Rows that the partner has delivered. */
  readonly rows: number;
  readonly unlinked: readonly UnlinkedRow[];
};

/**
 * Of every partner that seals, the rows whose records the last night has left alone, in the order of their nonces: it is
 * as good as a shuffle to whoever lacks the owner's key, and the same again the next time.
 *
 * @throws ThroughlineError ARTIFACT_MISSING, KEY_MISMATCH (rows of another epoch).
 */
export async function unlinkedRows(project: Project, { card }: Agreed): Promise<UnlinkedRows[]> {
  const { folders, pipeline } = project;
  const people = await readArtifact(folders.people, 'people');
  const spill = join(folders.work, 'residual');
  const session = await openSession({ folders: [folders.state], spill, ...pipeline.limits });
  try {
    const found: UnlinkedRows[] = [];
    for (const partner of await sealingPartners(project)) {
      const residual = await readArtifact(folders.partner(partner, 'residual'), 'residual');
      if (residual.of !== partner || residual.manifest.producedBy.keyCheck?.value !== card.check)
        throw new ThroughlineError('KEY_MISMATCH', { kind: safeName('residual'), of: safeName(partner) });
      const unlinked = await unlinkedOf(session, { residual, people });
      found.push({ partner, rows: rowsOfTables(residual.manifest.tables), unlinked });
    }
    return found;
  } finally {
    session.close();
    await removeFolder(spill);
  }
}

/** The artifact has one table. */
const rowsOfTables = (tables: readonly { readonly rows: number }[] = []): number => tables[0]?.rows ?? 0;

type Tables = { readonly residual: ReadArtifact<'residual'>; readonly people: ReadArtifact<'people'> };

async function unlinkedOf(session: Session, { residual, people }: Tables): Promise<UnlinkedRow[]> {
  const rows = await session.rows(
    'unlinked rows',
    sql`SELECT CAST(record_id AS VARCHAR) AS record, CAST(nonce AS VARCHAR) AS nonce, hex(wrapped) AS wrapped
        FROM ${residual.table('rows')} JOIN ${people.table('people')} AS own USING (record_id)
        WHERE own.partner = ${residual.of} AND person_id NOT IN (
          SELECT person_id FROM ${people.table('people')} GROUP BY person_id HAVING count(DISTINCT partner) > 1)
        ORDER BY nonce`,
  );
  return rows.map((row) => ({
    record: String(row['record']),
    nonce: String(row['nonce']),
    wrapped: Uint8Array.from(Buffer.from(String(row['wrapped']), 'hex')),
  }));
}

/**
 * How many rows a partner has delivered, for the keyholder: by the manifest alone. It must not have the rows, since it
 * could open them all.
 *
 * @throws ThroughlineError ARTIFACT_MISSING
 */
export async function deliveredRows(
  { folders }: Project,
  partner: string,
  { card }: Agreed,
): Promise<number> {
  const path = join(folders.partner(partner, 'residual'), 'manifest.json');
  const text = await readText(path).catch(() => 'null');
  const { data: manifest } = artifactManifest.safeParse(asJson(text));
  const { kind, of, producedBy } = manifest ?? {};
  if (kind === 'residual' && of === partner && producedBy?.keyCheck?.value === card.check)
    return rowsOfTables(manifest?.tables);
  throw new ThroughlineError('ARTIFACT_MISSING', { kind: safeName('residual'), of: safeName(partner) });
}
