import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { artifactTables, columnsOf, payloadTables } from '@throughline/core';
import { keyedIds, readArtifact, readKey, sql } from '@throughline/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordIdOf } from './name/name-record.js';
import { COMMA, field, key, SAMPLE_HEADER, sampleManifest } from './sample/manifest.fixture.js';
import { type Ask, accountingIn, askIn, takeIn } from './sample/run.fixture.js';

let folder: string;
let ask: Ask;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ingest 'quoted' [x] "));
  ask = askIn(folder);
});
afterEach(() => rm(folder, { recursive: true }));

const csv = (...rows: readonly string[]) => `${rows.join('\n')}\n`;
const sessions = (...rows: readonly string[]) => csv(SAMPLE_HEADER, ...rows);

const optOuts = sampleManifest({
  extract: 'opt-outs',
  records: {
    space: 'participant',
    key: ['id'],
    identifiers: false,
    one_row_each: false,
    duplicate_free: true,
  },
  payload_table: null,
  opt_out_list: true,
  fields: [key, field('from', { type: 'date', format: ['%Y-%m-%d'], treatment: ['internal'] })],
});
const plain = sampleManifest();
const once = sampleManifest({
  records: {
    space: 'participant',
    key: ['id'],
    identifiers: true,
    one_row_each: true,
    duplicate_free: true,
  },
  limits: { rejected_share: 0, unmapped_share: 1, few: 2 },
});
const careful = sampleManifest({ excludes: ['opted-out', 'test-names'] });
const keyless = sampleManifest({
  records: { space: 'participant', key: [], identifiers: true, one_row_each: false, duplicate_free: false },
});

const identifiers = () =>
  ask(
    ({ identifiers: table }) => sql`SELECT * FROM ${table('identifiers')} ORDER BY district_id, last, first`,
  );
const recordIds = async () => (await identifiers()).map((row) => row['record_id']);

describe('ingest', () => {
  it('splits rows into identifiers and payload that share the record id', async () => {
    await takeIn(folder, {
      manifests: [plain],
      extracts: {
        sessions: sessions('0001,Núñez,Ana,3/9/2016,9/2/2025,Y,sick', '0001,Núñez,Ana,3/9/2016,9/3/2025,N,'),
      },
    });
    const [ana = {}, ...others] = await identifiers();
    expect(others).toEqual([]);
    expect(ana).toMatchObject({
      space: 'participant',
      first: 'ANA',
      last: 'NUNEZ',
      birth_date: '2016-03-09',
    });
    const rows = await ask(({ payload }) => sql`SELECT * FROM ${payload('sessions')} ORDER BY day`);
    expect(
      rows.map(({ record_id, day, attended, status, minutes }) => [
        record_id,
        day,
        attended,
        status,
        minutes,
      ]),
    ).toEqual([
      [ana['record_id'], '2025-09-02', 'yes', 'unknown', null],
      [ana['record_id'], '2025-09-03', 'no', 'unknown', null],
    ]);
    expect(await accountingIn(folder)).toEqual(['sessions kept kept 2']);
  });

  it('writes every payload table with its declared columns, empty where nothing feeds it', async () => {
    await takeIn(folder, { manifests: [plain], extracts: { sessions: sessions() } });
    const { manifest } = await readArtifact(join(folder, 'payload'), 'payload');
    const tables = Object.entries(artifactTables.payload).map(([name, schema]) => ({
      name,
      columns: columnsOf(schema).map(({ name: column, type }) => [column, type]),
    }));
    expect(manifest.tables.map(({ name, columns }) => ({ name, columns }))).toEqual(tables);
    expect(manifest.tables.filter(({ name }) => name in payloadTables).every(({ rows }) => rows === 0)).toBe(
      true,
    );
    expect(await accountingIn(folder)).toEqual(['sessions kept kept 0']);
  });

  it('gives equal bytes on one thread and on two', async () => {
    const rows = Array.from(
      { length: 1500 },
      (_, index) => `${index % 700},Last${index % 7},First${index % 11},1/1/2015,9/2/2025,Y,`,
    );
    const handed = { manifests: [keyless], extracts: { sessions: sessions(...rows) } };
    await takeIn(folder, { ...handed, threads: 1 });
    const one = await readArtifact(join(folder, 'payload'), 'payload');
    await rm(join(folder, 'payload'), { recursive: true });
    await takeIn(folder, { ...handed, threads: 2 });
    const two = await readArtifact(join(folder, 'payload'), 'payload');
    expect(two.sha256).toBe(one.sha256);
  });
});

