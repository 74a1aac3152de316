import type { ReleaseTerms as Terms } from '@throughline/agreement';
import { citationLine, titleOf } from './citation.js';
import { type Description, withheldRows } from './describe.js';

const page = (...lines: readonly string[]): string => `${lines.join('\n')}\n`;

const madeUp = (synthetic: boolean): string[] =>
  synthetic ? ['**Everybody in these tables is made up.**', ''] : [];

const FILES: readonly (readonly [string, string])[] = [
  [
    'cells.csv, cells.parquet, cells.arrow',
    'numerator, denominator and unknown of every measure, in three formats',
  ],
  ['magnitudes.*', 'sums over children, such as services or days'],
  ['equity.*', 'shares of groups among those reached and among all, with the gap in linkage beside them'],
  ['comparisons.*', 'outcome beside access, within grade band and school; association only'],
  ['release.duckdb', 'all of these as a DuckDB database, with comments on tables and columns'],
  ['read.sql, read.R, read.py', 'how to read them: files that run'],
  ['synthetic-*.csv', 'made-up rows with the same columns, to write code with'],
  ['codebook.html, codebook.csv', 'every column'],
  ['definitions.md, definitions.json', 'every measure in words, with ten children'],
  ['bias.csv', 'each headline figure with its bounds under the worst case of linkage'],
  ['linkage.md, linkage.csv', 'on which links the numbers rest, and how well each group is linked'],
  ['changes.md, changes.csv', 'what has changed since the last release'],
  ['disclosure.md', 'how the tables were protected, and against whom'],
  ['limits.md', 'what they cannot say'],
  ['datapackage.json, croissant.json', 'descriptions for software (Frictionless Data, Croissant)'],
  ['provenance.json', 'agreements, extracts and measures, by hash'],
  ['CITATION.cff', 'how to cite'],
  ['manifest.json', 'every file of this folder, by hash'],
];

export function readme(description: Description): string {
  const { city, day, synthetic, terms, cells, definitions } = description;
  return page(
    `# ${titleOf(city)}`,
    '',
    ...madeUp(synthetic),
    `A release candidate of ${day}: ${cells.length} rows, of which ${withheldRows(description)} have at least one count withheld. It is made by`,
    'linking keyed tokens, without anybody seeing a name outside the organisation that keeps it, under the agreements listed',
    `in provenance.json, which end on ${terms.expires} at the earliest.`,
    '',
    '## Measures',
    '',
    ...definitions.map(({ name, title }) => `- \`${name}\`: ${title}`),
    '',
    '## Files',
    '',
    '| file | what |',
    '|---|---|',
    ...FILES.map(([file, what]) => `| ${file} | ${what} |`),
    '',
    ...notices(terms),
    '## Reading a row',
    '',
    '`yes + no + unknown = total`, all of them persons, each counted once. The rate is `yes / known` with `known = yes + no`, and',
    'coverage is `known / total`; do not quote one without the other. `by_exact_links + by_probable_links + by_weak_links = yes`',
    'says on which links the numerator rests; `at_least_percent` and `at_most_percent` say how far the truth can be. An empty',
    'count is withheld, not zero: `status` and `links_status` say so. Where `status` is `range`, the rate is a range.',
    '',
    '## Citation',
    '',
    citationLine(description),
    '',
    '## If you can single somebody out',
    '',
    "Tell the data lead of the children's cabinet before anybody else, and nobody else how.",
  );
}

/** What the agreements want said to whoever receives the tables (34 CFR 99.31(a)(6)(iv), 99.33(d)). */
function notices({ documents }: Description['terms']): string[] {
  const disclaimers = documents.flatMap(({ document }) =>
    document.kind === 'dsa' && document.ferpa_studies?.disclaimer !== undefined
      ? [document.ferpa_studies.disclaimer]
      : [],
  );
  const prohibited = documents.some(
    ({ document }) => document.kind === 'dsa' && document.prohibited_uses.includes('reidentification'),
  );
  const lines = [
    ...new Set(disclaimers),
    ...(prohibited ? ['Nobody who receives these tables may try to find out whom they count.'] : []),
  ];
  return lines.length === 0 ? [] : ['## Notices', '', ...lines.map((line) => `- ${line}`), ''];
}

