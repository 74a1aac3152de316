import { keyedIds, type ReadArtifact, readKey, type Session, sql } from '@throughline/engine';
import type { TrueRecord } from '../truth/truth.js';
import type { KnownRecord } from './quality.js';

/** One partner's side of the truth: its own key and where its records came from. Only a synthetic city has it. */
export type OwnRecords = {
  readonly partner: string;
  readonly recordKey: string;
  readonly identifiers: ReadArtifact<'identifiers'>;
  /** Spaces whose source has no key, and the extract that they come from; truth names their rows by line. */
  readonly keyless: ReadonlyMap<string, string>;
};

/** Ties the truth of a synthetic city to the record ids of one partner. */
export async function knownRecords(
  truth: readonly TrueRecord[],
  own: OwnRecords,
  { session, userId }: { readonly session: Session; readonly userId: number | undefined },
): Promise<KnownRecord[]> {
  const records = truth.filter(({ partner }) => partner === own.partner);
  const byLine = await recordsByLine(own, session);
  const key = await readKey(own.recordKey, userId);
  try {
    const ids = keyedIds(key, 'record');
    return records.flatMap(({ space, sourceKey, child }) => {
      const extract = own.keyless.get(space);
      const recordId =
        extract === undefined ? ids(own.partner, space, sourceKey) : byLine.get(`${extract}:${sourceKey}`);
      return recordId === undefined ? [] : [{ recordId, child }];
    });
  } finally {
    key.erase();
  }
}

async function recordsByLine(
  { identifiers }: OwnRecords,
  session: Session,
): Promise<ReadonlyMap<string, string>> {
  const rows = await session.rows(
    'sources',
    sql`SELECT extract, line, record_id FROM ${identifiers.table('sources')}`,
  );
  return new Map(rows.map((row) => [`${row['extract']}:${row['line']}`, String(row['record_id'])]));
}
