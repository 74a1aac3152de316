import {
  type DuckDBConnection,
  DuckDBInstance,
  type DuckDBPreparedStatement,
  type DuckDBResult,
  type DuckDBValue,
  StatementType,
} from '@duckdb/node-api';
import { rendered, type Sql } from '../sql/sql.js';
import { databaseFailure } from './failure.js';

/** A value as a page prints it: whole numbers beyond 2^53, decimals, dates and nested values come as text. */
export type Shown = string | number | boolean | null;

export type Answer = {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly Shown[])[];
  /** Whether there were more rows than were asked for. */
  readonly cut: boolean;
};

/** Why a question has no answer. `words` are DuckDB's: they may repeat the question and the data, both public. */
export type Unanswered = {
  readonly refused: 'not-one-query' | 'too-long' | 'too-large' | 'mistaken';
  readonly words: string;
};

export type QuestionLimits = { readonly rows: number; readonly ms: number };

/** Questions about a DuckDB file, in this process. */
export type Questions = {
  /** A statement of ours. @throws ThroughlineError DATABASE_FAILED, OUT_OF_MEMORY */
  readonly answer: (statement: Sql, limits: QuestionLimits) => Promise<Answer>;
  /** A query of a stranger: one SELECT or EXPLAIN. */
  readonly ask: (question: string, limits: QuestionLimits) => Promise<Answer | Unanswered>;
  readonly close: () => void;
};

export type ReadOnlyLimits = {
  /** Such as `512MB`. */
  readonly memory: string;
  readonly threads: number;
};

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/**
 * Opens a DuckDB file so that nothing but reading it is possible.
 *
 * @throws ThroughlineError DATABASE_FAILED if the file is not a DuckDB database of this version.
 */
export async function openQuestions(path: string, limits: ReadOnlyLimits): Promise<Questions> {
  try {
    const instance = await DuckDBInstance.create(path, {
      access_mode: 'READ_ONLY',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      allow_community_extensions: 'false',
    });
    const connection = await instance.connect();
    for (const setting of [
      `SET memory_limit = ${quoted(limits.memory)}`,
      `SET threads = ${limits.threads}`,
      "SET temp_directory = ''",
      "SET TimeZone = 'UTC'",
      'SET enable_external_access = false',
      'SET lock_configuration = true',
    ]) {
      await connection.run(setting);
    }
    return databaseOver(instance, connection);
  } catch (thrown) {
    throw databaseFailure(thrown, 'open read-only');
  }
}

function databaseOver(instance: DuckDBInstance, first: DuckDBConnection): Questions {
  /** Each question has a connection of its own, so that ending one ends no other. */
  const timed = async <T>(ms: number, work: (connection: DuckDBConnection) => Promise<T>): Promise<T> => {
    const connection = await instance.connect();
    const alarm = setTimeout(() => connection.interrupt(), ms);
    try {
      return await work(connection);
    } finally {
      clearTimeout(alarm);
      connection.closeSync();
    }
  };
  return {
    answer: async (statement, limits) => {
      const { text, values } = rendered(statement);
      try {
        return await timed(limits.ms, async (connection) =>
          firstRows(await connection.stream(text, values as DuckDBValue[]), limits.rows),
        );
      } catch (thrown) {
        throw databaseFailure(thrown, 'answer');
      }
    },
    ask: (question, limits) =>
      timed(limits.ms, async (connection) => {
        const query = await oneQuery(connection, question);
        return query === undefined ? NOT_ONE : firstRows(await query.stream(), limits.rows);
      }).catch(unanswered),
    close: () => {
      first.closeSync();
      instance.closeSync();
    },
  };
}

const NOT_ONE: Unanswered = { refused: 'not-one-query', words: '' };

/** The query, if the question is one and can do nothing but read. */
async function oneQuery(
  connection: DuckDBConnection,
  question: string,
): Promise<DuckDBPreparedStatement | undefined> {
  const statements = await connection.extractStatements(question);
  if (statements.count !== 1) return undefined;
  const query = await statements.prepare(0);
  const reads = query.statementType === StatementType.SELECT || query.statementType === StatementType.EXPLAIN;
  return reads && query.parameterCount === 0 ? query : undefined;
}

function unanswered(thrown: unknown): Unanswered {
  const words = thrown instanceof Error ? thrown.message : '';
  if (/^INTERRUPT|^Interrupt/i.test(words)) return { refused: 'too-long', words: '' };
  if (/^Out of Memory|string longer than/i.test(words)) return { refused: 'too-large', words: '' };
  return { refused: 'mistaken', words };
}

/** Of all values of an answer together. */
const MOST_LETTERS = 200_000_000;

async function firstRows(result: DuckDBResult, limit: number): Promise<Answer> {
  const names = result.deduplicatedColumnNames();
  // An ENUM names every one of its values.
  const types = result.columnTypes().map((type) => String(type).replace(/^ENUM\(.*$/s, 'ENUM'));
  const rows: Shown[][] = [];
  let letters = 0;
  while (rows.length <= limit) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    for (const row of chunk.getRows()) {
      if (rows.length > limit) break;
      const told = row.map(shown);
      for (const value of told) if (typeof value === 'string') letters += value.length;
      if (letters > MOST_LETTERS) throw new Error('Out of Memory: an answer of too many letters');
      rows.push(told);
    }
  }
  return {
    columns: names.map((name, at) => ({ name, type: types[at] ?? '' })),
    rows: rows.slice(0, limit),
    cut: rows.length > limit,
  };
}

function shown(value: DuckDBValue): Shown {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value.toString();
  }
  return String(value);
}
