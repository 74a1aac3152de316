import type { ManifestField } from '@throughline/agreement';
import type { TableSchema } from '@throughline/core';
import { type ColumnBatch, type Session, type Sql, sql, sqlJoin } from '@throughline/engine';
import { textColumn } from '../load/values.js';
import { namedRows } from '../name/record-ids.js';
import type { PlannedExtract } from '../plan/plan.js';
import { identityColumns, type Spelling, spellingReader } from './spellings.js';

/** `line`: the first of `rows` rows of a record that spell its identifiers so. */
const identitySchema: TableSchema = {
  record_id: 'UUID',
  line: 'BIGINT',
  rows: 'BIGINT',
  test: 'BOOLEAN',
  ...Object.fromEntries(identityColumns.map((column) => [column, 'VARCHAR?'])),
};

const noteSchema: TableSchema = { record_id: 'UUID', field: 'VARCHAR', note: 'VARCHAR', rows: 'BIGINT' };

/**
 * Brings the identifiers of an extract into normal form: one row for each spelling of each record. Only rows that
 * can be kept are looked at.
 *
 * @returns the number of spellings.
 */
export async function makeIdentity(
  session: Session,
  extract: PlannedExtract,
  today: string,
): Promise<number> {
  const { name, tables } = extract;
  const fields = linkFields(extract);
  const notes: NoteRow[] = [];
  const spellings = session.columns(`normalise ${name}`, spellingsOf(extract));
  const made = await session.append(
    `normalise ${name}`,
    { name: tables.identity, schema: identitySchema },
    normalised(
      spellings,
      spellingReader(
        fields.map(({ field }) => field),
        today,
      ),
      notes,
    ),
  );
  await session.append(`normalise ${name}`, { name: tables.identity_notes, schema: noteSchema }, [
    asColumns(notes),
  ]);
  return made;
}

/** The fields that are identifiers, and their places. */
export const linkFields = ({
  layout,
}: PlannedExtract): { readonly field: ManifestField; readonly index: number }[] =>
  layout.fields.flatMap((field, index) => (field.treatment.includes('link') ? [{ field, index }] : []));

/** Rows that are sound and about a record. */
export const soundRows = (extract: PlannedExtract): Sql =>
  sql`SELECT * FROM (${namedRows(extract)}) WHERE record_id IS NOT NULL AND fault IS NULL AND left_out IS NULL`;

/** A record's rows mostly spell it alike, so each spelling is normalised once. */
function spellingsOf(extract: PlannedExtract): Sql {
  const columns = sqlJoin(linkFields(extract).map(({ index }) => textColumn(index)));
  return sql`SELECT record_id, min(line) AS line, count(*) AS rows, ${columns}
    FROM (${soundRows(extract)}) GROUP BY record_id, ${columns}`;
}

type NoteRow = readonly [recordId: string, field: string, note: string, rows: number];

const asColumns = (notes: readonly NoteRow[]): ColumnBatch =>
  [0, 1, 2, 3].map((column) => notes.map((row) => row[column] ?? null));

async function* normalised(
  batches: AsyncIterable<ColumnBatch>,
  read: (texts: readonly (string | null)[]) => Spelling,
  notes: NoteRow[],
): AsyncGenerator<ColumnBatch> {
  for await (const [recordIds = [], lines = [], counts = [], ...texts] of batches) {
    const spellings = recordIds.map((_, row) => read(texts.map((column) => textAt(column, row))));
    for (const [row, spelling] of spellings.entries()) {
      const rows = Number(counts[row]);
      for (const { field, note } of spelling.notes) notes.push([String(recordIds[row]), field, note, rows]);
    }
    const values = identityColumns.map((column) => spellings.map(({ values: of }) => of[column] ?? null));
    yield [recordIds, lines, counts, spellings.map(({ test }) => test), ...values];
  }
}

function textAt(column: ColumnBatch[number], row: number): string | null {
  const text = column[row] ?? null;
  return text === null ? null : String(text);
}