describe('record ids', () => {
  it('are coded under the record key from partner, kind and key in normal form', async () => {
    await takeIn(folder, {
      manifests: [plain],
      extracts: {
        sessions: sessions(
          '0041,A,B,1/2/2015,9/2/2025,Y,',
          '41,A,B,1/2/2015,9/3/2025,Y,',
          ' 41.0 ,A,B,1/2/2015,9/4/2025,Y,',
        ),
      },
    });
    const secret = await readKey(join(folder, 'record.key'), process.getuid?.());
    expect(await recordIds()).toEqual([keyedIds(secret, 'record')('club', 'participant', '0041')]);
  });

  it('of rows without a key are of their content and occurrence, wherever the rows stand', async () => {
    const rows = ['1,A,B,1/2/2015,9/2/2025,Y,x', '2,A,B,1/2/2015,9/2/2025,Y,', '1,A,B,1/2/2015,9/2/2025,Y,y'];
    await takeIn(folder, { manifests: [keyless], extracts: { sessions: sessions(...rows) } });
    const before = await recordIds();
    expect(new Set(before).size).toBe(3);
    await takeIn(folder, {
      manifests: [keyless],
      extracts: { sessions: sessions('9,C,D,1/2/2015,9/2/2025,Y,', '', ...rows.toReversed()) },
    });
    expect((await recordIds()).toSorted().filter((id) => before.includes(id))).toEqual(before.toSorted());
    const sources = await ask(
      ({ identifiers: table }) => sql`SELECT line FROM ${table('sources')} ORDER BY line`,
    );
    expect(sources.map(({ line }) => line)).toEqual([2, 4, 5, 6]);
  });

  it('are missing where the key is missing or of another form, and the rows are rejected', async () => {
    await takeIn(folder, {
      manifests: [plain],
      extracts: {
        sessions: sessions(
          ',A,B,1/2/2015,9/2/2025,Y,',
          '12345,A,B,1/2/2015,9/2/2025,Y,',
          '1E3,A,B,,,,',
          '1,A,B,1/2/2015,9/2/2025,Y,',
        ),
      },
    });
    expect(await accountingIn(folder)).toEqual(['sessions kept kept 1', 'sessions rejected missing_key 3']);
    const rejects = await ask(
      ({ identifiers: table }) => sql`SELECT * FROM ${table('rejects')} ORDER BY line`,
    );
    expect(rejects).toEqual([2, 3, 4].map((line) => ({ extract: 'sessions', line, reason: 'missing_key' })));
  });
});

describe('a record spelled in several ways', () => {
  it('has the spelling of most rows, and of equally many the first in code-point order', async () => {
    await takeIn(folder, {
      manifests: [plain],
      extracts: {
        sessions: sessions(
          '1,Ruiz,Ana,1/2/2015,9/2/2025,Y,',
          '1,Ruis,Ana,1/2/2015,9/3/2025,Y,',
          '1,RUIZ,Ana,1/2/2015,9/4/2025,Y,',
          '2,Park,Zoë,1/2/2015,9/2/2025,Y,',
          '2,Park,Bo,1/2/2015,9/3/2025,Y,',
          '3,Kim,,1/2/2015,9/3/2025,Y,',
        ),
      },
    });
    const rows = await identifiers();
    expect(rows.map(({ last, first }) => [last, first])).toEqual([
      ['KIM', null],
      ['PARK', 'BO'],
      ['RUIZ', 'ANA'],
    ]);
    const { manifest } = await readArtifact(join(folder, 'identifiers'), 'identifiers');
    expect(manifest.counts).toContainEqual({
      name: 'identifier_conflicts',
      by: { space: 'participant' },
      value: 2,
    });
  });
});