export function disclosurePage(description: Description): string {
  const { terms, attackers, cells } = description;
  return page(
    '# How the tables were protected',
    '',
    `- No count of 1 to ${terms.minCell - 1} persons is printed, nor one from which such a count follows. The threshold is the`,
    `  highest of all agreements that bear on the release; \`${terms.minCellFrom}\` sets it.`,
    ...(terms.zeroCounts === 'publish-always'
      ? ['- A count of nobody is printed as 0, also where all members of a group are alike.']
      : [
          '- Where all members of a group with a known outcome have the same one, both counts and the rate are withheld.',
        ]),
    '- Children whom two rules of one measure count differently are held to the same threshold.',
    '- Counts by kind of link are printed in all rows of a table of one dimension or in none; of a measure as a whole, the count',
    '  by exact links alone where one of the others is small.',
    `- A sum over children is printed only beside its printed count, over ${terms.minCell} children or more, and only where no sum`,
    `  follows from the printed ones of which ${terms.dominance.map(dominanceWords).join(', or of which ')}.`,
    ...roundingLines(terms),
    ...rangeLines(terms),
    '- Rates, bounds, shares, ratios and gaps are made of printed counts only. The number of persons without a linked school',
    '  record, which the upper bound adds, is rounded up.',
    '- Further counts are withheld, so that none can be worked out from margins, from other tables of the same measure, or from',
    '  tables of other measures over the same persons.',
    `- Before writing, a linear program attacked the rows as printed (models ${attackers.join(' and ')} below). Every count withheld for`,
    `  its own sake is left with a range at least ${terms.minIntervalWidth} wide; no withheld count is known exactly.`,
    `- ${withheldRows(description)} of ${cells.length} rows have at least one count withheld. There is one mark for all of them, and no reason is given.`,
    '',
    '| attacker | knows |',
    '|---|---|',
    '| A0 | everything printed here, and how the tables add up |',
    '| A1 | also this page: where a zero would have been printed, a withheld count is at least 1 |',
    ...publicLines(terms),
    '',
    'The rows were also held against every earlier release, by an attacker (A4) who has them all and knows which kinds of',
    'children there are. Not covered: somebody who has rows of the data, or who knows a true count from elsewhere.',
  );
}

const publicLines = ({ publicTotals }: Terms): string[] =>
  publicTotals.length === 0
    ? []
    : [
        `| both | also numbers of children that everybody has from elsewhere: ${publicTotals.map((dims) => (dims.length === 0 ? 'of the whole city' : `by ${dims.join(' and ')}`)).join(', ')} |`,
      ];

const dominanceWords = (rule: Terms['dominance'][number]): string =>
  rule.rule === 'nk'
    ? `${rule.n} add more than ${rule.k} per cent`
    : `the others add less than ${rule.p} per cent of what the largest does`;

const roundingLines = ({ rounding }: Terms): string[] =>
  rounding === null
    ? []
    : [
        `- Every count is rounded ${rounding.rule === 'midpoint6' ? 'to a midpoint of six: 1 to 6 is 3, 7 to 12 is 9' : `to the nearest ${rounding.base}`}, and rates are made of rounded counts. A total beside`,
        '  three printed counts is the sum of these.',
      ];

const rangeLines = ({ rateMode, minCell, minIntervalWidth }: Terms): string[] =>
  rateMode === 'exact'
    ? []
    : [
        '- No count of an outcome is printed, and a rate is a range by the size of its group (after NCES 2011-603). The end of a',
        `  range holds every count up to ${Math.max(minCell - 1, minIntervalWidth)}; where no end of 20 per cent or less does, there is no range.`,
      ];

export const limitsPage = ({ city }: Description): string =>
  page(
    '# What these tables cannot say',
    '',
    '- Records are linked by keyed tokens of names, birth dates and numbers, and where files are large enough by likeness. Children',
    '  whose names or dates differ in two systems may be missed, more often where families have several surnames or new addresses.',
    '- "No" in a table of access means that no record is linked, not that a child did not take part.',
    '- Children who left before a school exported its absences are unknown, since the export holds active children only.',
    `- Children of ${city} in private schools, taught at home, or in no school are in no population here.`,
    '- Families who opted out are left out of every number.',
    '- A difference between two groups is a difference between records. It does not say why.',
  );
