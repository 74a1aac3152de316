import type { Description } from './describe.js';

const page = (...lines: readonly string[]): string => `${lines.join('\n')}\n`;

const madeUp = (synthetic: boolean): string[] =>
  synthetic ? ['**Everybody in these tables is made up.**', ''] : [];

export function readme({
  city,
  day,
  synthetic,
  terms,
  rows,
  withheldRows,
  definitions,
}: Description): string {
  return page(
    `# Access and outcomes of the children of ${city}`,
    '',
    ...madeUp(synthetic),
    `A release candidate of ${day}: ${rows} rows, of which ${withheldRows} have at least one count withheld. It is made by`,
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
    '| cells.csv, cells.parquet, cells.arrow | the same rows in three formats |',
    '| release.duckdb | the same rows as a DuckDB database, with comments |',
    '| codebook.csv | every column |',
    '| definitions.md | every measure in words |',
    '| disclosure.md | how the tables were protected |',
    '| limits.md | what they cannot say |',
    '| datapackage.json | a description for software (Frictionless Data) |',
    '| provenance.json | agreements and inputs, by hash |',
    '| manifest.json | every file of this folder, by hash |',
    '',
    ...notices(terms),
    '## Reading a row',
    '',
    '`yes + no + unknown = total`, all of them persons, each counted once. The rate is `yes / (yes + no)`, and coverage is the',
    'share of `total` about whom the outcome is known; do not quote one without the other. An empty count is withheld, not zero.',
    '',
    '## Citation',
    '',
    `Children's cabinet of ${city}: Access and outcomes, ${day}. Cite the SHA-256 of manifest.json with it.`,
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

export function definitionsPage({ definitions }: Description): string {
  return page(
    '# Measures',
    ...definitions.flatMap(({ name, title, population, source, caveats }) => [
      '',
      `## ${name}`,
      '',
      `${title}.`,
      '',
      `- Population: \`${population}\``,
      `- Rule after: ${source}`,
      ...caveats.map((caveat) => `- ${caveat}`),
    ]),
  );
}

export function disclosurePage({ terms, attackers, rows, withheldRows }: Description): string {
  return page(
    '# How the tables were protected',
    '',
    `- No count of 1 to ${terms.minCell - 1} persons is printed, nor one from which such a count follows. The threshold is the`,
    `  highest of all agreements that bear on the release; \`${terms.minCellFrom}\` sets it.`,
    '- Where all members of a group with a known outcome have the same one, both counts and the rate are withheld.',
    '- Further counts are withheld, so that none can be worked out from margins, from other tables of the same measure, or from',
    '  tables of other measures over the same persons.',
    `- Before writing, a linear program attacked the rows as printed (models ${attackers.join(' and ')} below). Every count withheld for`,
    `  its own sake is left with a range at least ${terms.minIntervalWidth} wide; no withheld count is known exactly.`,
    `- ${withheldRows} of ${rows} rows have at least one count withheld. There is one mark for all of them, and no reason is given.`,
    '',
    '| attacker | knows |',
    '|---|---|',
    '| A0 | everything printed here, and how the tables add up |',
    '| A1 | also this page: where a zero would have been printed, a withheld count is at least 1 |',
    '',
    'Not covered: somebody who knows rows, or earlier releases of the same tables, or which combinations of attributes exist.',
  );
}

export const limitsPage = ({ city }: Description): string =>
  page(
    '# What these tables cannot say',
    '',
    '- Records are linked by exact tokens of names, birth dates and numbers. Children whose names or dates are written',
    '  differently in two systems are missed, more often where families have several surnames, rare names or new addresses.',
    '- "No" in a table of access means that no record is linked, not that a child did not take part.',
    '- Children who left before a school exported its absences are unknown, since the export holds active children only.',
    `- Children of ${city} in private schools, taught at home, or in no school are in no population here.`,
    '- Families who opted out are left out of every number.',
    '- A difference between two groups is a difference between records. It does not say why.',
  );
