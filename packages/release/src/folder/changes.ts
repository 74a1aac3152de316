import type { Change } from '../changes/compare-releases.js';
import type { Description } from './describe.js';
import { csvOf } from './table-files.js';

/** Percentage points from which a change is listed on the page; the table has all. */
const NOTABLE = 2;

const COLUMNS = [
  'table',
  'level_1',
  'level_2',
  'earlier_percent',
  'later_percent',
  'change_points',
  'change_children',
  'reason',
] as const;

const rowOf = ({ table, level1, level2, earlier, later, points, children, reason }: Change) => [
  table,
  level1,
  level2,
  earlier,
  later,
  points,
  children,
  reason,
];

/** `changes.csv`: every cell of this release and the last; a number, or the reason why there is none. */
export const changesTable = ({ changes }: Pick<Description, 'changes'>): Promise<string> =>
  csvOf(
    COLUMNS.map((name) => ({ name })),
    (changes ?? []).map(rowOf),
  );

const isNotable = ({ points, level1 }: Change): boolean =>
  points !== null && (Math.abs(points) >= NOTABLE || level1 === null);

const placeOf = ({ table, level1, level2 }: Change): string =>
  [table, level1, level2].filter((each) => each !== null).join(', ');

const signed = (number: number): string => (number > 0 ? `+${number}` : String(number));

/** `changes.md`: what has changed since the last release, in words. */
export function changesPage({ changes, definitions }: Pick<Description, 'changes' | 'definitions'>): string {
  if (changes === null) {
    return '# Changes since the last release\n\nThere is no earlier release: this is the first.\n';
  }
  const reasons = new Map<string, number>();
  for (const { reason } of changes) if (reason !== null) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  const lines = [
    '# Changes since the last release',
    '',
    `${changes.filter(({ points }) => points !== null).length} rows can be compared. Below are totals, and rows that have moved by ${NOTABLE} points or`,
    'more; changes.csv has all. Nothing here is made of anything but what both releases print.',
    '',
    '| row | earlier | now | points |',
    '|---|---|---|---|',
    ...changes
      .filter(isNotable)
      .map((each) => `| ${placeOf(each)} | ${each.earlier} | ${each.later} | ${signed(each.points ?? 0)} |`),
    '',
    '## No number',
    '',
    ...[...reasons].toSorted().map(([reason, rows]) => `- ${reason}: ${rows} rows`),
    '',
    '## Definitions now',
    '',
    ...definitions.map(({ name, version }) => `- \`${name}\`: version ${version}`),
  ];
  return `${lines.join('\n')}\n`;
}
