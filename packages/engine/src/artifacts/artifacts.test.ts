import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ArtifactKind, type ArtifactManifest, artifactTables, schemaVersions } from '@throughline/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSession, type Session } from '../database/session.js';
import { sha256Of } from '../files/ordinary.js';
import { type Sql, sql, sqlEnum } from '../sql/sql.js';
import { identityOf, readArtifact, readArtifactIfThere } from './read.js';
import { type DraftArtifact, draftArtifact } from './write.js';

let folder: string;
let session: Session;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'artifacts-'));
  session = await openSession({
    folders: [folder],
    spill: join(folder, 'spill'),
    memory: '500MB',
    threads: 2,
  });
});
afterEach(async () => {
  session.close();
  await rm(folder, { recursive: true });
});

const at = (name: string) => join(folder, name);
const now = () => new Date();
const draft = (kind: ArtifactKind = 'people') => draftArtifact(kind, { folder, session, now });
const people = (rows: number, order: Sql = sql`i`) =>
  sql`SELECT md5(i::VARCHAR)::UUID AS record_id, md5((i // 2)::VARCHAR)::UUID AS person_id, 'a' AS partner, 's' AS space, 'b' AS basis FROM range(${rows}::BIGINT) t(i) ORDER BY ${order}`;

function manifestOf({ parts }: DraftArtifact, change: Partial<ArtifactManifest> = {}): ArtifactManifest {
  const { keyCheck: _, ...made } = parts();
  return {
    kind: 'people',
    schemaVersion: schemaVersions.people,
    of: 'city',
    synthetic: true,
    ...made,
    inputs: [],
    producedBy: {
      stage: 'link',
      version: '1',
      software: 'test',
      configSha256: sha256Of(''),
      recipeSha256: sha256Of(''),
    },
    documents: [],
    run: { startedAt: '2026-06-16T00:00:00.000Z', node: '20', duckdb: 'v1' },
    ...change,
  };
}

/** An artifact of one table with two rows, and a file beside it. */
async function made(change?: (manifest: ArtifactManifest) => unknown): Promise<ArtifactManifest> {
  const people2 = await draft();
  await people2.output.table('people', people(2));
  await people2.output.file('notes.txt', 'a note');
  const manifest = manifestOf(people2);
  await writeFile(at('manifest.json'), JSON.stringify(change === undefined ? manifest : change(manifest)));
  return manifest;
}

const read = () => readArtifact(folder, 'people');

describe('a draft', () => {
  it('gives equal bytes for equal rows in any order', async () => {
    const orders = [sql`i`, sql`i DESC`, sql`hash(i)`];
    const bytes: string[] = [];
    for (const order of orders) {
      const { output, parts } = await draft();
      expect(await output.table('people', people(5000, order))).toBe(5000);
      bytes.push(parts().tables[0]?.sha256 ?? '');
    }
    expect(new Set(bytes).size).toBe(1);
  });

  it('gives the same bytes by cheaper columns of the same order, and leaves those out', async () => {
    const ranked = sql`SELECT *, row_number() OVER (ORDER BY record_id) AS rank FROM (${people(5000, sql`hash(i)`)})`;
    const [plain, ordered] = [await draft(), await draft()];
    await plain.output.table('people', people(5000));
    const expected = plain.parts().tables;
    await ordered.output.table('people', ranked, ['rank']);
    expect(ordered.parts().tables).toEqual(expected);
  });

  it('gives the same bytes for texts and for words of a list', async () => {
    const words = ['no', 'K', 'PK', '01', '10', 'a b'];
    const word = sql`['no', 'K', 'PK', '01', '10', 'a b'][1 + (i * 7919 % 6)]`;
    const bytes: string[] = [];
    for (const basis of [word, sql`(${word})::${sqlEnum(words)}`]) {
      const { output, parts } = await draft();
      const rows = sql`SELECT md5((i % 9)::VARCHAR)::UUID AS record_id, md5('x')::UUID AS person_id, 'a' AS partner,
        's' AS space, ${basis} AS basis FROM range(5000) t(i)`;
      await output.table('people', rows);
      bytes.push(parts().tables[0]?.sha256 ?? '');
    }
    expect(new Set(bytes).size).toBe(1);
  });

  it('takes the columns in any order and writes them as they are declared', async () => {
    const { output, parts } = await draft();
    await output.table(
      'history',
      sql`SELECT NULL::UUID AS other_person_id, 'r' AS reason, 'new' AS change, uuid() AS person_id, 1::BIGINT AS sequence`,
    );
    expect(parts().tables[0]?.columns.map(([name]) => name)).toEqual(
      Object.keys(artifactTables.people.history),
    );
  });

  it.each<[string, string, () => Sql]>([
    ['a column that is not declared', 'counter', () => sql`SELECT 1::BIGINT AS issued, 'Ann' AS name`],
    ['a column too few', 'people', () => sql`SELECT uuid() AS record_id`],
    ['another type', 'counter', () => sql`SELECT 1::INTEGER AS issued`],
    ['another name', 'counter', () => sql`SELECT 1::BIGINT AS "issued "`],
    ['a gap in a required column', 'counter', () => sql`SELECT NULL::BIGINT AS issued`],
    ['a table that is not declared', 'names', () => sql`SELECT 1 AS a`],
    ['a table of Object', 'constructor', () => sql`SELECT 1 AS a`],
  ])('refuses %s', async (_, name, select) => {
    const { output } = await draft();
    await expect(output.table(name, select())).rejects.toMatchObject({ code: 'ARTIFACT_SCHEMA' });
  });

  it.each([
    '../outside',
    '/tmp/outside',
    'a/b',
    '',
    '.',
    'manifest.json',
    'people.parquet',
    'notes.txt',
    'a\nb',
  ])('writes no file %j: outside, hidden, or there already', async (name) => {
    const { output } = await draft();
    await output.table('people', people(1));
    await output.file('notes.txt', 'x');
    await expect(output.file(name, 'x')).rejects.toMatchObject({ code: 'BUG' });
    await expect(output.written(name)).rejects.toMatchObject({ code: 'BUG' });
  });

  it('writes a table once', async () => {
    const { output } = await draft();
    await output.table('people', people(1));
    await expect(output.table('people', people(2))).rejects.toMatchObject({ code: 'BUG' });
  });

  it('declares a file that somebody else wrote, if it is there', async () => {
    const { output, parts } = await draft();
    await writeFile(at('chart.svg'), '<svg/>');
    await output.written('chart.svg');
    expect(parts().files).toEqual([{ name: 'chart.svg', sha256: sha256Of('<svg/>') }]);
    await expect(output.written('missing.svg')).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
  });
});

