import type { Definition } from '@throughline/measure';

/** `measures.md`: every measure of the catalogue in words, its rules, and its ten children. */
export function measuresPage(definitions: readonly Definition[]): string {
  return [
    '# Measures',
    '',
    'The catalogue: one file a measure in `packages/measure/catalogue`. A city adds its own in a folder that its pipeline',
    'names under `definitions`; [How the measures count](../explanation/measures.md) says what the building blocks mean. A',
    'pipeline asks for a measure and a rule (preset); several rules can be asked for on the same night.',
    '',
    'Every example is run as a test. The school year of the examples is 2025-08-27 to 2026-06-15, the snapshot its last',
    'day; windows: `summer` 2026-07-01 to 2026-08-31, `prior_summer` 2025-07-01 to 2025-08-26, `aid_cycle` 2025-10-01 to',
    '2026-06-15, `first_fall` 2025-08-15 to 2025-10-31, `before_kindergarten` 2024-09-01 to 2025-06-30, `entry_assessment`',
    '2025-08-27 to 2025-11-30.',
    '',
    '| measure | question | rules |',
    '|---|---|---|',
    ...definitions.map(
      ({ measure, question, presets }) =>
        `| [\`${measure}\`](#${measure}) | ${question} | ${presets.map(({ name }) => `\`${name}\``).join(' ')} |`,
    ),
    ...definitions.flatMap(section),
    '',
  ].join('\n');
}

const list = (title: string, entries: readonly string[]): string[] =>
  entries.length === 0 ? [] : ['', `**${title}**`, '', ...entries.map((each) => `- ${each}`)];

function section(definition: Definition): string[] {
  const { measure, version, question, formula, numerator, denominator, decided } = definition;
  return [
    '',
    `## ${measure}`,
    '',
    `*${question}* Version ${version}; use \`${definition.use}\`.`,
    '',
    `- Formula: ${formula}`,
    `- Numerator: ${numerator}`,
    `- Denominator: ${denominator}`,
    ...(definition.amount === undefined ? [] : [`- Volume: ${definition.amount.unit}`]),
    ...list('Left out', definition.excluded),
    ...list('Unknown', definition.unknown),
    ...list('Read with it', definition.caveats),
    '',
    '| rule | what it counts | source |',
    '|---|---|---|',
    ...definition.presets.map(
      ({ name, title, source, caveats }) => `| \`${name}\` | ${[title, ...caveats].join(' ')} | ${source} |`,
    ),
    '',
    '| ten children | count as |',
    '|---|---|',
    ...definition.example.map(
      ({ is, grade, counts_as }) =>
        `| ${is}${grade === '04' ? '' : ` (grade ${grade})`} | ${countsAs(counts_as)} |`,
    ),
    '',
    `Decided by ${decided.by}, ${decided.on}: ${decided.because}`,
  ];
}

const countsAs = (verdicts: Readonly<Record<string, string>>): string =>
  Object.entries(verdicts)
    .map(([rule, verdict]) => `\`${rule}\` ${verdict}`)
    .join(', ');
