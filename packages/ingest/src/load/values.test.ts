import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ident, openSession, type Session, sql } from '@throughline/engine';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dateReader } from '../normalise/dates.js';
import type { PlannedExtract } from '../plan/plan.js';
import { layoutOf } from '../read/layout.js';
import { extractOf } from '../sample/extract.fixture.js';
import { field, key, sampleManifest, type WrittenField } from '../sample/manifest.fixture.js';
import { makeValues } from './values.js';

let folder: string;
let session: Session;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'values-'));
  session = await openSession({
    folders: [folder],
    spill: join(folder, 'spill'),
    memory: '300MB',
    threads: 1,
  });
});
afterAll(async () => {
  session.close();
  await rm(folder, { recursive: true });
});

/** Values of one field for some texts, and the reasons for which the rows cannot be kept. */
async function valuesOf(texts: readonly (string | null)[], over: Partial<WrittenField>) {
  const manifest = sampleManifest({
    fields: [key, field('x', over)],
    records: {
      space: 'participant',
      key: ['id'],
      identifiers: false,
      one_row_each: false,
      duplicate_free: true,
    },
    payload_table:
      over.column === 'age' ? 'registrations' : over.column === 'school' ? 'students' : 'sessions',
    constants: over.column === 'age' ? { section: 'enrolled' } : {},
  });
  const tables = {
    values: 'values_read',
    records: '',
    rejected: '',
    identity: '',
    identity_notes: '',
    outcomes: '',
  };
  const extract: PlannedExtract = {
    name: 'sample',
    manifest,
    layout: layoutOf(manifest),
    file: extractOf(''),
    tables,
  };
  const columns = [texts.map((_, index) => index), texts.map(() => '1'), [...texts]];
  await session.append('rows', { name: 'rows', schema: { line: 'BIGINT', c0: 'VARCHAR?', c1: 'VARCHAR?' } }, [
    columns,
  ]);
  await makeValues(session, extract, ident('rows'));
  const rows = await session.rows('values', sql`SELECT v1, fault, left_out FROM values_read ORDER BY line`);
  return { values: rows.map((row) => row['v1']), faults: rows.map((row) => row['fault'] ?? row['left_out']) };
}

const day = (format: string): Partial<WrittenField> => ({
  type: 'date',
  format: [format],
  treatment: ['keep'],
  column: 'day',
});

describe('dates', () => {
  it.each([
    '%Y-%m-%d',
    '%m/%d/%Y',
    '%Y%m%d',
    '%m/%d/%y',
    '%Y%m%d%H%M',
    '%m/%d/%Y %H:%M:%S',
  ])('in the format %s are read alike by the database and by the normal form', async (format) => {
    const pieces = fc.constantFrom(
      '0',
      '1',
      '2',
      '02',
      '12',
      '29',
      '30',
      '31',
      '1999',
      '2016',
      '99',
      '/',
      '-',
      ':',
      ' ',
      '24',
    );
    const random = fc.array(pieces, { maxLength: 9 }).map((parts) => parts.join(''));
    const likely = fc
      .record({
        Y: fc.integer({ min: 1890, max: 2110 }),
        m: fc.integer({ min: 0, max: 13 }),
        d: fc.integer({ min: 0, max: 32 }),
      })
      .map(({ Y, m, d }) => written(format, { Y, m, d }));
    const texts = fc.sample(fc.oneof(random, likely), 300);
    const read = dateReader(format);
    const inRange = (date: string | null) => (date !== null && date >= '1900' && date < '2100' ? date : null);
    expect((await valuesOf(texts, day(format))).values).toEqual(texts.map((text) => inRange(read(text))));
  });

  it('are never guessed', async () => {
    const texts = [
      '45123',
      '02/03/04',
      '2/31/2016',
      '12/31/9999',
      ' 1/2/2016',
      '+1/2/2016',
      '1/2/2016x',
      '2016-01-02',
    ];
    expect((await valuesOf(texts, day('%m/%d/%Y'))).values).toEqual(texts.map(() => null));
  });
});

