import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSession, type Session, scratchIn, sql } from '@throughline/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plannedExtract } from '../plan/plan.js';
import { extractOf } from '../sample/extract.fixture.js';
import { field, sampleManifest } from '../sample/manifest.fixture.js';
import { loadingFile } from './loading.js';

let folder: string;
let session: Session;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loading-'));
  session = await openSession({
    folders: [folder],
    spill: join(folder, 'spill'),
    memory: '500MB',
    threads: 2,
  });
});
afterEach(async () => {
  session.close();
  await rm(folder, { recursive: true });
});

const manifest = sampleManifest({
  records: { space: 'participant', key: [], identifiers: true, one_row_each: false, duplicate_free: false },
  payload_table: null,
  fields: [field('last', { treatment: ['link'], identifier: 'last' })],
});
const extract = plannedExtract(manifest, extractOf(''), 0);
const fileOf = (part?: number) =>
  loadingFile({ session, scratch: scratchIn(folder), ...(part === undefined ? {} : { part }) }, extract);
const loadedRows = () => session.rows('count', sql`SELECT line, c0 FROM values_0 ORDER BY line`);

describe('loadingFile', () => {
  it.each([1, 10, 40, undefined])('loads every row once, in parts of %s bytes', async (part) => {
    const file = fileOf(part);
    const rows = Array.from({ length: 50 }, (_, index) => `${index + 2},name ${index}\n`);
    for (const row of rows) await file.write(row);
    await file.close();
    expect(await loadedRows()).toEqual(rows.map((_, index) => ({ line: index + 2, c0: `name ${index}` })));
  });

  it('makes an empty table of a file without rows', async () => {
    await fileOf().close();
    expect(await loadedRows()).toEqual([]);
  });

  it('tells that a part could not be loaded, whenever that was', async () => {
    const file = fileOf(10);
    const bad = 'no line,a name\n';
    await file.write(bad);
    await expect(file.write(bad)).rejects.toMatchObject({ code: 'DATABASE_FAILED' });
    await expect(file.close()).rejects.toMatchObject({ code: 'DATABASE_FAILED' });
  });
});
