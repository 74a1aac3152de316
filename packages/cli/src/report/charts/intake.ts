import {
  chart,
  count,
  html,
  inSentence,
  inWords,
  type Key,
  label,
  type Markup,
  ROW_HEIGHT,
  segments,
  stacked,
  track,
} from '@throughline/pages';
import type { NightExtract, NightPartner } from '../night.js';
import { type RowTotals, rowsOfExtract } from '../totals.js';

export const intakeKeys: readonly Key[] = [
  { kind: 'kept', meaning: 'kept' },
  { kind: 'rejected', meaning: 'rejected: the row breaks a rule of the manifest' },
  { kind: 'quarantined', meaning: 'quarantined: two rows claim one key, so that neither is used' },
  { kind: 'excluded', meaning: 'excluded: the row is not meant for this work, as an opt-out' },
];

/** Bars are of all rows; of the rows that can be told apart, should a file say fewer came than were counted. */
const wholeOf = ({ rowsIn, kept, rejected, quarantined, excluded }: RowTotals): number =>
  Math.max(rowsIn, kept + rejected + quarantined + excluded, 1);

const extractRow = (extract: NightExtract): Markup => {
  const totals = rowsOfExtract(extract);
  const whole = wholeOf(totals);
  const parts = (['kept', 'rejected', 'quarantined', 'excluded'] as const).map((kind) => ({
    kind,
    share: totals[kind] / whole,
  }));
  const figure = html`<tspan class="strong">${count(totals.kept)}</tspan> of ${count(totals.rowsIn)} kept`;
  return html`${label(inWords(extract.name), figure)}${track}${segments(parts)}`;
};

const inOneClause = (extract: NightExtract): string => {
  const { kept, rejected, quarantined, excluded } = rowsOfExtract(extract);
  return `${inSentence(extract.name)}: ${count(kept)} kept, ${count(rejected)} rejected, ${count(quarantined)} quarantined, ${count(excluded)} excluded`;
};

/** One bar an extract, all of one length: the question is what share was kept, not which file is the longest. */
export const intakeChart = (partner: NightPartner, id: string): Markup =>
  chart(
    {
      id,
      title: `Rows kept, rejected, quarantined and excluded, by extract of ${inSentence(partner.name)}`,
      description: `Each bar is one extract. ${partner.extracts.map(inOneClause).join('; ')}.`,
    },
    partner.extracts.length * ROW_HEIGHT,
    stacked(partner.extracts.map(extractRow)),
  );
