import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import type { FieldManifest } from '@throughline/agreement';
import { ThroughlineError } from '@throughline/core';
import { type GuardedSource, openSession, sql } from '@throughline/engine';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { workbookParts, zipOf } from '../sample/archive.fixture.js';
import { deliveries } from '../sample/delivered.fixture.js';
import { extractOf, memoryScratch } from '../sample/extract.fixture.js';
import { COMMA, field, sampleManifest } from '../sample/manifest.fixture.js';
import { parquetFooter } from '../unpack/parquet-footer.js';
import { type Job, task } from '../unpack/task.js';
import type { Told } from '../unpack/told.js';
import { limits } from './limits.js';
import { readExtract } from './read-extract.js';

/** Unmistakable: it must come out in rows only, never in an error. */
const CANARY = 'Zzqcanary';

const { file, path, read } = deliveries();

const manifestOf = (over: Parameters<typeof sampleManifest>[0]): FieldManifest =>
  sampleManifest({
    records: { space: 'participant', key: [], identifiers: true, one_row_each: false, duplicate_free: false },
    payload_table: null,
    fields: [
      field('last', { treatment: ['link'], identifier: 'last' }),
      field('first', { treatment: ['link'], identifier: 'first' }),
      field('note'),
    ],
    ...over,
  });

/** Some bytes of a sound file are changed, doubled, or cut off. */
const mutation = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    what: fc.constantFrom('flip', 'drop', 'double', 'zero', 'quote', 'break', 'cut', 'high'),
    amount: fc.integer({ min: 1, max: 40 }),
  }),
  { maxLength: 5 },
);
type Mutation = ReturnType<(typeof mutation)['generate']>['value'];

function mutated(bytes: Uint8Array, changes: Mutation): Uint8Array {
  return changes.reduce<Uint8Array>((now, { at, what, amount }) => {
    const place = Math.floor(at * now.length);
    const [head, rest] = [now.subarray(0, place), now.subarray(place)];
    const put = (...codes: number[]) => Uint8Array.from([...head, ...codes, ...rest.subarray(1)]);
    if (what === 'cut') return head;
    if (what === 'drop') return Uint8Array.from([...head, ...rest.subarray(amount)]);
    if (what === 'double') return Uint8Array.from([...head, ...rest.subarray(0, amount), ...rest]);
    if (what === 'zero') return put(0);
    if (what === 'quote') return put(0x22);
    if (what === 'break') return put(0x0d);
    if (what === 'high') return put(0xff);
    return put((rest[0] ?? 0) ^ (1 << (amount % 8)));
  }, bytes);
}

/** Reads bytes; an error must be one of ours and hold no value. @returns the rows, if the file could be read. */
async function outcome(
  reading: () => Promise<{ text: string; rows: number; rejected: number }>,
): Promise<void> {
  try {
    const { text, rows, rejected } = await reading();
    const lines = text === '' ? 0 : text.split('\n').length - 1;
    expect(lines + rejected).toBe(rows);
  } catch (thrown) {
    if (!(thrown instanceof ThroughlineError)) throw thrown;
    expect(thrown.code).toMatch(/^(?:ENCODING_BROKEN|HEADER_|COLUMN_REFUSED|EXTRACT_)/);
    expect(JSON.stringify([thrown.message, thrown.details])).not.toContain(CANARY);
  }
}

async function readText(bytes: Uint8Array, manifest: FieldManifest) {
  const scratch = memoryScratch();
  const tally = await readExtract(extractOf(bytes, { pieces: 37 }), manifest, scratch);
  return { text: scratch.text(), rows: tally.rows, rejected: tally.rejected.length };
}

const utf8 = (text: string) => new TextEncoder().encode(text);
const rows = (line: (index: number) => string) =>
  Array.from({ length: 12 }, (_, index) => line(index)).join('');

