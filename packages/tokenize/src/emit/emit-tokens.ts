import { type AppendBatch, type ColumnBatch, type Session, type Sql, sql } from '@throughline/engine';
import { answersInOrder, crewOf } from '../crew/crew.js';
import { ENTRY_BYTES } from '../tok1/record-tokens.js';
import { type PackedTokens, type TokenWork, tokenHand } from './hand.js';
import { numberedIdentifiers } from './records.js';

export type Emission = {
  readonly session: Session;
  readonly work: TokenWork;
  readonly records: number;
  readonly threads: number;
};

/** Fewer are tokenized before another thread has started. */
const FEWEST_FOR_THREADS = 4096;

/**
 * Makes the tables `packed` (record: its number; tokens: `ENTRY_BYTES` for each) and `unmade` (what was missing, by
 * space, rule and reason) from the identifiers in `numbered`. Identifiers pass through in batches and are kept
 * nowhere. Packed, since token by token they would take longer to hand to the database than to make.
 *
 * @returns how many tokens were made.
 */
export async function emitTokens({ session, work, records, threads }: Emission): Promise<number> {
  const script = new URL('./worker.js', import.meta.url);
  const crew = crewOf({ work, hand: tokenHand, script }, records < FEWEST_FOR_THREADS ? 1 : threads);
  const missing: ColumnBatch[] = [];
  let made = 0;
  const batches = async function* (): AsyncGenerator<AppendBatch> {
    const identifiers = session.columns('identifiers', numberedIdentifiers());
    for await (const { batch, answer } of answersInOrder(identifiers, crew, 2 * threads)) {
      made += answer.bytes.length / ENTRY_BYTES;
      missing.push(answer.missing);
      yield [batch[0] ?? [], entriesOf(answer)];
    }
  };
  try {
    const schema = { record: 'INTEGER', tokens: 'BLOB' } as const;
    await session.append('tokens', { name: 'packed', schema }, batches());
  } finally {
    await crew.dismiss();
  }
  const reasons = { space: 'VARCHAR', rule: 'VARCHAR', reason: 'VARCHAR', records: 'BIGINT' } as const;
  await session.append('missing', { name: 'unmade', schema: reasons }, missing);
  return made;
}

/** The entries of each record of a batch. */
const entriesOf = ({ bytes, ends }: PackedTokens): Uint8Array[] =>
  Array.from(ends, (end, row) => bytes.subarray(ends[row - 1] ?? 0, end));

/** Table `made`: every token with its space and its rule (their places), and its record. */
export const tokensMade = (): Sql =>
  sql`WITH codes AS (SELECT range::UTINYINT AS rule, unhex(printf('%02x', range)) AS code FROM range(256))
      SELECT place AS space, rule, record, CAST(array_slice(tokens, start + 1, start + 16) AS UUID) AS token
      FROM (
        SELECT place, record, tokens, unnest(range(1, octet_length(tokens), ${ENTRY_BYTES}::BIGINT)) AS start
        FROM packed JOIN numbered USING (record) JOIN spaces USING (space)
      )
      JOIN codes ON code = array_slice(tokens, start, start)`;
