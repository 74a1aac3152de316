import type { FieldManifest, Filed, ManifestField } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { type Dimension, dimensionNames, type Reading, readingsOf } from '@throughline/measure';
import type { Project } from '../project/project.js';

/** A column of an extract, and the manifest that lists it. */
export type ListedField = { readonly manifest: Filed<FieldManifest>; readonly field: ManifestField };

/** What somebody asks about: columns, or a measure or table with everything that it reads. */
export type Subject = {
  readonly fields: readonly ListedField[];
  readonly readings: readonly Reading[];
};

/**
 * Finds a measure (`chronic_absence`, `chronic_absence_ma`), a table (`chronic_absence_ma.school_x_grade_band`), a
 * payload column (`students.race`) or a column of an extract (`<manifest>:<column>`).
 *
 * @throws ThroughlineError USAGE if there is none of that name.
 */
export function subjectOf(project: Project, asked: string): Subject {
  const readings = readingsNamed(project, asked);
  const fields = readings.length > 0 ? keepersOf(project, readings) : fieldsNamed(project, asked);
  if (readings.length + fields.length === 0)
    throw new ThroughlineError('USAGE', { unknown: safeName(asked) });
  return readings.length > 0 ? { fields, readings } : { fields, readings: readersOf(project, fields) };
}

/** What a measure reads; of a table no more than its own dimensions. */
function readingsNamed({ measuring }: Project, asked: string): Reading[] {
  const [measure = '', breakdown] = asked.split('.');
  const dimensions = dimensionsOf(breakdown, measuring.dimensions);
  if (dimensions === undefined) return [];
  return readingsOf({ ...measuring, dimensions: [...dimensions] }).filter(
    (each) => each.name === measure || each.measure === measure,
  );
}

function dimensionsOf(
  breakdown: string | undefined,
  all: readonly Dimension[],
): readonly Dimension[] | undefined {
  if (breakdown === undefined) return all;
  if (breakdown === 'total') return [];
  const asked = breakdown.split('_x_');
  const known = dimensionNames.filter((each) => asked.includes(each));
  return known.length === asked.length ? known : undefined;
}

const goesOn = ({ treatment }: ManifestField): boolean =>
  treatment.includes('keep') || treatment.includes('band');

const listedFields = ({ documents }: Project): ListedField[] =>
  documents.manifests.flatMap((manifest) => manifest.document.fields.map((field) => ({ manifest, field })));

const isReadBy = ({ manifest: { document }, field }: ListedField, reading: Reading): boolean =>
  document.partner === reading.partner &&
  document.payload_table === reading.table &&
  field.column === reading.column;

const keepersOf = (project: Project, readings: readonly Reading[]): ListedField[] =>
  listedFields(project).filter(
    (each) => goesOn(each.field) && readings.some((reading) => isReadBy(each, reading)),
  );

const readersOf = ({ measuring }: Project, fields: readonly ListedField[]): Reading[] =>
  readingsOf(measuring).filter((reading) => fields.some((each) => isReadBy(each, reading)));

function fieldsNamed(project: Project, asked: string): ListedField[] {
  const [manifest, ...column] = asked.split(':');
  const [table, payloadColumn] = asked.split('.');
  return listedFields(project).filter(({ manifest: { document }, field }) =>
    column.length > 0
      ? document.id === manifest && field.name === column.join(':')
      : document.payload_table === table && field.column === payloadColumn,
  );
}
