import { formulaSafe } from '@throughline/core';
import type { RecordCandidate, RecordTable } from '../records/record-sets.js';

const TOTAL = 'Total';

/**
 * A protected table as CSV: for every margin the column it is at (`Total` for none) and its value there, then the
 * count, empty where it is withheld, and `published` or `withheld`, never why.
 */
export async function tableCsv(
  { rows }: RecordTable,
  { sets }: RecordCandidate,
  withheld: ReadonlySet<number>,
): Promise<string> {
  const margins = rows[0]?.levels.length ?? 0;
  const header = Array.from({ length: margins }, (_, at) => [`column_${at + 1}`, `level_${at + 1}`]).flat();
  const lines = rows.map(({ levels, set }) => [
    ...levels.flatMap((level) =>
      level === null ? [TOTAL, TOTAL] : [formulaSafe(level.column), formulaSafe(level.value)],
    ),
    ...(withheld.has(set) ? ['', 'withheld'] : [String(sets[set]?.count ?? 0), 'published']),
  ]);
  const { writeToString } = await import('fast-csv');
  const text = await writeToString([[...header, 'count', 'status'], ...lines]);
  return `${text}\n`;
}
