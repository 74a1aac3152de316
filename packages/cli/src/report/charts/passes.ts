import {
  bar,
  chart,
  count,
  counted,
  html,
  inSentence,
  inWords,
  type Key,
  label,
  type Markup,
  percentOf,
  ROW_HEIGHT,
  segments,
  stacked,
  track,
} from '@throughline/pages';
import type { NightPass } from '../night.js';
import { bases, linksOfBasis, sumOf } from '../totals.js';

export const basisKeys: readonly Key[] = [
  { kind: 'exact', meaning: 'exact: a strong set of identifiers agrees in full' },
  { kind: 'probable', meaning: 'probable: a set agrees that allows for a slip, a move or a missing field' },
  { kind: 'weak', meaning: 'weak: little agrees; read with care' },
];

const linkedIn = (passes: readonly NightPass[]): number => sumOf(passes.map(({ linked }) => linked));

const allRow = (passes: readonly NightPass[]): Markup => {
  const whole = linkedIn(passes);
  const parts = bases.map((kind) => ({ kind, share: linksOfBasis(passes, kind) / Math.max(whole, 1) }));
  const figure = html`<tspan class="strong">${count(whole)}</tspan> ${whole === 1 ? 'link' : 'links'}`;
  return html`${label('All passes', figure)}${track}${segments(parts)}`;
};

const passRow = (pass: NightPass, longest: number): Markup => {
  const figure = html`<tspan class="strong">${count(pass.linked)}</tspan> ${pass.basis}`;
  const mark = { kind: pass.basis, share: pass.linked / Math.max(longest, 1) };
  return html`${label(inWords(pass.name), figure)}${track}${pass.linked > 0 ? bar({ ...mark, start: 0 }) : []}`;
};

const description = (passes: readonly NightPass[]): string => {
  const whole = linkedIn(passes);
  const byBasis = bases.map((basis) => {
    const links = linksOfBasis(passes, basis);
    return `${count(links)} ${basis} (${percentOf(links, whole)})`;
  });
  const byPass = passes.map(({ name, linked }) => `${inSentence(name)} ${count(linked)}`);
  return `${counted(whole, 'link', 'links')}: ${byBasis.join(', ')}. By pass: ${byPass.join('; ')}.`;
};

/** All links by basis, then each pass in the order in which it ran, beside the pass that made most. */
export const passesChart = (passes: readonly NightPass[], id: string): Markup => {
  const longest = Math.max(0, ...passes.map(({ linked }) => linked));
  return chart(
    { id, title: 'Links by the pass that made them', description: description(passes) },
    (passes.length + 1) * ROW_HEIGHT,
    stacked([allRow(passes), ...passes.map((pass) => passRow(pass, longest))]),
  );
};
