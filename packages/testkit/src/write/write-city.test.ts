import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseString } from 'fast-csv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CANARIES } from '../city/canaries.js';
import { MILLBROOK } from '../city/generate.js';
import type { Row } from '../extracts/row.js';
import { readAspen } from '../reading/aspen.js';
import { readWorkbook, timesOf } from '../reading/workbook.js';
import { generateCity } from './generate-city.js';
import { writeCity } from './write-city.js';

const fixtures = join(import.meta.dirname, '../../../../fixtures');
const namesDir = join(fixtures, 'names');
const scratch = mkdtempSync(join(tmpdir(), 'millbrook-'));
const written = join(scratch, 'written');

const files = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name).slice(folder.length + 1))
    .sort();

const bytes = (file: string) => readFileSync(join(written, file));

const DISTRICT = ['students.csv', 'enrollments.csv', 'calendar.csv', 'absences.csv', 'opt_outs.csv'];
const district = new Map<string, Row[]>();
const aspen = (file: string) => district.get(file) ?? [];

const delimited = (file: string, delimiter = ',') =>
  new Promise<Row[]>((resolve, reject) => {
    const rows: Row[] = [];
    parseString(bytes(file).toString('utf8'), { delimiter, ignoreEmpty: false })
      .on('error', reject)
      .on('data', (row: Row) => rows.push(row))
      .on('end', () => resolve(rows));
  });

beforeAll(async () => {
  await writeCity(generateCity({ ...MILLBROOK, namesDir }), written);
  for (const file of DISTRICT) district.set(file, readAspen(bytes(`extracts/district/${file}`)));
});
afterAll(() => rmSync(scratch, { recursive: true }));

describe('the committed city', () => {
  it('is what its plan makes, byte for byte', () => {
    const committed = files(join(fixtures, 'millbrook')).filter((file) => file !== 'README.md');
    expect(files(written)).toEqual(committed);
    const changed = committed.filter(
      (file) => !bytes(file).equals(readFileSync(join(fixtures, 'millbrook', file))),
    );
    expect(changed).toEqual([]);
  });

  it('stays small enough to commit', () => {
    const sizes = files(written)
      .filter((file) => file.startsWith('extracts/'))
      .map((file) => bytes(file).length);
    expect(sizes.reduce((sum, each) => sum + each, 0)).toBeLessThan(6_100_000);
  });
});

describe('another city', () => {
  it('is written the same twice, and without canaries unless asked', async () => {
    const plan = { seed: 11, students: 90, namesDir };
    for (const folder of ['once', 'twice']) await writeCity(generateCity(plan), join(scratch, folder));
    for (const file of files(join(scratch, 'once'))) {
      const once = readFileSync(join(scratch, 'once', file));
      expect(once.equals(readFileSync(join(scratch, 'twice', file)))).toBe(true);
      expect(once.toString('latin1').toLowerCase()).not.toContain('zzqcanary');
    }
    const workbook = readFileSync(join(scratch, 'once/extracts/health/vision_van.xlsx'));
    expect(JSON.stringify(readWorkbook(workbook).map(({ cells }) => [...cells]))).not.toContain('qcanary');
  });
});

describe('district extracts', () => {
  it('quote every field but a bare \\N, in rows that end in CRLF', () => {
    for (const file of DISTRICT) {
      const text = bytes(`extracts/district/${file}`).toString('latin1');
      expect(text.endsWith('\r\n')).toBe(true);
      expect(text.replace(/"(?:[^"\\]|\\[\s\S])*"/g, 'F').replace(/\\N/g, 'F')).toMatch(
        /^(?:F(?:,F)*\r\n)+$/,
      );
      expect(aspen(file)[0]?.includes(null)).toBe(false);
    }
  });

  it('hold Windows-1252 bytes that are no UTF-8', () => {
    const students = bytes('extracts/district/students.csv');
    for (const byte of [0x92, 0xe9, 0xf1]) expect(students.includes(byte)).toBe(true);
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(students)).toThrow();
  });

  it('escape quotes, backslashes and line breaks in comments', () => {
    const text = bytes('extracts/district/absences.csv').toString('latin1');
    for (const escaped of ['\\"again\\"', '\\\\2025\\\\"', 'log\\\r\nReturn'])
      expect(text).toContain(escaped);
    const comments = aspen('absences.csv').map((row) => row[7]);
    expect(comments).toContain('See nurse log\r\nReturn w/ note');
    expect(comments).toContain('Filed under attendance\\2025\\');
  });

  it('show absences of children who are still active only', () => {
    const status = new Map(aspen('students.csv').map((row) => [row[1], row[2]]));
    const seen = new Set(
      aspen('absences.csv')
        .slice(1)
        .map((row) => status.get(row[1] ?? '')),
    );
    expect(seen.has('Active')).toBe(true);
    expect(seen.has('Transferred')).toBe(false);
    expect([...status.values()]).toContain('Transferred');
  });

  it('hold the slips a clerk makes', () => {
    const rows = aspen('absences.csv')
      .slice(1)
      .filter((row) => row.length === 10);
    const texts = rows.map((row) => JSON.stringify(row));
    expect(new Set(texts).size).toBeLessThan(texts.length);
    const days = rows.map((row) => `${row[1]} ${row[8]}`);
    expect(days.length - new Set(days).size).toBeGreaterThan(texts.length - new Set(texts).size);
    const meals = new Set(aspen('students.csv').map((row) => row[14]));
    expect(meals).toContain('Not Eligibile');
    expect(meals).toContain('Not Eligible');
  });
});

