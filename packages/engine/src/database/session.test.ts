import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { TableSchema } from '@throughline/core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCanonicalCsv, readParquet, type Sql, sql } from '../sql/sql.js';
import type { ColumnBatch } from './append.js';
import { databaseFailure } from './failure.js';
import { openSession, type Session } from './session.js';

const CANARY = 'Zzqcanary';

let folder: string;
let inside: string;
let session: Session;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'session-'));
  inside = join(folder, 'inside');
  await mkdir(inside);
  session = await openSession({
    folders: [inside],
    spill: join(inside, 'spill'),
    memory: '500MB',
    threads: 2,
  });
});
afterEach(async () => {
  session.close();
  await rm(folder, { recursive: true });
});

const failureOf = (statement: Sql) =>
  session.rows('the step', statement).then(
    () => 'none',
    (thrown: unknown) => thrown,
  );

async function collected(batches: AsyncIterable<ColumnBatch>): Promise<unknown[][]> {
  const rows: unknown[][] = [];
  for await (const columns of batches) {
    const [first = []] = columns;
    first.forEach((_, row) => void rows.push(columns.map((column) => column[row])));
  }
  return rows;
}

describe('a failure', () => {
  beforeEach(async () => {
    await session.run(
      't',
      sql`CREATE TABLE t (s VARCHAR UNIQUE, n INTEGER CHECK (n < 5), z VARCHAR NOT NULL)`,
    );
    await session.run('t', sql`INSERT INTO t VALUES (${CANARY}, 1, 'z')`);
    await writeFile(join(inside, 'bad.csv'), `1,${CANARY}\n2,b,${CANARY}\n`);
    await writeFile(join(inside, 'quote.csv'), `1,"${CANARY}\n`);
    await writeFile(join(inside, 'line.csv'), `${CANARY},b\n`);
    await writeFile(join(inside, 'not.parquet'), CANARY.repeat(10));
  });

  it.each<[string, () => Sql, string]>([
    ['a cast', () => sql`SELECT CAST(s AS INTEGER) FROM t`, 'Conversion'],
    ['a cast to a date', () => sql`SELECT strptime(s, '%Y') FROM t`, 'Invalid Input'],
    ['a cast to a UUID', () => sql`SELECT s::UUID FROM t`, 'Conversion'],
    ['a key twice', () => sql`INSERT INTO t VALUES (${CANARY}, 2, 'z')`, 'Constraint'],
    ['a check', () => sql`INSERT INTO t VALUES (${`${CANARY}2`}, 9, ${CANARY})`, 'Constraint'],
    ['a gap', () => sql`INSERT INTO t VALUES (${`${CANARY}3`}, 1, NULL)`, 'Constraint'],
    ['a number out of range', () => sql`SELECT (s || '')::TINYINT FROM t`, 'Conversion'],
    ['a pattern', () => sql`SELECT regexp_matches('x', s || '(') FROM t`, 'Invalid Input'],
    ['an error that a statement raises', () => sql`SELECT error(s) FROM t`, 'Invalid Input'],
    [
      'a row with a column too many',
      () => sql`SELECT * FROM ${readCanonicalCsv(join(inside, 'bad.csv'), 1)}`,
      'Invalid Input',
    ],
    [
      'an open quote',
      () => sql`SELECT * FROM ${readCanonicalCsv(join(inside, 'quote.csv'), 1)}`,
      'Invalid Input',
    ],
    [
      'a line number that is none',
      () => sql`SELECT * FROM ${readCanonicalCsv(join(inside, 'line.csv'), 1)}`,
      'Conversion',
    ],
    [
      'a file that is no Parquet',
      () => sql`SELECT * FROM ${readParquet(join(inside, 'not.parquet'))}`,
      'Invalid Input',
    ],
    [
      'a file that is not there',
      () => sql`SELECT * FROM ${readParquet(join(inside, `${CANARY}.parquet`))}`,
      'IO',
    ],
    ['a column that is not there', () => sql`SELECT Zzqcanary FROM t`, 'Binder'],
    ['a table that is not there', () => sql`SELECT * FROM Zzqcanary`, 'Catalog'],
    ['words that are no SQL', () => sql`SELEC Zzqcanary`, 'Parser'],
    ['an integer that JavaScript cannot hold', () => sql`SELECT 9007199254740993 AS n`, 'other'],
  ])('of %s says the step and the kind, and nothing else', async (_, statement, kind) => {
    const failure = await failureOf(statement());
    expect(failure).toMatchObject({ code: 'DATABASE_FAILED', details: { step: 'the step', kind } });
    expect(failure).not.toHaveProperty('cause');
    expect(inspect(failure, { depth: 9, showHidden: true })).not.toMatch(/Zzqcanary|9007199254740993/);
  });

  it('while streaming or appending says no more', async () => {
    const streamed = collected(session.columns('read', sql`SELECT CAST(s AS INTEGER) FROM t`));
    await expect(streamed).rejects.toMatchObject({ details: { step: 'read', kind: 'Conversion' } });
    const huge = collected(session.columns('read', sql`SELECT 9007199254740993 AS n`));
    await expect(huge).rejects.toMatchObject({ code: 'DATABASE_FAILED', details: { step: 'read' } });
    const table = { name: 'days', schema: { day: 'DATE' } } as const;
    const appended = await session.append('fill', table, [[[CANARY]]]).catch((thrown: unknown) => thrown);
    expect(appended).toMatchObject({ details: { step: 'fill', kind: 'Conversion' } });
    expect(inspect(appended, { depth: 9, showHidden: true })).not.toContain(CANARY);
  });

  it('for want of memory has a code of its own', async () => {
    const small = await openSession({
      folders: [],
      spill: join(inside, 'small'),
      memory: '60MB',
      threads: 1,
    });
    const failure = small.rows('list', sql`SELECT list(i::VARCHAR) AS l FROM range(5000000) t(i)`);
    await expect(failure).rejects.toMatchObject({ code: 'OUT_OF_MEMORY', exitCode: 15 });
    small.close();
  });

  it('for want of room on the disk has a code of its own', async () => {
    const full = await openSession({ folders: ['/dev'], spill: inside, memory: '200MB', threads: 1 });
    const copied = full.run(
      'copy',
      sql`COPY (SELECT i FROM range(100000) t(i)) TO ${'/dev/full'} (FORMAT csv)`,
    );
    await expect(copied).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE', exitCode: 15 });
    full.close();
  });

  it('of our own passes through, of anybody else is nothing but its kind', () => {
    const ours = databaseFailure(new Error(CANARY), 'one');
    expect(databaseFailure(ours, 'two')).toBe(ours);
    expect(databaseFailure(CANARY, 'step').message).toBe('DATABASE_FAILED (step=step kind=other)');
    expect(databaseFailure(new Error(`Weird ${CANARY} Error: x`), 'step').details['kind']).toBe('other');
  });
});

