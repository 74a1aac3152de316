import { TOTAL } from '../cells/exact-cells.js';
import { LINKED_MEASURE } from '../derived/equity.js';
import type { Description } from './describe.js';
import { csvOf } from './table-files.js';

const COLUMNS = ['dimension', 'level', 'status', 'children', 'linked', 'linked_percent'] as const;

/** How many children of each group any other partner knows, from the printed cells. */
function linkedRows({ cells, definitions }: Pick<Description, 'cells' | 'definitions'>) {
  const name = definitions.find(({ measure }) => measure === LINKED_MEASURE)?.name;
  return cells.flatMap((cell) =>
    cell.measure === name && cell.dim_2 === null && (cell.dim_1 === null || cell.level_1 !== TOTAL)
      ? [[cell.dim_1, cell.level_1, cell.status, cell.total, cell.yes, cell.rate_percent]]
      : [],
  );
}

/** `linkage.csv`: linkage by group. */
export const linkageTable = (description: Pick<Description, 'cells' | 'definitions'>): Promise<string> =>
  csvOf(
    COLUMNS.map((name) => ({ name })),
    linkedRows(description),
  );

/** `linkage.md`: on which links each measure rests, and how well each group is linked. */
export function linkagePage({ cells, definitions }: Pick<Description, 'cells' | 'definitions'>): string {
  const totals = definitions.flatMap(({ name }) =>
    cells.filter(({ measure, dim_1 }) => measure === name && dim_1 === null),
  );
  const printed = (count: number | null): string => (count === null ? 'withheld' : String(count));
  const groups = linkedRows({ cells, definitions });
  const lines = [
    '# How well children are linked',
    '',
    'Records of one child in two systems are linked by keyed tokens. A link that is missed makes a child who was reached look',
    'as if it was not; a wrong link the other way round. Neither falls on all groups alike.',
    '',
    '## On which links each numerator rests',
    '',
    '| measure | exact | probable | weak |',
    '|---|---|---|---|',
    ...totals.map(
      (cell) =>
        `| ${cell.measure} | ${printed(cell.by_exact_links)} | ${printed(cell.by_probable_links)} | ${printed(cell.by_weak_links)} |`,
    ),
    '',
    '## Children whom any other partner knows, by group',
    '',
    'A lower share can mean poorer linkage, or that the group takes part less: records of programmes rarely tell which.',
    '',
    ...(groups.length === 0
      ? ['The licence of this release does not name the measure that would say.']
      : [
          '| dimension | group | children | share |',
          '|---|---|---|---|',
          ...groups.map(
            ([dimension, level, , children, , share]) =>
              `| ${dimension ?? 'all'} | ${level ?? 'all'} | ${children ?? 'withheld'} | ${share ?? 'withheld'} |`,
          ),
        ]),
  ];
  return `${lines.join('\n')}\n`;
}