describe('records that are left out', () => {
  const handed = {
    manifests: [careful, optOuts],
    extracts: {
      sessions: sessions(
        '1,A,B,1/2/2015,9/2/2025,Y,',
        '2,C,D,1/2/2015,9/2/2025,Y,',
        '3,E,F,1/2/2015,9/2/2025,Y,',
        '4,Doe,Demo,1/2/2015,9/2/2025,Y,',
      ),
      'opt-outs': csv('id,from', '0001,2026-06-16', '2,2026-06-17', '3,2026-16-06', '9,2026-01-01'),
    },
  };

  it('are in no table, from the day of the opt-out on; a day that cannot be read counts at once', async () => {
    await takeIn(folder, handed);
    expect((await identifiers()).map(({ last }) => last)).toEqual(['C']);
    expect(await accountingIn(folder)).toEqual([
      'opt-outs kept kept 3',
      'opt-outs noted bad_date:from 1',
      'opt-outs rejected unknown_record 1',
      'sessions excluded opted_out 2',
      'sessions excluded test_name 1',
      'sessions kept kept 1',
    ]);
  });

  it('are left out on the day, though nothing was delivered anew', async () => {
    await takeIn(folder, handed);
    expect((await takeIn(folder, handed)).map(({ event }) => event)).toEqual(['stage.current']);
    await takeIn(folder, { ...handed, day: '2026-06-17' });
    expect(await identifiers()).toEqual([]);
  });

  it('are withdrawn at the owner by the id that the intake gives them, and go on by it alone', async () => {
    await takeIn(folder, { ...handed, manifests: [careful, optOuts] });
    const secret = await readKey(join(folder, 'record.key'), process.getuid?.());
    const record_id = recordIdOf(secret, { manifest: careful, key: [' 002 '] }) ?? '';
    secret.erase();
    const withdrawn = [{ record_id, space: 'participant', effective: '2026-06-16' }];
    const later = withdrawn.map((each) => ({ ...each, effective: '2026-06-18' }));
    await takeIn(folder, { ...handed, withdrawn: later });
    expect((await identifiers()).map(({ last }) => last)).toEqual(['C']);
    await takeIn(folder, { ...handed, withdrawn });
    expect(await identifiers()).toEqual([]);
    const told = await askIn(folder)(
      ({ identifiers: table }) => sql`SELECT * FROM ${table('withdrawn')} ORDER BY effective NULLS FIRST`,
    );
    expect(told.map(({ space, effective }) => [space, effective])).toEqual([
      ['participant', null],
      ['participant', '2026-01-01'],
      ['participant', '2026-06-16'],
      ['participant', '2026-06-16'],
    ]);
    expect(told.map((row) => row['record_id'])).toContain(record_id);
  });

  it('have an id only where the texts are of the form of the key', async () => {
    await takeIn(folder, handed);
    const secret = await readKey(join(folder, 'record.key'), process.getuid?.());
    for (const key of [[], [''], ['1', '2'], ['x y z']])
      expect([key, recordIdOf(secret, { manifest: careful, key })]).toEqual([key, undefined]);
    secret.erase();
  });

  it('stay in where the manifests leave nobody out, but for those on a list', async () => {
    await takeIn(folder, { ...handed, manifests: [plain, optOuts] });
    expect((await identifiers()).map(({ last, first }) => [last, first])).toEqual([
      ['C', 'D'],
      ['DOE', 'DEMO'],
    ]);
  });

  it('are left out of all extracts about them', async () => {
    const other = sampleManifest({
      extract: 'more',
      records: {
        space: 'participant',
        key: ['id'],
        identifiers: false,
        one_row_each: false,
        duplicate_free: false,
      },
      fields: [key, field('day', { type: 'date', format: ['%m/%d/%Y'], treatment: ['keep'], column: 'day' })],
    });
    const more = csv('id,day', '1,9/2/2025', '2,9/2/2025', '7,9/2/2025', '4,9/2/2025', 'x,9/2/2025');
    await takeIn(folder, { manifests: [...handed.manifests, other], extracts: { ...handed.extracts, more } });
    const lines = await accountingIn(folder);
    expect(lines.filter((line) => line.startsWith('more'))).toEqual([
      'more excluded opted_out 1',
      'more excluded test_name 1',
      'more kept kept 1',
      'more rejected missing_key 1',
      'more rejected unknown_record 1',
    ]);
  });
});

