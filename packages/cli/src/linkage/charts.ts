import {
  BAR_HEIGHT,
  bar,
  chart,
  count,
  html,
  inWords,
  label,
  type Markup,
  percentOf,
  ROW_HEIGHT,
  segments,
  stacked,
  tick,
  track,
} from '@throughline/pages';
import type { GroupRow, LinkageNight, PassRow, ReachRow } from './linkage-night.js';
import type { ModelLevel, WaterfallStep } from './waterfall.js';

const signed = (bits: number): string => `${bits < 0 ? '−' : '+'}${Math.abs(bits).toFixed(1)}`;
const largest = (values: readonly number[]): number => Math.max(1e-9, ...values.map(Math.abs));

const nameOf = ({ comparison, level }: ModelLevel): string => `${inWords(comparison)}: ${inWords(level)}`;

/** A bar that begins in the middle: to the right what speaks for one person, to the left what speaks against. */
const fromMiddle = (value: number, most: number): Markup => {
  const share = Math.abs(value) / most / 2;
  return bar({ kind: value < 0 ? 'weak' : 'exact', share, start: value < 0 ? 0.5 - share : 0.5 });
};

/** Match weights: log2(m/u) of every level. */
export function weightsChart(model: readonly ModelLevel[]): Markup {
  const most = largest(model.map(({ weight }) => weight));
  const rows = model.map((level) => [
    label(nameOf(level), html`${signed(level.weight)}`),
    track,
    fromMiddle(level.weight, most),
    tick('known', 0.5),
  ]);
  const description = model.map((level) => `${nameOf(level)} ${signed(level.weight)}`).join('; ');
  return chart(
    { id: 'match-weights', title: 'Match weights in bits', description },
    rows.length * ROW_HEIGHT,
    stacked(rows.map((row) => html`${row}`)),
  );
}

/** m and u of every level, one above the other. */
export function chancesChart(model: readonly ModelLevel[]): Markup {
  const rows = model.map((level) => {
    const below = html`<rect class="weak" x="0" y="${33}" width="${Number((100 * level.u).toFixed(2))}%" height="${BAR_HEIGHT / 2}" />`;
    const figure = html`${share(level.m)} · ${share(level.u)}`;
    return html`${label(nameOf(level), figure)}${track}${bar({ kind: 'exact', share: level.m, start: 0 })}${below}`;
  });
  const description = model
    .map((level) => `${nameOf(level)}: m ${share(level.m)}, u ${share(level.u)}`)
    .join('; ');
  return chart(
    { id: 'm-and-u', title: 'How often each level occurs', description },
    rows.length * ROW_HEIGHT,
    stacked(rows),
  );
}

const share = (value: number): string => (value < 0.001 ? '< 0.1 %' : `${(100 * value).toFixed(1)} %`);

const CLASSES = [
  ['link', 'exact'],
  ['possible', 'probable'],
  ['no', 'weak'],
] as const;
const BIN = 4;

/** Where a class begins, in words behind the bin of its lightest pair; priors and rivals move single pairs across. */
function thresholdWords(weights: LinkageNight['weights'], bin: number): string {
  const begins = (of: string) =>
    Math.min(...weights.filter((each) => each.class === of && each.pairs > 0).map(({ weight }) => weight));
  return CLASSES.filter(([of]) => of !== 'no' && Math.floor(begins(of) / BIN) === bin)
    .map(([of]) => `, ${of} from ${begins(of)}`)
    .join('');
}

/** Pairs by weight, in steps of four bits, and by class. */
export function histogram(weights: LinkageNight['weights']): Markup {
  const bins = [...new Set(weights.map(({ weight }) => Math.floor(weight / BIN)))].sort((a, b) => b - a);
  const inBin = (bin: number, of: string) =>
    weights
      .filter((each) => Math.floor(each.weight / BIN) === bin && each.class === of)
      .reduce((sum, { pairs }) => sum + pairs, 0);
  const totals = bins.map((bin) => CLASSES.reduce((sum, [of]) => sum + inBin(bin, of), 0));
  const most = largest(totals);
  const names = bins.map((bin) => `${bin * BIN} to ${bin * BIN + BIN} bits${thresholdWords(weights, bin)}`);
  const rows = bins.map((bin, place) => {
    const parts = CLASSES.map(([of, kind]) => ({ kind, share: inBin(bin, of) / most }));
    return html`${label(names[place] ?? '', html`${count(totals[place] ?? 0)}`)}${track}${segments(parts)}`;
  });
  const description = names.map((name, place) => `${name}: ${count(totals[place] ?? 0)} pairs`).join('; ');
  return chart(
    { id: 'weight-histogram', title: 'Pairs by weight', description },
    rows.length * ROW_HEIGHT,
    stacked(rows),
  );
}

