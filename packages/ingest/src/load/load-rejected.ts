import type { Session } from '@throughline/engine';
import type { PlannedExtract } from '../plan/plan.js';
import type { ReadTally } from '../read/rows.js';

/** Keeps the lines that never became rows. */
export async function loadRejected(
  session: Session,
  { name, tables }: PlannedExtract,
  { rejected }: ReadTally,
): Promise<number> {
  const schema = { line: 'BIGINT', reason: 'VARCHAR' } as const;
  const batch = [rejected.map(({ line }) => line), rejected.map(({ reason }) => reason)];
  return session.append(`load ${name}`, { name: tables.rejected, schema }, [batch]);
}