describe('readArtifact', () => {
  it('gives the tables of an unaltered artifact', async () => {
    await made();
    const artifact = await read();
    expect(await session.rows('read', sql`SELECT count(*) AS n FROM ${artifact.table('people')}`)).toEqual([
      { n: 2 },
    ]);
    expect((await readArtifactIfThere(folder, 'people'))?.sha256).toBe(artifact.sha256);
  });

  it('knows nothing of a table that the manifest does not list, even if the file is there', async () => {
    await made();
    await writeFile(at('counter.parquet'), await readFile(at('people.parquet')));
    const artifact = await read();
    expect(() => artifact.table('counter')).toThrow(expect.objectContaining({ code: 'ARTIFACT_SCHEMA' }));
  });

  it.each([
    'people.parquet',
    'notes.txt',
  ])('refuses %s with any byte changed, cut off, added or gone', async (name) => {
    await made();
    const bytes = await readFile(at(name));
    const changes = [
      Buffer.from(bytes.map((byte, index) => (index === bytes.length >> 1 ? byte ^ 1 : byte))),
      bytes.subarray(0, -1),
      Buffer.concat([bytes, Buffer.of(0)]),
      Buffer.alloc(0),
    ];
    for (const changed of changes) {
      await writeFile(at(name), changed);
      await expect(read()).rejects.toMatchObject({ code: 'ARTIFACT_ALTERED', details: { file: name } });
    }
    await rm(at(name));
    await expect(read()).rejects.toMatchObject({ code: 'ARTIFACT_ALTERED' });
    await writeFile(at('copy'), bytes);
    await symlink(at('copy'), at(name));
    await expect(read()).rejects.toMatchObject({ code: 'ARTIFACT_ALTERED' });
  });

  type Change = (manifest: ArtifactManifest) => unknown;
  const inTable =
    (change: Readonly<Record<string, unknown>>): Change =>
    (manifest) => ({
      ...manifest,
      tables: manifest.tables.map((table) => ({ ...table, ...change })),
    });
  it.each<[string, Change]>([
    ['of another kind', (manifest) => ({ ...manifest, kind: 'links', tables: [] })],
    ['of a schema version that there never was', (manifest) => ({ ...manifest, schemaVersion: 0 })],
    ['with a field that nobody knows', (manifest) => ({ ...manifest, extra: 1 })],
    ['without a hash', inTable({ sha256: undefined })],
    ['with a table that its kind does not have', inTable({ name: 'names', file: 'names.parquet' })],
    ['with a table under another file', inTable({ file: 'notes.txt' })],
    ['with a table outside its folder', inTable({ file: '../people.parquet' })],
    ['with other columns', inTable({ columns: [['record_id', 'UUID']] })],
    [
      'with a file outside its folder',
      (manifest) => ({ ...manifest, files: [{ name: '../x', sha256: sha256Of('') }] }),
    ],
    ['that is a list', () => []],
    ['that is null', () => null],
  ])('refuses a manifest %s', async (_, change) => {
    await made(change);
    await expect(read()).rejects.toMatchObject({ code: 'ARTIFACT_SCHEMA', exitCode: 11 });
  });

  it.each([
    '',
    '{',
    'Zzqcanary',
    '\0',
  ])('refuses a manifest that is no JSON, %j, and repeats none of it', async (text) => {
    await made();
    await writeFile(at('manifest.json'), text);
    await expect(read()).rejects.toMatchObject({ message: 'ARTIFACT_SCHEMA (kind=people)' });
  });

  it('refuses a manifest that is a link or a FIFO', async () => {
    await made();
    await writeFile(at('elsewhere'), await readFile(at('manifest.json')));
    await rm(at('manifest.json'));
    await symlink(at('elsewhere'), at('manifest.json'));
    await expect(read()).rejects.toMatchObject({ code: 'ARTIFACT_ALTERED' });
    await rm(at('manifest.json'));
    spawnSync('mkfifo', [at('manifest.json')]);
    await expect(read()).rejects.toMatchObject({ code: 'ARTIFACT_ALTERED' });
  });

  it('finds nothing where there is no manifest', async () => {
    await made();
    await rm(at('manifest.json'));
    await expect(read()).rejects.toMatchObject({ code: 'ARTIFACT_MISSING' });
    expect(await readArtifactIfThere(folder, 'people')).toBeUndefined();
  });
});

