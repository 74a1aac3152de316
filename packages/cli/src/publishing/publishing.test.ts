import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSession, readArtifact, sql } from '@throughline/engine';
import { releaseChecks } from '@throughline/release';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signAgain, told } from '../e2e/night.fixture.js';
import { processEffects } from '../effects.js';
import { writeMadeUpKeys } from '../made-up/keys.js';
import { openProject } from '../project/project.js';
import { readDesk } from '../review-pages/read-desk.js';
import { requireLastCosigned } from './complete.js';
import { licenceForRows } from './licence-for-rows.fixture.js';
import { publications } from './publications.js';

let folder: string;
let pipeline: string;
const at = (...path: string[]): string => join(folder, 'city', ...path);
const release = (...args: string[]) => told(['release', args[0] ?? '', pipeline, ...args.slice(1)]);
const candidate = () => release('candidate', '--author', 'bell');
const vote = (person: string, word: string, by = person) =>
  release('review', '--vote', word, '--as', person, '--key', join(folder, 'keys', by));
const stateOf = async () => /^state +(\S+)/m.exec((await release('review')).stdout)?.[1];

/** The same pipeline on another day. */
const onDay = async (day: string) => {
  const text = await readFile(pipeline, 'utf8');
  await writeFile(pipeline, text.replace(/^clock: \S+/m, `clock: ${day}`));
};

async function rowsOf(place: string) {
  const artifact = await readArtifact(place, 'release');
  const session = await openSession({ folders: [place], spill: at('spill'), memory: '500MB', threads: 1 });
  return session
    .rows('cells', sql`SELECT * FROM ${artifact.table('cells')} ORDER BY ALL`)
    .finally(() => session.close());
}

/** Publishes in a process that is killed once a check has its verdict; how it ended. */
const killedAt = (check: number): NodeJS.Signals | null => {
  const child = fileURLToPath(new URL('../../dist/publishing/killed.fixture.js', import.meta.url));
  return spawnSync(process.execPath, [child, pipeline, String(check)]).signal;
};

/** Two licences for rows, and agreements that permit them, before the first night. */
async function permitRows(): Promise<void> {
  for (const partner of ['district', 'charter', 'afterschool', 'city', 'health']) {
    const file = at(`agreements/dsa-${partner}.yaml`);
    const text = (await readFile(file, 'utf8')).replace(', row-level-release]', ']');
    await writeFile(file, text.replace('public-release,', 'public-release, research-release,'));
  }
  await writeFile(at('agreements/dul-research.yaml'), licenceForRows);
  const withSchool = licenceForRows
    .replace('dul-research', 'dul-school')
    .replace('[grade_band', '[school, grade_band');
  await writeFile(at('agreements/dul-school.yaml'), withSchool);
  await signAgain(pipeline);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'publishing-'));
  pipeline = at('pipeline.yaml');
  await told(['init', at(), '--students', '150', '--seed', '3']);
  // Every measure, by fewer dimensions: what is attacked here is attacked at length in packages/release.
  const text = await readFile(pipeline, 'utf8');
  await writeFile(
    pipeline,
    text
      .replace(/^( +dimensions): .*$/m, '$1: [school, grade_band, sex]')
      .replace(/^( +two_way): .*$/m, '$1: [[school, sex]]'),
  );
  await permitRows();
  await told(['keys', 'create', pipeline]);
  await writeMadeUpKeys(join(folder, 'keys'), ['bell', 'alvarez', 'fitzgerald']);
  expect((await told(['run', pipeline])).stderr).toBe('');
});
afterAll(() => rm(folder, { recursive: true }));