function written(format: string, parts: Readonly<Record<'Y' | 'm' | 'd', number>>): string {
  const pad = (value: number, width: number) => String(value).padStart(width, '0');
  return format
    .replace('%Y', pad(parts.Y, 4))
    .replace('%y', pad(parts.Y % 100, 2))
    .replace('%m', pad(parts.m, 2))
    .replace('%d', pad(parts.d, 2))
    .replace('%H', '09')
    .replace('%M', '05')
    .replace('%S', '00');
}

describe('values', () => {
  it('of hours are whole minutes', async () => {
    const texts = ['2', '2.5', '0.25', '1.333', '0', '1:30', '2,5', '-1', '1e1', '2.5 h', null];
    const { values } = await valuesOf(texts, { type: 'hours', treatment: ['keep'], column: 'minutes' });
    expect(values).toEqual([120, 150, 15, 80, 0, null, null, null, null, null, null]);
  });

  it('of integers are not rounded, nor read from other notations', async () => {
    const texts = ['9', '-3', '009', '2.5', '1e3', '0x1F', '1_000', '99999999999', ''];
    const { values } = await valuesOf(texts, { type: 'integer', treatment: ['keep'], column: 'age' });
    expect(values).toEqual([9, -3, 9, null, null, null, null, null, null]);
  });

  it('of codes are our words; the empty code is that of a missing value', async () => {
    const codes = { Y: 'yes', N: 'no' };
    const coded: Partial<WrittenField> = { type: 'code', treatment: ['keep'], column: 'attended' };
    const texts = ['Y', 'N', 'y', null, "'; DROP TABLE rows--"];
    expect((await valuesOf(texts, { ...coded, codes })).values).toEqual(['yes', 'no', null, null, null]);
    const empty = await valuesOf(texts, { ...coded, codes: { ...codes, '': 'no' } });
    expect(empty.values).toEqual(['yes', 'no', null, 'no', null]);
  });

  it('of ids that are kept get their zeros back', async () => {
    const texts = ['0040', '40', '00040', 'x40', '4E1'];
    const { values } = await valuesOf(texts, {
      type: 'id',
      pattern: 'digits',
      width: 4,
      treatment: ['keep'],
      column: 'school',
    });
    expect(values).toEqual(['0040', '0040', null, null, null]);
  });

  it('of ids that are kept lose the prefix that is declared, where it is there', async () => {
    const { values } = await valuesOf(['S0040', 's 40', '40', 'X40', 'SS40', 'S'], {
      type: 'id',
      pattern: 'digits',
      width: 4,
      prefix: 'S',
      treatment: ['keep'],
      column: 'school',
    });
    expect(values).toEqual(['0040', '0040', '0040', null, null, null]);
  });

  it('of texts are short labels that can name nobody', async () => {
    const texts = [
      'Boys & Girls Club',
      'P.S. 123',
      'ann@example.org',
      '617-555-0123',
      '(617) 555-0123',
      '123-45-6789',
      'MRN 20000001',
      'x'.repeat(81),
    ];
    const { values } = await valuesOf(texts, { treatment: ['keep'], column: 'site' });
    expect(values).toEqual([...texts.slice(0, 2), ...texts.slice(2).map(() => null)]);
  });
});

describe('rows', () => {
  it('are rejected without a required value, and with one that cannot be read', async () => {
    const texts = ['1/2/2016', null, '2/30/2016'];
    expect((await valuesOf(texts, { ...day('%m/%d/%Y'), required: true })).faults).toEqual([
      null,
      'missing:x',
      'unreadable:x',
    ]);
    expect((await valuesOf(texts, { ...day('%m/%d/%Y'), reject_unreadable: true })).faults).toEqual([
      null,
      null,
      'unreadable:x',
    ]);
    expect((await valuesOf(texts, day('%m/%d/%Y'))).faults).toEqual([null, null, null]);
  });

  it('are left out unless they hold one of the words, also where they hold nothing', async () => {
    const { faults } = await valuesOf(['N', 'Y', null], { treatment: ['internal'], only_when: ['N'] });
    expect(faults).toEqual([null, 'only_when:x', 'only_when:x']);
  });
});
