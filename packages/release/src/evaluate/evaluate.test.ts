import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DisclosureConfig, disclosureSchema } from './config.js';
import { evaluateDisclosure } from './evaluate.js';

const d53 = fileURLToPath(new URL('../../../../fixtures/disclosure/d53.csv', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'disclosure-'));
});
afterAll(() => rm(folder, { recursive: true }));

const LMS = ['lms_l', 'lms_h'];
const HST = ['hst_l', 'hst_m', 'hst_h'];

const config = (changes: object = {}): DisclosureConfig =>
  disclosureSchema.parse({
    microdata: { path: 'd53.csv', frequency: 'freq' },
    primary: { from: 1, to: 3, zero: 'publish' },
    min_width: 3,
    tables: [
      { name: 'by-sex', cross: [['sex'], LMS, HST] },
      { name: 'by-age', cross: [['age_l', 'age_m'], HST] },
    ],
    ...changes,
  });

const written = async (place: string): Promise<string> => {
  const names = (await readdir(place)).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(place, name), 'utf8')));
  return names.map((name, at) => `${name}\n${texts[at]}`).join('\n');
};

const evaluated = async (name: string, microdata: string, asked = config()) => {
  const place = join(folder, name);
  const outcome = await evaluateDisclosure(asked, { microdata, folder: place });
  return { outcome, text: await written(place) };
};

const csv = async (name: string, text: string): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
};

describe('the gate on microdata', () => {
  it('protects linked tables and says what it took', async () => {
    const { outcome, text } = await evaluated('plain', d53);
    expect(outcome).toMatchObject({ verdict: 'protected', exact_by_attacker: { A1: 0, A3: 0 } });
    expect(outcome.narrowest_interval).toBeGreaterThanOrEqual(3);
    expect(outcome.withheld).toBeGreaterThan(outcome.primary);
    expect(text).toContain('column_1,level_1,column_2,level_2,column_3,level_3,count,status\n');
    expect(text).toContain('Total,Total,Total,Total,Total,Total,10000,published\n');
    const small = text.split('\n').filter((line) => /,[0-3],published$/.test(line));
    expect(small).toEqual([]);
  });

  it('writes the same bytes for rows in another order, one row a person, or another row order of equals', async () => {
    const [header = '', ...rows] = (await readFile(d53, 'utf8')).trim().split('\n');
    const backwards = await csv('backwards.csv', [header, ...rows.reverse()].join('\n'));
    const people = rows.flatMap((row) => {
      const fields = row.split(',');
      return Array.from({ length: Number(fields.at(-1)) }, () => fields.slice(0, -1).join(','));
    });
    const one = await csv(
      'people.csv',
      [header.replace(',freq', ''), ...people.sort((a, b) => a.length - b.length)].join('\r\n'),
    );
    const plain = await evaluated('again', d53);
    const turned = await evaluated('backwards', backwards);
    const single = await evaluated('people', one, config({ microdata: { path: 'people.csv' } }));
    expect(turned).toEqual(plain);
    expect(single).toEqual(plain);
  });

  it('withholds empty cells among the rest where the policy says so', async () => {
    const people = await csv(
      'small.csv',
      'a,b\nx,p\nx,p\nx,p\nx,p\nx,q\nx,q\nx,q\nx,q\nx,q\ny,p\ny,p\ny,p\ny,p\ny,p\ny,p\nz,p\nz,q\nz,q\n',
    );
    const asked = config({
      microdata: { path: 'small.csv' },
      primary: { from: 1, to: 2, zero: 'suppress' },
      tables: [{ name: 't', cross: [['a'], ['b']] }],
    });
    const { outcome, text } = await evaluated('zeros', people, asked);
    expect(text).toContain('a,y,b,q,,withheld');
    expect(outcome.primary).toBe(3);
    expect(outcome.exact_by_attacker).toEqual({ A1: 0, A3: 0 });
    const published = await evaluated('no-zeros', people, config({ ...asked, primary: { from: 1, to: 2 } }));
    expect(published.text).not.toContain('a,y,b,q');
  });

  it('ends where nearly everybody is alone in a combination, with every sensitive count wide', async () => {
    const people = Array.from({ length: 300 }, (_, at) =>
      [at % 2, (at * at) % 7, (at * at) % 29, (at * 13) % 5, (at * 13) % 23, (at * 5) % 17].join(','),
    );
    const path = await csv('alone.csv', ['sex,a_l,a_h,b_l,b_h,c', ...new Set(people)].join('\n'));
    const asked = config({
      microdata: { path },
      tables: [
        { name: 'one', cross: [['sex'], ['a_l', 'a_h'], ['b_l', 'b_h']] },
        { name: 'two', cross: [['a_l', 'a_h'], ['c']] },
      ],
    });
    const { outcome } = await evaluated('alone', path, { ...asked, attackers: ['A1'] });
    expect(outcome).toMatchObject({ verdict: 'protected', exact_by_attacker: { A1: 0 } });
    expect(outcome.narrowest_interval).toBeGreaterThanOrEqual(3);
    expect(outcome.withheld).toBeLessThan(outcome.cells);
    // Who knows which combinations exist knows everybody here, so that the smallest total would confirm it.
    const insider = await evaluated('insider', path, { ...asked, attackers: ['A1', 'A3'] });
    expect(insider.outcome).toMatchObject({ exact_by_attacker: { A1: 0, A3: 0 }, strongest_attacker: 'A3' });
    expect(insider.outcome.withheld).toBe(insider.outcome.cells);
  });

  it('takes any text for a category: marks, quotes, line ends, names of object members', async () => {
    const odd = ['é "x", y', 'a\nb', '__proto__', 'Total', ' ', '日本', '=1+1', '\u2028'];
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const rows = odd.flatMap((one, at) =>
      odd.map((other, n) => [quoted(one), quoted(other), 2 + ((at * 5 + n) % 7)]),
    );
    const path = await csv(
      'odd.csv',
      `\ufeff"constructor","a ""b"", c",n\r\n${rows.map((row) => row.join(',')).join('\r\n')}\r\n`,
    );
    const asked = config({
      microdata: { path: 'odd.csv', frequency: 'n' },
      tables: [{ name: 't', cross: [['constructor'], ['a "b", c']] }],
    });
    const { outcome } = await evaluated('odd', path, asked);
    expect(outcome).toMatchObject({ verdict: 'protected', cells: 81, exact_by_attacker: { A1: 0, A3: 0 } });
    expect(outcome.narrowest_interval ?? 3).toBeGreaterThanOrEqual(3);
  });

  it('withholds nothing where every count is large', async () => {
    const months = Array.from({ length: 30 }, (_, at) => `m${at},f,${10_001 + at}\nm${at},m,${20_000 + at}`);
    const path = await csv('months.csv', `month,sex,n\n${months.join('\n')}\n`);
    const asked = config({
      microdata: { path, frequency: 'n' },
      tables: [{ name: 'months', cross: [['month'], ['sex']] }],
    });
    const { outcome } = await evaluated('months', path, asked);
    expect(outcome).toMatchObject({ withheld: 0, primary: 0, narrowest_interval: null });
  });

  it('keeps a formula from running in a spreadsheet', async () => {
    const path = await csv('formula.csv', 'a\n=1+1\n=1+1\n=1+1\n=1+1\n=1+1\n');
    const asked = config({ microdata: { path }, tables: [{ name: 't', cross: [['a']] }] });
    const { text } = await evaluated('formula', path, asked);
    expect(text).toContain("a,'=1+1,5,published");
  });
});