describe('a release on its way out', () => {
  it('is pending until somebody asks, and then waits for two people who did not ask', async () => {
    expect(await stateOf()).toBe('pending');
    const asked = await candidate();
    expect([asked.exitCode, asked.stderr]).toEqual([0, '']);
    expect(asked.stdout).toMatch(/^state +submitted$/m);
    expect(asked.stdout).toMatch(/^new table +chronic_absence_ma\.school$/m);
    const refused = await release('publish');
    expect([refused.exitCode, /RELEASE_NOT_APPROVED/.test(refused.stderr)]).toEqual([14, true]);
    expect(refused.stdout).toMatch(/^12 approvals +failed$/m);
    expect((await told(['log', 'show', pipeline, '--last', '1'])).stdout).toMatch(/publish \S+ refused/);
  });

  it('counts no vote of who asked, of a stranger, or under the key of another', async () => {
    expect((await vote('bell', 'approve')).stdout).toMatch(/^votes +0 of 2$/m);
    expect((await vote('stranger', 'approve', 'alvarez')).exitCode).toBe(2);
    expect((await vote('fitzgerald', 'approve', 'alvarez')).stdout).toMatch(/^votes +0 of 2$/m);
  });

  it('tells nothing of the first vote until the second is in', async () => {
    const first = await vote('alvarez', 'approve');
    expect(first.stdout).toMatch(/^state +partially-reviewed$/m);
    expect(first.stdout).not.toMatch(/alvarez/);
    const second = await vote('fitzgerald', 'return');
    expect(second.stdout).toMatch(/^state +returned$/m);
    expect(second.stdout).toMatch(/alvarez: approve[\s\S]*fitzgerald: return/);
    expect((await release('publish')).stderr).toMatch(/RELEASE_REFUSED_BY_REVIEW/);
  });

  it('is pending again when it is another candidate, and its votes are of the past', async () => {
    await onDay('2026-06-17');
    const text = await readFile(pipeline, 'utf8');
    const without = /(\nrelease:[\s\S]*?) {4}- \{ measure: afterschool_participation[^\n]*\n/;
    await writeFile(pipeline, text.replace(without, '$1'));
    await told(['run', pipeline]);
    expect(await stateOf()).toBe('pending');
    await writeFile(pipeline, text);
    expect((await candidate()).stdout).toMatch(/^votes +0 of 2$/m);
    expect((await release('withdraw')).stdout).toMatch(/^state +withdrawn$/m);
    expect((await candidate()).stdout).toMatch(/^state +submitted$/m);
  });

  it('is published by fourteen verdicts in order, once two have approved it', async () => {
    await vote('alvarez', 'approve');
    expect((await vote('fitzgerald', 'approve')).stdout).toMatch(/^state +approved$/m);
    const { exitCode, stdout, stderr, events } = await release('publish');
    expect([exitCode, stderr]).toEqual([0, '']);
    const verdicts = events.flatMap((event) => (event.event === 'release.check' ? [event] : []));
    expect(verdicts.map(({ check }) => check)).toEqual(releaseChecks.map(({ check }) => check));
    expect(stdout).toMatch(
      /^14 in-place +passed\nrelease 1 sha256 [0-9a-f]{64}\n {2}published\/1\/release$/m,
    );
    expect(await readdir(at('state/published/1'))).toEqual(['evidence', 'release', 'review']);
    expect(await stateOf()).toBe('released');
    expect((await told(['log', 'verify', pipeline])).exitCode).toBe(0);
  });
});

describe('a log with witnesses', () => {
  it('lets a release appear once they have cosigned the log with its entry', async () => {
    const before = await readFile(pipeline, 'utf8');
    const key = join(folder, 'witness.key');
    await writeFile(key, createHash('sha256').update('the witness of a test').digest(), { mode: 0o600 });
    const witness = (out: string) =>
      told(
        ['log', 'witness', pipeline, '--name', 'district.example/witness', '--key', key].concat([
          '--state',
          join(folder, 'seen'),
          '--out',
          out,
        ]),
      );
    const vkey = /witness key (\S+)/.exec((await witness(join(folder, 'elsewhere'))).stdout)?.[1] ?? '';
    expect(vkey).toMatch(/^district\.example\/witness\+/);
    const notes = at('cosigned');
    const lines = `  witnesses: { keys: ['${vkey}'], quorum: 1, notes: cosigned }`;
    await writeFile(pipeline, before.replace(/^( +key: .*log\.key)$/m, `$1\n${lines}`));
    await mkdir(notes);
    const project = await openProject(pipeline, await processEffects('none'));
    await expect(requireLastCosigned(project)).rejects.toMatchObject({ code: 'RELEASE_NOT_COSIGNED' });
    const appeared = [at('state/published/1'), at('state/desk/publishing/public')] as const;
    await mkdir(at('state/desk/publishing'));
    await rename(...appeared);
    await expect(publications(project)).rejects.toMatchObject({ code: 'RELEASE_NOT_COSIGNED' });
    const desk = await readDesk(project, { pipeline, partner: undefined }, await processEffects('none'));
    expect(desk).toMatchObject({ candidateRefused: expect.stringMatching(/^RELEASE_NOT_COSIGNED: /) });
    await rename(appeared[1], appeared[0]);
    await rm(at('state/desk/publishing'), { recursive: true });
    await cp(join(folder, 'elsewhere'), join(notes, 'district.checkpoint'));
    await expect(requireLastCosigned(project)).resolves.toBeUndefined();
    await writeFile(pipeline, before);
  });
});

describe('the release after it', () => {
  it('stands as it was where nobody moved, and passes on proof alone', async () => {
    await onDay('2026-06-30');
    const asked = await candidate();
    expect(asked.stdout).toMatch(/^state +approved$/m);
    expect(asked.stdout).toMatch(/no vote is needed/);
    const rows = await rowsOf(at('state/desk/release-candidate'));
    const printed = (await rowsOf(at('state/published/1/release'))).filter((row) => row['as_of'] !== null);
    const standing = rows.filter((row) => row['as_of'] === '2026-06-17');
    expect(standing.length).toBeGreaterThan(20);
    expect(standing).toEqual(printed);
  });

  it.each([
    1, 8, 12,
  ])('is not out, nor in the log, where the software is killed at check %i', async (check) => {
    expect(killedAt(check)).toBe('SIGKILL');
    expect(await readdir(at('state/published'))).toEqual(['1']);
    expect((await told(['log', 'show', pipeline, '--last', '50'])).stdout.match(/ published /g)).toHaveLength(
      1,
    );
    expect(await stateOf()).toBe('approved');
  });

  it('is completed where the software is killed between its log entry and its rename', async () => {
    expect(killedAt(13)).toBe('SIGKILL');
    expect(await readdir(at('state/published'))).toEqual(['1']);
    expect((await told(['log', 'show', pipeline, '--last', '1'])).stdout).toMatch(/ published /);
    expect((await candidate()).stderr).toBe('');
    expect(await readdir(at('state/published'))).toEqual(['1', '2']);
    expect(await readdir(at('state/desk/ledger'))).toEqual(['1', '2']);
  });

  it.each([
    'altered',
    'missing',
    'one too many',
  ])('is not made over a ledger that is %s, and a backup puts that back', async (what) => {
    const entry = at('state/desk/ledger/1');
    const saved = join(folder, `before ${what}`);
    expect((await told(['backup', pipeline, '--out', saved])).exitCode).toBe(0);
    if (what === 'altered') await writeFile(join(entry, 'cells.parquet'), 'x');
    if (what === 'missing') await rm(entry, { recursive: true });
    if (what === 'one too many') await cp(entry, at('state/desk/ledger/3'), { recursive: true });
    const failed = await candidate();
    expect([failed.exitCode, /RELEASE_LEDGER_BROKEN/.test(failed.stderr)]).toEqual([14, true]);
    expect((await told(['restore', pipeline, '--from', saved])).stderr).toBe('');
    await rm(at('state/before-restore'), { recursive: true });
    expect(await readdir(at('state/desk/ledger'))).toEqual(['1', '2']);
    expect((await candidate()).exitCode).toBe(0);
  });

  it('is recalled with every other that rests on an agreement, and its numbers stand no longer', async () => {
    const listed = await release('recall', '--agreement', 'dsa-city');
    expect(listed.stdout.match(/to be recalled/g)).toHaveLength(2);
    expect((await release('recall', '--release', '9')).exitCode).toBe(2);
    await release('recall', '--release', '1', '--reason', 'A partner sent another file than agreed.');
    expect(await readFile(at('state/published/1/RECALLED.md'), 'utf8')).toMatch(/recalled on 2026-06-30/);
    await onDay('2026-07-01');
    expect((await candidate()).exitCode).toBe(0);
    const rows = await rowsOf(at('state/desk/release-candidate'));
    const days = new Set(rows.map((row) => row['as_of']));
    expect([days.has('2026-06-17'), days.has('2026-07-01')]).toEqual([false, true]);
  });
});

describe('rows for a licensee', () => {
  const microdata = (licence: string) => release('microdata', '--licence', licence);

  it('are refused where the licence names a column that its standard does not let out', async () => {
    const refused = await microdata('dul-school');
    expect([refused.exitCode, /RELEASE_IDENTIFIER[\s\S]*school/.test(refused.stderr)]).toEqual([14, true]);
    expect((await microdata('dul-snapshot')).stderr).toMatch(/USE_NOT_PERMITTED/);
  });

  it('are written under a licence that has terms for them, k alike', async () => {
    const { exitCode, stderr, stdout } = await microdata('dul-research');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^microdata [0-9a-f]{64} made\n {2}desk\/licences\/dul-research\/microdata$/m);
    const place = at('state/desk/licences/dul-research/microdata');
    const artifact = await readArtifact(place, 'microdata');
    const session = await openSession({ folders: [place], spill: at('spill'), memory: '500MB', threads: 1 });
    const classes = await session.rows(
      'classes',
      sql`SELECT count(*) AS rows FROM ${artifact.table('rows')} GROUP BY grade_band, sex`,
    );
    session.close();
    expect(classes.length).toBeGreaterThan(1);
    expect(Math.min(...classes.map(({ rows }) => Number(rows)))).toBeGreaterThanOrEqual(5);
  });
});
