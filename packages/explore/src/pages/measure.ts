import {
  byDimension,
  dateInWords,
  dimensionFigure,
  everyoneOf,
  figure,
  html,
  inSentence,
  inWords,
  isRateWithheld,
  legend,
  type Markup,
  nothing,
  overallLine,
  placeOf,
  type ReleasedRow,
  rateText,
  subgroupKeys,
  table,
  withheld,
  words,
} from '@throughline/pages';
import type { Definition, Release } from '../release/open-release.js';
import { ratesOf } from '../release/rates.js';
import { refined, wholeTable } from '../view/view.js';
import { definitionCard } from './definition.js';
import { link, page, type Site } from './frame.js';

type Edition = {
  readonly day: string;
  readonly definition: Definition | undefined;
  readonly rows: readonly ReleasedRow[];
};

const editionOf = async (release: Release, measure: string): Promise<Edition> => ({
  day: release.day,
  definition: release.definitions.find(({ name }) => name === measure),
  rows: await ratesOf(release, measure),
});

const groups = (rows: readonly ReleasedRow[], title: string): Markup => {
  const everyone = placeOf(everyoneOf(rows)?.ratePercent ?? null);
  return html`
<section aria-labelledby="groups"><h2 id="groups">By group</h2>
${legend(subgroupKeys)}
<div class="multiples">
${[...byDimension(rows)].map(([dimension, levels], at) =>
  dimensionFigure({ id: `group-${at}`, under: 2, measure: title, dimension, rows: levels, everyone }),
)}
</div></section>`;
};

/** Rates over all children, release by release. */
const overTime = (editions: readonly Edition[], title: string): Markup =>
  dimensionFigure({
    id: 'over-time',
    under: 2,
    measure: title,
    dimension: 'release',
    rows: editions.flatMap(({ day, rows }) => {
      const everyone = everyoneOf(rows);
      return everyone === undefined ? [] : [{ ...everyone, dimension: 'release', level: dateInWords(day) }];
    }),
    everyone: null,
  });

const rateCell = (row: ReleasedRow | undefined): string | Markup => {
  if (row === undefined) return 'not in it';
  return isRateWithheld(row) ? withheld : rateText(row);
};

const groupsOverTime = (editions: readonly Edition[]): Markup => {
  const latest = editions.at(-1)?.rows ?? [];
  return table({
    caption: 'Rate of each group, release by release',
    columns: [words('Group'), ...editions.map(({ day }) => figure(dateInWords(day)))],
    rows: [...byDimension(latest)].flatMap(([dimension, levels]) =>
      levels.map(({ level }) => [
        `${inWords(dimension)}: ${inSentence(level)}`,
        ...editions.map(({ rows }) =>
          rateCell(rows.find((row) => row.dimension === dimension && row.level === level)),
        ),
      ]),
    ),
  });
};

/** A series is only a series while the measure means the same. */
const changedMeanings = (editions: readonly Edition[]): readonly string[] =>
  editions.flatMap(({ day, definition }, at) => {
    const before = editions[at - 1];
    const same = before === undefined || JSON.stringify(before.definition) === JSON.stringify(definition);
    return same ? [] : [dateInWords(day)];
  });

const timeSection = (editions: readonly Edition[], title: string): Markup => {
  const changed = changedMeanings(editions);
  return html`
<section aria-labelledby="time"><h2 id="time">Over time</h2>
${
  editions.length < 2
    ? html`<p>This is the only release that was opened. Give earlier ones with <code>--earlier</code> to see how the rates moved.</p>`
    : html`${changed.length === 0 ? nothing : html`<p class="stale">The definition changed with the release of ${changed.join(', ')}: compare with care.</p>`}
${overTime(editions, title)}
${groupsOverTime(editions)}`
}
</section>`;
};

/** One measure: what it means, by group, over time. Undefined if the release has none of this name. */
export async function measurePage(site: Site, measure: string): Promise<string | undefined> {
  const editions = await Promise.all(
    [...site.earlier, site.release].map((release) => editionOf(release, measure)),
  );
  const latest = editions.at(-1);
  if (latest === undefined || latest.rows.length === 0) return undefined;
  const everyone = everyoneOf(latest.rows);
  const title = latest.definition?.title ?? measure;
  const rows = refined(wholeTable('cells'), 'measure', measure);
  return page(site, inWords(measure), [
    latest.definition === undefined ? nothing : definitionCard(latest.definition),
    everyone === undefined ? nothing : overallLine(everyone),
    html`<p>${link(site, { kind: 'table', view: rows }, 'All rows of this measure')}</p>`,
    groups(latest.rows, title),
    timeSection(editions, title),
  ]);
}