describe('columns', () => {
  it('gives every row in order while other queries run', async () => {
    await session.make('numbers', 'numbers', sql`SELECT i FROM range(100000) t(i)`);
    let rows = 0;
    let batches = 0;
    let misplaced = 0;
    for await (const [column = []] of session.columns('read', sql`SELECT i FROM numbers ORDER BY i`)) {
      for (const value of column) misplaced += value === rows++ ? 0 : 1;
      batches += 1;
      if (batches % 7 !== 0) continue;
      expect(await session.rows('count', sql`SELECT count(*) AS n FROM numbers`)).toEqual([{ n: 100_000 }]);
      await session.make('other', 'other', sql`SELECT i * 2 AS i FROM numbers LIMIT 10`);
    }
    expect({ rows, misplaced }).toEqual({ rows: 100_000, misplaced: 0 });
    expect(batches).toBeGreaterThan(40);
  });

  it('lets two streams run side by side, and one stop early', async () => {
    const read = () => session.columns('read', sql`SELECT i FROM range(50000) t(i)`);
    for await (const _ of read()) break;
    const [one, other] = await Promise.all([collected(read()), collected(read())]);
    expect([one.length, other.length]).toEqual([50_000, 50_000]);
  });

  it('finds the few rows of a long table, and none where there are none', async () => {
    const rare = sql`SELECT i FROM range(3000000) t(i) WHERE i IN (5, 2999999) ORDER BY i`;
    expect(await collected(session.columns('read', rare))).toEqual([[5], [2_999_999]]);
    expect(await collected(session.columns('read', sql`SELECT 1 AS a WHERE false`))).toEqual([]);
  });
});

