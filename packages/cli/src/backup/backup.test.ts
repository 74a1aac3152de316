import { appendFile, cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ArtifactKind, schemaVersions } from '@throughline/core';
import { appendToLog, identityIfThere } from '@throughline/engine';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { millbrook, told } from '../e2e/night.fixture.js';
import { type Effects, processEffects } from '../effects.js';
import { logPlace } from '../pipeline/requests.js';
import { openProject, type Project } from '../project/project.js';
import { failureBlock } from '../terminal/failure.js';
import { backup as saveProject } from './backup.js';
import { keptOf } from './kept.js';
import { restore as putBack, type RestoreOptions } from './restore.js';

let folder: string;
let pipeline: string;
let project: Project;
let effects: Effects;

/** One project for all tests; each begins with its state as it was at first. */
beforeAll(async () => {
  folder = await millbrook();
  pipeline = join(folder, 'pipeline.yaml');
  effects = await processEffects('none');
  project = await openProject(pipeline, effects);
  await happened('2026-06-16');
  await write('partners/city/holds.json', '{"holds": []}');
  await write('linkage-unit/reviews.json', '[]');
  await cp(at('state'), at('first'), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true }));

async function prepare(): Promise<void> {
  for (const name of ['state', 'saved', 'rehearsal', 'later'])
    await rm(at(name), { recursive: true, force: true });
  await cp(at('first'), at('state'), { recursive: true });
}

const at = (path: string) => join(folder, path);
const write = async (path: string, text: string) => {
  await mkdir(join(at('state'), path, '..'), { recursive: true });
  await writeFile(join(at('state'), path), text, { mode: 0o600 });
};
const happened = (day: string) =>
  appendToLog(
    logPlace(project),
    { event: 'destroyed', stage: 'destroy', of: 'x', outputs: [], about: [], at: `${day}T00:00:00.000Z` },
    effects.userId,
  );
const made = (kind: ArtifactKind, manifest: string) =>
  appendToLog(
    logPlace(project),
    {
      ...{
        event: 'made',
        stage: 'tokenize',
        of: 'city',
        outputs: [{ kind, manifest }],
        inputs: [],
        documents: [],
      },
      at: '2026-06-16T00:00:00.000Z',
    },
    effects.userId,
  );
const zeros = '0'.repeat(64);
const emptyManifest = (kind: ArtifactKind) => ({
  ...{ kind, schemaVersion: schemaVersions[kind], of: 'city', synthetic: true, tables: [], files: [] },
  ...{ counts: [], inputs: [], documents: [] },
  producedBy: { stage: 'tokenize', version: '1', software: 'test', configSha256: zeros, recipeSha256: zeros },
  run: { startedAt: '2026-06-16T02:30:00.000Z', node: '20', duckdb: 'v1' },
});

/** As the command would, without reading the documents again. */
async function asked(work: (effects: Effects) => Promise<void>) {
  let stdout = '';
  const say = (text: string) => {
    stdout += text;
  };
  const failure = await work({ ...effects, stdout: say }).then(() => undefined, failureBlock);
  return { exitCode: failure?.exitCode ?? 0, stdout, stderr: failure?.text ?? '' };
}
const backup = (name: string) => asked((around) => saveProject(project, at(name), around));
const restore = (name: string, more: Omit<RestoreOptions, 'from'> = {}) =>
  asked((around) => putBack(project, { from: at(name), ...more }, around));
const rollBack = { rollBack: true } as const;
const textOf = (path: string) => readFile(join(at('state'), path), 'utf8');

