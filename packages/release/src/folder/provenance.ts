import { type ReadArtifact, type Session, sql } from '@throughline/engine';
import type { Description } from './describe.js';

/** An extract that was read, and what it covers. */
export type ReleaseSource = {
  readonly partner: string;
  readonly extract: string;
  readonly payload_table: string;
  readonly covers_from: string;
  readonly covers_to: string;
  /** Rounded up to the hundred: a row more or less is a child's. */
  readonly rows_at_most: number;
};

const STEP = 100;

export async function readSources(
  measures: ReadArtifact<'measures'>,
  session: Session,
): Promise<ReleaseSource[]> {
  const rows = await session.rows(
    'sources',
    sql`SELECT partner, extract, payload_table, covers_from::VARCHAR AS covers_from, covers_to::VARCHAR AS covers_to, rows_kept
        FROM ${measures.table('sources')} ORDER BY ALL`,
  );
  return rows.map((row) => ({
    partner: String(row['partner']),
    extract: String(row['extract']),
    payload_table: String(row['payload_table']),
    covers_from: String(row['covers_from']),
    covers_to: String(row['covers_to']),
    rows_at_most: Math.ceil(Number(row['rows_kept']) / STEP) * STEP,
  }));
}

/**
 * Which agreements, extracts and measures the release rests on; documents and measures by hash. The hash of the exact
 * cells could be used to try guesses of withheld counts, were it not for the hash of the people index inside it, whose
 * keyed ids nobody outside can guess. So the hashes of what the measures were made from must never be published
 * beside it.
 */
export function provenance({
  city,
  day,
  synthetic,
  terms,
  measuresSha256,
  software,
  sources,
  definitions,
}: Description) {
  const read = new Set(definitions.flatMap((each) => each.sources ?? []));
  return {
    city,
    day,
    synthetic,
    software,
    measures: {
      sha256: measuresSha256,
      versions: definitions.map(({ name, version }) => ({ name, version })),
    },
    agreements: terms.documents.map(({ document: { kind, id, version, effective, expires }, sha256 }) => ({
      kind,
      id,
      version,
      effective,
      expires,
      sha256,
    })),
    sources: sources.filter(({ partner, payload_table }) => read.has(`${partner} ${payload_table}`)),
  };
}
