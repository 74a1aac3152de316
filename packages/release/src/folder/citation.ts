import type { Description } from './describe.js';

export const titleOf = (city: string): string => `Access and outcomes of the children of ${city}`;

/** One line to cite. The hash is of a file that is written after this one, so a reader adds it. */
export const citationLine = ({ city, day }: Pick<Description, 'city' | 'day'>): string =>
  `Children's cabinet of ${city}: ${titleOf(city)}, version of ${day}. Data set; SHA-256 of manifest.json.`;

const quoted = (text: string): string => JSON.stringify(text);

/** `CITATION.cff` (Citation File Format 1.2.0). */
export function citation({ city, day, synthetic }: Description): string {
  const lines = [
    'cff-version: 1.2.0',
    'message: "Cite the version and the SHA-256 of manifest.json with it."',
    'type: dataset',
    `title: ${quoted(titleOf(city))}`,
    `version: ${quoted(day)}`,
    `date-released: ${day}`,
    'authors:',
    `  - name: ${quoted(`Children's cabinet of ${city}`)}`,
    'abstract: >-',
    `  ${synthetic ? 'Everybody in these tables is made up. ' : ''}De-identified counts, rates and sums after disclosure control.`,
  ];
  return `${lines.join('\n')}\n`;
}