describe('a backup', () => {
  beforeEach(prepare);

  it('holds what no run can make again and no key, and is rehearsed into an empty folder', async () => {
    const made = await backup('saved');
    expect([made.exitCode, made.stdout]).toEqual([
      0,
      expect.stringMatching(/the log has 1 entries\n {2}no key is in it/),
    ]);
    const files = await readdir(at('saved/state'), { recursive: true });
    expect(files).toEqual(
      expect.arrayContaining(['partners/city/holds.json', 'linkage-unit/reviews.json', 'log/checkpoint']),
    );
    expect(files.filter((name) => /key|identifiers|payload/.test(name))).toEqual([]);
    const rehearsed = await restore('saved', { rehearse: at('rehearsal') });
    expect(rehearsed.stdout).toMatch(
      /every one as it was saved\n {2}the log verifies and has 1 entries;[\s\S]*it equals the state/,
    );
    expect(await readFile(at('rehearsal/linkage-unit/reviews.json'), 'utf8')).toBe('[]');
    expect((await restore('saved', { rehearse: at('rehearsal') })).stderr).toMatch(/^error OUTPUT_EXISTS/);
    await write('linkage-unit/reviews.json', '[ ]');
    const later = await restore('saved', { rehearse: at('later') });
    expect(later.stdout).toMatch(
      /the state has changed since in 1 files, such as linkage-unit\/reviews\.json/,
    );
    expect((await backup('saved')).stderr).toMatch(/^error OUTPUT_EXISTS/);
  });

  it('is put back where the disk was lost, sets aside what was there, and the log says so', async () => {
    await backup('saved');
    await rm(at('state/log'), { recursive: true });
    await rm(at('state/partners'), { recursive: true });
    await write('linkage-unit/reviews.json', 'broken');
    const { exitCode, stdout } = await restore('saved');
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/there was no log here to compare with/)]);
    expect(await textOf('partners/city/holds.json')).toBe('{"holds": []}');
    expect(await textOf('linkage-unit/reviews.json')).toBe('[]');
    expect(await textOf('before-restore/linkage-unit/reviews.json')).toBe('broken');
    expect((await told(['log', 'verify', pipeline])).stdout).toMatch(/entries {6}2,/);
    expect((await told(['log', 'show', pipeline, '--last', '1'])).stdout).toMatch(
      /restore millbrook restored backup [0-9a-f]{12}/,
    );
  });

  it('is not put back over what an earlier restore has set aside', async () => {
    await backup('saved');
    await write('linkage-unit/reviews.json', '[1]');
    expect((await restore('saved')).exitCode).toBe(0);
    await write('linkage-unit/reviews.json', '[2]');
    const { exitCode, stderr } = await restore('saved', rollBack);
    expect([exitCode, stderr]).toEqual([
      15,
      expect.stringMatching(/OUTPUT_EXISTS[\s\S]*name before-restore/),
    ]);
    expect(await textOf('linkage-unit/reviews.json')).toBe('[2]');
    expect(await textOf('before-restore/linkage-unit/reviews.json')).toBe('[1]');
    await rm(at('state/before-restore'), { recursive: true });
    expect((await restore('saved', rollBack)).exitCode).toBe(0);
    expect(await textOf('before-restore/linkage-unit/reviews.json')).toBe('[2]');
  });

  it('brings nothing back unasked of which the log does not show that it is the latest', async () => {
    await write('disclosures/0123456789abcdef.json', '{}');
    await write('keyholder/residual-opened.json', '{}');
    await backup('saved');
    await happened('2026-06-17');
    for (const [file, named] of [
      ['disclosures/0123456789abcdef.json', 'disclosures'],
      ['partners/city/holds.json', 'partners/city/holds.json'],
      ['linkage-unit/reviews.json', 'linkage-unit/reviews.json'],
      ['keyholder/residual-opened.json', 'keyholder/residual-opened.json'],
    ] as const) {
      const whole = await textOf(file);
      await write(file, 'broken');
      const { exitCode, stderr } = await restore('saved');
      expect([exitCode, stderr]).toEqual([11, expect.stringContaining(`RESTORE_ROLLS_BACK`)]);
      expect(stderr).toContain(`file ${named}`);
      expect(await textOf(file)).toBe('broken');
      await write(file, whole);
    }
  });

  it('brings back an artifact unasked as long as it is the last that was made', async () => {
    const place = 'partners/city/canaries';
    await write(`${place}/manifest.json`, JSON.stringify(emptyManifest('canaries')));
    await made('canaries', (await identityIfThere(at(`state/${place}`), 'canaries')) ?? '');
    await backup('saved');
    await happened('2026-06-17');
    await write(`${place}/manifest.json`, 'broken');
    const restored = await restore('saved');
    expect([restored.exitCode, restored.stderr, restored.stdout]).toEqual([
      0,
      '',
      expect.stringContaining(place),
    ]);
    expect(await textOf(`${place}/manifest.json`)).toContain('"canaries"');
    await rm(at('state/before-restore/finished'));
    expect((await restore('saved')).stdout).toMatch(/by the restore that was cut short/);
    expect((await restore('saved')).stderr).toMatch(/OUTPUT_EXISTS/);
    await rm(at('state/before-restore'), { recursive: true });
    await made('canaries', 'a'.repeat(64));
    await write(`${place}/manifest.json`, 'broken');
    expect((await restore('saved')).stderr).toMatch(/RESTORE_ROLLS_BACK[\s\S]*file partners\/city\/canaries/);
  });

  it('does not take a log that is broken for none', async () => {
    await backup('saved');
    await happened('2026-06-17');
    await appendFile(at('state/log/checkpoint'), 'broken');
    const refused = await restore('saved');
    expect([refused.exitCode, refused.stderr]).toEqual([
      11,
      expect.stringMatching(/RESTORE_ROLLS_BACK[\s\S]*rule a log here that can be verified/),
    ]);
    expect(await textOf('log/checkpoint')).toContain('broken');
    expect((await restore('saved', rollBack)).stdout).toMatch(
      /the log here could not be verified[\s\S]*may be issued again/,
    );
    expect((await told(['log', 'verify', pipeline])).stdout).toMatch(/entries {6}2,/);
  });

  it('never rolls the log back unless it is told to, and then says what is lost', async () => {
    await told(['backup', pipeline, '--out', at('saved')]);
    await happened('2026-06-17');
    const restoring = ['restore', pipeline, '--from', at('saved')];
    const refused = await told(restoring);
    expect([refused.exitCode, refused.stderr]).toEqual([
      11,
      expect.stringMatching(/RESTORE_ROLLS_BACK[\s\S]*entries then 1, entries now 2/),
    ]);
    expect((await told(['log', 'verify', pipeline])).stdout).toMatch(/entries {6}2,/);
    expect((await told([...restoring, '--roll-back'])).stdout).toMatch(
      /the log was rolled back: 1 entries are gone/,
    );
  });

  it('with another past than the log here is refused', async () => {
    await backup('saved');
    await rm(at('state/log'), { recursive: true });
    await happened('2026-06-15');
    expect((await restore('saved')).stderr).toMatch(/^error LOG_ALTERED/);
    await happened('2026-06-16');
    expect((await restore('saved', rollBack)).stderr).toMatch(/^error LOG_ALTERED/);
  });

  it('of a log that is broken is not made', async () => {
    await appendFile(at('state/log/tile/entries/000.p/1'), ' ');
    const { stderr } = await backup('saved');
    expect(stderr).toMatch(/^error LOG_BROKEN/);
    expect(await readdir(folder)).not.toContain('saved');
  });

  it.each([
    'partners/city/holds.json',
    'disclosures/0123456789abcdef.json',
  ])('leaves out nothing without a word: a link in place of %s', async (path) => {
    await write('elsewhere.json', '{"holds": []}');
    await write(path, '{}');
    await rm(at(`state/${path}`));
    await symlink(at('state/elsewhere.json'), at(`state/${path}`));
    const { exitCode, stderr } = await backup('saved');
    expect([exitCode, stderr]).toEqual([11, expect.stringContaining(`name ${path}`)]);
    expect(stderr).toMatch(/ARTIFACT_ALTERED[\s\S]*rule a file or folder: no link/);
    expect(await readdir(folder)).not.toContain('saved');
  });

  it('ends with the log: until it is back, no run takes the rest for the latest', () => {
    expect(keptOf(project).at(-1)?.path).toBe('log');
  });
});

