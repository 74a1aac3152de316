import { citationLine, titleOf } from './citation.js';
import { type ReleaseColumn, type ReleaseTable, releaseTables } from './columns.js';
import type { Description } from './describe.js';

const TYPES: Readonly<Record<string, string>> = { VARCHAR: 'string', BIGINT: 'integer' };

const fieldOf = ({ name, type, nullable, words, allowed }: ReleaseColumn) => ({
  name,
  type: TYPES[type] ?? 'string',
  description: words,
  constraints: {
    required: !nullable,
    ...(allowed === undefined ? {} : { enum: [...allowed] }),
  },
});

const tabular = (name: string, description: string, columns: readonly ReleaseColumn[]) => ({
  name: name.replaceAll('_', '-'),
  path: `${name}.csv`,
  description,
  format: 'csv',
  mediatype: 'text/csv',
  encoding: 'utf-8',
  profile: 'tabular-data-resource',
  dialect: { delimiter: ',', doubleQuote: true, lineTerminator: '\r\n' },
  schema: { fields: columns.map(fieldOf), missingValues: [''] },
});

const resourcesOf = ({ name, about, columns }: ReleaseTable) => [
  tabular(name, about, columns),
  {
    name: `${name}-parquet`,
    path: `${name}.parquet`,
    description: about,
    format: 'parquet',
    mediatype: 'application/vnd.apache.parquet',
  },
  {
    name: `${name}-arrow`,
    path: `${name}.arrow`,
    description: about,
    format: 'arrow',
    mediatype: 'application/vnd.apache.arrow.file',
  },
  tabular(`synthetic-${name}`, `Made-up rows with the columns of ${name}.`, columns),
];

export const packageName = (city: string): string =>
  `${city.toLowerCase().replace(/[^a-z0-9]+/g, '-')}-access-and-outcomes`;

/** `datapackage.json` (Frictionless Data Package 1): files, fields, types and what an empty field means. */
export function dataPackage({ city, day, synthetic, definitions }: Description) {
  const partners = [...new Set(definitions.flatMap(({ sources }) => sources ?? []))];
  return {
    profile: 'data-package',
    name: packageName(city),
    title: titleOf(city),
    description: `${synthetic ? 'Everybody in these tables is made up. ' : ''}De-identified tables; see README.md and limits.md. Cite as: ${citationLine({ city, day })}`,
    version: day,
    created: `${day}T00:00:00Z`,
    keywords: ['children', 'access', 'outcomes', 'official statistics'],
    contributors: [{ title: `Children's cabinet of ${city}`, role: 'publisher' }],
    ...(partners.length === 0 ? {} : { sources: partners.map((title) => ({ title })) }),
    resources: [
      ...releaseTables.flatMap(resourcesOf),
      { name: 'database', path: 'release.duckdb', format: 'duckdb', mediatype: 'application/vnd.duckdb' },
      { name: 'codebook', path: 'codebook.csv', format: 'csv', mediatype: 'text/csv', encoding: 'utf-8' },
      { name: 'bias', path: 'bias.csv', format: 'csv', mediatype: 'text/csv', encoding: 'utf-8' },
      { name: 'linkage', path: 'linkage.csv', format: 'csv', mediatype: 'text/csv', encoding: 'utf-8' },
      { name: 'changes', path: 'changes.csv', format: 'csv', mediatype: 'text/csv', encoding: 'utf-8' },
    ],
  };
}
