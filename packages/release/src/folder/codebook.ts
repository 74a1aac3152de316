import { writeToString } from 'fast-csv';
import { releaseColumns } from './columns.js';

const UNITS: Readonly<Record<string, string>> = {
  yes: 'persons',
  no: 'persons',
  unknown: 'persons',
  total: 'persons',
  rate_percent: 'per cent',
  coverage_percent: 'per cent',
};

/** `codebook.csv`: one row a column. */
export const codebook = (): Promise<string> =>
  writeToString(
    releaseColumns.map(({ name, type, nullable, words }) => ({
      variable: name,
      type,
      units: UNITS[name] ?? '',
      label: words,
      allowed: name === 'status' ? 'published; withheld' : '',
      empty: nullable
        ? name.startsWith('dim') || name.startsWith('level')
          ? 'the table has no such dimension'
          : 'withheld'
        : 'never',
    })),
    { headers: true, rowDelimiter: '\r\n', includeEndRowDelimiter: true },
  );