describe('append', () => {
  it('takes integers of a typed array as it takes those of a list', async () => {
    const numbers = Int32Array.from({ length: 5000 }, (_, index) => (index - 2500) * 858_993);
    await session.append('fill', { name: 'n', schema: { i: 'INTEGER', j: 'INTEGER' } }, [
      [numbers, Array.from(numbers)],
    ]);
    const [found] = await session.rows('n', sql`SELECT count(*) AS rows, min(i) AS least FROM n WHERE i = j`);
    expect(found).toEqual({ rows: 5000, least: -2500 * 858_993 });
  });

  const everyType = {
    u: 'UUID?',
    s: 'VARCHAR?',
    d: 'DATE?',
    b: 'BOOLEAN?',
    i: 'INTEGER?',
    l: 'BIGINT?',
    f: 'DOUBLE?',
  } as const satisfies TableSchema;
  const day = fc
    .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));
  const row = fc.tuple(
    fc.option(fc.uuid()),
    fc.option(fc.string({ unit: 'binary' })),
    fc.option(day),
    fc.option(fc.boolean()),
    fc.option(fc.integer()),
    fc.option(fc.maxSafeInteger()),
    fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).map((each) => each + 0)),
  );

  const columnsOfRows = (rows: readonly (readonly (string | number | boolean | null)[])[]): ColumnBatch =>
    Object.keys(everyType).map((_, column) => rows.map((each) => each[column] ?? null));

  it('gives back values of every type, and nulls', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 20 }), async (rows) => {
        const table = { name: 'all', schema: everyType };
        expect(await session.append('fill', table, [columnsOfRows(rows)])).toBe(rows.length);
        expect(await collected(session.columns('read', sql`SELECT * FROM "all"`))).toEqual(rows);
        const objects = await session.rows('read', sql`SELECT * FROM "all"`);
        expect(objects.map((each) => Object.values(each))).toEqual(rows);
      }),
      { numRuns: 40 },
    );
  });

  it('has the declared types, and leaves no table of its own behind', async () => {
    await session.append('fill', { name: 'all', schema: everyType }, []);
    const described = await session.rows('read', sql`DESCRIBE "all"`);
    expect(described.map((each) => `${each['column_type']}?`)).toEqual(Object.values(everyType));
    expect(await session.rows('read', sql`SELECT table_name FROM duckdb_tables()`)).toEqual([
      { table_name: 'all' },
    ]);
  });

  it('takes batches of any length, one after the other', async () => {
    async function* batches(): AsyncGenerator<ColumnBatch> {
      for (const length of [1, 2047, 2048, 2049, 0, 10_000])
        yield [Array.from({ length }, (_, index) => index)];
    }
    expect(await session.append('fill', { name: 'n', schema: { i: 'INTEGER' } }, batches())).toBe(16_145);
    expect(
      await session.rows('read', sql`SELECT count(*) AS n, count(DISTINCT i) AS d, max(i) AS m FROM n`),
    ).toEqual([{ n: 16_145, d: 10_000, m: 9999 }]);
  });

  it.each<[string, ColumnBatch]>([
    ['a fraction', [[1.5], ['a']]],
    ['an integer too large', [[2 ** 31], ['a']]],
    ['not a number', [[Number.NaN], ['a']]],
    ['a number as text', [['1'], ['a']]],
    ['text as a number', [[1], [1]]],
    ['a short column', [[1, 2], ['a']]],
    ['a long column', [[1], ['a', 'b']]],
    ['a missing column', [[1]]],
    ['a column too many', [[1], ['a'], ['b']]],
  ])('refuses %s', async (_, batch) => {
    const table = { name: 'n', schema: { i: 'INTEGER', s: 'VARCHAR' } } as const;
    await expect(session.append('fill', table, [batch])).rejects.toMatchObject({ code: 'DATABASE_FAILED' });
  });
});

