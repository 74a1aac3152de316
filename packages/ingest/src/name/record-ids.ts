import type { ManifestField } from '@throughline/agreement';
import {
  type ColumnBatch,
  ident,
  type KeyedIds,
  type Session,
  type Sql,
  sql,
  sqlJoin,
} from '@throughline/engine';
import { textColumn } from '../load/values.js';
import { normalId } from '../normalise/ids.js';
import type { PlannedExtract } from '../plan/plan.js';

/** Gives record ids under the owner's key; the parts before the key are the partner and the kind of record. */
export type RecordIds = (space: string, parts: readonly string[]) => string;

export const recordIdsOf =
  (ids: KeyedIds, partner: string): RecordIds =>
  (space, parts) =>
    ids(partner, space, ...parts);

/**
 * Names the record of each row: by its key, or where the source has none by the row's whole content and how often
 * it has occurred before.
 *
 * @returns the number of different names.
 */
export async function makeRecords(
  session: Session,
  extract: PlannedExtract,
  ids: RecordIds,
): Promise<number> {
  const { records } = extract.manifest;
  if (records === null) return 0;
  const naming: Naming = { session, extract, ids, space: records.space };
  return records.key.length > 0 ? recordsByKey(naming, records.key) : recordsByContent(naming);
}

type Naming = {
  readonly session: Session;
  readonly extract: PlannedExtract;
  readonly ids: RecordIds;
  readonly space: string;
};

/**
 * The rows of an extract about records, each with its record's id; null where its key is missing.
 *
 * @param records the table of that name, with columns more that are wanted of each row.
 */
export function namedRows(
  { layout, manifest, tables }: PlannedExtract,
  records: Sql = ident(tables.records),
): Sql {
  const same = keyPlaces(layout.fields, manifest.records?.key ?? []).map(
    (place, index) => sql`read.${textColumn(place)} = records.${keyColumn(index)}`,
  );
  const naming = same.length === 0 ? [sql`line`] : same.map((_, index) => keyColumn(index));
  return sql`SELECT read.*, records.* EXCLUDE (${sqlJoin(naming)})
    FROM ${ident(tables.values)} AS read LEFT JOIN ${records} AS records
    ON ${same.length === 0 ? sql`read.line = records.line` : sqlJoin(same, sql` AND `)}`;
}

const keyPlaces = (fields: readonly ManifestField[], key: readonly string[]): number[] =>
  key.map((name) => fields.findIndex((field) => field.name === name));

const keyColumn = (index: number): Sql => ident(`k${index}`);

/** Keys repeat from row to row, so each different one is coded once. */
async function recordsByKey(
  { session, extract, ids, space }: Naming,
  key: readonly string[],
): Promise<number> {
  const { fields } = extract.layout;
  const places = keyPlaces(fields, key);
  const columns = places.map(textColumn);
  const distinct = session.columns(
    `name ${extract.name}`,
    sql`SELECT DISTINCT ${sqlJoin(columns)} FROM ${ident(extract.tables.values)} WHERE ${allKnown(columns)}`,
  );
  const parts = places.flatMap((place) => fields[place] ?? []);
  return session.append(
    `name ${extract.name}`,
    { name: extract.tables.records, schema: { ...keySchema(key.length), record_id: 'UUID?' } },
    codedKeys(distinct, parts, (values) => ids(space, values)),
  );
}

const allKnown = (columns: readonly Sql[]): Sql =>
  sqlJoin(
    columns.map((column) => sql`${column} IS NOT NULL`),
    sql` AND `,
  );

const keySchema = (length: number): Record<string, 'VARCHAR'> =>
  Object.fromEntries(Array.from({ length }, (_, index) => [`k${index}`, 'VARCHAR']));

async function* codedKeys(
  batches: AsyncIterable<ColumnBatch>,
  fields: readonly ManifestField[],
  code: (parts: readonly string[]) => string,
): AsyncGenerator<ColumnBatch> {
  for await (const batch of batches) {
    const recordIds = (batch[0] ?? []).map((_, row) => {
      const parts = fields.map((field, index) => keyPart(field, String(batch[index]?.[row] ?? '')));
      const whole = parts.filter((part) => part !== null);
      return whole.length === parts.length ? code(whole) : null;
    });
    yield [...batch, recordIds];
  }
}

/** An id in normal form, so that one that has lost its zeros names the same record; other keys as they are. */
export const keyPart = (field: ManifestField, text: string): string | null =>
  field.type === 'id' ? normalId(text, field).value : text;

async function recordsByContent({ session, extract, ids, space }: Naming): Promise<number> {
  const columns = sqlJoin(extract.layout.fields.map((_, index) => textColumn(index)));
  const rows = session.columns(
    `name ${extract.name}`,
    sql`SELECT line, row_number() OVER (PARTITION BY ${columns} ORDER BY line) AS occurrence, ${columns}
      FROM ${ident(extract.tables.values)} ORDER BY line`,
  );
  return session.append(
    `name ${extract.name}`,
    { name: extract.tables.records, schema: { line: 'BIGINT', record_id: 'UUID' } },
    codedRows(rows, (parts) => ids(space, parts)),
  );
}

async function* codedRows(
  batches: AsyncIterable<ColumnBatch>,
  code: (parts: readonly string[]) => string,
): AsyncGenerator<ColumnBatch> {
  for await (const [lines = [], ...content] of batches) {
    const recordIds = lines.map((_, row) => code(content.map((column) => String(column[row] ?? ''))));
    yield [lines, recordIds];
  }
}
