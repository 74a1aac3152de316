import {
  chart,
  count,
  html,
  inWords,
  type Key,
  label,
  type Markup,
  ROW_HEIGHT,
  segments,
  stacked,
  track,
} from '@throughline/pages';
import type { NightMeasure } from '../night.js';

export const withheldKeys: readonly Key[] = [
  { kind: 'withheld-mark', meaning: 'withheld' },
  { kind: 'published', meaning: 'shown in the release candidate' },
];

type Table = NightMeasure['tables'][number];

/** "School by grade band" of `chronic_absence.school_x_grade_band`. */
export const tableTitle = (measure: NightMeasure, { name }: Table): string => {
  const prefix = `${measure.name}.`;
  return inWords(name.startsWith(prefix) ? name.slice(prefix.length) : name);
};

const tableRow = (measure: NightMeasure, table: Table): Markup => {
  const { cells, withheld } = table;
  const whole = Math.max(cells, withheld, 1);
  const parts = [
    { kind: 'withheld-mark', share: withheld / whole },
    { kind: 'published', share: Math.max(0, cells - withheld) / whole },
  ];
  const figure = html`<tspan class="strong">${count(withheld)}</tspan> of ${count(cells)} withheld`;
  return html`${label(tableTitle(measure, table), figure)}${track}${segments(parts)}`;
};

const inOneClause = (measure: NightMeasure, table: Table): string =>
  `${tableTitle(measure, table)}: ${count(table.withheld)} of ${count(table.cells)}`;

export const withheldChart = (measure: NightMeasure, id: string): Markup =>
  chart(
    {
      id,
      title: `Cells withheld by table of ${measure.title}`,
      description: `Cells withheld: ${measure.tables.map((table) => inOneClause(measure, table)).join('; ')}.`,
    },
    measure.tables.length * ROW_HEIGHT,
    stacked(measure.tables.map((table) => tableRow(measure, table))),
  );
