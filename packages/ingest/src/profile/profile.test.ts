import { readdir, readFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FieldManifest, parseDocuments, parseYaml, preset } from '@throughline/agreement';
import { safeName } from '@throughline/core';
import {
  openSession,
  presetFiles,
  readableFile,
  type Session,
  scratchIn,
  sha256Of,
} from '@throughline/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workbookOf } from '../sample/archive.fixture.js';
import { deliveries } from '../sample/delivered.fixture.js';
import { bytesOf } from '../sample/extract.fixture.js';
import { draftManifest } from './draft.js';
import { CODE_LISTS, NULL_WORDS } from './known-words.js';
import { profilePage } from './page.js';
import { type KnownPreset, type Profile, profileFile } from './profile.js';

const root = (path: string) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
const FIXTURES = root('fixtures/presets');
const { file, path, read } = deliveries();

let session: Session;
let presets: KnownPreset[];
let presetTexts: Awaited<ReturnType<typeof presetFiles>>;
let runs = 0;
beforeAll(async () => {
  presetTexts = await presetFiles(root('pipelines/presets'));
  presets = presetTexts
    .filter(({ text }) => !/^kind: crosswalk$/m.test(text))
    .map((each) => ({ document: parseYaml(each, preset), sha256: each.sha256 }));
  session = await openSession({ folders: [path('.')], spill: path('spill'), memory: '300MB', threads: 1 });
});
afterAll(() => session.close());

type Said = { readonly header?: boolean; readonly sheet?: string; readonly presets?: readonly KnownPreset[] };

async function profiled(bytes: Uint8Array | string, said: Said = {}): Promise<Profile> {
  const { path: place } = await file(bytes);
  runs += 1;
  const scratch = scratchIn(path('.'));
  return profileFile(await readableFile(place, 'file'), {
    said: { header: said.header, sheet: said.sheet },
    presets: said.presets ?? presets,
    session,
    scratch: { ...scratch, create: (name) => scratch.create(`${runs}-${name}`) },
  });
}

function manifestFrom(profile: Profile): FieldManifest {
  const text = draftManifest(profile, { partner: 'club', extract: 'extract', day: '2026-06-16' });
  const draft = { file: safeName('draft.yaml'), text, sha256: sha256Of(text) };
  const [found] = parseDocuments([...presetTexts, draft]).flatMap(({ document }) =>
    document.kind === 'manifest' ? [document] : [],
  );
  return found as FieldManifest;
}

describe('a normal export of every system that has a preset', async () => {
  const names = (await readdir(FIXTURES)).filter((name) => !/^(?:accounting|identifiers)/.test(name)).sort();
  /** Sheets for people with several tables are named by hand. */
  const byHand = ['activenet-roster.csv'];

  it.each(
    names.filter((name) => !byHand.includes(name)),
  )('%s is known by its columns, and its draft reads every row', async (name) => {
    const bytes = new Uint8Array(await readFile(join(FIXTURES, name)));
    const profile = await profiled(bytes);
    expect(profile.matches[0]?.preset.id).toBe(parse(name).name);
    const { tally } = await read(bytes, manifestFrom(profile));
    expect(tally.rows).toBeGreaterThan(0);
    expect(tally.rejected).toEqual([]);
  });

  it.each([
    'aspen-students.csv',
    'skyward-students.csv',
    'powerschool-students.csv',
  ])('%s is also read from a draft without a preset', async (name) => {
    const bytes = new Uint8Array(await readFile(join(FIXTURES, name)));
    const manifest = manifestFrom(await profiled(bytes, { presets: [] }));
    const roles = manifest.fields.flatMap(({ identifier }) => identifier ?? []);
    expect(roles).toEqual(expect.arrayContaining(['birth_date', 'sex']));
    expect((await read(bytes, manifest)).tally.rejected).toEqual([]);
  });

  it.each([
    'aspen-students.csv',
    'cityspan-sessions.csv',
    'sbhc-encounters.psv',
    'infinite-campus-students.csv',
    'pmm-service-deliveries.csv',
  ])('%s is told without a value of a row', async (name) => {
    const text = Buffer.from(await readFile(join(FIXTURES, name))).toString('latin1');
    const { guess, columns, ...rest } = await profiled(new Uint8Array(await readFile(join(FIXTURES, name))));
    const page = profilePage({ guess, columns, ...rest });
    const draft = draftManifest(
      { guess, columns, ...rest },
      { partner: 'club', extract: 'x', day: '2026-06-16' },
    );
    const ours = new Set<string>([
      ...NULL_WORDS,
      ...Object.values(CODE_LISTS).flatMap((list) => [...list.keys()]),
    ]);
    const said = new Set(
      `${guess.columns.join(' ')} ${presets.map(({ document }) => JSON.stringify(document)).join(' ')}`.split(
        /[^\p{L}\p{N}]+/u,
      ),
    );
    const body = text.split(/\r?\n/).slice(1).join('\n');
    const values = new Set(
      body.split(/[^A-Za-z0-9@]+/).filter((word) => word.length >= 5 && !ours.has(word) && !said.has(word)),
    );
    for (const value of values) expect([value, (page + draft).includes(value)]).toEqual([value, false]);
  });
});

