import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '../sql/sql.js';
import { openReadOnly, type ReadOnlyDatabase } from './read-only.js';
import { openSession } from './session.js';

const LIMITS = { rows: 3, ms: 1_000 };

let folder: string;
let database: ReadOnlyDatabase;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'read-only-'));
  const session = await openSession({
    folders: [folder],
    spill: join(folder, 'spill'),
    memory: '200MB',
    threads: 1,
  });
  await session.save('save', join(folder, 'release.duckdb'), [
    {
      name: 'cells',
      select: sql`SELECT i AS n, 'level ' || i AS level FROM range(5) AS t(i)`,
      comment: 'cells',
      columns: {},
    },
  ]);
  await session.save('save', join(folder, 'levels.duckdb'), [
    {
      name: 'levels',
      select: sql`SELECT CASE WHEN i % 4 = 3 THEN NULL ELSE 'level ' || (${20} - i % 20) END AS few,
                  'number ' || i AS many, CAST(NULL AS VARCHAR) AS none FROM range(2000) AS t(i)`,
      comment: 'levels',
      columns: {},
    },
  ]);
  session.close();
  await writeFile(join(folder, 'beside.csv'), 'a\n1\n');
  database = await openReadOnly(join(folder, 'release.duckdb'), { memory: '256MB', threads: 2 });
});
afterAll(async () => {
  database.close();
  await rm(folder, { recursive: true });
});

const refusalOf = async (question: string): Promise<string> => {
  const answer = await database.ask(question, LIMITS);
  return 'refused' in answer ? answer.refused : 'answered';
};

describe('a question', () => {
  it('is answered up to the rows asked for, and says if there are more', async () => {
    expect(await database.ask('FROM cells ORDER BY n', LIMITS)).toEqual({
      columns: [
        { name: 'n', type: 'BIGINT' },
        { name: 'level', type: 'ENUM' },
      ],
      rows: [
        [0, 'level 0'],
        [1, 'level 1'],
        [2, 'level 2'],
      ],
      cut: true,
    });
    expect(await database.ask('SELECT count(*) FROM cells', LIMITS)).toMatchObject({
      rows: [[5]],
      cut: false,
    });
  });

  it('shows every kind of value, and no number that a page would round', async () => {
    const answer = await database.ask(
      "SELECT 170141183460469231731687303715884105727::HUGEINT, 1.50::DECIMAL(4,2), DATE '2026-02-03', [1, 2], NULL, true, 0.5::DOUBLE",
      LIMITS,
    );
    expect(answer).toMatchObject({
      rows: [['170141183460469231731687303715884105727', '1.50', '2026-02-03', '[1, 2]', null, true, 0.5]],
    });
  });

  it.each([
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_csv('beside.csv')",
    "SELECT * FROM glob('/*')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT * FROM parquet_metadata('/etc/passwd')",
    "SELECT getenv('HOME')",
    "COPY cells TO 'stolen.csv'",
    "COPY (SELECT 1) TO '/tmp/stolen.csv'",
    '',
    ';',
    '-- nothing',
    "EXPORT DATABASE 'x'",
    'SELECT nothing FROM cells',
    "SELECT 1) TO 'x' (FORMAT csv",
  ])('%s is not', async (question) => {
    expect(await refusalOf(question)).toBe('mistaken');
  });

  it.each([
    'SELECT 1; SELECT 2',
    'SELECT $1',
    "ATTACH ':memory:' AS m",
    'CREATE TEMP TABLE t AS SELECT 1',
    'UPDATE cells SET n = 1',
    'DELETE FROM cells',
    'DROP TABLE cells',
    'SET threads = 8',
    'RESET memory_limit',
    'SET lock_configuration = false',
    'INSTALL httpfs',
    'LOAD httpfs',
    'BEGIN',
    'PREPARE p AS SELECT 1',
    'CALL pragma_version()',
    'CHECKPOINT',
    'VACUUM',
    'USE memory',
  ])('%s is none', async (question) => {
    expect(await refusalOf(question)).toBe('not-one-query');
  });

  it('ends when its time is over, and the next one is answered', async () => {
    expect(await refusalOf('SELECT count(*) FROM range(1000000000000) a, range(100000) b')).toBe('too-long');
    expect(await refusalOf('SELECT 1')).toBe('answered');
  });

  it('that neither heeds an interrupt nor the limit of memory ends all the same, and stops nobody', async () => {
    let ticks = 0;
    const clock = setInterval(() => {
      ticks += 1;
    }, 20);
    const others = [1, 2].map((n) => database.ask(`SELECT ${n}`, { rows: 1, ms: 60_000 }));
    expect(await refusalOf("SELECT repeat('x', 2000000000)")).toMatch(/^too-(?:large|long)$/);
    expect(await refusalOf("SELECT repeat('x', 400000000) FROM range(3)")).toMatch(/^too-(?:large|long)$/);
    clearInterval(clock);
    expect(ticks).toBeGreaterThan(5);
    expect(await Promise.all(others)).toMatchObject([{ rows: [[1]] }, { rows: [[2]] }]);
    expect(await refusalOf('SELECT 1')).toBe('answered');
  });

  it('ends when it needs more memory than it is given, without writing beside the release', async () => {
    expect(await refusalOf('SELECT list(range) FROM range(200000000)')).toMatch(/^too-(?:large|long)$/);
    expect((await readdir(folder)).sort()).toEqual(['beside.csv', 'levels.duckdb', 'release.duckdb']);
  });

  it('of any text leaves the tables as they are', async () => {
    const words = fc.constantFrom(
      'SELECT',
      'cells',
      'DROP',
      'TABLE',
      ';',
      '--',
      "'",
      '(',
      ')',
      '*',
      'FROM',
      ',',
      '1',
      '\0',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(words, { maxLength: 8 }), async (parts) => {
        await database.ask(parts.join(' '), { rows: 1, ms: 500 });
        expect(await database.ask('SELECT count(*), sum(n) FROM cells', LIMITS)).toMatchObject({
          rows: [[5, 10]],
        });
      }),
      { numRuns: 200 },
    );
  });
});

