import {
  count,
  counted,
  dateInWords,
  inSentence,
  inWords,
  percentOf,
  shortened,
  visible,
} from '@throughline/pages';
import { type Matter, mattersOf } from './matters.js';
import type { Night, NightCount, NightMeasure, NightPartner } from './night.js';
import { cellsOfMeasure, gathered, linksOfNight, rowsOfNight, rowsOfPartner, totalOf } from './totals.js';

/** An e-mail's width and a screen's height. */
const WIDTH = 78;
const PARTNER_LINES = 14;
const MEASURE_LINES = 5;
const MATTER_LINES = 5;

const NAME_WIDTH = 26;
const LONGEST_REASON = 32;

type Block = readonly string[];

/** As many blocks as fit, whole; then how many were left for the report. */
const fitted = (blocks: readonly Block[], most: number): readonly string[] => {
  const lines: string[] = [];
  for (const [at, block] of blocks.entries()) {
    if (lines.length + block.length > most)
      return [...lines, `and ${count(blocks.length - at)} more, in the report`];
    lines.push(...block);
  }
  return lines;
};

/** Words in lines of at most `WIDTH` columns, those after the first indented by two. */
const wrapped = (text: string): Block => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').map((each) => shortened(each, WIDTH - 2))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (Array.from(longer).length > WIDTH) {
      lines.push(line);
      line = `  ${word}`;
    } else line = longer;
  }
  return [...lines, line];
};

const columns = (name: string, figures: readonly string[]): string => {
  const widths = [11, 10, 10, 12];
  const padded = figures.map((figure, at) => figure.padStart(widths[at] ?? 12));
  return `${shortened(visible(name), NAME_WIDTH).padEnd(NAME_WIDTH)}${padded.join('')}`;
};

const restWords = (rest: readonly NightCount[]): readonly string[] =>
  rest.length === 0
    ? []
    : [`${counted(rest.length, 'other reason', 'other reasons')} ${count(totalOf(rest))}`];

/** Every such row is in the line: by reason as far as there is room, then as a number of other reasons. */
const reasonsLine = (outcome: string, reasons: readonly NightCount[]): string => {
  const named = reasons.map(
    ({ name, value }) => `${shortened(visible(inSentence(name)), LONGEST_REASON)} ${count(value)}`,
  );
  const line = (shown: number): string =>
    `  ${outcome}: ${[...named.slice(0, shown), ...restWords(reasons.slice(shown))].join(', ')}`;
  const shown = named.map((_, at) => at + 1).findLast((most) => Array.from(line(most)).length <= WIDTH) ?? 0;
  return line(shown);
};

const partnerBlock = (partner: NightPartner): Block => {
  const { rowsIn, rejected, excluded } = rowsOfPartner(partner);
  const figures = [...[rowsIn, rejected, excluded].map(count), percentOf(partner.linked, partner.records)];
  const reasonLines = (['rejected', 'quarantined'] as const).flatMap((outcome) => {
    const reasons = gathered(partner.extracts.map((extract) => extract[outcome])).filter(
      ({ value }) => value > 0,
    );
    return reasons.length === 0 ? [] : [reasonsLine(outcome, reasons)];
  });
  return [columns(inWords(partner.name), figures), ...reasonLines];
};

const measureBlock = (measure: NightMeasure): Block => {
  const { cells, withheld } = cellsOfMeasure(measure);
  return [columns(measure.title, [count(cells), count(withheld)])];
};

const matterBlock = ({ grave, words }: Matter): Block => wrapped(`${grave ? '!' : '-'} ${visible(words)}`);

const heading = (night: Night): Block => {
  const { rowsIn, kept } = rowsOfNight(night);
  const { persons, records } = night.people;
  const city = shortened(visible(night.city), 24);
  const day = shortened(visible(dateInWords(night.day)), 20);
  return [
    `${city}, the night of ${day}${night.synthetic ? ' (made-up children)' : ''}`,
    `${percentOf(kept, rowsIn)} of ${counted(rowsIn, 'row', 'rows')} kept, ${counted(linksOfNight(night), 'link', 'links')}`,
    `${counted(persons, 'person', 'persons')} from ${counted(records, 'record', 'records')}`,
  ];
};

const matterLines = (night: Night): readonly string[] => {
  const matters = mattersOf(night);
  if (matters.length === 0) return ['Nothing needs a person.'];
  const lines = fitted(matters.map(matterBlock), MATTER_LINES);
  return [`${counted(matters.length, 'matter needs', 'matters need')} a person:`, ...lines];
};

/**
 * The night in at most 40 lines of 78 columns, for standard output and e-mail. Only the line of a path may be
 * longer, as a path that is cut leads nowhere.
 */
export function renderSummary(
  night: Night,
  places: { readonly report: string; readonly release: string },
): string {
  const lines = [
    ...heading(night),
    '',
    columns('Partner', ['rows', 'rejected', 'excluded', 'linked']),
    ...fitted(night.partners.map(partnerBlock), PARTNER_LINES),
    '',
    columns('Measure', ['cells', 'withheld']),
    ...fitted(night.measures.map(measureBlock), MEASURE_LINES),
    '',
    ...matterLines(night),
    '',
    `Report:  ${visible(places.report)}`,
    `Release: ${visible(places.release)}`,
    'Counts are for the desk only. The release is a candidate, not published.',
  ];
  return `${lines.join('\n')}\n`;
}
