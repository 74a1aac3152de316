import { releaseColumns } from './columns.js';
import type { Description } from './describe.js';

const TYPES: Readonly<Record<string, string>> = { VARCHAR: 'string', BIGINT: 'integer' };

/** `datapackage.json` (Frictionless Data Package 1): files, fields, types and what an empty field means. */
export function dataPackage({ city, day, synthetic }: Description) {
  const name = `${city.toLowerCase().replace(/[^a-z0-9]+/g, '-')}-access-and-outcomes`;
  const schema = {
    fields: releaseColumns.map(({ name: field, type, nullable, words }) => ({
      name: field,
      type: TYPES[type] ?? 'string',
      description: words,
      constraints: {
        required: !nullable,
        ...(field === 'status' ? { enum: ['published', 'withheld'] } : {}),
      },
    })),
    missingValues: [''],
  };
  return {
    profile: 'tabular-data-package',
    name,
    title: `Access and outcomes of the children of ${city}`,
    description: synthetic
      ? 'Everybody in these tables is made up.'
      : 'De-identified tables; see README.md and limits.md.',
    version: day,
    resources: [
      {
        name: 'cells',
        path: 'cells.csv',
        format: 'csv',
        mediatype: 'text/csv',
        encoding: 'utf-8',
        profile: 'tabular-data-resource',
        schema,
      },
      {
        name: 'cells-parquet',
        path: 'cells.parquet',
        format: 'parquet',
        mediatype: 'application/vnd.apache.parquet',
      },
      {
        name: 'cells-arrow',
        path: 'cells.arrow',
        format: 'arrow',
        mediatype: 'application/vnd.apache.arrow.file',
      },
      { name: 'database', path: 'release.duckdb', format: 'duckdb', mediatype: 'application/vnd.duckdb' },
      { name: 'codebook', path: 'codebook.csv', format: 'csv', mediatype: 'text/csv', encoding: 'utf-8' },
    ],
  };
}
