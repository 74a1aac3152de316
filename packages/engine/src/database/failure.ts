import { safeName, ThroughlineError } from '@throughline/core';

const KINDS =
  /(?:^|: )(Conversion|Constraint|Binder|Catalog|Parser|Invalid Input|IO|Out of Memory|Out of Range|Permission|Internal|Interrupt|Invalid|Transaction|Not implemented)\b/;

/**
 * DuckDB's messages and causes repeat values of rows (`Could not convert string '…'`), so nothing of them is
 * kept but the class of the error, and that only if it is one of a known list.
 */
export function databaseFailure(thrown: unknown, step: string): ThroughlineError {
  if (thrown instanceof ThroughlineError) return thrown;
  const kind = thrown instanceof Error ? (KINDS.exec(thrown.message)?.[1] ?? 'other') : 'other';
  const code = kind === 'Out of Memory' ? 'OUT_OF_MEMORY' : 'DATABASE_FAILED';
  return new ThroughlineError(code, { step: safeName(step), kind: safeName(kind) });
}
