import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { parseYaml } from '@throughline/agreement';
import { safeName } from '@throughline/core';
import { readArtifact } from '@throughline/engine';
import Ajv from 'ajv-draft-04';
import { tableFromIPC } from 'apache-arrow';
import { parseString } from 'fast-csv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { released, type School, setUp, tearDown } from '../fixtures/released.fixture.js';
import { releaseTables } from './columns.js';

const schools: readonly School[] = [
  ['A', [40, 100, 30]],
  ['B', [50, 120, 20]],
  ['C', [30, 90, 25]],
  ['D', [3, 60, 20]],
];

let folder: string;
let place: string;
let cells: readonly object[];
beforeAll(async () => {
  folder = await setUp();
  place = join(folder, 'release');
  cells = (await released(schools)).rows;
});
afterAll(tearDown);

const text = (name: string) => readFile(join(place, name), 'utf8');
const json = async (name: string) => JSON.parse(await text(name));
const csv = async (name: string): Promise<Record<string, string>[]> => {
  const rows: Record<string, string>[] = [];
  const parsing = parseString(await text(name), { headers: true });
  for await (const row of parsing) rows.push(row);
  return rows;
};

/** The engine itself, as a researcher has it, standing in the release folder. */
async function duckdb(sql: string): Promise<readonly (readonly unknown[])[][]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await connection.run(`SET file_search_path = '${place}'`);
    const results: (readonly unknown[])[][] = [];
    const statements = sql
      .replace(/^--.*$/gm, '')
      .replaceAll("'release.duckdb'", `'${join(place, 'release.duckdb')}'`)
      .split(';');
    for (const statement of statements.filter((each) => /\w/.test(each)))
      results.push((await connection.runAndReadAll(statement)).getRowsJson());
    return results;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

