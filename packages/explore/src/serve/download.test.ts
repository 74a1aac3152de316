import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Answer, openSession, readParquet, sql } from '@throughline/engine';
import { tableFromIPC } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { downloadOf } from './download.js';

const answer: Answer = {
  columns: [
    { name: 'level', type: 'VARCHAR' },
    { name: 'total', type: 'BIGINT' },
    { name: 'share', type: 'DOUBLE' },
    { name: 'known', type: 'BOOLEAN' },
    { name: 'huge', type: 'HUGEINT' },
  ],
  rows: [
    ['=cmd()', 12, 0.5, true, '170141183460469231731687303715884105727'],
    ['a "b", c\nd', null, null, null, null],
    ['-1', -3, -1e-7, false, '0'],
  ],
  cut: false,
};

const bytesOf = async (format: 'arrow' | 'parquet'): Promise<Uint8Array> => {
  const { bytes } = await downloadOf(answer, format);
  return typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes;
};

describe('a download', () => {
  it('as CSV begins no cell of words with a formula and keeps negative numbers', async () => {
    const { bytes } = await downloadOf(answer, 'csv');
    expect(bytes).toBe(
      [
        'level,total,share,known,huge',
        "'=cmd(),12,0.5,true,170141183460469231731687303715884105727",
        '"a ""b"", c\nd",,,,',
        '-1,-3,-1e-7,false,0',
        '',
      ].join('\r\n'),
    );
  });

  it('as CSV of no rows still has its columns', async () => {
    const { bytes } = await downloadOf({ ...answer, rows: [] }, 'csv');
    expect(String(bytes).trim()).toBe('level,total,share,known,huge');
  });

  it('as Parquet is what DuckDB reads', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'download-'));
    const path = join(folder, 'answer.parquet');
    await writeFile(path, await bytesOf('parquet'));
    const session = await openSession({
      folders: [folder],
      spill: join(folder, 's'),
      memory: '100MB',
      threads: 1,
    });
    const rows = await session.rows('read', sql`SELECT * FROM ${readParquet(path)}`);
    const types = await session.rows('types', sql`DESCRIBE SELECT * FROM ${readParquet(path)}`);
    session.close();
    await rm(folder, { recursive: true });
    expect(rows.map((row) => Object.values(row))).toEqual(answer.rows);
    expect(types.map((type) => type['column_type'])).toEqual([
      'VARCHAR',
      'BIGINT',
      'DOUBLE',
      'BOOLEAN',
      'VARCHAR',
    ]);
  });

  it('as Arrow is what Arrow reads', async () => {
    const table = tableFromIPC(await bytesOf('arrow'));
    expect(table.schema.fields.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'level Utf8',
      'total Int64',
      'share Float64',
      'known Bool',
      'huge Utf8',
    ]);
    expect(table.toArray().map((row) => [...Object.values(row.toJSON())])).toEqual(
      answer.rows.map((row) => row.map((value, at) => (at === 1 && value !== null ? BigInt(value) : value))),
    );
  });
});