describe('what is over a limit', () => {
  const strict = (over: Parameters<typeof sampleManifest>[0] = {}) =>
    sampleManifest({ limits: { rejected_share: 0.29, unmapped_share: 0.29, few: 0 }, ...over });
  const rows = (bad: number, broken: string, good: string) => [
    ...Array.from({ length: bad }, () => broken),
    ...Array.from({ length: 100 - bad }, () => good),
  ];
  const good = '1,A,B,1/2/2015,9/2/2025,Y,';

  it.each([
    [
      'rows',
      ',A,B,1/2/2015,9/2/2025,Y,',
      'REJECTS_OVER_LIMIT',
      {
        rows: 100,
        rejected: 30,
        reasons: ['missing_key 30'],
        first_lines: ['2', '3', '4', '5', '6', '7', '8', '9', '10', '11'],
      },
    ],
    [
      'codes',
      '1,A,B,1/2/2015,9/2/2025,Zzqcanary,',
      'CODES_OVER_LIMIT',
      { column: 'came', values: 100, not_read: 30 },
    ],
    ['dates', '1,A,B,1/2/2015,2025-09-02,Y,', 'VALUES_OVER_LIMIT', { column: 'day', reason: 'bad_date' }],
    [
      'birth dates',
      '1,A,B,2015-01-02,9/2/2025,Y,',
      'VALUES_OVER_LIMIT',
      { column: 'born', reason: 'bad_date' },
    ],
  ])('of %s stops the run', async (_, broken, code, details) => {
    const over = takeIn(folder, {
      manifests: [strict()],
      extracts: { sessions: sessions(...rows(30, broken, good)) },
    });
    await expect(over).rejects.toMatchObject({ code, details });
    await expect(over).rejects.not.toThrow(/Zzqcanary/);
  });

  it('is not what is at the limit', async () => {
    const broken = rows(29, '1,A,B,1/2/2015,2025-09-02,Zzqcanary,', good);
    await takeIn(folder, { manifests: [strict()], extracts: { sessions: sessions(...broken) } });
    expect(await accountingIn(folder)).toEqual([
      'sessions kept kept 100',
      'sessions noted bad_date:day 29',
      'sessions noted unmapped_code:came 29',
    ]);
  });

  it.each([
    ['is borne in a small extract, up to the few that the manifest names', 2, 9, true],
    ['is not borne beyond them', 3, 9, false],
    ['is not borne where nothing else is left', 2, 0, false],
  ])('%s', async (_, bad, rest, borne) => {
    const few = sampleManifest({ limits: { rejected_share: 0, unmapped_share: 0, few: 2 } });
    const lines = [
      ...Array.from({ length: bad }, () => ',A,B,1/2/2015,9/2/2025,Y,'),
      ...Array.from({ length: rest }, () => good),
    ];
    const taken = takeIn(folder, { manifests: [few], extracts: { sessions: sessions(...lines) } });
    if (borne) await expect(taken).resolves.toBeDefined();
    else await expect(taken).rejects.toMatchObject({ code: 'REJECTS_OVER_LIMIT' });
  });

  it('of rows a key stops the run', async () => {
    const twice = takeIn(folder, { manifests: [once], extracts: { sessions: sessions(good, good) } });
    await expect(twice).rejects.toMatchObject({
      code: 'KEY_COLUMN_NOT_UNIQUE',
      details: { repeated: 2, columns: ['id'] },
    });
  });
});

describe('what is not agreed', () => {
  const extracts = { sessions: sessions() };
  it.each([
    ['of another partner', [sampleManifest({ partner: 'school' })], 'PARTY_NOT_COVERED'],
    ['of an agreement that is not there', [sampleManifest({ agreement: 'dsa-school' })], 'DOCUMENT_MISSING'],
    ['that has expired', [sampleManifest({ expires: '2026-06-15' })], 'AGREEMENT_EXPIRED'],
    ['that leaves out opted-out records without a list', [careful], 'CONFIG_INVALID'],
    [
      'with another key than its fellow',
      [plain, sampleManifest({ ...optOuts, fields: [{ ...key, width: 5 }] })],
      'CONFIG_INVALID',
    ],
    ['of the same extract as another', [plain, sampleManifest({ id: 'other' })], 'CONFIG_INVALID'],
    ['whose extract is not delivered', [plain, optOuts], 'EXTRACT_MISSING'],
  ])('refuses a manifest %s', async (_, manifests, code) => {
    await expect(takeIn(folder, { manifests, extracts })).rejects.toMatchObject({ code });
  });

  it('refuses an extract that no manifest lists', async () => {
    const more = { ...extracts, other: 'id\n' };
    await expect(takeIn(folder, { manifests: [plain], extracts: more })).rejects.toMatchObject({
      code: 'EXTRACT_REFUSED',
    });
  });
});

