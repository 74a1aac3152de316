import type { MeasureDefinition } from '@throughline/core';
import type { Description } from './describe.js';

type Words = NonNullable<MeasureDefinition['words']>;

/** What children count as by the presets that are released; all of them where none is named so. */
function examplesOf({ example }: Words, presets: readonly string[]): readonly string[] {
  const all = [...new Set(example.flatMap(({ counts_as }) => Object.keys(counts_as)))];
  const own = all.filter((key) => presets.some((preset) => key === preset || key.startsWith(`${preset}_`)));
  const columns = own.length === 0 ? all : own;
  return [
    `| child | ${columns.join(' | ')} |`,
    `|---|${columns.map(() => '---|').join('')}`,
    ...example.map(
      ({ is, counts_as }) => `| ${is} | ${columns.map((key) => counts_as[key] ?? '').join(' | ')} |`,
    ),
  ];
}

const listed = (heading: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', `**${heading}**`, '', ...lines.map((line) => `- ${line}`)];

function wordsOf(words: Words, presets: readonly string[]): string[] {
  const { question, formula, numerator, denominator, excluded, unknown, decided } = words;
  return [
    question,
    '',
    `- Formula: ${formula}`,
    `- Numerator: ${numerator}`,
    `- Denominator: ${denominator}`,
    `- Decided by ${decided.by} on ${decided.on}: ${decided.because}`,
    ...listed('Left out', excluded),
    ...listed('Unknown', unknown),
    '',
    '**Ten children, and what each counts as**',
    '',
    ...examplesOf(words, presets),
  ];
}

const ruleOf = ({
  name,
  title,
  population,
  source,
  caveats,
  version,
  sources,
}: MeasureDefinition): string[] => [
  '',
  `### ${name}`,
  '',
  `${title}.`,
  '',
  `- Version ${version}, population \`${population}\``,
  `- Rule after: ${source}`,
  ...(sources === undefined ? [] : [`- Made of: ${sources.join(', ')}`]),
  ...caveats.map((caveat) => `- ${caveat}`),
];

/** `definitions.md`: every measure in words, with ten children, and every rule of it that is released. */
export function definitionsPage({ definitions }: Pick<Description, 'definitions'>): string {
  const measures = [...new Set(definitions.map(({ measure }) => measure))];
  const lines = measures.flatMap((measure) => {
    const own = definitions.filter((each) => each.measure === measure);
    const words = own[0]?.words;
    return [
      '',
      `## ${measure}`,
      '',
      ...(words === undefined
        ? []
        : wordsOf(
            words,
            own.map(({ preset }) => preset),
          )),
      ...own.flatMap(ruleOf),
    ];
  });
  return `${['# Measures', ...lines].join('\n')}\n`;
}