describe('the locked database', () => {
  beforeEach(async () => {
    await writeFile(join(folder, 'secret.csv'), '1,secret\n');
    await mkdir(join(folder, 'inside-too'));
    await writeFile(join(folder, 'inside-too', 'secret.csv'), '1,secret\n');
    await symlink(join(folder, 'secret.csv'), join(inside, 'link.csv'));
    await symlink(folder, join(inside, 'up'));
    await writeFile(join(inside, 'own.csv'), '1,own\n');
  });

  const read = (...path: string[]) => sql`SELECT * FROM ${readCanonicalCsv(join(folder, ...path), 1)}`;
  const copyTo = (path: string) => sql`COPY (SELECT 1 AS a) TO ${path} (FORMAT csv)`;

  it('reads and writes its own folder', async () => {
    expect(await session.rows('read', read('inside', 'own.csv'))).toEqual([{ line: 1, c0: 'own' }]);
    expect(await session.run('write', copyTo(join(inside, 'new.csv')))).toBe(1);
  });

  it.each<[string, () => Sql]>([
    ['a file beside its folder', () => read('secret.csv')],
    ['a file beside it, by ..', () => sql`SELECT * FROM ${readCanonicalCsv(`${inside}/../secret.csv`, 1)}`],
    ['a folder whose name begins alike', () => read('inside-too', 'secret.csv')],
    ['a link to a file outside', () => read('inside', 'link.csv')],
    ['a link to a folder outside', () => read('inside', 'up', 'secret.csv')],
    [
      'a pattern that reaches outside',
      () => sql`SELECT * FROM ${readCanonicalCsv(`${folder}/*/secret.csv`, 1)}`,
    ],
    ['a list of files outside', () => sql`SELECT * FROM glob(${`${folder}/*`})`],
    ['bytes outside', () => sql`SELECT * FROM read_blob('/etc/passwd')`],
    ['text outside', () => sql`SELECT * FROM read_text('/etc/passwd')`],
    ['a web page', () => sql`SELECT * FROM read_csv('https://localhost/x.csv')`],
    ['another database', () => sql`ATTACH '/tmp/other.duckdb'`],
    ['an extension to install', () => sql`INSTALL httpfs`],
    ['an extension to load', () => sql`LOAD httpfs`],
    ['a secret', () => sql`CREATE SECRET s (TYPE s3)`],
    ['an export', () => sql`EXPORT DATABASE '/tmp/exported'`],
  ])('is refused %s', async (_, statement) => {
    expect(await failureOf(statement())).toMatchObject({ details: { kind: 'Permission' } });
  });

  it.each([
    'written.csv',
    'inside/../written.csv',
    'inside-too/written.csv',
    'inside/up/written.csv',
  ])('writes nothing to %s', async (path) => {
    expect(await failureOf(copyTo(`${folder}/${path}`))).toMatchObject({ details: { kind: 'Permission' } });
    expect(await readdir(folder)).not.toContain('written.csv');
  });

  it.each<[string, () => Sql]>([
    ['access', () => sql`SET enable_external_access = true`],
    ['folders', () => sql`SET allowed_directories = ['/']`],
    ['the lock', () => sql`SET lock_configuration = false`],
    ['the spill folder', () => sql`SET temp_directory = '/tmp'`],
    ['memory', () => sql`SET memory_limit = '100GB'`],
    ['threads', () => sql`PRAGMA threads = 64`],
    ['profiles', () => sql`PRAGMA enable_profiling = 'json'`],
    ['extensions', () => sql`SET autoinstall_known_extensions = true`],
    ['a reset', () => sql`RESET memory_limit`],
  ])('changes nothing of %s', async (_, statement) => {
    expect(await failureOf(statement())).toMatchObject({
      code: 'DATABASE_FAILED',
      details: { kind: 'Invalid Input' },
    });
  });

  it('takes no column from the name of a folder', async () => {
    const partition = join(inside, 'year=2026');
    await mkdir(partition);
    await session.run('write', sql`COPY (SELECT 1 AS a) TO ${join(partition, 'a.parquet')} (FORMAT parquet)`);
    await writeFile(join(partition, 'a.csv'), '1,b\n');
    expect(
      await session.rows('read', sql`SELECT * FROM ${readParquet(join(partition, 'a.parquet'))}`),
    ).toEqual([{ a: 1 }]);
    const csv = readCanonicalCsv(join(partition, 'a.csv'), 1);
    expect(await session.rows('read', sql`SELECT * FROM ${csv}`)).toEqual([{ line: 1, c0: 'b' }]);
  });

  it('takes folder names with quotes as they are', async () => {
    const quoted = join(folder, "o'brien's");
    await mkdir(quoted);
    const other = await openSession({
      folders: [quoted],
      spill: join(quoted, 'spill'),
      memory: '200MB',
      threads: 1,
    });
    expect(await other.run('write', copyTo(join(quoted, 'a.csv')))).toBe(1);
    other.close();
  });
});

describe('integers', () => {
  it('come in order as numbers, and nothing else does', async () => {
    const numbers = sql`SELECT i::INTEGER AS i, (-i)::INTEGER AS j FROM range(5000) t(i) ORDER BY i`;
    let row = 0;
    for await (const [up = new Int32Array(), down = new Int32Array()] of session.integers('read', numbers)) {
      for (const [place, value] of up.entries()) {
        expect([value, down[place]]).toEqual([row, row === 0 ? 0 : -row]);
        row += 1;
      }
    }
    expect(row).toBe(5000);
    for (const select of [sql`SELECT 1::BIGINT AS i`, sql`SELECT NULL::INTEGER AS i`]) {
      await expect(session.integers('read', select).next()).rejects.toMatchObject({
        code: 'DATABASE_FAILED',
      });
    }
  });
});
