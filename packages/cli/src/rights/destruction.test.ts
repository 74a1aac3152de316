import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSession, readArtifact, sql } from '@throughline/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grantHouseholds } from '../bench/grant-households.js';
import { smallCity, told } from '../e2e/night.fixture.js';
import { keepAnswers, readAnswers } from '../linkage/reviews.js';

let folder: string;
let pipeline: string;
let at: (name: string) => string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'destruction-'));
  at = (name) => join(folder, name);
  pipeline = await smallCity(at('city'), 7, grantHouseholds);
  expect((await told(['run', pipeline])).stderr).toBe('');
  expect((await told(['freeze', pipeline])).exitCode).toBe(0);
  await keepAnswers(reviews(), [
    { a: NOBODY, b: NOBODY, partner: 'district', with: 'health', same: false },
    { a: NOBODY, b: NOBODY, partner: 'afterschool', with: 'charter', same: false },
  ]);
});
const NOBODY = '00000000-0000-0000-0000-000000000000';
const reviews = () => at('city/state/linkage-unit/reviews.json');
afterAll(() => rm(folder, { recursive: true }));

/** Another day: the agreements of the sample end on 30 June 2030, and give 90 days. */
const onDay = (day: string) => edit(/^clock: \S+/m, `clock: ${day}`);
const destruction = (...args: string[]) => told(['destruction', ...args]);

/** The rules of homes of which a partner's tokens are there. */
async function rulesOfHomes(place: string) {
  const tokens = await readArtifact(at(`city/state/${place}/tokens`), 'tokens');
  const session = await openSession({
    folders: [tokens.folder],
    spill: at('s'),
    memory: '200MB',
    threads: 1,
  });
  try {
    const rules = sql`SELECT DISTINCT rule FROM ${tokens.table('tokens')} WHERE rule LIKE 'home%' ORDER BY rule`;
    return (await session.rows('rules', rules)).map(({ rule }) => rule);
  } finally {
    session.close();
  }
}
const edit = async (from: RegExp, to: string) =>
  writeFile(pipeline, (await readFile(pipeline, 'utf8')).replace(from, to));
const tablesOfIndex = async () =>
  (await readArtifact(at('city/state/linkage-unit/households'), 'households')).manifest.tables
    .filter(({ rows }) => rows > 0)
    .map(({ name }) => name);