const many = (row: (index: number) => string): string =>
  Array.from({ length: 40 }, (_, index) => row(index)).join('');

describe('a preset whose columns the file has under other names', () => {
  const aspen = async (rename: (header: string) => string) => {
    const text = Buffer.from(await readFile(join(FIXTURES, 'aspen-students.csv'))).toString('latin1');
    const [header = '', ...rows] = text.split('\n');
    return bytesOf([rename(header), ...rows].join('\n'));
  };

  it('is drafted with their names, so that the key is there', async () => {
    const bytes = await aspen((header) => header.replace('local_id', 'LASID').replace('full_name', 'Name'));
    const profile = await profiled(bytes);
    expect(profile.matches[0]?.preset.id).toBe('aspen-students');
    const manifest = manifestFrom(profile);
    expect(manifest.records?.key).toEqual(['LASID']);
    expect((await read(bytes, manifest)).tally.rejected).toEqual([]);
  });

  it('is not suggested where no manifest on it would keep the rules', async () => {
    const profile = await profiled(await aspen((header) => header.replace('local_id', 'Zone')));
    expect(profile.matches.map(({ preset: { id } }) => id)).not.toContain('aspen-students');
  });

  it('is drafted with the format and the dates that the file has', async () => {
    const rows = Array.from({ length: 30 }, (_, at) => [
      `${1000 + at}`,
      'Ruiz',
      'Ana',
      `${13 + (at % 9)}.3.2015`,
      'F',
      '03',
    ]);
    const header = ['Sis Number', 'Last Name', 'First Name', 'Birth Date', 'Gender', 'Grade'];
    const book = workbookOf([{ name: 'Students', rows: [['Student list'], header, ...rows] }]);
    const profile = await profiled(book);
    expect(profile.matches[0]?.preset.id).toBe('synergy-students');
    const manifest = manifestFrom(profile);
    expect(manifest.format).toMatchObject({ type: 'workbook', sheet: 'Students', header_row: 2 });
    expect(manifest.fields.find(({ name }) => name === 'Birth Date')?.format).toEqual(['%d.%m.%Y']);
    expect((await read(book, manifest)).tally).toMatchObject({ rows: 30, rejected: [] });
  });

  it('says what the preset refuses and the file has', async () => {
    const text = Buffer.from(await readFile(join(FIXTURES, 'sds-users.csv'))).toString('utf8');
    const [header = '', ...rows] = text.trimEnd().split(/\r?\n/);
    const wider = [`${header},password`, ...rows.map((row) => `${row},x`)].join('\n');
    const profile = await profiled(header.includes('password') ? text : wider);
    expect(profilePage(profile)).toMatch(/refused by the preset: password/);
    expect(draftManifest(profile, { partner: 'club', extract: 'x', day: '2026-06-16' })).toMatch(
      /# The preset refuses what the file has: "password"/,
    );
  });
});

describe('questions for names', () => {
  it('are read without what explains them', async () => {
    const text = `Timestamp,"Child's first name\n(as on the school record)",Child's last name,"What is the child's date of birth?\nMM/DD/YYYY",Site\n${many(
      (index) => `9/22/2025 15:0${index % 10}:12,Ana ,Ruiz,3/${(index % 28) + 1}/2015,YMCA\n`,
    )}`;
    const manifest = manifestFrom(await profiled(text, { presets: [] }));
    const roles = manifest.fields.flatMap(({ identifier }) => identifier ?? []);
    expect(roles).toEqual(['first', 'last', 'birth_date']);
    expect((await read(bytesOf(text), manifest)).tally).toMatchObject({ rows: 40, rejected: [] });
  });
});

describe('a sheet with a column a day', () => {
  const days = Array.from({ length: 20 }, (_, at) => `10/${at + 1}/2025`);
  const sheet = `Student ID,Last Name,First Name,${days.join(',')},Total\n${many(
    (index) => `${1000 + index},Ruiz,Ana,${days.map((_, at) => (at % 3 === 0 ? '' : 'P')).join(',')},13\n`,
  )}`;

  it('is known by its headings, and its draft makes each cell a row', async () => {
    const profile = await profiled(sheet, { presets: [] });
    expect(profilePage(profile)).toMatch(/20 columns are headed by days, written %m\/%d\/%Y/);
    expect(profile.guess.unsure).toEqual([]);
    const manifest = manifestFrom(profile);
    expect(manifest.scope).toMatchObject({ covers_from: '2025-10-01', covers_to: '2025-10-20' });
    const { tally } = await read(bytesOf(sheet), manifest);
    expect(tally).toMatchObject({ rows: 40 * 20, rejected: [] });
  });

  it.each([
    ['two days', '10/1/2025,10/2/2025'],
    ['days that do not ascend', '10/3/2025,10/1/2025,10/2/2025'],
  ])('is none with %s', async (_, headings) => {
    const width = headings.split(',').length;
    const text = `Student ID,Last Name,First Name,${headings}\n${many((index) => `${index},Ruiz,Ana${',P'.repeat(width)}\n`)}`;
    expect((await profiled(text, { presets: [] })).days).toBeUndefined();
  });
});

