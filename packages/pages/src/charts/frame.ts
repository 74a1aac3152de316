import { html, type Markup } from '../markup.js';
import { shortened } from '../words.js';

export type ChartText = {
  /** Unique on the page, of letters, digits and hyphens. */
  readonly id: string;
  readonly title: string;
  /** What a person who cannot see the chart would be told of it. */
  readonly description: string;
};

/** Pixels from row to row: a line of text, a bar under it, and air. */
export const ROW_HEIGHT = 42;
export const BAR_TOP = 21;
export const BAR_HEIGHT = 11;

const LONGEST_LABEL = 30;
const LEAST_SHARE = 0.012;

/**
 * A chart as wide as its column. It has no view box: shares are percentages of the width and letters keep their
 * size, so the same chart serves a telephone and a desk.
 */
export const chart = (text: ChartText, height: number, content: readonly Markup[]): Markup => html`
<svg class="chart" role="img" aria-labelledby="${text.id}-title ${text.id}-desc" width="100%" height="${height}">
<title id="${text.id}-title">${text.title}</title>
<desc id="${text.id}-desc">${text.description}</desc>
${content}
</svg>`;

/** Rows of a chart, one under the other. Percentages in them are of the width of the chart. */
export const stacked = (rows: readonly Markup[]): readonly Markup[] =>
  rows.map((row, at) => html`<g transform="translate(0 ${at * ROW_HEIGHT})">${row}</g>`);

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

const percent = (share: number): string => `${Number((100 * share).toFixed(2))}%`;

export type Segment = { readonly kind: string; readonly share: number };

/** Slivers are drawn wide enough to be seen, so that one rejected row in a million is not lost to the eye. */
const drawnShare = (share: number): number => (share > 0 ? Math.max(share, LEAST_SHARE) : 0);

/** One bar, `share` of the width from `start` on. */
export const bar = ({ kind, share, start }: Segment & { readonly start: number }): Markup =>
  html`<rect class="${kind}" x="${percent(start)}" y="${BAR_TOP}" width="${percent(share)}" height="${BAR_HEIGHT}" />`;

/** Segments one after the other. The longest gives up the room that slivers need. */
export const segments = (parts: readonly Segment[]): readonly Markup[] => {
  const drawn = parts.map(({ kind, share }) => ({ kind, share: drawnShare(share) }));
  const excess = Math.max(0, sumOf(drawn.map(({ share }) => share)) - 1);
  const longest = drawn.findIndex(({ share }) => share === Math.max(...drawn.map((each) => each.share)));
  const fitted = drawn.map((part, at) => (at === longest ? { ...part, share: part.share - excess } : part));
  return fitted.flatMap((part, at) => {
    const start = sumOf(fitted.slice(0, at).map(({ share }) => share));
    return part.share > 0 ? [bar({ ...part, start })] : [];
  });
};

/** The ground on which a bar is read, from none to all. */
export const track = html`<rect class="track" x="0" y="${BAR_TOP}" width="100%" height="${BAR_HEIGHT}" />`;

/** A track on which nothing can be read, as the number is withheld. */
export const withheldTrack = html`<rect class="withheld-mark" x="0.5" y="${BAR_TOP}" width="99.7%" height="${BAR_HEIGHT}" />`;

const upright = (kind: string, share: number, [top, bottom]: readonly [number, number]): Markup => {
  const x = percent(share);
  return html`<line class="${kind}" x1="${x}" x2="${x}" y1="${top}" y2="${bottom}" />`;
};

/** An upright line at `share` of the width, a little taller than the bars. */
export const tick = (kind: string, share: number): Markup =>
  upright(kind, share, [BAR_TOP - 3, BAR_TOP + BAR_HEIGHT + 3]);

/** A notch under the bar, where it hides nothing of a bar that ends close by. */
export const notch = (kind: string, share: number): Markup =>
  upright(kind, share, [BAR_TOP + BAR_HEIGHT + 1, BAR_TOP + BAR_HEIGHT + 7]);

/** Name on the left, what it comes to on the right. */
export const label = (name: string, figure: Markup): Markup => html`
<text class="name" x="0" y="14">${shortened(name, LONGEST_LABEL)}</text>
<text class="figure" x="100%" y="14" text-anchor="end">${figure}</text>`;

export type Key = {
  readonly kind: string;
  readonly meaning: string;
  readonly mark?: 'bar' | 'line' | 'notch';
};

const keyMark = ({ kind, mark }: Key): Markup => {
  if (mark === 'line') return html`<line class="${kind}" x1="9" x2="9" y1="0" y2="14" />`;
  if (mark === 'notch') return html`<line class="${kind}" x1="9" x2="9" y1="6" y2="12" />`;
  return html`<rect class="${kind}" x="1" y="2" width="16" height="10" />`;
};

/** What the marks stand for, in the order in which they appear. */
export const legend = (keys: readonly Key[]): Markup => html`
<ul class="legend">
${keys.map(
  (key) =>
    html`<li><svg aria-hidden="true" width="18" height="14">${keyMark(key)}</svg> <span>${key.meaning}</span></li>`,
)}
</ul>`;