describe('text that is broken anywhere', () => {
  const CSV = utf8(`last,first,note\r\n${rows((index) => `"${CANARY}, ""A""",Ana${index},"x\r\ny"\r\n`)}`);
  const SQL = utf8(
    `"last","first","note"\r\n${rows((index) => `"${CANARY}\\"",\\N,"x\\\r\ny${index}"\r\n`)}`,
  );
  const FIXED = utf8(`title\n${rows((index) => `${CANARY} Ana${index % 10} xyz\n`)}END\n`);
  const HL7 = utf8(rows((index) => `MSH|^~\\&|A|B\rPID|1||${index}^^^X^MR||${CANARY}^Ana^^^^^L\r`));

  it.each([
    ['CSV', CSV, manifestOf({ format: COMMA })],
    ['CSV of two encodings', CSV, manifestOf({ format: { ...COMMA, encoding: 'utf-8-or-windows-1252' } })],
    ['CSV with a closing row', CSV, manifestOf({ format: { ...COMMA, closing: 'END' } })],
    [
      'MySQL OUTFILE',
      SQL,
      manifestOf({ format: { ...COMMA, encoding: 'windows-1252', escape: 'backslash' } }),
    ],
    [
      'a sheet with sections',
      CSV,
      manifestOf({
        format: {
          ...COMMA,
          type: 'sectioned',
          title_rows: 0,
          sections: [{ name: 'a', heading: null, columns: ['last', 'first', 'note'] }],
          closing: null,
        },
      }),
    ],
    [
      'fixed columns',
      FIXED,
      manifestOf({
        format: {
          type: 'fixed-width',
          title_rows: 1,
          closing: 'END',
          columns: [
            { name: 'last', start: 1, width: 9 },
            { name: 'first', start: 11, width: 4 },
            { name: 'note', start: 16, width: 3 },
          ],
        },
      }),
    ],
    [
      'HL7',
      HL7,
      manifestOf({
        format: { type: 'hl7' },
        fields: [
          field('PID-5[7=L].1', { treatment: ['link'], identifier: 'last' }),
          field('PID-3[5=MR].1', { type: 'id', treatment: ['internal'] }),
          field('PID-1'),
        ],
      }),
    ],
  ])('%s is read or refused: no crash, no value in an error, every row accounted for', async (_, bytes, manifest) => {
    await fc.assert(
      fc.asyncProperty(mutation, (changes) => outcome(() => readText(mutated(bytes, changes), manifest))),
      { numRuns: 250 },
    );
  });

  it('a header into which a child has slipped tells nothing of the child', async () => {
    const value = fc.oneof(
      fc.constantFrom('', ' ', '04', '(617) 555-0100', 'F', 'ID', 'last name', 'No phone number'),
      fc.string({ unit: 'grapheme', maxLength: 12 }),
    );
    const cell = fc.tuple(value, fc.constantFrom(CANARY, `${CANARY.toUpperCase()}-ID`, `student ${CANARY}`));
    const slips = fc.array(fc.tuple(fc.nat(4), fc.boolean(), cell), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(slips, async (changes) => {
        const header = ['last', 'first', 'note'];
        for (const [at, isMore, [around, child]] of changes)
          header.splice(at, isMore ? 0 : 1, `${around.replaceAll('"', '')}${child}`);
        const line = header.map((name) => `"${name}"`).join(',');
        const thrown = await readText(utf8(`${line}\n`), manifestOf({ format: COMMA })).then(
          () => undefined,
          (error: unknown) => error,
        );
        expect(thrown).toBeInstanceOf(ThroughlineError);
        expect(String(thrown).toLowerCase()).not.toContain(CANARY.toLowerCase());
      }),
      { numRuns: 300 },
    );
  });

  it('CSV of arbitrary text too', async () => {
    const text = fc.string({
      unit: fc.constantFrom(...'ab",;\t\\\r\n\0é😀', 'last', 'first', 'note', CANARY),
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(text, (body) =>
        outcome(() => readText(utf8(`last,first,note\n${body}`), manifestOf({ format: COMMA }))),
      ),
      { numRuns: 300 },
    );
  });
});

/** A file in memory for a task; what reads it by a descriptor is tried in a process of its own below. */
const sourceOf = (bytes: Uint8Array): GuardedSource => ({
  bytes: bytes.length,
  descriptor: -1,
  read: (offset, length) => bytes.slice(offset, offset + length),
  pieces: function* pieces() {
    yield bytes;
  },
});

/** What a task tells; any other error than ours is what the child tells its parent as malformed, without words. */
async function toldBy(job: Job, bytes: Uint8Array): Promise<Told[]> {
  let text = '';
  try {
    await task(job, {
      source: sourceOf(bytes),
      write: (piece) => {
        text += piece.toString();
      },
    });
  } catch (thrown) {
    if (thrown instanceof ThroughlineError)
      expect(JSON.stringify([thrown.message, thrown.details])).not.toContain(CANARY);
  }
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Told]));
}

const tree = {
  columns: ['last', 'first', 'note'],
  wanted: [true, true, false],
  descriptors: false,
  encoding: 'utf-8',
} as const;

