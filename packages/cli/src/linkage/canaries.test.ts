import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSession, type Row, readArtifact, sql } from '@throughline/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallCity, told } from '../e2e/night.fixture.js';

/*
 * One city, without canaries and with them: the district plants some. Everything is made by commands, as a city would.
 */

const CHILDREN = 6;
let folder: string;
let before: string;
const at = (...path: string[]) => join(folder, ...path);
const pipeline = () => at('city', 'pipeline.yaml');
const state = (...path: string[]) => at('city', 'state', ...path);
const change = async (from: string | RegExp, to: string) =>
  writeFile(pipeline(), (await readFile(pipeline(), 'utf8')).replace(from, to));

const hashOf = async (...path: string[]) =>
  createHash('sha256')
    .update(await readFile(state(...path)))
    .digest('hex');
const measured = async () => {
  const tables = (await readdir(state('desk', 'measures'))).filter((name) => name.endsWith('.parquet'));
  const hashes = await Promise.all(tables.sort().map((name) => hashOf('desk', 'measures', name)));
  return tables.map((name, place) => `${name} ${hashes[place]}`).join('\n');
};

async function rowsOf(kind: 'canaries' | 'planted' | 'people' | 'tokens', place: string, table: string) {
  const artifact = await readArtifact(state(...place.split('/')), kind);
  const session = await openSession({
    folders: [artifact.folder],
    spill: at('spill'),
    memory: '200MB',
    threads: 1,
  });
  try {
    const rows = sql`SELECT * REPLACE (CAST(record_id AS VARCHAR) AS record_id) FROM ${artifact.table(table as never)} ORDER BY ALL`;
    return (await session.rows(table, rows)) as readonly Row[];
  } finally {
    session.close();
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'canaries-'));
  await smallCity(at('city'));
  expect((await told(['run', pipeline()])).exitCode).toBe(0);
  before = await measured();
  await change('  - name: district\n', `  - name: district\n    canaries: ${CHILDREN}\n`);
  expect((await told(['run', pipeline()])).stderr).toBe('');
});
afterAll(() => rm(folder, { recursive: true }));

describe('canaries of a partner', () => {
  it('are linked like everybody, and counted by no measure', async () => {
    const canaries = await rowsOf('canaries', 'partners/district/canaries', 'canaries');
    expect(new Set(canaries.map(({ child }) => child)).size).toBe(CHILDREN);
    const people = await rowsOf('people', 'linkage-unit/people', 'people');
    const own = new Set(canaries.map(({ record_id }) => record_id));
    expect(people.filter(({ record_id }) => own.has(record_id))).toHaveLength(canaries.length);
    expect(await measured()).toBe(before);
  });

  it('are told to the linkage unit by nothing but their number', async () => {
    const canaries = (await rowsOf('canaries', 'partners/district/canaries', 'canaries')).map(
      ({ record_id }) => String(record_id),
    );
    const received = await rowsOf('tokens', 'linkage-unit/received/district/tokens', 'records');
    const tokensOf = (mine: boolean) =>
      received
        .filter(({ record_id }) => canaries.includes(String(record_id)) === mine)
        .map(({ tokens }) => Number(tokens));
    const [least, most] = [Math.min(...tokensOf(false)), Math.max(...tokensOf(false))];
    expect(tokensOf(true)).toHaveLength(canaries.length);
    for (const tokens of tokensOf(true)) expect(tokens >= least && tokens <= most).toBe(true);
    const { manifest } = await readArtifact(
      state('linkage-unit', 'received', 'district', 'tokens'),
      'tokens',
    );
    expect(JSON.stringify(manifest)).not.toMatch(/planted|"kind":"canaries"/);
    const page = await readFile(state('linkage.html'), 'utf8');
    for (const id of canaries) expect(page).not.toContain(id);
  });

  it('tell their owner what was found and what was linked falsely', async () => {
    const { stdout, exitCode } = await told(['canaries', pipeline(), '--partner', 'district']);
    expect(exitCode).toBe(0);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({
      partner: 'district',
      children: CHILDREN,
      falsely_linked: { count: 0, of: CHILDREN },
    });
    expect(report.falsely_linked.high).toBeGreaterThan(0.2);
    expect((await told(['canaries', pipeline(), '--partner', 'charter'])).exitCode).toBe(2);
  });

  it('stay the same from night to night', async () => {
    const planted = await hashOf('partners', 'district', 'planted', 'identifiers.parquet');
    await rm(state('partners', 'district', 'tokens'), { recursive: true });
    expect((await told(['tokenize', pipeline(), '--partner', 'district'])).exitCode).toBe(0);
    expect(await hashOf('partners', 'district', 'planted', 'identifiers.parquet')).toBe(planted);
  });

  it('hold everything up where the desk does not know all of them, and what was counted stays', async () => {
    await change(`    canaries: ${CHILDREN}\n`, '');
    const one = await told(['measure', pipeline()]);
    expect([one.exitCode, one.stderr]).toEqual([11, expect.stringContaining('CANARIES_UNACCOUNTED')]);
    await change('  - name: charter\n', '  - name: charter\n    canaries: 3\n');
    await change('  - name: district\n', `  - name: district\n    canaries: ${CHILDREN}\n`);
    const other = await told(['measure', pipeline()]);
    expect(other.exitCode).toBe(11);
    expect(await measured()).toBe(before);
  });
});
