import { type AppendBatch, type Session, type Sql, sql } from '@throughline/engine';
import { answersInOrder, type Crew } from '../crew/crew.js';
import { identifiersJoined } from '../emit/records.js';

/** Records whose slots are made anew: id, which slots may be real, identifiers, and last the number. */
const changedRecords = (): Sql =>
  sql`SELECT CAST(record_id AS VARCHAR) AS record_id, slots, ${identifiersJoined()} AS identifiers, record
      FROM sealing JOIN numbered USING (record, record_id)
      WHERE record_id NOT IN (SELECT record_id FROM kept) ORDER BY record`;

type Encoding = {
  readonly session: Session;
  readonly crew: Crew<Uint8Array>;
  /** Bytes of a record's slots; 0 where nothing may be sealed. */
  readonly row: number;
  readonly atOnce: number;
};

/**
 * Makes the table `sealed` (record, slots) of the records that are not `kept`, some batches at once.
 *
 * @returns how many records were sealed.
 */
export async function sealChanged({ session, crew, row, atOnce }: Encoding): Promise<number> {
  const schema = { record: 'INTEGER', slots: 'BLOB' } as const;
  if (row === 0) return session.append('slots', { name: 'sealed', schema }, []);
  const batches = async function* (): AsyncGenerator<AppendBatch> {
    const changed = session.columns('changed records', changedRecords());
    for await (const { batch, answer } of answersInOrder(changed, crew, atOnce)) {
      yield [batch.at(-1) ?? [], rowsOf(answer, row)];
    }
  };
  return session.append('slots', { name: 'sealed', schema }, batches());
}

const rowsOf = (bytes: Uint8Array, row: number): Uint8Array[] =>
  Array.from({ length: bytes.length / row }, (_, index) => bytes.subarray(index * row, (index + 1) * row));