describe('other extracts', () => {
  it('have the marks of their systems', async () => {
    for (const file of ['students', 'enrollments', 'calendar', 'attendance']) {
      const campus = bytes(`extracts/charter/${file}.csv`);
      expect([...campus.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
      expect(campus.includes('\r')).toBe(false);
    }
    const sessions = bytes('extracts/afterschool/sessions.csv').toString('utf8');
    expect(sessions.split('\n').filter((line) => line !== '' && !line.endsWith('\r'))).toEqual([]);
    expect(sessions).toMatch(/"Arts, Crafts & More"/);
    const clinic = bytes('extracts/health/clinic.psv').toString('utf8');
    expect(clinic).toMatch(/^[^"]*$/);
    const sound = clinic.split('\n').filter((line) => line.split('|').length === 16);
    expect(sound.slice(1).every((line) => line === line.toUpperCase() || /\|[a-z]{2,3}\|/.test(line))).toBe(
      true,
    );
    expect((await delimited('extracts/city/success_plans.csv', ';'))[0]).toHaveLength(14);
  });

  it("carry the afterschool programme's dirt", async () => {
    const rows = (await delimited('extracts/afterschool/sessions.csv')).slice(1);
    const ids = new Set(rows.map((row) => row[1] ?? ''));
    const some = (form: RegExp) => [...ids].filter((id) => form.test(id)).length;
    expect(some(/^\d\.\d\dE\+\d\d$/)).toBeGreaterThan(0);
    expect(some(/^[1-9]\d{3,4}$/)).toBeGreaterThan(10);
    expect(ids.has('')).toBe(true);
    expect(rows.some((row) => row[2] === 'Student' && row[3] === 'Test')).toBe(true);
    expect(rows.some((row) => / (Jr\.|I{2,3})$/.test(row[2] ?? ''))).toBe(true);
    expect(
      rows.filter((row) => row[9] === 'Waitlisted').every((row) => row[10] === '' && row[11] === ''),
    ).toBe(true);
    const days = new Map<string, Set<string>>();
    for (const row of rows) {
      const key = `${row[0]} ${row[10]}`;
      days.set(key, (days.get(key) ?? new Set()).add(row[11] ?? ''));
    }
    expect([...days.values()].some((marks) => marks.has('Yes') && marks.has('No'))).toBe(true);
  });

  it('lay out the roster in two sections and a total', () => {
    const lines = bytes('extracts/city/recreation_roster.csv').toString('utf8').trimEnd().split('\r\n');
    const waiting = lines.indexOf('Waiting List');
    expect(lines[2]).toBe('#,Name,Gender/Age,Phone,Quantity,Entry Date');
    expect(lines[3]).toMatch(/^1,[^,]+,[FMX] \/ \d+,\(\d{3}\) 555-\d{4},1,\d+\/\d+\/2026$/);
    expect(lines[waiting - 1]).toBe('');
    expect(lines[waiting + 1]).toBe('#,Name,Gender/Age,Phone,Entry Date');
    const numbered = lines.filter((line) => /^\d+,/.test(line)).length;
    expect(lines.at(-1)).toBe(`Total,${numbered}`);
  });

  it('refuse to be read whole: wrong widths, impossible dates and no key in each', async () => {
    for (const { rows, key } of await tables()) {
      const [header, ...below] = rows;
      const whole = below.filter((row) => row.length === header?.length);
      expect(whole.length).toBeLessThan(below.length);
      expect(whole.some((row) => (row[key] ?? '') === '')).toBe(true);
      expect(below.some((row) => row.some((cell) => IMPOSSIBLE.test(cell ?? '')))).toBe(true);
    }
  });
});

/** Every delimited extract but the roster, and the position of its key. */
async function tables(): Promise<{ rows: Row[]; key: number }[]> {
  const campus = ['students', 'enrollments', 'calendar', 'attendance'].map(
    (file) => `extracts/charter/${file}.csv`,
  );
  return [
    ...DISTRICT.map((file) => ({
      rows: aspen(file),
      key: ['students.csv', 'absences.csv'].includes(file) ? 1 : 0,
    })),
    ...(await Promise.all(campus.map(async (file) => ({ rows: await delimited(file), key: 0 })))),
    { rows: await delimited('extracts/afterschool/sessions.csv'), key: 0 },
    { rows: await delimited('extracts/city/success_plans.csv', ';'), key: 0 },
    { rows: await delimited('extracts/health/clinic.psv', '|'), key: 0 },
  ];
}

const IMPOSSIBLE =
  /^(\d{4}-13-\d\d|\d{4}-02-30|\d{4}-31-10|02\/30\/\d{4}|2\/30\/\d{4}|13\/\d\d\/\d{4}|\d{4}0230)$/;

describe('the workbook', () => {
  it('has titles, real and typed dates, a total, and a sheet nobody is meant to see', () => {
    const [screening, scratchSheet] = readWorkbook(bytes('extracts/health/vision_van.xlsx'));
    expect([screening?.name, screening?.hidden]).toEqual(['Screening', false]);
    expect([scratchSheet?.name, scratchSheet?.hidden]).toEqual(['Scratch', true]);
    expect(screening?.cells.get('A3')).toBe('Student Name');
    const births = [...(screening?.cells ?? [])]
      .filter(([reference]) => /^B\d+$/.test(reference))
      .map(([, text]) => text);
    expect(births.filter((text) => /^\d{5}$/.test(text)).length).toBeGreaterThan(20);
    expect(births.filter((text) => /^\d+\/\d+\/\d{4}$/.test(text)).length).toBeGreaterThan(5);
    const firsts = [...(screening?.cells ?? [])].filter(([reference]) => /^A\d+$/.test(reference));
    expect(firsts.at(-1)?.[1]).toBe('TOTAL');
  });

  it('bears no time of writing', () => {
    expect(new Set(timesOf(bytes('extracts/health/vision_van.xlsx'))).size).toBe(1);
    expect(timesOf(bytes('extracts/health/vision_van.xlsx'))[0]).toBe(0x0021_0000);
  });
});

describe('canaries', () => {
  const text = (file: string) =>
    file.endsWith('.xlsx')
      ? readWorkbook(bytes(file))
          .map(({ cells }) => [...cells.values()].join('\n'))
          .join('\n')
      : bytes(file).toString('latin1');

  it('stand in every extract, and every spelling stands somewhere', () => {
    const texts = files(written)
      .filter((file) => file.startsWith('extracts/'))
      .map((file) => text(file).toLowerCase());
    expect(texts).toHaveLength(23);
    for (const each of texts) expect(each).toContain('zzqcanary');
    for (const canary of CANARIES)
      expect([canary, texts.some((each) => each.includes(canary))]).toEqual([canary, true]);
  });

  it('stand in sound rows and in rows to refuse', () => {
    const rows = aspen('students.csv').filter((row) =>
      row.some((cell) => cell?.toLowerCase().includes('zzqcanary')),
    );
    expect(rows.filter((row) => row[2] === 'Active' && row.length === 28)).toHaveLength(2);
    expect(
      rows.filter((row) => row.includes('2000-13-01') || row[1] === null || row.length !== 28),
    ).toHaveLength(3);
  });

  it('are strings no other row holds', () => {
    const others = aspen('students.csv').filter(
      (row) => !row.some((cell) => cell?.toLowerCase().includes('zzqcanary')),
    );
    const sound = JSON.stringify(others).toLowerCase();
    for (const canary of CANARIES) expect([canary, sound.includes(canary)]).toEqual([canary, false]);
  });
});
