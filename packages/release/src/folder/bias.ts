import type { Description } from './describe.js';
import { csvOf } from './table-files.js';

const COLUMNS = [
  'measure',
  'title',
  'yes',
  'known',
  'unknown',
  'total',
  'rate_percent',
  'coverage_percent',
  'at_least_percent',
  'at_most_percent',
] as const;

/** `bias.csv`: each headline figure with its bounds; a row a measure. */
export function biasBounds({ cells, definitions }: Description): Promise<string> {
  const rows = definitions.flatMap(({ name, title }) =>
    cells
      .filter(({ measure, dim_1 }) => measure === name && dim_1 === null)
      .map((cell) => COLUMNS.map((column) => (column === 'title' ? title : cell[column]))),
  );
  return csvOf(
    COLUMNS.map((name) => ({ name })),
    rows,
  );
}
