import { leavesAnything } from '@throughline/agreement';
import { counted, dateInWords, figure, html, type Markup, table, words } from '@throughline/pages';
import { isStanding } from '../../holds/hold-records.js';
import { nextSteps } from '../../publishing/next-step.js';
import type { HoldUnderReview, ManifestUnderReview } from '../desk.js';
import { link, page, part, type Site } from './frame.js';

const standingOf = ({ approval, source }: ManifestUnderReview): string | Markup => {
  if (source.change !== undefined) return html`<strong>the export has changed</strong>`;
  if (approval.by !== undefined) return `approved by ${approval.by.join(', ')}`;
  return html`<strong>${approval.waits ? 'waits for a signature' : 'not in force'}</strong>`;
};

const manifestRow = (site: Site, each: ManifestUnderReview) => {
  const { document } = each.source.manifest;
  return [
    link(site, { kind: 'manifest', name: each.name }, document.id),
    String(document.version),
    document.partner,
    `${document.fields.filter(leavesAnything).length} of ${document.fields.length}`,
    standingOf(each),
  ];
};

const manifests = (site: Site): Markup =>
  part('manifests', 'Field manifests', [
    html`<p class="says">What an export may hold, and what of it may leave, column by column. The owner of the records signs it.</p>`,
    table({
      caption: 'Field manifests and proposals',
      columns: [
        words('Manifest'),
        figure('Version'),
        words('Partner'),
        figure('Columns that leave'),
        words('Standing'),
      ],
      rows: site.desk.manifests.map((each) => manifestRow(site, each)),
    }),
  ]);

const holdRow = (site: Site, { hold, inUse }: HoldUnderReview) => [
  link(site, { kind: 'hold', id: hold.id }, hold.id),
  hold.status,
  dateInWords(hold.opened),
  hold.code,
  inUse === undefined ? 'no good data yet' : `data of ${dateInWords(inUse)}`,
];

const holds = (site: Site): Markup => {
  const standing = site.desk.holds.filter(({ hold }) => isStanding(hold));
  const decided = site.desk.holds.filter(({ hold }) => !isStanding(hold));
  const rowsOf = (caption: string, rows: readonly HoldUnderReview[]): Markup =>
    table({
      caption,
      columns: [words('Hold'), words('Status'), words('Since'), words('Code'), words('In use')],
      rows: rows.map((each) => holdRow(site, each)),
    });
  return part('holds', 'Deliveries that are held', [
    standing.length === 0
      ? html`<p class="says">No delivery is held.</p>`
      : rowsOf(`${counted(standing.length, 'delivery waits', 'deliveries wait')} for a person`, standing),
    ...(decided.length === 0
      ? []
      : [
          html`<details><summary>Decided or overtaken</summary>${rowsOf('Decided or overtaken', decided)}</details>`,
        ]),
  ]);
};

const candidate = (site: Site): Markup[] => {
  const { candidate: found, candidateRefused } = site.desk;
  if (candidateRefused !== undefined)
    return [part('candidate', 'The release candidate', [html`<p class="says">${candidateRefused}</p>`])];
  return found === undefined
    ? []
    : [
        part('candidate', 'The release candidate', [
          html`<p class="says">${nextSteps[found.state].standing} ${counted(found.tables.length, 'table', 'tables')}, ${counted(found.votes, 'vote', 'votes')}. ${link(site, { kind: 'candidate' }, 'Look at it')}</p>`,
        ]),
      ];
};

/** The first page: everything that waits for a person. */
export const startPage = (site: Site): string =>
  page(site, 'All that waits', [holds(site), manifests(site), ...candidate(site)]);
