import { gzipSync } from 'node:zlib';
import { openSession, sql } from '@throughline/engine';
import { Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { workbookOf, workbookParts, zipOf } from '../sample/archive.fixture.js';
import { deliveries } from '../sample/delivered.fixture.js';
import { COMMA, field, sampleManifest } from '../sample/manifest.fixture.js';

const { read, path } = deliveries();

type Over = Parameters<typeof sampleManifest>[0];

const names = (over: Over = {}) =>
  sampleManifest({
    records: { space: 'participant', key: [], identifiers: true, one_row_each: false, duplicate_free: false },
    payload_table: null,
    fields: [
      field('last', { treatment: ['link'], identifier: 'last' }),
      field('first', { treatment: ['link'], identifier: 'first' }),
      field('born', { type: 'date', format: ['%Y-%m-%d'], treatment: ['link'], identifier: 'birth_date' }),
      field('note'),
    ],
    ...over,
  });

const CSV = 'last,first,born,note\nRuiz,Ana,2016-02-29,x\n';
const ROW = '2,Ruiz,Ana,2016-02-29\n';

describe('a packed extract', () => {
  it('is unpacked from gzip, of one member or several', async () => {
    const packed = names({ delivery: { packed: 'gzip' } });
    expect((await read(gzipSync(CSV), packed)).text).toBe(ROW);
    const two = Buffer.concat([gzipSync(CSV), gzipSync('Park,Bo,2017-01-01,y\n')]);
    expect((await read(two, packed)).text).toBe(`${ROW}3,Park,Bo,2017-01-01\n`);
  });

  it.each([
    ['is cut off', gzipSync(CSV).subarray(0, 30), 'EXTRACT_MALFORMED'],
    [
      'has something behind it',
      Buffer.concat([gzipSync(CSV), Buffer.from('Zzqcanary')]),
      'EXTRACT_MALFORMED',
    ],
    ['is none', Buffer.from(CSV), 'EXTRACT_MALFORMED'],
    ['is a bomb', gzipSync(Buffer.alloc(64 * 1024 ** 2)), 'EXTRACT_OVER_LIMIT'],
  ])('is refused if the gzip %s', async (_, bytes, code) => {
    const reading = read(bytes, names({ delivery: { packed: 'gzip' } }));
    await expect(reading).rejects.toMatchObject({ code });
    await expect(reading).rejects.not.toThrow(/Zzqcanary/);
  });

  it('is unpacked from a zip archive of one file, whatever its name', async () => {
    const archive = zipOf([{ name: 'Export 2026.csv', bytes: CSV }]);
    expect((await read(archive, names({ delivery: { packed: 'zip' } }))).text).toBe(ROW);
  });

  const LINK = 0o120777;
  it.each([
    [
      'has two files',
      [
        { name: 'a.csv', bytes: CSV },
        { name: 'b.csv', bytes: CSV },
      ],
      'EXTRACT_MALFORMED',
    ],
    ['has none', [], 'EXTRACT_MALFORMED'],
    ['has a way out', [{ name: '../../etc/cron.d/x', bytes: CSV }], 'EXTRACT_MALFORMED'],
    ['has an absolute name', [{ name: '/etc/passwd', bytes: CSV }], 'EXTRACT_MALFORMED'],
    ['has a link', [{ name: 'a.csv', bytes: '/etc/passwd', mode: LINK }], 'EXTRACT_MALFORMED'],
    ['has a folder', [{ name: 'a/', bytes: '' }], 'EXTRACT_MALFORMED'],
    ['has a password', [{ name: 'a.csv', bytes: CSV, encrypted: true }], 'EXTRACT_MALFORMED'],
    ['lies about the size', [{ name: 'a.csv', bytes: CSV, claims: 10 }], 'EXTRACT_MALFORMED'],
    ['is a bomb', [{ name: 'a.csv', bytes: Buffer.alloc(64 * 1024 ** 2) }], 'EXTRACT_OVER_LIMIT'],
    [
      'has an archive inside',
      [{ name: 'a.zip', bytes: zipOf([{ name: 'a.csv', bytes: CSV }]) }],
      'EXTRACT_MALFORMED',
    ],
  ])('is refused if the zip %s', async (_, parts, code) => {
    await expect(read(zipOf(parts), names({ delivery: { packed: 'zip' } }))).rejects.toMatchObject({ code });
  });
});

describe('an encrypted extract', () => {
  const manifest = names({ delivery: { encrypted: 'age', packed: 'gzip' } });
  const encrypted = async () => {
    const identity = await generateX25519Identity();
    const encrypter = new Encrypter();
    encrypter.addRecipient(await identityToRecipient(identity));
    return { identity, bytes: await encrypter.encrypt(new Uint8Array(gzipSync(CSV))) };
  };

  it('is decrypted with the identity of its owner, then unpacked', async () => {
    const { identity, bytes } = await encrypted();
    expect((await read(bytes, manifest, identity)).text).toBe(ROW);
  });

  it('is refused without an identity, for another one, cut off, changed or with something behind it', async () => {
    const { identity, bytes } = await encrypted();
    await expect(read(bytes, manifest)).rejects.toMatchObject({ code: 'KEY_UNREADABLE' });
    const other = await generateX25519Identity();
    const flipped = bytes.map((byte, index) => (index === bytes.length - 3 ? byte ^ 1 : byte));
    for (const [broken, key] of [
      [bytes, other],
      [bytes.slice(0, -4), identity],
      [flipped, identity],
      [Uint8Array.from([...bytes, 0]), identity],
      [new TextEncoder().encode(CSV), identity],
    ] as const) {
      await expect(read(broken, manifest, key)).rejects.toMatchObject({ code: 'EXTRACT_UNDECRYPTABLE' });
    }
  });
});

describe('a workbook', () => {
  const format = { type: 'workbook', sheet: 'Screening', header_row: 3, closing: 'TOTAL' } as const;
  const BODY = [
    ['Vision van'],
    [null, 'printed on Monday'],
    ['last', 'first', 'born', 'note'],
    ['Ruiz', 'Ana', { day: 42429 }, 'x'],
    [],
    ['Park', 'Bo', '2017-01-01', null],
    ['TOTAL', 2],
  ];

  it('is read from its header to its closing row; dates as cells or as texts', async () => {
    const { text, tally } = await read(workbookOf([{ name: 'Screening', rows: BODY }]), names({ format }));
    expect(text).toBe('4,Ruiz,Ana,2016-02-29\n6,Park,Bo,2017-01-01\n');
    expect(tally.rows).toBe(2);
  });

  it('counts days from 1904 where it says so, in date cells and in numbers of a date column', async () => {
    const rows = [
      ['last', 'first', 'born', 'note'],
      ['Ruiz', 'Ana', { day: 40967 }],
      ['Park', 'Bo', 40967],
      ['Cy', 'Di', 1.5],
      ['Cy', 'Di', 20170101],
    ];
    const sheet = [{ name: 'Screening', rows }];
    const manifest = names({ format: { ...format, header_row: 1, closing: null, serial_dates: true } });
    expect((await read(workbookOf(sheet, { from1904: true }), manifest)).text).toBe(
      '2,Ruiz,Ana,2016-02-29\n3,Park,Bo,2016-02-29\n4,Cy,Di,1.5\n5,Cy,Di,20170101\n',
    );
    const plain = names({ format: { ...format, header_row: 1, closing: null } });
    expect((await read(workbookOf([{ name: 'Screening', rows: rows.slice(0, 3) }]), plain)).text).toBe(
      '2,Ruiz,Ana,2012-02-28\n3,Park,Bo,40967\n',
    );
  });

  it('may have a header of two rows, the upper one merged', async () => {
    const rows = [
      ['Child', null, null, null],
      ['last', 'first', 'born', 'note'],
      ['Ruiz', 'Ana', '2016-02-29', 'x'],
    ];
    const fields = [
      field('Child / last', { treatment: ['link'], identifier: 'last' }),
      field('Child / first', { treatment: ['link'], identifier: 'first' }),
      field('born'),
      field('note'),
    ];
    const manifest = names({ fields, format: { ...format, header_row: 2, header_rows: 2, closing: null } });
    const bytes = workbookOf([{ name: 'Screening', rows, merged: ['A1:B1'] }]);
    expect((await read(bytes, manifest)).text).toBe('3,Ruiz,Ana\n');
  });

  it('is refused with a hidden sheet unless its manifest knows, and without the sheet', async () => {
    const sheets = [{ name: 'Screening', state: 'hidden' as const, rows: BODY }];
    const reading = read(workbookOf(sheets), names({ format }));
    await expect(reading).rejects.toMatchObject({
      code: 'EXTRACT_MALFORMED',
      details: { rule: 'a sheet that is not hidden' },
    });
    expect((await read(workbookOf(sheets), names({ format: { ...format, hidden: true } }))).tally.rows).toBe(
      2,
    );
    await expect(
      read(workbookOf([{ name: 'Zzqcanary', rows: BODY }]), names({ format })),
    ).rejects.toMatchObject({
      code: 'EXTRACT_MALFORMED',
      details: { rule: 'a workbook with the sheet that the manifest names' },
    });
  });

  it('does not look at other sheets', async () => {
    const sheets = [
      { name: 'Screening', rows: BODY },
      { name: 'old', state: 'hidden' as const, rows: [['Zzqcanary']] },
    ];
    expect((await read(workbookOf(sheets), names({ format }))).text).not.toContain('Zzqcanary');
  });

  it.each([
    [
      'unpacks to a bomb',
      { name: 'xl/media/image1.png', bytes: Buffer.alloc(256 * 1024 ** 2) },
      'EXTRACT_OVER_LIMIT',
    ],
    ['has a part twice', { name: 'xl/workbook.xml', bytes: '<workbook/>' }, 'EXTRACT_MALFORMED'],
    ['has a way out', { name: '../evil', bytes: 'x' }, 'EXTRACT_MALFORMED'],
  ])('is refused if it %s', async (_, part, code) => {
    const bytes = zipOf([...workbookParts([{ name: 'Screening', rows: BODY }]), part]);
    await expect(read(bytes, names({ format }))).rejects.toMatchObject({ code });
  });

  it('is refused if an entity would grow, or a row has more cells than the header', async () => {
    const [first, ...rest] = workbookParts([{ name: 'Screening', rows: BODY }]);
    const bomb =
      '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><workbook><sheets><sheet name="&a;"/></sheets></workbook>';
    const parts = [first, ...rest].flatMap((part) =>
      part === undefined ? [] : [part.name === 'xl/workbook.xml' ? { ...part, bytes: bomb } : part],
    );
    await expect(read(zipOf(parts), names({ format }))).rejects.toMatchObject({ code: 'EXTRACT_MALFORMED' });
    const wide = BODY.map((cells, index) => (index === 3 ? [...cells, 'Zzqcanary'] : cells));
    const { tally } = await read(workbookOf([{ name: 'Screening', rows: wide }]), names({ format }));
    expect(tally.rejected).toEqual([{ line: 4, reason: 'field_count' }]);
  });
});

describe('a table of columns', () => {
  const manifest = names({ format: { type: 'parquet' } });

  async function parquet(
    select: ReturnType<typeof sql>,
    packing: 'zstd' | 'snappy' | 'uncompressed' | 'gzip' | 'brotli',
    metadata = sql`KV_METADATA {made: 'here'}`,
  ) {
    const place = path(`table-${packing}.parquet`);
    const session = await openSession({
      folders: [path('.')],
      spill: path('spill'),
      memory: '200MB',
      threads: 1,
    });
    const codec = {
      zstd: sql`zstd`,
      snappy: sql`snappy`,
      uncompressed: sql`uncompressed`,
      gzip: sql`gzip`,
      brotli: sql`brotli`,
    }[packing];
    await session.run(
      'write',
      sql`COPY (${select}) TO ${place} (FORMAT parquet, COMPRESSION ${codec}, ${metadata})`,
    );
    session.close();
    const { readFile } = await import('node:fs/promises');
    return new Uint8Array(await readFile(place));
  }
  const children = sql`SELECT 'Ruiz' AS last, 'Ana' AS first, DATE '2016-02-29' AS born, 12345678901234567::BIGINT AS note
    UNION ALL SELECT NULL, 'Bo' || chr(0), NULL, 7`;

  it.each([
    'zstd',
    'snappy',
    'uncompressed',
  ] as const)('is read from Parquet packed by %s', async (packing) => {
    const { text, tally } = await read(await parquet(children, packing), manifest);
    expect(text).toBe('1,Ruiz,Ana,2016-02-29\n2,,Bo,\n');
    expect(tally).toMatchObject({ rows: 2, stripped: 1 });
  });

  it.each(['gzip', 'brotli'] as const)('is refused if Parquet is packed by %s', async (packing) => {
    await expect(read(await parquet(children, packing), manifest)).rejects.toMatchObject({
      code: 'EXTRACT_MALFORMED',
      details: { rule: 'Parquet packed by snappy, zstd or nothing' },
    });
  });

  it('is refused with columns inside columns, an unknown column, or a file cut off', async () => {
    const nested = sql`SELECT 'Ruiz' AS last, 'Ana' AS first, [1] AS born, 'x' AS note`;
    await expect(read(await parquet(nested, 'zstd'), manifest)).rejects.toMatchObject({
      code: 'EXTRACT_MALFORMED',
    });
    const ssn = sql`SELECT 'Ruiz' AS last, 'Ana' AS first, 'x' AS born, 'x' AS note, 'x' AS ssn`;
    await expect(read(await parquet(ssn, 'zstd'), manifest)).rejects.toMatchObject({
      code: 'HEADER_UNKNOWN_COLUMN',
      details: { columns: ['ssn'] },
    });
    const bytes = await parquet(children, 'zstd');
    await expect(read(bytes.subarray(0, -9), manifest)).rejects.toMatchObject({ code: 'EXTRACT_MALFORMED' });
  });

  /** Thrift's compact form of 5,003 and of 2^31 as i64, after the byte that says that it is one. */
  const [OF_5003, OF_2_TO_31] = [Buffer.from('16964e', 'hex'), Buffer.from('168080808010', 'hex')];
  const many = sql`SELECT 'Ruiz' || range AS last, 'Ana' AS first, DATE '2016-02-29' AS born, 'x' AS note FROM range(5003)`;

  it('is refused if its Parquet footer claims 2^31 rows everywhere', async () => {
    const bytes = Buffer.from(await parquet(many, 'zstd'));
    const start = bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8);
    const pieces = bytes.subarray(start, -8).toString('latin1').split(OF_5003.toString('latin1'));
    expect(pieces.length).toBeGreaterThanOrEqual(1 + 2 + 4);
    const footer = Buffer.from(pieces.join(OF_2_TO_31.toString('latin1')), 'latin1');
    const length = Buffer.alloc(4);
    length.writeUInt32LE(footer.length);
    const lie = Buffer.concat([bytes.subarray(0, start), footer, length, Buffer.from('PAR1')]);
    await expect(read(lie, manifest)).rejects.toMatchObject({ code: 'EXTRACT_MALFORMED' });
  });

  it.each([
    ['more', 0xfe],
    ['less', 0x80],
  ])('is refused if a Parquet page says that it unpacks to %s than it does', async (_, byte) => {
    const bytes = Buffer.from(await parquet(many, 'zstd'));
    // PAR1, then the first page's header: its kind, then the size of what it unpacks to, as a varint of i32.
    expect([bytes[4], bytes[6]]).toEqual([0x15, 0x15]);
    bytes[7] = byte;
    await expect(read(bytes, manifest)).rejects.toMatchObject({ code: 'EXTRACT_MALFORMED' });
  });

  it('takes nothing from the metadata of a Parquet file, whatever it holds', async () => {
    const hostile = sql`KV_METADATA {"ARROW:schema": 'Zzqcanary', html: '<script>Zzqcanary</script>', json: '{"__proto__": [',
      query: '''; DROP TABLE values_0; --', long: repeat('Zzqcanary', 10000)}`;
    const { text } = await read(await parquet(children, 'zstd', hostile), manifest);
    expect(text).toBe('1,Ruiz,Ana,2016-02-29\n2,,Bo,\n');
  });

  it('is read from Arrow, as a file or a stream', async () => {
    const table = tableFromArrays({
      last: ['Ruiz', null],
      first: ['Ana', 'Bo'],
      born: [new Date('2016-02-29'), null],
      note: Int32Array.from([1, 2]),
    });
    const arrow = names({ format: { type: 'arrow' } });
    for (const kind of ['file', 'stream'] as const) {
      const { text } = await read(tableToIPC(table, kind), arrow);
      expect(text).toBe('1,Ruiz,Ana,2016-02-29\n2,,Bo,\n');
    }
    await expect(read(tableToIPC(table, 'file').subarray(0, 200), arrow)).rejects.toMatchObject({
      code: expect.stringMatching(/^EXTRACT_MALFORMED|^HEADER_NOT_FOUND/),
    });
  });
});

describe('what a file plainly is', () => {
  it.each([
    ['a workbook', workbookOf([{ name: 'a', rows: [] }]), 'zip'],
    ['a gzip', gzipSync(CSV), 'gzip'],
    ['a Parquet file', 'PAR1....PAR1', 'parquet'],
    ['a DuckDB database', `${'\0'.repeat(8)}DUCK`, 'duckdb'],
    ['a DuckDB extension', '\x7fELF\x02\x01', 'program'],
    ['a database of SQLite', 'SQLite format 3\0', 'sqlite'],
  ])('is told when a text was declared and it is %s', async (_, bytes, found) => {
    await expect(read(bytes, names({ format: COMMA }))).rejects.toMatchObject({
      code: 'EXTRACT_MALFORMED',
      details: { declared: 'delimited', found },
    });
  });
});
