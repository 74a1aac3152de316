import { cp, mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addDays } from '@throughline/agreement';
import { type ArtifactKind, schemaVersions } from '@throughline/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { millbrook, told } from '../e2e/night.fixture.js';
import { processEffects } from '../effects.js';
import { openProject } from '../project/project.js';
import { outlivedIn } from './outlived.js';

let folder: string;
let pipeline: string;
beforeAll(async () => {
  folder = await millbrook();
  pipeline = join(folder, 'pipeline.yaml');
  for (const name of ['state', 'pipeline.yaml'])
    await cp(join(folder, name), join(folder, 'first', name), { recursive: true });
});
beforeEach(async () => {
  for (const name of ['state', 'pipeline.yaml']) {
    await rm(join(folder, name), { recursive: true });
    await cp(join(folder, 'first', name), join(folder, name), { recursive: true });
  }
});
afterAll(() => rm(folder, { recursive: true }));

const at = (path: string) => join(folder, 'state', path);

/** An artifact without rows, made on a day. */
async function made(path: string, kind: ArtifactKind, day: string): Promise<void> {
  const zeros = '0'.repeat(64);
  await mkdir(at(path), { recursive: true });
  const producedBy = {
    stage: 'tokenize',
    version: '1',
    software: 'test',
    configSha256: zeros,
    recipeSha256: zeros,
  };
  const manifest = {
    ...{
      kind,
      schemaVersion: schemaVersions[kind],
      of: 'x',
      synthetic: true,
      tables: [],
      files: [],
      counts: [],
    },
    ...{ inputs: [], producedBy, documents: [] },
    run: { startedAt: `${day}T02:30:00.000Z`, node: '20', duckdb: 'v1' },
  };
  await writeFile(at(`${path}/manifest.json`), JSON.stringify(manifest));
}

const edit = async (change: (text: string) => string) =>
  writeFile(pipeline, change(await readFile(pipeline, 'utf8')));
const housekeeping = (...more: string[]) => told(['housekeeping', pipeline, ...more]);

describe('housekeeping', () => {
  it('keeps what a partner of the pipeline has, however old', async () => {
    await made('partners/city/tokens', 'tokens', '2019-01-01');
    await made('linkage-unit/received/city/tokens', 'tokens', '2019-01-01');
    const { exitCode, stdout } = await housekeeping();
    expect([exitCode, stdout]).toEqual([0, 'Nothing has outlived its use.\n']);
    expect(await readdir(at('partners/city'))).toEqual(['tokens']);
  });

  it('destroys the records of a partner that is no longer named, after as many days as the pipeline says, and logs it', async () => {
    await made('partners/library/tokens', 'tokens', '2026-05-20');
    await made('linkage-unit/received/library/tokens', 'tokens', '2026-05-01');
    await writeFile(at('partners/library/holds.json'), '{"holds": []}');
    const planned = await housekeeping('--plan');
    expect(planned.stdout).toBe('would go  tokens of library: the pipeline no longer names this partner\n');
    expect(await readdir(at('linkage-unit/received/library'))).toEqual(['tokens']);
    expect((await housekeeping()).stdout).toBe(
      'gone  tokens of library: the pipeline no longer names this partner\n',
    );
    expect(await readdir(at('linkage-unit/received/library'))).toEqual([]);
    expect(await readdir(at('partners/library'))).toEqual(['holds.json', 'tokens']);
    expect((await told(['log', 'show', pipeline])).stdout).toMatch(
      /housekeeping library destroyed tokens [0-9a-f]{12}/,
    );
    await edit((text) => `${text}housekeeping: { days: 10 }\n`);
    expect((await housekeeping()).stdout).toMatch(/^gone {2}tokens of library/);
    expect(await readdir(at('partners/library'))).toEqual(['holds.json']);
    expect((await housekeeping()).stdout).toBe('Nothing has outlived its use.\n');
  });

  it('takes away what nothing asks for any more, and lines that nobody looked up', async () => {
    await made('partners/city/interop', 'interop', '2026-01-01');
    await mkdir(at('partners/health/refused'), { recursive: true });
    await mkdir(at('partners/library/refused'), { recursive: true });
    for (const name of ['health', 'library']) await utimes(at(`partners/${name}/refused`), 1.75e9, 1.75e9);
    expect((await housekeeping()).stdout.split('\n').slice(0, 3)).toEqual([
      'gone  interop of city: neither pipeline nor memorandum asks for it any more',
      'gone  numbers of refused lines of health: nobody has looked them up',
      'gone  numbers of refused lines of library: nobody has looked them up',
    ]);
    expect(await readdir(at('partners/health'))).toEqual([]);
  });

  it('takes away parcels that were refused, once they have lain for as many days', async () => {
    const { pipeline: read, ...project } = await openProject(pipeline, await processEffects('none'));
    const keys = { signing_key: 'none', age_identity: 'none' };
    const host = { ...keys, name: 'unit', inbox: 'in', outbox: 'out', largest_parcel: '4GB' };
    await mkdir(join(folder, 'in'));
    await writeFile(join(folder, 'in/district.unit.000001.parcel'), '');
    await writeFile(join(folder, 'in/district.unit.000001.parcel.refused'), '');
    await utimes(join(folder, 'in/district.unit.000001.parcel.refused'), 1.75e9, 1.75e9);
    const on = (days: number) => {
      const day = addDays(new Date().toISOString().slice(0, 10), days);
      return outlivedIn({ ...project, pipeline: { ...read, host }, day });
    };
    expect(await on(30)).toEqual([]);
    expect(await on(31)).toMatchObject([
      { folder: join(folder, 'in/district.unit.000001.parcel.refused'), what: 'a parcel that was refused' },
    ]);
  });

  it('takes away what a run left that died, and puts back the folder that it was replacing', async () => {
    await mkdir(at('work/link-millbrook/spill'), { recursive: true });
    await writeFile(at('runs.json.partial'), '[');
    await made('linkage-unit/links.aside', 'links', '2026-06-16');
    await made('desk/measures', 'measures', '2026-06-16');
    await made('desk/measures.aside', 'measures', '2026-06-15');
    expect((await housekeeping()).stdout.match(/^gone {2}left by a run that died/gm)).toHaveLength(4);
    expect(await readdir(at('work'))).toEqual([]);
    expect(await readdir(at('linkage-unit'))).toEqual(['links']);
    expect(await readdir(at('desk'))).toEqual(['measures']);
    expect(await readdir(at('.'))).not.toContain('runs.json.partial');
  });

  it('leaves to a person what is broken, or was written by another version', async () => {
    await made('partners/nobody/tokens', 'tokens', '2019-01-01');
    await writeFile(at('partners/nobody/tokens/manifest.json'), '{}');
    expect((await housekeeping()).stdout).toBe('Nothing has outlived its use.\n');
    expect(await readdir(at('partners/nobody'))).toEqual(['tokens']);
  });
});