describe('text of few values', () => {
  it('is kept as levels that sort, compare and are shown as text', async () => {
    const levels = await openReadOnly(join(folder, 'levels.duckdb'), { memory: '256MB', threads: 1 });
    const rowsOf = async (question: string): Promise<unknown> => {
      const answer = await levels.ask(question, { rows: 100, ms: 5_000 });
      return 'refused' in answer ? answer : answer.rows;
    };
    const types = "SELECT column_name, data_type[:4] FROM duckdb_columns() WHERE table_name = 'levels'";
    expect(await rowsOf(types)).toEqual([
      ['few', 'ENUM'],
      ['many', 'VARC'],
      ['none', 'VARC'],
    ]);
    const sorted = 'SELECT DISTINCT few FROM levels ORDER BY few NULLS LAST';
    const asText = 'SELECT DISTINCT CAST(few AS VARCHAR) FROM levels ORDER BY 1 NULLS LAST';
    expect(await rowsOf(sorted)).toEqual(await rowsOf(asText));
    expect(await rowsOf("SELECT count(*) FROM levels WHERE few IN ('level 1', 'no level')")).toEqual([[0]]);
    expect(await rowsOf("SELECT count(*) FROM levels WHERE few = 'level 20' OR few < 'level 0'")).toEqual([
      [100],
    ]);
    expect(await rowsOf("SELECT coalesce(few, 'none') || '!' FROM levels WHERE many = 'number 3'")).toEqual([
      ['none!'],
    ]);
    levels.close();
  });
});

describe('a statement of ours', () => {
  it('binds its values', async () => {
    const level = "level 3' OR true --";
    expect((await database.answer(sql`SELECT * FROM cells WHERE level = ${level}`, LIMITS)).rows).toEqual([]);
  });
});

describe('a file that is no database', () => {
  it('is refused by code', async () => {
    await expect(
      openReadOnly(join(folder, 'beside.csv'), { memory: '64MB', threads: 1 }),
    ).rejects.toMatchObject({
      code: 'DATABASE_FAILED',
    });
  });
});
