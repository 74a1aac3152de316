import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSession, readArtifact, sql } from '@throughline/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallCity, told } from '../e2e/night.fixture.js';

let folder: string;
let pipeline: string;
let at: (name: string) => string;
let student: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rights-'));
  at = (name) => join(folder, name);
  pipeline = await smallCity(at('city'));
  expect((await told(['run', pipeline])).stderr).toBe('');
  student = await someStudent();
});
afterAll(() => rm(folder, { recursive: true }));

const withdraw = (list: string, ...more: string[]) =>
  writeFile(at('list.txt'), list).then(() =>
    told(['withdraw', pipeline, '--partner', 'district', '--from', at('list.txt'), ...more]),
  );

/** The number of an active student whose record is in the index. */
async function someStudent(): Promise<string> {
  const text = await readFile(at('city/extracts/district/students.csv'), 'latin1');
  return /^"\d{10}","(\d{6})","Active"/m.exec(text)?.[1] ?? '';
}

async function peopleTable(name: 'people' | 'tombstones') {
  const place = at('city/state/linkage-unit/people');
  const table = (await readArtifact(place, 'people')).table(name);
  const session = await openSession({ folders: [place], spill: at('spill'), memory: '500MB', threads: 1 });
  return session.rows(name, sql`SELECT * FROM ${table}`).finally(() => session.close());
}

describe('throughline freeze', () => {
  it('keeps the candidate once, under a number', async () => {
    const first = await told(['freeze', pipeline]);
    expect([first.exitCode, first.stderr]).toEqual([0, '']);
    expect(first.stdout).toMatch(/^release 1 sha256 [0-9a-f]{64}\n/);
    expect(await readdir(at('city/state/desk/frozen/1/release'))).toContain('manifest.json');
    const again = await told(['freeze', pipeline]);
    expect([again.exitCode, /RELEASE_FROZEN[\s\S]*release 1/.test(again.stderr)]).toEqual([14, true]);
  });

  it('does nothing where no candidate is', async () => {
    await told(['init', at('bare'), '--students', '60']);
    await told(['keys', 'create', at('bare/pipeline.yaml')]);
    expect((await told(['freeze', at('bare/pipeline.yaml')])).stderr).toMatch(/ARTIFACT_MISSING/);
  });
});

describe('throughline withdraw', () => {
  it('gives a receipt that names nobody and says which frozen releases counted the record', async () => {
    const { exitCode, stdout, stderr } = await withdraw(`${student}\n`);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^receipt [0-9a-f]{16}\n {2}withdrawn {2}from 2026-06-16 on/);
    expect(stdout).toMatch(/counted {4}in 1 of 1 frozen releases/);
    expect(stdout).toMatch(/release 1 of \d{4}-\d{2}-\d{2}: in \d+ measures/);
    const register = at('city/state/partners/district/withdrawals');
    for (const name of await readdir(register)) {
      const text = await readFile(join(register, name), 'utf8');
      expect([name.includes(student), text.includes(student)]).toEqual([false, false]);
      expect((await stat(join(register, name))).mode & 0o077).toBe(0);
    }
    expect((await told(['log', 'show', pipeline, '--last', '1'])).stdout).toMatch(
      /withdraw district withdrawn [0-9a-f]{16} [0-9a-f]{12}/,
    );
    expect((await told(['log', 'verify', pipeline])).exitCode).toBe(0);
  });

  it('is a tombstone of the people index by the next night, and counted in no release after it', async () => {
    const before = await peopleTable('people');
    expect(await peopleTable('tombstones')).toEqual([]);
    expect((await told(['run', pipeline])).exitCode).toBe(0);
    const [stone, ...others] = await peopleTable('tombstones');
    expect(others).toEqual([]);
    const was = before.find(({ record_id }) => record_id === stone?.['record_id']);
    expect(stone).toMatchObject({
      partner: 'district',
      space: 'student',
      effective: '2026-06-16',
      person_id: was?.['person_id'],
    });
    expect((await peopleTable('people')).map(({ record_id }) => record_id)).not.toContain(
      stone?.['record_id'],
    );
    expect((await told(['freeze', pipeline])).stdout).toMatch(/^release 2 /);
    expect((await withdraw(student)).stdout).toMatch(/counted {4}in 1 of 2 frozen releases/);
  });

  it('counts from its day on, and no longer once the family has come back', async () => {
    const known = (await peopleTable('people')).length;
    const back = await withdraw(student, '--back');
    expect(back.stdout).toMatch(/back {7}from 2026-06-16 on/);
    await told(['run', pipeline]);
    expect([(await peopleTable('people')).length, await peopleTable('tombstones')]).toEqual([known + 1, []]);
    await withdraw(student, '--effective', '2026-09-01');
    expect((await told(['run', pipeline])).exitCode).toBe(0);
    expect((await peopleTable('people')).length).toBe(known + 1);
  });

  it('takes all of a list or nothing of it, and repeats none of it', async () => {
    const register = () => readdir(at('city/state/partners/district/withdrawals'));
    const before = await register();
    const wrong = await withdraw(`123456\nZlatan\n\n654321\tx\n`);
    expect([wrong.exitCode, wrong.stdout]).toEqual([13, '']);
    expect(wrong.stderr).toMatch(/WITHDRAWAL_UNREADABLE[\s\S]*lines 2, 4, count 2, key local_id/);
    expect(wrong.stderr).not.toMatch(/Zlatan|654321/);
    expect((await withdraw('')).stderr).toMatch(/WITHDRAWAL_UNREADABLE/);
    expect(await register()).toEqual(before);
    expect((await withdraw(student, '--space', 'teacher')).stderr).toMatch(/USAGE[\s\S]*spaces student/);
    expect((await withdraw(student, '--effective', 'soon')).exitCode).toBe(2);
    const nobody = await told(['withdraw', pipeline, '--partner', 'nobody', '--from', at('list.txt')]);
    expect(nobody.exitCode).toBe(2);
  });

  it('refuses to work where a withdrawal cannot be read', async () => {
    const register = at('city/state/partners/district/withdrawals');
    await writeFile(join(register, 'broken.json'), '{}');
    const { exitCode, stderr } = await told(['ingest', pipeline, '--partner', 'district']);
    await rm(join(register, 'broken.json'));
    expect([exitCode, /CONFIG_INVALID[\s\S]*broken\.json/.test(stderr)]).toEqual([10, true]);
  });
});
