import type { AuditRules } from '../audit/audit-release.js';
import type { PrintedTable } from '../audit/printed-tables.js';

const COUNTS = ['yes', 'no', 'unknown', 'total'] as const;

/**
 * How many rows of a release print what is sensitive by itself, whatever else is printed: a small count, its
 * complement included, or, unless the policy prints every zero, a group whose known members are all alike.
 */
export const rowsPrintingSensitive = (
  tables: readonly PrintedTable[],
  { threshold, zeroCounts }: Pick<AuditRules, 'threshold' | 'zeroCounts'>,
): number => {
  const small = (count: number | null): boolean => count !== null && count >= 1 && count < threshold;
  const alike = (yes: number | null, no: number | null): boolean =>
    zeroCounts === 'publish-structural' && ((yes === 0 && (no ?? 0) > 0) || (no === 0 && (yes ?? 0) > 0));
  return tables
    .flatMap(({ rows }) => rows)
    .filter((row) => COUNTS.some((count) => small(row[count])) || alike(row.yes, row.no)).length;
};