/** The steps from nothing to the odds of one pair, each where the last one ended. */
export function waterfallChart(steps: readonly WaterfallStep[], id: string): Markup {
  const ends: number[] = [];
  for (const { bits } of steps) ends.push((ends.at(-1) ?? 0) + bits);
  const [low, high] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const width = Math.max(1e-9, high - low);
  const rows = steps.map(({ name, level, bits }, place) => {
    const from = place === 0 ? 0 : (ends[place - 1] ?? 0);
    const start = (Math.min(from, from + bits) - low) / width;
    const mark = bar({ kind: bits < 0 ? 'weak' : 'exact', share: Math.abs(bits) / width, start });
    return html`${label(`${inWords(name)}: ${inWords(level)}`, html`${signed(bits)}`)}${track}${mark}${tick('known', -low / width)}`;
  });
  const description = steps.map(({ name, level, bits }) => `${name} ${level} ${signed(bits)}`).join('; ');
  return chart(
    { id, title: 'What each comparison adds, in bits', description },
    rows.length * ROW_HEIGHT,
    stacked(rows),
  );
}

type Bar = { readonly name: string; readonly value: number; readonly figure: string; readonly kind: string };

/** Plain bars beside the longest. */
function barsChart(
  bars: readonly Bar[],
  text: { readonly id: string; readonly title: string },
  whole?: number,
) {
  const most = whole ?? largest(bars.map(({ value }) => value));
  const rows = bars.map(
    ({ name, value, figure, kind }) =>
      html`${label(name, html`${figure}`)}${track}${value > 0 ? bar({ kind, share: value / most, start: 0 }) : []}`,
  );
  const description = bars.map(({ name, figure }) => `${name}: ${figure}`).join('; ');
  return chart({ ...text, description }, rows.length * ROW_HEIGHT, stacked(rows));
}

export const yieldChart = (passes: readonly PassRow[]): Markup =>
  barsChart(
    passes.map(({ name, kind, linked, pairs }) => ({
      name: `${kind} ${inWords(name)}`,
      value: linked,
      figure: `${count(linked)} of ${count(pairs)}`,
      kind: kind === 'sealed' ? 'probable' : 'exact',
    })),
    { id: 'pass-yield', title: 'Links by the pass that made them, of the pairs that it found' },
  );

export const sizesChart = (sizes: LinkageNight['sizes']): Markup =>
  barsChart(
    sizes.map(({ records, persons }) => ({
      name: `${records} ${records === 1 ? 'record' : 'records'}`,
      value: persons,
      figure: count(persons),
      kind: 'linked',
    })),
    { id: 'cluster-sizes', title: 'Persons by how many records they have' },
  );

/** The share of a partner's records that reach no pair of so many bits: of them nothing better can be hoped. */
export const unlinkablesChart = ({ partner, records, atLeast }: ReachRow): Markup =>
  barsChart(
    atLeast.map(({ bits, records: reaching }) => ({
      name: `below ${bits} bits`,
      value: records - reaching,
      figure: percentOf(records - reaching, records),
      kind: 'unlinkable',
    })),
    { id: `unlinkables-${partner}`, title: `Records of ${partner} whose best pair weighs less` },
    records,
  );

export const groupsChart = (dimension: string, groups: readonly GroupRow[]): Markup =>
  barsChart(
    groups.map(({ level, linked, children }) => ({
      name: inWords(level),
      value: linked / children,
      figure: percentOf(linked, children),
      kind: 'linked',
    })),
    { id: `groups-${dimension.replaceAll('_', '-')}`, title: `Children linked, by ${inWords(dimension)}` },
    1,
  );