describe('a backup that is not as it was saved', () => {
  beforeAll(async () => {
    await prepare();
    await backup('saved');
  });

  it.each<[string, (saved: string) => Promise<unknown>, string]>([
    [
      'a file changed',
      (saved) => appendFile(join(saved, 'state/linkage-unit/reviews.json'), ' '),
      'BACKUP_ALTERED',
    ],
    ['a file missing', (saved) => rm(join(saved, 'state/log/checkpoint')), 'BACKUP_ALTERED'],
    ['a file more', (saved) => writeFile(join(saved, 'state/desk'), ''), 'BACKUP_ALTERED'],
    ['no list of its files', (saved) => rm(join(saved, 'backup.json')), 'BACKUP_MISSING'],
    [
      'a way out in that list',
      async (saved) => {
        const text = await readFile(join(saved, 'backup.json'), 'utf8');
        await writeFile(join(saved, 'backup.json'), text.replace('linkage-unit/reviews', '../../reviews'));
      },
      'BACKUP_ALTERED',
    ],
    [
      'a newer form',
      async (saved) => {
        const text = await readFile(join(saved, 'backup.json'), 'utf8');
        await writeFile(join(saved, 'backup.json'), text.replace('"format": 1', '"format": 2, "more": true'));
      },
      'FORMAT_NEWER',
    ],
  ])('with %s is refused before anything is touched', async (_, breaking, code) => {
    await rm(at('copy'), { recursive: true, force: true });
    await cp(at('saved'), at('copy'), { recursive: true });
    await breaking(at('copy'));
    const before = await readdir(at('state'), { recursive: true });
    const { exitCode, stderr } = await restore('copy');
    expect([exitCode, stderr]).toEqual([11, expect.stringContaining(code)]);
    expect(await readdir(at('state'), { recursive: true })).toEqual(before);
  });
});
