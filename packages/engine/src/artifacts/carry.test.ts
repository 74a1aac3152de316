import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { schemaVersions } from '@throughline/core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSession, type Session } from '../database/session.js';
import { sha256Of } from '../files/ordinary.js';
import { sql } from '../sql/sql.js';
import { type ReadArtifact, readArtifact } from './read.js';
import { draftArtifact } from './write.js';

let folder: string;
let session: Session;
let places = 0;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carry-'));
  session = await openSession({
    folders: [folder],
    spill: join(folder, 'spill'),
    memory: '500MB',
    threads: 1,
  });
});
afterEach(async () => {
  session.close();
  await rm(folder, { recursive: true });
});

const RECORDS = 8;
const id = (record: number) => `00000000-0000-4000-8000-00000000000${record}`;

/** Two records that were compared on some night; `weight` says on which. */
type Pair = { readonly a: number; readonly b: number; readonly weight: number };
type Links = ReadArtifact<'links'>;

async function pairs(found: readonly Pair[]) {
  const schema = { record_id_a: 'UUID', record_id_b: 'UUID', weight: 'DOUBLE' } as const;
  await session.append('pairs', { name: 'pairs', schema }, [
    [found.map(({ a }) => id(a)), found.map(({ b }) => id(b)), found.map(({ weight }) => weight)],
  ]);
  return sql`SELECT record_id_a, record_id_b, 'p' AS pass, '0' AS levels, weight, 0::DOUBLE AS probability, 'no' AS verdict FROM pairs`;
}

async function listed(name: string, records: Iterable<number>) {
  const rows = [...records].map(id);
  await session.append(name, { name, schema: { record_id: 'UUID' } }, [[rows]]);
}

/** @param replaced of whose pairs tonight's take the place; undefined to write all. */
async function write(
  tonight: readonly Pair[],
  carrying?: { from: Links; replaced: Iterable<number>; never?: readonly number[]; records?: number },
): Promise<Links> {
  places += 1;
  const place = join(folder, String(places));
  const { output, parts } = await draftArtifact('links', { folder: place, session, now: () => new Date() });
  const rows = await pairs(tonight);
  if (carrying === undefined) await output.table('compared', rows);
  else {
    const { from, replaced, never = [], records = RECORDS } = carrying;
    await listed('others', replaced);
    await listed('withdrawn', never);
    const who = { replaced: sql`others`, never: sql`withdrawn`, records };
    await output.carry({ from, ...who }, [['compared', rows]]);
  }
  const { keyCheck: _, ...made } = parts();
  const hash = sha256Of('');
  const manifest = {
    kind: 'links',
    schemaVersion: schemaVersions.links,
    of: 'city',
    synthetic: true,
    ...made,
    inputs: [],
    producedBy: { stage: 'link', version: '1', software: 'test', configSha256: hash, recipeSha256: hash },
    documents: [],
    run: { startedAt: '2026-06-16T00:00:00.000Z', node: '20', duckdb: 'v1' },
  };
  await writeFile(join(place, 'manifest.json'), JSON.stringify(manifest));
  return readArtifact(place, 'links');
}

const read = async (links: Links): Promise<Pair[]> => {
  const rows = await session.rows(
    'read',
    sql`SELECT record_id_a, record_id_b, weight FROM ${links.table('compared')} ORDER BY ALL`,
  );
  const record = (text: unknown) => Number(String(text).at(-1));
  return rows.map((row) => ({
    a: record(row['record_id_a']),
    b: record(row['record_id_b']),
    weight: Number(row['weight']),
  }));
};

const sorted = (found: readonly Pair[]): Pair[] =>
  found.toSorted((one, other) => one.a - other.a || one.b - other.b || one.weight - other.weight);
const tablesOf = ({ manifest }: Links): string[] => manifest.tables.map(({ name }) => name).sort();
const CARRIED = ['compared', 'later_compared', 'since'];

const record = fc.nat(RECORDS - 1);
const night = fc.record({
  pairs: fc.uniqueArray(fc.record({ a: record, b: record }), {
    maxLength: 12,
    selector: ({ a, b }) => `${a} ${b}`,
  }),
  replaced: fc.uniqueArray(record, { maxLength: 2 }),
});

describe('tables that are carried on', () => {
  it('read as if all had been written whole, night after night', async () => {
    let carried = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(night, { minLength: 2, maxLength: 4 }), async (nights) => {
        let [from, all]: [Links | undefined, Pair[]] = [undefined, []];
        for (const [weight, { pairs, replaced }] of nights.entries()) {
          const about = ({ a, b }: Pick<Pair, 'a' | 'b'>) => replaced.includes(a) || replaced.includes(b);
          const tonight = pairs
            .filter((pair) => from === undefined || about(pair))
            .map((pair) => ({ ...pair, weight }));
          all = [...all.filter((pair) => !about(pair)), ...tonight];
          from = await write(tonight, from && { from, replaced });
          if (tablesOf(from).length > 1) carried += 1;
          expect(await read(from)).toEqual(sorted(all));
        }
      }),
      { numRuns: 8, seed: 3 },
    );
    expect(carried).toBeGreaterThan(5);
  });

  it('keep the bytes of the night that wrote them, and are refused where these were changed', async () => {
    const first = await write([{ a: 1, b: 2, weight: 0 }]);
    const second = await write([{ a: 3, b: 4, weight: 1 }], { from: first, replaced: [3, 4] });
    expect(tablesOf(second)).toEqual(CARRIED);
    const [one, other] = [first, second].map((each) => join(each.folder, 'compared.parquet'));
    expect(await readFile(other ?? '')).toEqual(await readFile(one ?? ''));
    await writeFile(other ?? '', 'others');
    const again = { from: second, replaced: [4] };
    await expect(write([], again)).rejects.toMatchObject({ code: 'ARTIFACT_ALTERED' });
    await expect(readArtifact(second.folder, 'links')).rejects.toMatchObject({ code: 'ARTIFACT_ALTERED' });
  });

  it('are written whole once a quarter of the records have other rows', async () => {
    const first = await write([{ a: 1, b: 2, weight: 0 }]);
    const second = await write([], { from: first, replaced: [3] });
    const third = await write([], { from: second, replaced: [1, 4] });
    expect([second, third].map(tablesOf)).toEqual([CARRIED, ['compared']]);
    expect(await read(third)).toEqual([]);
  });

  it('leave nothing of a record that is withdrawn, on the night that it goes or later', async () => {
    const first = await write([{ a: 1, b: 2, weight: 0 }]);
    const gone = await write([], { from: first, replaced: [1], never: [1] });
    expect(tablesOf(gone)).toEqual(['compared']);
    const left = await write([], { from: first, replaced: [1] });
    const later = await write([], { from: left, replaced: [5], never: [1] });
    expect([left, later].map(tablesOf)).toEqual([CARRIED, ['compared']]);
    expect(await read(later)).toEqual([]);
  });
});