describe('a release folder', () => {
  it('holds what its README lists, and nothing that it does not', async () => {
    const named = (await text('README.md')).match(/^\| [^|]+ \|/gm)?.join(' ') ?? '';
    const isListed = (file: string) =>
      named.includes(file) ||
      named.includes(`${file.split('.')[0]}.*`) ||
      (file.startsWith('synthetic-') && named.includes('synthetic-*.csv'));
    const files = await readdir(place);
    expect(files.filter((file) => file !== 'README.md' && !isListed(file))).toEqual([]);
    for (const file of named.match(/[A-Za-z]+\.[a-zA-Z]+/g) ?? []) expect(files).toContain(file);
    const { manifest } = await readArtifact(place, 'release');
    expect([...manifest.files, ...manifest.tables.map(({ file }) => ({ name: file }))].length + 1).toBe(
      files.length,
    );
  });

  it.each(releaseTables.map(({ name }) => name))('has the same %s in four formats', async (name) => {
    const columns = releaseTables.find((table) => table.name === name)?.columns.map((each) => each.name);
    const [parquet = []] = await duckdb(`SELECT * FROM '${name}.parquet'`);
    const rows = await csv(`${name}.csv`);
    expect(rows).toHaveLength(parquet.length);
    const [header = ''] = (await text(`${name}.csv`)).split('\r\n');
    expect(header.split(',')).toEqual(columns);
    const arrow = tableFromIPC(await readFile(join(place, `${name}.arrow`)));
    expect([arrow.numRows, arrow.schema.fields.map((field) => field.name)]).toEqual([
      parquet.length,
      columns,
    ]);
    const [, saved = []] = await duckdb(
      `ATTACH 'release.duckdb' AS r (READ_ONLY); SELECT * FROM r.${name} ORDER BY ALL`,
    );
    const [ordered] = await duckdb(`SELECT * FROM '${name}.parquet' ORDER BY ALL`);
    expect(saved).toEqual(ordered);
  });

  it('has numbers of the same rows in CSV as in Parquet: empty where withheld, 0 where nobody', async () => {
    const rows = await csv('cells.csv');
    const key = (row: object) => JSON.stringify(Object.values(row).map((value) => String(value ?? '')));
    expect(rows.map(key).sort()).toEqual(cells.map(key).sort());
    expect(rows.some(({ yes, status }) => yes === '' && status === 'withheld')).toBe(true);
    expect(rows.some((row) => row['by_weak_links'] === '0')).toBe(true);
  });

  it('comments every table and column of the database', async () => {
    const [, comments = [], columns = []] = await duckdb(
      "ATTACH 'release.duckdb' AS r (READ_ONLY); SELECT table_name, comment FROM duckdb_tables() WHERE database_name = 'r'; SELECT table_name, column_name, comment FROM duckdb_columns() WHERE database_name = 'r'",
    );
    expect(comments.map(([name]) => name).sort()).toEqual(releaseTables.map(({ name }) => name).sort());
    expect(columns).toHaveLength(releaseTables.flatMap((table) => table.columns).length);
    for (const row of [...comments, ...columns]) expect(String(row.at(-1)).length).toBeGreaterThan(5);
  });

  it('explains every column in the codebook, and what an empty field means', async () => {
    const rows = await csv('codebook.csv');
    const columns = releaseTables.flatMap(({ name, columns: own }) =>
      own.map((each) => `${name} ${each.name}`),
    );
    expect(rows.map((row) => `${row['table']} ${row['variable']}`)).toEqual(columns);
    for (const row of rows) {
      expect(row['label']?.length).toBeGreaterThan(5);
      expect(row['empty']).not.toBe('');
    }
    const page = await text('codebook.html');
    for (const row of rows) expect(page).toContain(`<td>${row['variable']}</td>`);
    expect(page).not.toMatch(/<script/);
  });

  it('is a valid data package (Frictionless), with tabular resources that are valid too', async () => {
    const schema = (name: string) =>
      readFile(
        fileURLToPath(new URL(`../../../../fixtures/vectors/frictionless/${name}.json`, import.meta.url)),
        'utf8',
      ).then((read) => JSON.parse(read) as object);
    const ajv = new Ajv.default({ strict: false, validateFormats: false });
    const described = await json('datapackage.json');
    const isPackage = ajv.compile(await schema('data-package'));
    expect(isPackage(described) ? [] : isPackage.errors).toEqual([]);
    const isTabular = ajv.compile(await schema('tabular-data-resource'));
    const files = await readdir(place);
    for (const resource of described.resources) {
      expect(files).toContain(resource.path);
      if (resource.profile !== 'tabular-data-resource') continue;
      expect(isTabular(resource) ? [] : isTabular.errors).toEqual([]);
      const [header = ''] = (await text(resource.path)).split('\r\n');
      expect(header.split(',')).toEqual(resource.schema.fields.map((field: { name: string }) => field.name));
    }
    expect(isPackage({ ...described, resources: 'none' })).toBe(false);
  });

  it('is described in Croissant: every field of a file that is there', async () => {
    const described = await json('croissant.json');
    const files = await readdir(place);
    const objects = described.distribution.map((each: { '@id': string }) => each['@id']);
    for (const name of objects) expect(files).toContain(name);
    expect(described.recordSet).toHaveLength(releaseTables.length);
    for (const { field } of described.recordSet)
      for (const { source } of field) {
        expect(objects).toContain(source.fileObject['@id']);
        const [header = ''] = (await text(source.fileObject['@id'])).split('\r\n');
        expect(header.split(',')).toContain(source.extract.column);
      }
    for (const term of ['dataLimitations', 'dataBiases', 'personalSensitiveInformation'])
      expect(described[`rai:${term}`].length).toBeGreaterThan(0);
  });

  it('shows ten children of every measure, the bounds of every headline, and how to cite', async () => {
    const definitions = await text('definitions.md');
    expect(definitions.match(/^\| child \d+ \| (?:yes|no) \|$/gm)).toHaveLength(10);
    const [headline] = await csv('bias.csv');
    expect(headline).toMatchObject({ measure: 'chronic_absence_ma', yes: '123', total: '588' });
    expect(Number(headline?.['at_least_percent'])).toBeLessThanOrEqual(Number(headline?.['at_most_percent']));
    const cited = parseYaml(
      { file: safeName('CITATION.cff'), text: await text('CITATION.cff') },
      z.looseObject({ 'cff-version': z.literal('1.2.0'), title: z.string(), version: z.string() }),
    );
    expect(cited.version).toBe('2026-06-16');
  });

  it('says where it comes from, without a count that a row more or less would change', async () => {
    const { sources, agreements, measures } = await json('provenance.json');
    expect(sources).toEqual([
      {
        partner: 'district',
        extract: 'absences',
        payload_table: 'absences',
        covers_from: '2025-08-27',
        covers_to: '2026-06-15',
        rows_at_most: 1300,
      },
    ]);
    expect(agreements).toHaveLength(5);
    expect(measures.versions).toEqual([{ name: 'chronic_absence_ma', version: 1 }]);
  });

  it('has a twin of every table with made-up rows that add up', async () => {
    for (const { name, columns } of releaseTables) {
      const rows = await csv(`synthetic-${name}.csv`);
      expect(rows.length).toBeGreaterThan(0);
      expect(Object.keys(rows[0] ?? {})).toEqual(columns.map((each) => each.name));
    }
    const twins = await csv('synthetic-cells.csv');
    for (const { yes, no, unknown, total } of twins)
      if (yes !== '') expect(Number(yes) + Number(no) + Number(unknown)).toBe(Number(total));
    expect(twins.some(({ yes }) => yes === '')).toBe(true);
  });

  it('can be read with its own DuckDB script, by the real engine', async () => {
    const results = await duckdb(await text('read.sql'));
    expect(results).toHaveLength(7);
    expect(results[0]).toHaveLength(5);
    expect(results[2]).toHaveLength(releaseTables.length);
    expect(results.at(-1)).toEqual([[String((await csv('synthetic-cells.csv')).length)]]);
  });

  it('is read with scripts for R and Python that name files and columns that are there', async () => {
    const files = await readdir(place);
    const known = new Set(releaseTables.flatMap(({ columns }) => columns.map(({ name }) => name)));
    for (const script of ['read.R', 'read.py']) {
      const code = await text(script);
      const [, path = ''] = code.match(/['"]((?:cells)\.[a-z]+)['"]/) ?? [];
      expect(files).toContain(path);
      for (const column of ['status', 'yes', 'known', 'rate_percent', 'coverage_percent', 'table_name']) {
        expect(known).toContain(column);
        expect(code).toContain(column);
      }
    }
  });

  it('compares itself with the release before it', async () => {
    expect(await text('changes.md')).toMatch(/first/);
    const earlier = join(folder, 'earlier');
    await rename(place, earlier);
    for (const made of ['measures', 'counted', 'equations'])
      await rm(join(folder, made), { recursive: true });
    await released([...schools.slice(0, 2), ['C', [60, 90, 25]], ['D', [3, 60, 20]]], {
      inputs: [
        { kind: 'measures', folder: join(folder, 'measures') },
        { kind: 'counted', folder: join(folder, 'counted') },
        { kind: 'release', folder: earlier },
      ],
    });
    const changes = await csv('changes.csv');
    const changed = changes.filter((row) => row['change_children'] === '30');
    expect(changed.length).toBeGreaterThan(0);
    expect(changes.some((row) => row['reason'] === 'suppressed')).toBe(true);
    expect(await text('changes.md')).toMatch(/suppressed: \d+ rows/);
  });
});