describe('a household index, while everything is in force', () => {
  it('is made of tokens of the partners that grant it, beside links that know nothing of them', async () => {
    expect(await tablesOfIndex()).toEqual(expect.arrayContaining(['members', 'history', 'standing']));
    expect(await rulesOfHomes('partners/district')).toEqual(['home', 'home_phone']);
    expect(await rulesOfHomes('linkage-unit/received/district')).toEqual(['home', 'home_phone']);
    expect(await rulesOfHomes('partners/charter')).toEqual([]);
    expect((await told(['check', pipeline])).stdout).toMatch(/households by district: granted, by 3 rules\n/);
    expect((await told(['run', pipeline, '--plan'])).stdout).toMatch(/^households millbrook +current/m);
    expect(await readFile(at('city/state/linkage.html'), 'utf8')).toContain('Children in it');
  });

  it('is in a backup, which can be rehearsed', async () => {
    expect((await told(['backup', pipeline, '--out', at('saved')])).exitCode).toBe(0);
    const rehearsed = await told(['restore', pipeline, '--from', at('saved'), '--rehearse', at('rehearsal')]);
    expect(rehearsed.stdout).toMatch(/the household index can be read: \d+ households\n/);
  });

  it('is refused of a partner whose agreement does not grant it, or that is none', async () => {
    await edit(/^households: \[/m, 'households: [charter, ');
    const refused = await told(['tokenize', pipeline, '--partner', 'charter']);
    expect([refused.exitCode, refused.stderr]).toEqual([
      10,
      expect.stringMatching(/USE_NOT_PERMITTED[\s\S]*household-index/),
    ]);
    await edit(/^households: \[charter, /m, 'households: [nobody, ');
    expect((await told(['check', pipeline])).stderr).toMatch(/CONFIG_INVALID[\s\S]*households/);
    await edit(/^households: \[nobody, /m, 'households: [');
  });
});

describe('throughline destruction', () => {
  it('destroys nothing while an agreement is in force', async () => {
    expect((await destruction('list', pipeline)).stdout).toMatch(
      /dsa-district of district: in force until 2030-06-30\n/,
    );
    const early = await destruction('do', pipeline, '--partner', 'district');
    expect([early.exitCode, /DESTRUCTION_NOT_DUE[\s\S]*until 2030-06-30/.test(early.stderr)]).toEqual([
      10,
      true,
    ]);
    expect(await readdir(at('city/state/partners/district'))).toContain('identifiers');
  });

  it('lists what is due, and blocks every run once it is overdue', async () => {
    await onDay('2030-07-01');
    const due = await destruction('list', pipeline);
    expect(due.stdout).toMatch(
      /dsa-health of health: ended 2030-06-30; destroy by 2030-09-28, DUE\n[\s\S]*health: identifiers/,
    );
    await onDay('2030-09-29');
    for (const command of ['run', 'ingest', 'link', 'release']) {
      const blocked = await told([command, pipeline]);
      expect([command, blocked.exitCode]).toEqual([command, 10]);
      expect(blocked.stderr).toMatch(/DESTRUCTION_OVERDUE[\s\S]*by 2030-09-28/);
    }
  });

  it('does it, says what it destroyed, certifies it, and leaves the rest of the log sound', async () => {
    const early = await destruction('certificate', pipeline, '--partner', 'health', '--out', at('none.html'));
    expect([early.exitCode, /DESTRUCTION_UNFINISHED/.test(early.stderr)]).toEqual([10, true]);
    await mkdir(at('city/state/before-restore'));
    expect((await destruction('list', pipeline)).stdout).toMatch(
      /health: ended [\s\S]*what a restore set aside/,
    );
    const done = await destruction('do', pipeline, '--partner', 'health');
    expect([done.exitCode, done.stderr]).toEqual([0, '']);
    expect(done.stdout).toMatch(
      /health: identifiers\n[\s\S]*people index: \d+ records[\s\S]*whom release 1 counted: \d+ records/,
    );
    expect(await readdir(at('city/state/partners/health'))).toEqual([]);
    expect(done.stdout).toMatch(/answers to reviews: 1\n/);
    expect((await readAnswers(reviews())).map((answer) => answer.with)).toEqual(['charter']);
    const certify = () =>
      destruction('certificate', pipeline, '--partner', 'health', '--out', at('health.html'));
    expect(await readdir(at('city/state'))).not.toContain('before-restore');
    await mkdir(at('city/state/before-restore'));
    expect((await certify()).stderr).toMatch(/DESTRUCTION_UNFINISHED[\s\S]*holdings 1/);
    await rm(at('city/state/before-restore'), { recursive: true });
    expect((await certify()).exitCode).toBe(0);
    const page = await readFile(at('health.html'), 'utf8');
    expect(page).toMatch(/Certificate of destruction: the records of health/);
    expect(page).toMatch(/For the city: name/);
    expect((await told(['log', 'show', pipeline, '--last', '1'])).stdout).toMatch(
      /destroy health destroyed dsa-health [0-9a-f]{12}/,
    );
    expect((await told(['log', 'verify', pipeline])).exitCode).toBe(0);
  });

  it('can be done again, and frees the runs when nothing is left', async () => {
    for (const partner of ['health', 'district', 'charter', 'afterschool', 'city']) {
      const done = await destruction('do', pipeline, '--partner', partner);
      expect(done.exitCode).toBe(0);
      if (partner === 'district') expect(done.stdout).toMatch(/household index: \d+ persons\n/);
    }
    expect((await destruction('list', pipeline)).stdout.match(/nothing is left/g)).toHaveLength(5);
    const freed = await told(['run', pipeline]);
    expect(freed.stderr).not.toMatch(/DESTRUCTION_OVERDUE/);
    expect(freed.stderr).toMatch(/AGREEMENT_EXPIRED|DOCUMENT_NOT_APPROVED/);
    expect((await destruction('do', pipeline, '--partner', 'nobody')).stderr).toMatch(/DOCUMENT_MISSING/);
    expect(await tablesOfIndex()).not.toContain('members');
  });

  it('is not needed for a household index that nobody asks for: housekeeping keeps how many ids there were', async () => {
    await edit(/^households: .*\n/m, '');
    const line = 'household index: the pipeline asks for no household index any more\n';
    expect((await told(['housekeeping', pipeline, '--plan'])).stdout).toContain(`would go  ${line}`);
    expect((await told(['housekeeping', pipeline])).stdout).toContain(`gone  ${line}`);
    expect(await tablesOfIndex()).toEqual(['counter']);
    expect((await told(['housekeeping', pipeline, '--plan'])).stdout).not.toContain('household index');
    expect((await told(['log', 'verify', pipeline])).exitCode).toBe(0);
  });
});
