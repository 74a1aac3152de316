import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  crosswalksMissing,
  type DocumentFile,
  type FieldManifest,
  parseDocuments,
} from '@throughline/agreement';
import { safeName } from '@throughline/core';
import { presetFiles, sha256Of, sql } from '@throughline/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountingIn, askIn, takeIn } from '../sample/run.fixture.js';

const root = (path: string) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
const FIXTURES = root('fixtures/presets');

/** The few lines that a manifest needs beside its preset. */
function fewLines(preset: DocumentFile, vendor: string, space: string): DocumentFile {
  const id = parse(preset.file).name;
  const text = `
kind: manifest
id: sample-${id}
version: 1
title: A sample of ${id}
effective: 2025-07-01
expires: 2030-06-30
partner: club
agreement: dsa-club
extract: ${id}
purpose: Shows that a preset and a few lines read a normal export.
preset: ${id}
preset_sha256: ${preset.sha256}
basis: owner-programme-records
${space === '' ? '' : `space: ${vendor}-${space}`}
scope: { covers_from: 2025-08-27, covers_to: 2026-06-17, active_only: false, exceptions_only: true }
limits: { rejected_share: 1, unmapped_share: 1 }
`;
  return { file: safeName(`manifests/${id}.yaml`), text, sha256: sha256Of(text) };
}

const manifestsIn = (files: readonly DocumentFile[]): FieldManifest[] =>
  parseDocuments(files).flatMap(({ document }) => (document.kind === 'manifest' ? [document] : []));

let folder: string;
let shipped: readonly DocumentFile[];
let presets: readonly DocumentFile[];
let manifests: readonly FieldManifest[];
const fixtureOf = new Map<string, string>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'presets-'));
  shipped = await presetFiles(root('pipelines/presets'));
  presets = shipped.filter(({ text }) => !/^kind: crosswalk$/m.test(text));
  for (const name of await readdir(FIXTURES)) fixtureOf.set(parse(name).name, join(FIXTURES, name));
  const files = presets.map((preset) => {
    const [, space = ''] = /^records: .*space: "?([a-z-]+)/m.exec(preset.text) ?? [];
    return fewLines(preset, parse(preset.file).name.split('-')[0] ?? '', space);
  });
  manifests = manifestsIn([...shipped, ...files]);
  const extracts: Record<string, Uint8Array> = {};
  for (const { extract } of manifests) extracts[extract] = await readFile(fixtureOf.get(extract) ?? '');
  await takeIn(folder, { manifests, extracts });
});
afterAll(() => rm(folder, { recursive: true }));

describe('every preset', () => {
  it('has a fixture, and every fixture a preset', () => {
    const ids = presets.map(({ file }) => parse(file).name);
    expect([...fixtureOf.keys()].filter((name) => !/^(?:accounting|identifiers)$/.test(name)).sort()).toEqual(
      [...ids].sort(),
    );
  });

  it('is there for each of the systems that partners have', () => {
    const ids = presets.map(({ file }) => parse(file).name).join(' ');
    for (const system of [
      'aspen',
      'powerschool',
      'infinite-campus',
      'skyward',
      'aeries',
      'synergy',
      'ma-sims',
      'oneroster',
      'sds',
      'edfi',
      'cityspan',
      'activenet',
      'kidtrax',
      'google-form',
      'pmm',
      'apricot',
      'sbhc',
      'vision',
      'dental',
      'fafsa',
      'clearinghouse',
      'fhir',
      'hl7',
    ])
      expect(ids).toContain(system);
  });

  it('accounts for every row of its fixture', async () => {
    await expect((await accountingIn(folder)).join('\n')).toMatchFileSnapshot(
      join(FIXTURES, 'accounting.txt'),
    );
  });

  it('reads names and birth dates to their normal form', async () => {
    const rows = await askIn(folder)(
      ({ identifiers }) =>
        sql`SELECT concat_ws('|', space, coalesce(first, '-'), coalesce(last, '-'), coalesce(birth_date, '-'), coalesce(sex, '-'),
          coalesce(zip, '-'), coalesce(phone, '-'), coalesce(state_id, '-'), coalesce(district_id, '-')) AS row
          FROM ${identifiers('identifiers')} ORDER BY 1`,
    );
    const text = rows.map(({ row }) => row).join('\n');
    await expect(text).toMatchFileSnapshot(join(FIXTURES, 'identifiers.txt'));
  });

  it('keeps no direct identifier and names no column twice', () => {
    for (const { fields } of manifests) {
      expect(
        fields.filter(({ treatment, sensitivity }) => treatment.includes('keep') && sensitivity === 'direct'),
      ).toEqual([]);
    }
  });
});