describe('identityOf', () => {
  it('does not depend on the run, and depends on everything else', async () => {
    const manifest = await made();
    const run = { startedAt: '2027-01-01T00:00:00.000Z', node: '22', duckdb: 'v2' };
    expect(identityOf({ ...manifest, run })).toBe(identityOf(manifest));
    expect(identityOf({ ...manifest, synthetic: false })).not.toBe(identityOf(manifest));
    expect(identityOf({ ...manifest, of: 'town' })).not.toBe(identityOf(manifest));
  });
});

describe('an artifact of another version', () => {
  const without = (manifest: ArtifactManifest) => manifest.tables.filter(({ name }) => name !== 'tombstones');

  it('is carried over from an older one, with what it did not have yet as empty', async () => {
    await made((manifest) => ({ ...manifest, schemaVersion: 1, tables: without(manifest) }));
    const older = await read();
    const rows = (table: 'people' | 'tombstones') =>
      session.rows('read', sql`SELECT * FROM ${older.table(table)}`);
    expect(await rows('people')).toHaveLength(2);
    expect(await rows('tombstones')).toEqual([]);
    const columns = await session.rows('read', sql`DESCRIBE SELECT * FROM ${older.table('tombstones')}`);
    expect(columns.map((row) => `${row['column_name']} ${row['column_type']}`)).toEqual([
      'record_id UUID',
      'space VARCHAR',
      'effective DATE',
      'partner VARCHAR',
      'person_id UUID',
    ]);
    expect(() => older.table('counter')).toThrow(expect.objectContaining({ code: 'ARTIFACT_SCHEMA' }));
  });

  it('lacks nothing that its own version has', async () => {
    await made((manifest) => ({ ...manifest, tables: without(manifest) }));
    const artifact = await read();
    expect(() => artifact.table('tombstones')).toThrow(expect.objectContaining({ code: 'ARTIFACT_SCHEMA' }));
  });

  it('is refused where it is newer, whatever else it says', async () => {
    await made((manifest) => ({ ...manifest, schemaVersion: 99, more: true }));
    await expect(read()).rejects.toMatchObject({
      code: 'FORMAT_NEWER',
      details: { kind: 'people', found: 99, known: schemaVersions.people },
    });
    await expect(readArtifactIfThere(folder, 'people')).rejects.toMatchObject({ code: 'FORMAT_NEWER' });
  });
});

describe('a table that is kept', () => {
  it('has the same bytes, and is refused where they are not those of the manifest', async () => {
    const manifest = await made();
    const again = await draftArtifact('people', { folder: at('again'), session, now });
    const from = { folder, manifest };
    expect(await again.output.keep('people', from)).toBe(2);
    expect(again.parts().tables).toEqual(manifest.tables);
    expect(await readFile(at('again/people.parquet'))).toEqual(await readFile(at('people.parquet')));
    await expect(again.output.keep('history', from)).rejects.toMatchObject({ code: 'ARTIFACT_SCHEMA' });
    await writeFile(at('people.parquet'), 'others');
    const third = await draftArtifact('people', { folder: at('third'), session, now });
    await expect(third.output.keep('people', from)).rejects.toMatchObject({ code: 'ARTIFACT_ALTERED' });
  });
});

describe('an artifact that was read', () => {
  it.each([
    ['just written', 0],
    ['an hour old', 3_600_000],
  ])('is %s, and is known to be unchanged or not', async (_, age) => {
    await made();
    const artifact = await read();
    const opened = new Date(Date.now() + age);
    await expect(artifact.requireUnchanged(opened)).resolves.toBeUndefined();
    const { atime, mtime } = await stat(at('notes.txt'));
    await writeFile(at('notes.txt'), 'a nota');
    await utimes(at('notes.txt'), atime, mtime);
    await expect(artifact.requireUnchanged(opened)).rejects.toMatchObject({ code: 'ARTIFACT_ALTERED' });
    await writeFile(at('notes.txt'), 'a note');
    await expect(artifact.requireUnchanged(opened)).resolves.toBeUndefined();
    await rm(at('notes.txt'));
    await expect(artifact.requireUnchanged(opened)).rejects.toMatchObject({ code: 'ARTIFACT_ALTERED' });
  });
});