describe('a hostile extract', () => {
  const CANARY = 'Zzqcanary';

  it('with names of SQL for columns and codes is read like any other', async () => {
    const name = '"; DROP TABLE rows_0; --';
    const manifest = sampleManifest({
      fields: [
        ...plain.fields.filter(({ name: each }) => each !== 'note'),
        field(name, { treatment: ['keep'], column: 'site' }),
        field("ro'wid"),
      ],
    });
    const header = `${SAMPLE_HEADER.replace(',note', '')},"${name.replaceAll('"', '""')}",ro'wid`;
    await takeIn(folder, {
      manifests: [manifest],
      extracts: { sessions: csv(header, "1,A,B,1/2/2015,9/2/2025,Y,'; x --,=cmd|' /C calc'!A0") },
    });
    const rows = await ask(({ payload }) => sql`SELECT site FROM ${payload('sessions')}`);
    expect(rows).toEqual([{ site: "'; x --" }]);
  });

  it('leaves no trace outside the identifiers: not in payload, counts, events, log or folders', async () => {
    const canaryRows = [
      `1,${CANARY},${CANARY},3/9/2016,9/2/2025,Y,${CANARY}`,
      `2,${CANARY},${CANARY},${CANARY},${CANARY},${CANARY},${CANARY}`,
      `${CANARY},${CANARY},${CANARY},3/9/2016,9/2/2025,Y,${CANARY}`,
      `3,${CANARY},${CANARY}`,
      `4,"${CANARY}"x,a,b,c,d,e`,
    ];
    const events = await takeIn(folder, {
      manifests: [plain],
      extracts: { sessions: sessions(...canaryRows) },
    });
    expect(JSON.stringify(events)).not.toContain(CANARY);
    for (const name of ['sessions', 'accounting', 'extracts'] as const) {
      const rows = await ask(({ payload }) => sql`SELECT * FROM ${payload(name)}`);
      expect(JSON.stringify(rows)).not.toContain(CANARY);
    }
    const files = await readdir(folder, { recursive: true });
    expect(files.join()).not.toContain(CANARY);
    for (const file of files.filter((each) => !/inbox|identifiers\.parquet|\.key$/.test(each))) {
      if ((await stat(join(folder, file))).isDirectory()) continue;
      expect((await readFile(join(folder, file))).includes(CANARY)).toBe(false);
    }
    expect(files.some((file) => file.startsWith('work/'))).toBe(false);
    expect((await identifiers()).map(({ last }) => last)).toEqual(['ZZQCANARY', 'ZZQCANARY']);
  });

  it('names no value when a step fails', async () => {
    const broken = sampleManifest({ format: { ...COMMA, encoding: 'utf-16le' } });
    const failing = [
      { manifests: [broken], extracts: { sessions: sessions(`1,${CANARY},x,,,,`) } },
      { manifests: [plain], extracts: { sessions: sessions(`1,"${CANARY}`) } },
      { manifests: [plain], extracts: { sessions: `${CANARY},a,b\n` } },
    ];
    for (const handed of failing) {
      const error: unknown = await takeIn(folder, handed).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Error);
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toMatch(/zzqcanary/i);
    }
  });

  it('of equal rows without identifiers is taken in as it is', async () => {
    const row = '1,Unknown,FNU,1/1/1900,9/2/2025,Y,\n';
    await takeIn(folder, { manifests: [plain], extracts: { sessions: sessions() + row.repeat(20_000) } });
    expect(await accountingIn(folder)).toEqual([
      'sessions kept kept 20000',
      'sessions noted placeholder:born 20000',
      'sessions noted placeholder:first 20000',
      'sessions noted placeholder:last 20000',
    ]);
  });
});
