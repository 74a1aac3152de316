import { errorCodes } from '@throughline/core';

const GROUPS: readonly [number, string][] = [
  [2, 'Usage'],
  [10, 'Configuration and agreements'],
  [11, 'Input artifacts and extracts'],
  [12, 'Keys'],
  [13, 'Data quality'],
  [14, 'Disclosure'],
  [15, 'Resources'],
  [1, 'Bugs'],
];

/** `errors.md`: every error code, from the one table of codes. */
export function errorsPage(): string {
  return [
    '# Errors',
    '',
    'A failure prints one block: the code, what it means, where it happened, and what to do. It never holds a value of',
    'a row: only positions, counts, codes, and names of columns, files, partners and documents. Whatever the failure, the',
    'last good state is untouched.',
    ...GROUPS.flatMap(([exit, title]) => group(exit, title)),
    '',
  ].join('\n');
}

function group(exit: number, title: string): string[] {
  const entries = Object.entries(errorCodes).filter(([, entry]) => entry.exit === exit);
  return [
    '',
    `## Exit ${exit}: ${title}`,
    '',
    '| code | what it means | what to do |',
    '|---|---|---|',
    ...entries.map(([code, { meaning, remedy }]) => `| \`${code}\` | ${meaning} | ${remedy} |`),
  ];
}
