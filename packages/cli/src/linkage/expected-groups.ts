import {
  count,
  figure,
  foldedTable,
  html,
  inWords,
  type Markup,
  nothing,
  table,
  words,
} from '@throughline/pages';
import type { ExpectedOfGroups, ExpectedRow, Rates } from './linkage-night.js';

type Interval = Rates['precision'];

const within = ([low, value, high]: Interval): string =>
  `${value.toFixed(4)} (${low.toFixed(3)} to ${high.toFixed(3)})`;

export const expectedTable = (rows: readonly ExpectedRow[]): Markup =>
  table({
    caption: 'Expected precision and recall of sealed links, with 95 % intervals',
    columns: [words('Sources'), ...['Pairs', 'Links', 'Precision', 'Recall'].map(figure)],
    rows: rows.map(({ sources, pairs, links, precision, recall }) => [
      sources,
      count(pairs),
      count(links),
      within(precision),
      within(recall),
    ]),
  });

/** What is expected of the groups of a dimension, in words and as a table. */
export function expectedOfDimension(dimension: string, expected: ExpectedOfGroups | undefined): Markup {
  const groups = expected?.groups.filter((each) => each.dimension === dimension) ?? [];
  if (expected === undefined || groups.length === 0) return nothing;
  const { everybody } = expected;
  return html`<p class="says">${differences(groups, everybody)}</p>${foldedTable(
    'What is expected of the links',
    {
      caption: `Expected precision and recall, by ${inWords(dimension)}, with 95 % intervals`,
      columns: [words('Group'), ...['Links', 'Precision', 'Recall'].map(figure)],
      rows: [...groups, { level: 'all children', ...everybody }].map(
        ({ level, links, precision, recall }) => [
          inWords(level),
          count(links),
          within(precision),
          within(recall),
        ],
      ),
    },
  )}`;
}

/** Which groups are expected to be linked worse or better than all children, by more than their intervals. */
export function differences(groups: ExpectedOfGroups['groups'], everybody: Rates): string {
  const found = (['recall', 'precision'] as const).flatMap((rate) =>
    (['lower', 'higher'] as const).flatMap((how) => {
      const [, all] = everybody[rate];
      const apart = groups.filter((group) => isApart(group[rate], all, how));
      if (apart.length === 0) return [];
      const named = apart.map((group) => `${inWords(group.level)} (${group[rate][1].toFixed(3)})`).join(', ');
      return [`Expected ${rate} is ${how} than that of all children (${all.toFixed(3)}): ${named}.`];
    }),
  );
  return found.length === 0
    ? 'No group is expected to be linked better or worse than all children, by more than its interval.'
    : found.join(' ');
}

const isApart = ([low, , high]: Interval, all: number, how: 'lower' | 'higher'): boolean =>
  how === 'lower' ? high < all : low > all;