describe('the gate refuses', () => {
  const asked = config({
    microdata: { path: 'x.csv', frequency: 'n' },
    tables: [{ name: 't', cross: [['a']] }],
  });
  it.each([
    ['a column that is not there', 'b,n\nx,1\n', /HEADER_MISSING_COLUMN.*column=a/],
    ['a column twice', 'a,a,n\nx,y,1\n', /HEADER_DUPLICATE_COLUMN/],
    ['a short row', 'a,n\nx,1\ny\n', /MICRODATA_INVALID.*line=3/],
    ['a frequency with a fraction', 'a,n\nx,1.5\n', /MICRODATA_INVALID.*line=2/],
    ['a frequency below 0', 'a,n\nx,-1\n', /MICRODATA_INVALID.*line=2/],
    ['a quote that does not end', 'a,n\n"x,1\n', /MICRODATA_INVALID/],
    ['nobody', 'a,n\nx,0\n', /MICRODATA_INVALID/],
    ['an empty file', '', /EXTRACT_REFUSED|MICRODATA_INVALID/],
  ])('%s, and repeats no value', async (name, text, message) => {
    const path = await csv('bad.csv', text);
    const refusal = evaluateDisclosure(asked, { microdata: path, folder: join(folder, 'never') });
    await expect(refusal).rejects.toThrow(message);
    await expect(refusal).rejects.not.toThrow(/1\.5|-1/);
    expect(await readdir(folder)).not.toContain('never');
    expect(name).not.toBe('');
  });

  it('tables that are too large, naming the table and the margin to drop', async () => {
    const columns = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const rows = Array.from({ length: 3000 }, (_, at) =>
      columns.map((_name, c) => `v${(at * (c + 3)) % 997}`),
    );
    const path = await csv('large.csv', [columns, ...rows].map((row) => row.join(',')).join('\n'));
    const large = config({
      microdata: { path: 'large.csv' },
      primary: { from: 1, to: 3, zero: 'suppress' },
      tables: [
        { name: 'small', cross: [['a']] },
        { name: 'wide', cross: [['a'], ['b', 'c'], ['d'], ['e'], ['f'], ['g']] },
      ],
    });
    const refusal = evaluateDisclosure(large, { microdata: path, folder: join(folder, 'never') });
    await expect(refusal).rejects.toThrow(/TABLES_TOO_LARGE.*drop_table=wide or_margin=b\/c/);
  });

  it('bytes that are not UTF-8', async () => {
    const path = join(folder, 'latin.csv');
    await writeFile(path, Buffer.from([0x61, 0x2c, 0x6e, 0x0a, 0xe9, 0x2c, 0x31, 0x0a]));
    const refusal = evaluateDisclosure(asked, { microdata: path, folder: join(folder, 'never') });
    await expect(refusal).rejects.toThrow(/ENCODING_BROKEN/);
  });

  it.each([
    { primary: { from: 4, to: 3 } },
    { min_width: 0 },
    { attackers: ['A2'] },
    { tables: [] },
    { tables: [{ name: '../t', cross: [['a']] }] },
    { tables: [{ name: 't', cross: [['a'], ['a']] }] },
  ])('a configuration like %j', (changes) => {
    expect(() => config(changes)).toThrow();
  });
});
