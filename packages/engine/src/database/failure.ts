import { type ErrorCode, safeName, ThroughlineError } from '@throughline/core';

const KINDS =
  /(?:^|: )(Conversion|Constraint|Binder|Catalog|Parser|Invalid Input|IO|Out of Memory|Out of Range|Permission|Internal|Interrupt|Invalid|Transaction|Not implemented)\b/;

/** What an `IO Error` ends with when the disk has no room. */
const NO_ROOM = /No space left on device|Disk quota exceeded/;

/**
 * DuckDB's messages and causes repeat values of rows (`Could not convert string '…'`), so nothing of them is
 * kept but the class of the error, and that only if it is one of a known list.
 */
export function databaseFailure(thrown: unknown, step: string): ThroughlineError {
  if (thrown instanceof ThroughlineError) return thrown;
  const kind = thrown instanceof Error ? (KINDS.exec(thrown.message)?.[1] ?? 'other') : 'other';
  return new ThroughlineError(codeOf(kind, thrown), { step: safeName(step), kind: safeName(kind) });
}

function codeOf(kind: string, thrown: unknown): ErrorCode {
  if (kind === 'Out of Memory') return 'OUT_OF_MEMORY';
  const full = kind === 'IO' && thrown instanceof Error && NO_ROOM.test(thrown.message);
  return full ? 'OUTPUT_UNWRITABLE' : 'DATABASE_FAILED';
}
