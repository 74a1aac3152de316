import type { ManifestField } from '@throughline/agreement';
import { ident, type Session, type Sql, sql } from '@throughline/engine';
import { carriesIdentifiers } from '../identify/spaces.js';
import type { Note } from '../normalise/normal-form.js';
import type { PlannedExtract } from '../plan/plan.js';
import type { KeptTexts } from './counts.js';

/** Values of kept rows that were set aside or mended: how many, of which field, why. */
export type NoteCount = {
  readonly field: string;
  readonly note: Note | 'not_a_label';
  readonly count: number;
};

const NOTE_OF_TYPE: Readonly<Record<ManifestField['type'], NoteCount['note']>> = {
  text: 'not_a_label',
  id: 'bad_value',
  date: 'bad_date',
  code: 'unmapped_code',
  integer: 'bad_value',
  hours: 'bad_value',
};

/** A link field that is not kept is judged by its normal form, all others by their declared type. */
const isJudgedByType = ({ treatment }: ManifestField): boolean =>
  !(treatment.includes('link') && !treatment.includes('keep'));

/** Counts, for each field, the texts of kept rows that were set aside. */
export async function countNotes(
  session: Session,
  extract: PlannedExtract,
  kept: KeptTexts,
): Promise<NoteCount[]> {
  const byType = extract.layout.fields
    .filter(isJudgedByType)
    .map(({ name, type }) => ({ field: name, note: NOTE_OF_TYPE[type], count: kept.get(name)?.unread ?? 0 }));
  const byNormalForm = carriesIdentifiers(extract) ? await normalFormNotes(session, extract) : [];
  return [...byType, ...byNormalForm].filter(({ count }) => count > 0);
}

/** What the type tells already of a field that is linked and kept is not told twice. */
async function normalFormNotes(session: Session, extract: PlannedExtract): Promise<NoteCount[]> {
  const rows = await session.rows(`account for ${extract.name}`, notesOf(extract));
  const fields = new Map(extract.layout.fields.map((field) => [field.name, field]));
  return rows.flatMap((row) => {
    const note = { field: String(row['field']), note: row['note'] as Note, count: Number(row['rows']) };
    const field = fields.get(note.field);
    const told = field !== undefined && isJudgedByType(field) && NOTE_OF_TYPE[field.type] === note.note;
    return told ? [] : [note];
  });
}

const notesOf = ({ tables }: PlannedExtract): Sql => sql`
  SELECT field, note, sum(rows)::BIGINT AS rows FROM ${ident(tables.identity_notes)}
  WHERE record_id IN (SELECT record_id FROM ${ident(tables.outcomes)} WHERE outcome = 'kept')
  GROUP BY field, note ORDER BY field, note`;
