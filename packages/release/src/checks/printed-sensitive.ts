import type { AuditRules } from '../audit/audit-release.js';
import type { PrintedRelease } from '../audit/printed-release.js';
import type { PrintedRow } from '../audit/printed-tables.js';
import { countsRoundedTo, isRateOfRounded } from '../rules/rounding.js';

const COUNTS = ['yes', 'no', 'unknown', 'total'] as const;

type Rules = Pick<AuditRules, 'threshold' | 'zeroCounts' | 'rounding'>;

/** A rounded count is small if everything that it may stand for is. */
const isSmall = (count: number | null, { threshold, rounding }: Rules): boolean =>
  count !== null && count !== 0 && countsRoundedTo(count, rounding).most < threshold;

/** Nobody, and not few who were rounded away. */
const isNone = (count: number | null, { rounding }: Rules): boolean =>
  count === 0 && countsRoundedTo(0, rounding).most === 0;

const isAlike = ({ yes, no }: PrintedRow, rules: Rules): boolean =>
  rules.zeroCounts === 'publish-structural' &&
  ((isNone(yes, rules) && (no ?? 0) > 0) || (isNone(no, rules) && (yes ?? 0) > 0));

/** A rate beside rounded counts that was made of the counts as they were would give these back. */
const isOfRawCounts = ({ yes, no, rate }: PrintedRow, { rounding }: Rules): boolean => {
  if (rounding.rule === 'none' || yes === null || no === null || typeof rate !== 'string') return false;
  const percent = Number(rate);
  return !Number.isNaN(percent) && !isRateOfRounded(percent, { yes, no }, rate.includes('.') ? 1 : 0);
};

/**
 * How many rows of a release print what is sensitive by itself, whatever else is printed: a small count, also of the
 * children behind a sum or a comparison, its
 * complement included, or, unless the policy prints every zero, a group whose known members are all alike, or a rate
 * of counts that were not rounded where the policy rounds.
 */
export const rowsPrintingSensitive = (
  { tables, amounts, comparisons }: PrintedRelease,
  rules: Rules,
): number =>
  tables
    .flatMap(({ rows }) => rows)
    .filter(
      (row) =>
        COUNTS.some((column) => isSmall(row[column], rules)) ||
        isAlike(row, rules) ||
        isOfRawCounts(row, rules),
    ).length +
  amounts.filter(({ children }) => isSmall(children, rules)).length +
  comparisons.filter(({ compared }) => isSmall(compared, rules)).length;
