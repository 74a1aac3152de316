import { html, type Markup, nothing } from '../markup.js';
import { coverageText, isEmptyGroup, isRateWithheld, placeOf, type ReleasedRow, rateText } from '../rates.js';
import { inSentence, inWords } from '../words.js';
import {
  bar,
  chart,
  type Key,
  label,
  notch,
  ROW_HEIGHT,
  stacked,
  tick,
  track,
  withheldTrack,
} from './frame.js';

export const subgroupKeys: readonly Key[] = [
  { kind: 'rate', meaning: 'rate among the children whose answer is known' },
  { kind: 'known', mark: 'line', meaning: 'share of the group whose answer is known' },
  { kind: 'everyone', mark: 'notch', meaning: 'under the bar: rate over all children' },
  { kind: 'withheld-mark', meaning: 'withheld to protect children; not zero' },
];

const AXIS_HEIGHT = 18;

const figureOf = (row: ReleasedRow): Markup => {
  const rate = html`<tspan class="${isRateWithheld(row) ? 'strong absent' : 'strong'}">${rateText(row)}</tspan>`;
  return isEmptyGroup(row) || row.coveragePercent === null
    ? rate
    : html`${rate} · known ${coverageText(row)}`;
};

const rateMark = (row: ReleasedRow): Markup => {
  if (isRateWithheld(row)) return withheldTrack;
  const share = placeOf(row.ratePercent);
  return html`${track}${share === null ? [] : bar({ kind: 'rate', start: 0, share: share / 100 })}`;
};

const coverageMark = (row: ReleasedRow): Markup => {
  const share = placeOf(row.coveragePercent);
  return share === null ? nothing : tick('known', share / 100);
};

/** The rate over all children, for comparison; not under a withheld bar, where it would read as its rate. */
const everyoneMark = (row: ReleasedRow, everyone: number | null): Markup =>
  everyone === null || row.ratePercent === null ? nothing : notch('everyone', everyone / 100);

const levelRow = (row: ReleasedRow, everyone: number | null): Markup =>
  html`${label(inWords(row.level), figureOf(row))}${rateMark(row)}${everyoneMark(row, everyone)}${coverageMark(row)}`;

const axis = (rows: number): Markup => {
  const y = rows * ROW_HEIGHT + 10;
  return html`
<text class="axis" x="0" y="${y}">0%</text>
<text class="axis" x="50%" y="${y}" text-anchor="middle">50%</text>
<text class="axis" x="100%" y="${y}" text-anchor="end">100%</text>`;
};

const inOneClause = (row: ReleasedRow): string =>
  `${inSentence(row.level)}: rate ${rateText(row)}, known ${coverageText(row)}`;

export type Subgroups = {
  readonly id: string;
  /** The level of the heading above it. */
  readonly under: 2 | 3;
  readonly measure: string;
  readonly dimension: string;
  readonly rows: readonly ReleasedRow[];
  /** The rate over all children from 0 to 100, null if it is not shown. */
  readonly everyone: number | null;
};

/** One bar a level from 0 to 100%, the same scale in every chart, so that charts can be compared. */
export const subgroupChart = ({ id, measure, dimension, rows, everyone }: Subgroups): Markup =>
  chart(
    {
      id,
      title: `${measure}, by ${inSentence(dimension)}`,
      description: `${rows.map(inOneClause).join('; ')}.`,
    },
    rows.length * ROW_HEIGHT + AXIS_HEIGHT,
    [...stacked(rows.map((row) => levelRow(row, everyone))), axis(rows.length)],
  );