describe('what a file does not say', () => {
  it('is whether its first row is a header: nothing of it is told unless a person says so', async () => {
    const bytes = `Zzqcanary,Ana,Mill\n${many((index) => `Ruiz${String.fromCharCode(97 + (index % 20))},Bo,Mill\n`)}`;
    const unsure = await profiled(bytes);
    expect(unsure.guess.named).toBe(false);
    expect(
      profilePage(unsure) + draftManifest(unsure, { partner: 'a', extract: 'b', day: '2026-06-16' }),
    ).not.toMatch(/Zzqcanary|Ruiz/);
    expect(unsure.tally.rows).toBe(41);
    expect((await profiled(bytes, { header: true })).columns[0]?.name).toBe('Zzqcanary');
  });

  it('is which way round day and month are, unless some days show it', async () => {
    const table = (day: (index: number) => string) =>
      `Student ID,Birth Date\n${many((index) => `${1000 + index},${day(index)}\n`)}`;
    const open = await profiled(table((index) => `0${(index % 9) + 1}/0${(index % 8) + 1}/2015`));
    expect(open.columns[1]?.judgement.unsure.join()).toMatch(/either way round/);
    const shown = await profiled(table((index) => `${(index % 12) + 1}/${(index % 27) + 1}/2015`));
    expect(shown.columns[1]?.judgement).toMatchObject({ formats: ['%m/%d/%Y'] });
    expect(shown.columns[1]?.judgement.unsure.join()).toMatch(/others show which it is/);
  });

  it('is what encoding it has, if it is not UTF-8: that is said', async () => {
    const profile = await profiled(bytesOf('Last Name,First Name\n', 'Nu', 0xf1, 'ez,Ana\n'));
    expect(profile.guess.unsure.join()).toMatch(/not UTF-8/);
    expect(profile.tally.encoding).toBe('windows-1252');
  });

  it('is what a spreadsheet has spoilt', async () => {
    const bytes = `Student ID,DOB\n${many((index) => `${index % 2 ? '4.15E+03' : `00${4100 + index}`},${42_000 + index}\n`)}`;
    const [id, birth] = (await profiled(bytes)).columns;
    expect(id?.judgement.unsure.join()).toMatch(/20 values were spoilt/);
    expect(birth?.judgement.unsure.join()).toMatch(/40 values look like day numbers/);
  });
});

describe('a file without a preset', () => {
  it.each([
    ['tabs', '\t'],
    ['pipes', '|'],
    ['semicolons', ';'],
  ])('is told by its %s', async (_, delimiter) => {
    const rows = [
      ['Last Name', 'First Name', 'Note'],
      ...Array.from({ length: 30 }, () => ['Ruiz, Jr', 'Ana', 'a b']),
    ];
    const { guess, tally } = await profiled(rows.map((cells) => cells.join(delimiter)).join('\r\n'), {
      presets: [],
    });
    expect(guess.format).toMatchObject({ type: 'delimited', delimiter });
    expect(tally.rows).toBe(30);
  });

  it('is told by lines of one length, by a sheet, by titles above the table', async () => {
    const fixed = await profiled(
      many((index) => `${String(index).padStart(6, '0')} RUIZ       ANA      20150309\n`),
    );
    expect(fixed.guess.format).toMatchObject({
      type: 'fixed-width',
      columns: [{ start: 1 }, { start: 8 }, { start: 19 }, { start: 28 }],
    });
    const rows = [['Roster'], [], ['Last Name', 'First Name', 'DOB'], ['Ruiz', 'Ana', '2015-03-09']];
    const book = await profiled(
      workbookOf([
        { name: 'Roster', rows },
        { name: 'old', state: 'hidden', rows },
      ]),
    );
    expect(book.guess.format).toMatchObject({ type: 'workbook', sheet: 'Roster', header_row: 3 });
    expect(book.guess.unsure.join()).toMatch(/1 of them hidden/);
    const titled = await profiled(
      `Summer roster\n\nLast Name,First Name,DOB\n${many(() => 'Ruiz,Ana,2015-03-09\n')}`,
    );
    expect(titled.guess.format).toMatchObject({ title_rows: 2 });
    expect(titled.tally.rows).toBe(40);
  });

  it('is refused if it is nothing that can be read, without repeating what it is', async () => {
    for (const bytes of ['Zzqcanary', '%PDF-1.7 Zzqcanary', `${'\0'.repeat(8)}DUCK`]) {
      await expect(profiled(bytes)).rejects.toMatchObject({ code: 'EXTRACT_MALFORMED' });
      await expect(profiled(bytes)).rejects.not.toThrow(/Zzqcanary/);
    }
  });

  it('names a column that looks like a social-security number, and refuses it in the draft', async () => {
    const profile = await profiled(
      `Last Name,First Name,Reference\n${many((index) => `Ruiz,Ana,123-45-${1000 + index}\n`)}`,
      { presets: [] },
    );
    expect(manifestFrom(profile).fields[2]).toMatchObject({ treatment: ['refuse'] });
  });
});