describe('containers that are broken anywhere', () => {
  const JSONS = utf8(
    JSON.stringify(
      Array.from({ length: 8 }, (_, index) => ({ last: CANARY, first: { a: [index] }, note: null })),
    ),
  );
  const LINES = utf8(rows((index) => `{"last":"${CANARY}","first":"Ana${index}","note":[1,{"x":2}]}\n`));
  const XML = utf8(
    `<?xml version="1.0"?><a>${rows((index) => `<r i="${index}"><last>${CANARY}</last><first>A&amp;b</first></r>`)}</a>`,
  );

  it.each<[string, Job, Uint8Array]>([
    ['JSON', { kind: 'json', ...tree, layout: 'document', records: '' }, JSONS],
    ['JSON Lines', { kind: 'json', ...tree, layout: 'lines', records: '' }, LINES],
    ['XML', { kind: 'xml', ...tree, record: 'r', others: [] }, XML],
  ])('%s: no crash, no hang, and no name told that is none', async (_, job, bytes) => {
    await fc.assert(
      fc.asyncProperty(mutation, async (changes) => {
        for (const told of await toldBy(job, mutated(bytes, changes))) {
          if (told[0] === 'row') expect(told[2].length).toBe(3);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('JSON of any shape', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 5 }), async (value) => {
        await toldBy(
          { kind: 'json', ...tree, layout: 'document', records: 'a[*].b[c=1]' },
          utf8(JSON.stringify(value)),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('a Parquet footer that says anything is refused before anything is allocated', () => {
    const head = utf8('PAR1');
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        fc.boolean(),
        (body, claimed, honest) => {
          const tail = new Uint8Array(8);
          new DataView(tail.buffer).setUint32(0, honest ? body.length : claimed, true);
          tail.set(head, 4);
          const source = sourceOf(Uint8Array.from([...head, ...body, ...tail]));
          try {
            const footer = parquetFooter(source);
            expect(Number(footer.num_rows)).toBeGreaterThanOrEqual(0);
            expect(footer.schema.length).toBeLessThanOrEqual(limits.columns + 1);
          } catch {
            // Refused by us or by the parser; the child tells both as malformed.
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('in a process of its own', () => {
  const format = { type: 'workbook', sheet: 'S', header_row: 1, closing: null } as const;
  const BOOK = zipOf(
    workbookParts([
      {
        name: 'S',
        rows: [
          ['last', 'first', 'note'],
          [CANARY, 'Ana', 1],
          ['Park', 'Bo', { day: 42429 }],
        ],
      },
    ]),
  );
  const seeds = [11, 12, 13, 14];

  async function parquetFile(): Promise<Uint8Array> {
    const place = path('fuzzed.parquet');
    const session = await openSession({
      folders: [path('.')],
      spill: path('spill'),
      memory: '200MB',
      threads: 1,
    });
    const table = sql`SELECT ${CANARY} || i AS last, 'Ana' AS first, i AS note FROM range(300) rows(i)`;
    await session.run('write', sql`COPY (${table}) TO ${place} (FORMAT parquet, COMPRESSION zstd)`);
    session.close();
    return new Uint8Array(await readFile(place));
  }

  it.each(seeds)('a broken workbook, Parquet file or gzip is read or refused (seed %i)', async (seed) => {
    const [changes = [], more = []] = fc.sample(mutation, { numRuns: 2, seed });
    const readWith = (bytes: Uint8Array, manifest: FieldManifest) => async () => {
      const { text, tally } = await read(bytes, manifest);
      return { text, rows: tally.rows, rejected: tally.rejected.length };
    };
    await outcome(readWith(mutated(BOOK, changes), manifestOf({ format })));
    await outcome(readWith(mutated(await parquetFile(), more), manifestOf({ format: { type: 'parquet' } })));
    const packed = gzipSync(`last,first,note\n${CANARY},Ana,x\n`);
    await outcome(
      readWith(mutated(packed, more), manifestOf({ format: COMMA, delivery: { packed: 'gzip' } })),
    );
  });

  it('is ended if it takes too long or too much', async () => {
    const { guarded } = await import('@throughline/engine');
    const delivered = await file('x');
    const module = new URL('./slow-task.fixture.mjs', import.meta.url);
    const take = async (job: string, limit: { megabytes: number; seconds: number }) => {
      for await (const piece of guarded({ module, job, file: delivered, limits: limit }))
        expect(piece).toBeDefined();
    };
    const over = (limit: string) => ({ code: 'EXTRACT_OVER_LIMIT', details: { limit } });
    await expect(take('forever', { megabytes: 64, seconds: 1 })).rejects.toMatchObject(over('time'));
    await expect(take('heap', { megabytes: 64, seconds: 60 })).rejects.toMatchObject(over('memory'));
    await expect(take('buffers', { megabytes: 64, seconds: 60 })).rejects.toMatchObject(over('memory'));
    await expect(take('unawaited', { megabytes: 64, seconds: 60 })).rejects.toMatchObject({
      code: 'EXTRACT_MALFORMED',
    });
    await expect(take('words', { megabytes: 64, seconds: 60 })).rejects.toMatchObject({
      code: 'EXTRACT_MALFORMED',
    });
    await expect(take('words', { megabytes: 64, seconds: 60 })).rejects.not.toThrow(/Zzqcanary/);
    await expect(take('environment', { megabytes: 64, seconds: 60 })).resolves.toBeUndefined();
  });
});
