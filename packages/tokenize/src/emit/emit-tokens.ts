import type { TokenRule } from '@throughline/agreement';
import type { TableSchema } from '@throughline/core';
import { type ColumnBatch, ident, type Session, type Sql, sql, sqlJoin } from '@throughline/engine';
import type { Tokenizer } from '../tok1/tok1.js';
import { identifiersAt, numberedIdentifiers } from './identifiers.js';
import { type MissingTally, missingTally } from './missing.js';

export type Emission = {
  readonly session: Session;
  readonly rules: readonly TokenRule[];
  readonly tokenizer: Tokenizer;
};

/**
 * Makes the table `words` (rule: its position in the memorandum; record: its number; the token in four 32-bit words)
 * from the identifiers in `numbered`, and counts what was missing. Identifiers pass through in batches and are kept
 * nowhere. Words, since as text a token would take 2.5 times as long to hand to the database.
 *
 * @returns how many tokens were made, and what was missing.
 */
export async function emitTokens(
  emission: Emission,
): Promise<{ readonly made: number; readonly missing: MissingTally }> {
  const missing = missingTally();
  const schema: TableSchema = {
    rule: 'INTEGER',
    record: 'INTEGER',
    word_1: 'INTEGER',
    word_2: 'INTEGER',
    word_3: 'INTEGER',
    word_4: 'INTEGER',
  };
  const batches = tokenBatches(emission, missing);
  const made = await emission.session.append('tokens', { name: 'words', schema }, batches);
  return { made, missing };
}

/** Table `made`: rule, record and the token whole. */
export const tokensMade = (): Sql => {
  const unsigned = (word: string) => sql`${ident(word)}::BIGINT & 4294967295`;
  const words = sqlJoin(['word_1', 'word_2', 'word_3', 'word_4'].map(unsigned));
  return sql`SELECT rule, record, CAST(printf('%08x%08x%08x%08x', ${words}) AS UUID) AS token FROM words`;
};

async function* tokenBatches(emission: Emission, tally: MissingTally): AsyncGenerator<ColumnBatch> {
  for await (const batch of emission.session.columns('identifiers', numberedIdentifiers())) {
    yield tokensOf(batch, emission, tally);
  }
}

function tokensOf(batch: ColumnBatch, { rules, tokenizer }: Emission, tally: MissingTally): ColumnBatch {
  const [records = [], spaces = []] = batch;
  const positions = new Map(rules.map((rule, position) => [rule, position]));
  const made: [number[], number[], number[], number[], number[], number[]] = [[], [], [], [], [], []];
  for (const [index, record] of records.entries()) {
    tokenizer.tokenize(identifiersAt(batch, index), {
      token: (rule, token) => {
        made[0].push(positions.get(rule) ?? 0);
        made[1].push(Number(record));
        made[2].push(wordAt(token, 0));
        made[3].push(wordAt(token, 4));
        made[4].push(wordAt(token, 8));
        made[5].push(wordAt(token, 12));
      },
      missing: ({ name }, part) => tally.note(String(spaces[index]), name, `missing:${part}`),
    });
  }
  return made;
}

/** Four bytes as a signed big-endian integer. */
const wordAt = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] ?? 0) << 24) |
  ((bytes[at + 1] ?? 0) << 16) |
  ((bytes[at + 2] ?? 0) << 8) |
  (bytes[at + 3] ?? 0);
