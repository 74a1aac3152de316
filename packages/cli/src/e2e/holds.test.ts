import { spawnSync } from 'node:child_process';
import { link, mkdir, readFile, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { shorter } from '../bench/short-night.js';
import { identities, millbrook, told } from './night.fixture.js';

let folder: string;
let pipeline: string;
let good: Record<string, string>;
beforeAll(async () => {
  folder = await millbrook({ copyExtracts: true });
  pipeline = join(folder, 'pipeline.yaml');
  await writeFile(pipeline, shorter(await readFile(pipeline, 'utf8')));
  expect((await told(['run', pipeline])).exitCode).toBe(0);
  good = await identities(join(folder, 'state'));
});
afterAll(() => rm(folder, { recursive: true }));

const extract = (path: string) => join(folder, 'extracts', path);
const onDay = async (day: string) => {
  const text = await readFile(pipeline, 'utf8');
  await writeFile(pipeline, text.replace(/^clock: \S+/m, `clock: ${day}`));
};

/** Delivers other bytes for the time of some work. */
async function delivering<T>(
  path: string,
  change: (text: string) => string,
  work: () => Promise<T>,
): Promise<T> {
  const right = await readFile(extract(path), 'latin1');
  await writeFile(extract(path), change(right), 'latin1');
  try {
    return await work();
  } finally {
    await writeFile(extract(path), right, 'latin1');
  }
}

const withoutLines = (share: number) => (text: string) =>
  text
    .split('\n')
    .filter((_, at) => at === 0 || at % share !== 0)
    .join('\n');

const run = () => told(['run', pipeline]);
const idOf = (text: string) => /(?:charter|afterschool)-\d+/.exec(text)?.[0] ?? 'none';

/** A decision is the last entry of the log, which verifies, by the hash that the hold shows, without its reason. */
async function inTheLog(id: string, event: string): Promise<void> {
  const shown = (await told(['hold', 'show', pipeline, id])).stdout;
  const [, entry = '', sha256 = ''] =
    new RegExp(`^log {5}entry (\\d+), ${event} ([0-9a-f]{64})$`, 'm').exec(shown) ?? [];
  const last = (await told(['log', 'show', pipeline, '--last', '1'])).stdout;
  const files = [...shown.matchAll(/^file {4}(\S+) ([0-9a-f]{12})/gm)].map(
    ([, name, hash]) => `${name} ${hash}`,
  );
  expect(last).toMatch(new RegExp(`^${entry} \\S+ hold afterschool ${event} ${id} ${sha256.slice(0, 12)}`));
  for (const file of files) expect(last).toContain(file);
  expect(last).not.toMatch(/closed|failed/);
  expect((await told(['log', 'verify', pipeline])).stdout).toContain(`entries      ${Number(entry) + 1},`);
}

describe('a delivery that looks wrong', () => {
  it('is held with its reasons; the last good data stay in use, marked stale; the others go on', async () => {
    const { night, status, list, show } = await delivering(
      'afterschool/sessions.csv',
      withoutLines(3),
      async () => ({
        night: await run(),
        status: await told(['status', pipeline]),
        list: await told(['hold', 'list', pipeline]),
        show: await told(['hold', 'show', pipeline, idOf((await told(['hold', 'list', pipeline])).stdout)]),
      }),
    );
    expect(night.exitCode).toBe(13);
    expect(status.stdout).toMatch(/ended well, with deliveries held/);
    expect(status.stdout).toMatch(/^afterschool .* HELD$/m);
    expect(status.stdout).toMatch(/^HELD {2}afterschool: afterschool-1: rows$/m);
    expect(night.stderr).toMatch(/^error PARTNERS_HELD/);
    expect(night.stdout).toMatch(/! HELD: afterschool \(afterschool-1\): rows; STALE/s);
    expect(await identities(join(folder, 'state'))).toEqual(good);
    expect(list.stdout).toMatch(
      /^afterschool-1 {2}open {2}since 2026-06-16 {2}ARRIVAL_HELD {2}data of 2026-06-16 in use$/m,
    );
    expect(show.stdout).toMatch(/reason {2}rows sessions: \d+ then, \d+ now/);
    expect(await readFile(join(folder, 'state/report.html'), 'utf8')).toMatch(/Held, stale\./);
    const next = await run();
    expect(next.exitCode).toBe(0);
    expect((await told(['hold', 'list', pipeline])).stdout).toBe('No delivery is held.\n');
    expect((await told(['hold', 'list', pipeline, '--all'])).stdout).toMatch(/afterschool-1 {2}overtaken/);
  });

  it('is taken in once a person accepts these bytes, and only these', async () => {
    await delivering('afterschool/sessions.csv', withoutLines(4), async () => {
      expect((await run()).exitCode).toBe(13);
      const id = idOf((await told(['hold', 'list', pipeline])).stdout);
      const decision = ['hold', 'accept', pipeline, id];
      expect((await told(decision)).exitCode).toBe(2);
      expect((await told([...decision, '--reason', 'a\nb'])).exitCode).toBe(2);
      expect((await told([...decision, '--reason', 'One site closed in March.'])).exitCode).toBe(0);
      await inTheLog(id, 'hold-accepted');
      const text = await readFile(extract('afterschool/sessions.csv'), 'latin1');
      await writeFile(extract('afterschool/sessions.csv'), withoutLines(5)(text), 'latin1');
      expect((await run()).exitCode).toBe(13);
      await writeFile(extract('afterschool/sessions.csv'), text, 'latin1');
      expect((await run()).exitCode).toBe(0);
      expect(await identities(join(folder, 'state'))).not.toEqual(good);
      expect((await run()).stdout).toMatch(/every stage was up to date/);
      expect((await told(['hold', 'show', pipeline, id])).stdout).toMatch(
        /taken[\s\S]*One site closed in March\./,
      );
    });
    // Events may pile up, so the whole file is no surprise after a part of it.
    expect((await run()).exitCode).toBe(0);
  });

  it('stays out once it is rejected, until another one comes', async () => {
    await delivering('afterschool/sessions.csv', withoutLines(3), async () => {
      await run();
      const id = idOf((await told(['hold', 'list', pipeline])).stdout);
      expect((await told(['hold', 'reject', pipeline, id, '--reason', 'Export failed.'])).exitCode).toBe(0);
      await inTheLog(id, 'hold-rejected');
      expect((await run()).exitCode).toBe(13);
      expect((await told(['hold', 'list', pipeline])).stdout).toMatch(new RegExp(`^${id}  rejected`));
    });
    expect((await run()).exitCode).toBe(0);
    expect((await told(['hold', 'list', pipeline])).stdout).toBe('No delivery is held.\n');
  });
});

describe('a delivery that cannot be read', () => {
  it.each<[string, (text: string) => string, string]>([
    [
      'a column that is renamed',
      (text) => text.replace('student.grade', 'student.level'),
      'HEADER_UNKNOWN_COLUMN',
    ],
    ['nothing in it', () => '', 'EXTRACT_REFUSED'],
    ['half of it quoted without an end', (text) => `${text}\n1,"never closed\n`, 'EXTRACT_TRUNCATED'],
    ['rows of another layout', (text) => text.replaceAll(/\n(?=.)/g, '\nx,'), 'REJECTS_OVER_LIMIT'],
  ])('%s is held, and cannot be accepted', async (_, change, code) => {
    await delivering('charter/students.csv', change, async () => {
      const taken = await told(['ingest', pipeline, '--partner', 'charter']);
      expect(taken.stderr).toContain(code);
      const listed = (await told(['hold', 'list', pipeline])).stdout;
      expect(listed).toContain(code);
      const decision = ['hold', 'accept', pipeline, idOf(listed), '--reason', 'It is fine.'];
      expect((await told(decision)).stderr).toMatch(/^error HOLD_NOT_ACCEPTABLE/);
    });
  });

  it('leaves the rejected lines at the owner, by number and reason', async () => {
    const ingest = () => told(['ingest', pipeline, '--partner', 'charter']);
    await delivering('charter/students.csv', (text) => text.replaceAll(/\n(?=.)/g, '\nx,'), ingest);
    const lines = await readFile(join(folder, 'state/partners/charter/refused/rejected-lines.csv'), 'utf8');
    expect(lines).toMatch(/^extract,line,reason\nstudents,2,"field_count"\n/);
    expect((await ingest()).exitCode).toBe(0);
    await expect(
      readFile(join(folder, 'state/partners/charter/refused/rejected-lines.csv')),
    ).rejects.toThrow();
  });

  it('is missing in term: held; in summer: nothing is due', async () => {
    const aside = `${extract('charter/students.csv')}.aside`;
    await rename(extract('charter/students.csv'), aside);
    const night = await run();
    expect(night.exitCode).toBe(13);
    expect((await told(['hold', 'list', pipeline])).stdout).toContain('EXTRACT_MISSING');
    await rename(aside, extract('charter/students.csv'));
    expect((await run()).exitCode).toBe(0);
    await rename(extract('charter/students.csv'), aside);
    await onDay('2026-07-20');
    const summer = await run();
    expect(summer.stderr).toBe('');
    expect(summer.exitCode).toBe(0);
    expect(summer.stdout).toMatch(/Nothing new came from charter: its data of June 16, 2026 stay in use/);
    await onDay('2026-06-16');
    await rename(aside, extract('charter/students.csv'));
  });
});

describe('the inbox', () => {
  const students = () => extract('charter/students.csv');
  const stateOf = async () => {
    const { stdout } = await told(['inbox', 'list', pipeline]);
    return /^charter {2}students {2}(\w+)$/m.exec(stdout)?.[1];
  };
  let right: string;
  beforeEach(async () => {
    right = await readFile(students(), 'latin1');
  });
  const restored = async () => {
    await rm(students(), { force: true });
    await writeFile(students(), right, 'latin1');
  };

  it('says what has landed, and counts other files without naming them', async () => {
    expect(await stateOf()).toBe('landed');
    const stranger = extract('charter/Zzqcanary Child.csv');
    await writeFile(stranger, '');
    const { stdout } = await told(['inbox', 'list', pipeline]);
    await rm(stranger);
    expect(stdout).toMatch(/^charter {2}1 other files, not looked at$/m);
    expect(stdout).not.toMatch(/Zzqcanary/);
  });

  it.each([
    'students.csv.partial',
    'students.csv.filepart',
    '.students.csv.Xy12Za',
  ])('takes %s for a delivery that is not done', async (name) => {
    await writeFile(extract(`charter/${name}`), 'half');
    const state = await stateOf();
    await rm(extract(`charter/${name}`));
    expect(state).toBe('EXTRACT_LANDING');
    expect(await stateOf()).toBe('landed');
  });

  it('refuses links of either kind, pipes and folders', async () => {
    const elsewhere = join(folder, 'elsewhere.csv');
    await writeFile(elsewhere, right, 'latin1');
    const states: (string | undefined)[] = [];
    for (const put of [
      () => symlink(elsewhere, students()),
      () => link(elsewhere, students()),
      async () => void spawnSync('mkfifo', [students()]),
      () => mkdir(students()),
    ]) {
      await rm(students(), { recursive: true, force: true });
      await put();
      states.push(await stateOf());
      expect((await told(['ingest', pipeline, '--partner', 'charter'])).exitCode).toBe(11);
    }
    await rm(students(), { recursive: true });
    await unlink(elsewhere);
    await restored();
    expect(states).toEqual(Array.from({ length: 4 }, () => 'EXTRACT_REFUSED'));
  });

  it('refuses an inbox that is a link', async () => {
    await rename(extract('charter'), extract('moved'));
    await symlink(extract('moved'), extract('charter'));
    const state = await stateOf();
    await unlink(extract('charter'));
    await rename(extract('moved'), extract('charter'));
    expect(state).toBe('EXTRACT_REFUSED');
  });

  it('waits until everything has landed and stands still, and no longer than asked', async () => {
    await rm(students());
    const late = await told(['inbox', 'wait', pipeline, '--minutes', '0', '--still', '1']);
    expect(late.stderr).toMatch(/^error EXTRACT_MISSING/);
    const waiting = told(['inbox', 'wait', pipeline, '--minutes', '1', '--still', '1']);
    await writeFile(`${students()}.partial`, right.slice(0, 100), 'latin1');
    await writeFile(`${students()}.partial`, right, 'latin1');
    await rename(`${students()}.partial`, students());
    expect((await waiting).stdout).toBe('Every delivery has landed.\n');
  });
});