describe('a crosswalk', () => {
  const fileOf = (id: string) => shipped.find(({ file }) => file.endsWith(`/${id}.yaml`)) as DocumentFile;
  const aspen = () => fileOf('aspen-students');
  const naming = (id: string, over: string): DocumentFile => {
    const text = `${fewLines(aspen(), 'aspen', 'student').text}fields:\n${over.replace('HASH', fileOf(id).sha256)}`;
    return { file: safeName('manifests/crosswalked.yaml'), text, sha256: sha256Of(text) };
  };
  const codesOf = (manifest: FieldManifest | undefined, name: string) =>
    manifest?.fields.find((field) => field.name === name)?.codes;
  const grade =
    '  - { name: grade, crosswalk: { id: grades-us, sha256: HASH }, codes: { SP: "13", OOB: unknown } }\n';

  it('gives a field its codes; codes of the field go before them', () => {
    const [manifest] = manifestsIn([...shipped, naming('grades-us', grade)]);
    expect(codesOf(manifest, 'grade')).toMatchObject({
      KF: 'K',
      '07': '07',
      'Third grade': '03',
      SP: '13',
      OOB: 'unknown',
    });
  });

  it.each<[string, string, string, (files: readonly DocumentFile[]) => readonly DocumentFile[], string]>([
    [
      'is not there',
      'grades-us',
      grade,
      (files) => files.filter(({ file }) => !file.includes('grades-us')),
      'DOCUMENT_MISSING',
    ],
    [
      'is another one than was approved',
      'grades-us',
      grade,
      (files) =>
        files.map((each) =>
          each.file.includes('grades-us') ? { ...each, sha256: sha256Of('another') } : each,
        ),
      'CROSSWALK_CHANGED',
    ],
    [
      'is for columns of another kind',
      'race-us',
      '  - { name: grade, crosswalk: { id: race-us, sha256: HASH } }\n',
      (files) => files,
      'CONFIG_INVALID',
    ],
    [
      'stands on a field that is no code',
      'grades-us',
      '  - { name: date_of_birth, crosswalk: { id: grades-us, sha256: HASH } }\n',
      (files) => files,
      'CONFIG_INVALID',
    ],
  ])('is refused if it %s', (_, id, over, change, code) => {
    expect(() => manifestsIn([...change(shipped), naming(id, over)])).toThrow(code);
  });

  it.each([
    ['a word that the list has not', '{ K: kindergarten }'],
    ['a code with blanks around it', '{ " K": K }'],
  ])('is refused with %s', (_, codes) => {
    const text = `kind: crosswalk\nid: own-grades\nversion: 1\ntitle: Grades of ours\nsource: A list that we made up.\nbecomes: grade\ncodes: ${codes}\n`;
    expect(() => parseDocuments([{ file: safeName('own.yaml'), text, sha256: sha256Of(text) }])).toThrow(
      'CONFIG_INVALID',
    );
  });

  it('is asked for by manifests and by presets', () => {
    const asks = naming(
      'languages-us',
      '  - { name: home_language, crosswalk: { id: languages-us, sha256: HASH } }\n',
    );
    expect(crosswalksMissing([asks])).toEqual(['languages-us']);
    expect(crosswalksMissing([asks, fileOf('languages-us')])).toEqual([]);
  });

  it('counts a code that it has not, and guesses nothing', async () => {
    const manifest = manifestsIn([
      ...shipped,
      naming('grades-us', '  - { name: grade, codes: {}, crosswalk: { id: grades-us, sha256: HASH } }\n'),
    ]);
    const other = join(folder, 'crosswalk');
    const text = await readFile(fixtureOf.get('aspen-students') ?? '', 'latin1');
    await takeIn(other, {
      manifests: manifest,
      extracts: { 'aspen-students': Buffer.from(text.replace(/"KF"|"07"/, '"Kinder"'), 'latin1') },
    });
    expect((await accountingIn(other)).join('\n')).toContain('noted unmapped_code:grade 1');
  });
});

describe('a manifest on a preset', () => {
  const aspen = () => presets.find(({ file }) => file.includes('aspen-students')) as DocumentFile;
  const over = (more: string): DocumentFile => {
    const base = fewLines(aspen(), 'aspen', 'student');
    const text = base.text + more;
    return { ...base, text, sha256: sha256Of(text) };
  };
  const only = (more: string): FieldManifest => manifestsIn([aspen(), over(more)])[0] as FieldManifest;

  it('renames, leaves out, adds and changes columns, and what differs in the format', () => {
    const manifest = only(`
rename: { local_id: LASID, full_name: Student Name }
without: [plan_504, house]
drop: [bus_number]
format: { encoding: utf-8 }
fields:
  - { name: LASID, pattern: digits, width: 6 }
  - { name: zip, description: The ZIP code., type: text, sensitivity: direct, treatment: [link], identifier: zip, purpose: Links records. }
`);
    expect(manifest.records).toMatchObject({ space: 'aspen-student', key: ['LASID'] });
    expect(manifest.format).toMatchObject({ encoding: 'utf-8', escape: 'backslash' });
    const names = manifest.fields.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['LASID', 'Student Name', 'bus_number', 'zip']));
    for (const gone of ['local_id', 'full_name', 'plan_504', 'house']) expect(names).not.toContain(gone);
    expect(manifest.fields.find(({ name }) => name === 'LASID')).toMatchObject({
      width: 6,
      treatment: ['internal', 'link'],
    });
    expect(manifest.fields.every(({ basis }) => basis === 'owner-programme-records')).toBe(true);
  });

  it.each([
    [
      'the preset is another one than was approved',
      () => [{ ...aspen(), sha256: sha256Of('another') }, over('')],
      'PRESET_CHANGED',
      {},
    ],
    [
      'the preset is not there',
      () => [over('')],
      'DOCUMENT_MISSING',
      { kind: 'preset', id: 'aspen-students' },
    ],
    [
      'it renames what the preset has not',
      () => [aspen(), over('rename: { lasid: LASID }\n')],
      'CONFIG_INVALID',
      { field: 'lasid' },
    ],
    [
      'the whole breaks a rule',
      () => [aspen(), over('without: [local_id]\n')],
      'CONFIG_INVALID',
      { field: 'records.key.0' },
    ],
    [
      'a column breaks a rule',
      () => [aspen(), over('fields: [{ name: race, type: text }]\n')],
      'CONFIG_INVALID',
      { field: 'fields.race.column' },
    ],
    [
      'it has a key that nobody knows',
      () => [aspen(), over('treatments: []\n')],
      'CONFIG_INVALID',
      { field: 'treatments' },
    ],
  ] as const)('is refused if %s', (_, files, code, details) => {
    let thrown: unknown;
    try {
      parseDocuments(files());
    } catch (failure) {
      thrown = failure;
    }
    expect(thrown).toMatchObject({ code, details });
  });
});
