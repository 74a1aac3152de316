import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CANARIES, generateCity, writeCity } from '@throughline/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { told } from '../e2e/night.fixture.js';
import { templates } from '../project/templates.js';
import { editSheet } from './edited-sheet.fixture.js';

const STUDENTS = 'millbrook-district-students';
const CALENDAR = 'millbrook-district-calendar';

let folder: string;
let pipeline: string;
let at: (name: string) => string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'manifest-command-'));
  at = (name) => join(folder, name);
  pipeline = at('city/pipeline.yaml');
  await told(['init', at('city'), '--students', '150', '--seed', '7']);
  await told(['keys', 'create', pipeline]);
  await writeCity(
    generateCity({ seed: 'sheet', students: 120, canaries: true, namesDir: templates.names }),
    at('canaries'),
  );
});
afterAll(() => rm(folder, { recursive: true }));

const extract = (name: string) => at(`city/extracts/district/${name}`);
const ingest = () => told(['ingest', pipeline, '--partner', 'district']);

/** Changes an export for a while. */
async function withExport<T>(
  name: string,
  change: (text: string) => string,
  work: () => Promise<T>,
): Promise<T> {
  const right = await readFile(extract(name), 'latin1');
  await writeFile(extract(name), change(right), 'latin1');
  return work().finally(() => writeFile(extract(name), right, 'latin1'));
}

const hasOpenSsh = spawnSync('ssh-keygen', ['-?']).error === undefined;

/** As the how-to says: compare the hash with the page on paper, sign the file with stock OpenSSH, and lay both down. */
async function signWithOpenSsh(proposal: string): Promise<void> {
  const place = at(`city/proposals/${proposal}`);
  const page = await readFile(place.replace(/\.yaml$/, '.html'), 'utf8');
  const [command = ''] = /ssh-keygen -Y sign [^<\n]*/.exec(page) ?? [];
  expect(command).toBe(`ssh-keygen -Y sign -n throughline -f ~/.ssh/id_ed25519 ${proposal}`);
  const sha256 = createHash('sha256')
    .update(await readFile(place))
    .digest('hex');
  expect(page).toContain((sha256.match(/.{8}/g) ?? []).join(' '));
  const [program = '', ...args] = command
    .replace('~/.ssh/id_ed25519', at('city/approvers/okonkwo'))
    .split(' ');
  const signed = spawnSync(program, args, { cwd: at('city/proposals'), encoding: 'utf8' });
  expect([signed.status, signed.error]).toEqual([0, undefined]);
  for (const name of [proposal, `${proposal}.sig`])
    await copyFile(at(`city/proposals/${name}`), at(`city/manifests/district/${name}`));
}

/** Puts a proposal in force: its file among the manifests, and the approver's signature beside it. */
async function approve(proposal: string): Promise<void> {
  const place = at(`city/manifests/district/${proposal}`);
  await copyFile(at(`city/proposals/${proposal}`), place);
  const key = at('city/approvers/okonkwo');
  expect(await told(['approve', place, '--key', key, '--as', 'okonkwo'])).toMatchObject({ exitCode: 0 });
}

describe('throughline manifest', () => {
  it('writes a sheet and a page, with the hash that is signed', async () => {
    const { exitCode, stdout } = await told(['manifest', 'export', pipeline, STUDENTS, '--out', at('sent')]);
    expect(exitCode).toBe(0);
    const sha256 = /sha256 ([0-9a-f]{64})/.exec(stdout)?.[1] ?? '';
    expect((await readdir(at('sent'))).sort()).toEqual([`${STUDENTS}.v1.html`, `${STUDENTS}.v1.xlsx`]);
    const page = await readFile(at(`sent/${STUDENTS}.v1.html`), 'utf8');
    expect(page).toContain(sha256);
    expect(page).toContain((sha256.match(/.{8}/g) ?? []).join(' '));
    expect(page).toMatch(/ssh-keygen -Y sign -n throughline/);
    expect(page.match(/<td class="number">/g)).toHaveLength(28);
    expect(page).not.toMatch(/<script|https?:/);
  });

  it('takes the sheet in again, says what it changes, and writes the next version beside, not in force', async () => {
    await told(['manifest', 'export', pipeline, STUDENTS, '--out', at('sent')]);
    const back = at('back.xlsx');
    await editSheet(at(`sent/${STUDENTS}.v1.xlsx`), back, {
      disability: { decision: 'strike', note: 'Our counsel says no.' },
      gender: { treatment: 'keep' },
    });
    const { exitCode, stdout, stderr } = await told(['manifest', 'import', pipeline, back]);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/disability: the treatment was keep, is refuse \(less leaves\)/);
    expect(stdout).toMatch(/gender: the treatment was link \+ keep, is keep \(less leaves\)/);
    expect(stdout).toMatch(/note on disability: Our counsel says no\./);
    expect((await readdir(at('city/proposals'))).sort()).toEqual([
      `${STUDENTS}.v2.html`,
      `${STUDENTS}.v2.yaml`,
    ]);
    expect((await told(['check', pipeline])).stdout).toMatch(/ok {6}manifest millbrook-district-students/);
    expect((await told(['manifest', 'import', pipeline, back])).stderr).toMatch(
      /USAGE[\s\S]*proposal exists/,
    );
    expect((await told(['manifest', 'import', pipeline, back, '--replace'])).exitCode).toBe(0);
    const v1 = at('city/manifests/district/students.yaml');
    const diff = await told(['manifest', 'diff', v1, at(`city/proposals/${STUDENTS}.v2.yaml`)]);
    expect(diff.stdout).toMatch(/disability: the treatment was keep, is refuse \(less leaves\)/);
    const other = await told(['manifest', 'diff', at(`city/proposals/${STUDENTS}.v2.yaml`), v1]);
    expect(other.stdout).toMatch(/MORE MAY LEAVE/);
    const twoKinds = await told(['manifest', 'diff', v1, at('city/manifests/district/calendar.yaml')]);
    expect([twoKinds.exitCode, twoKinds.stdout]).toEqual([2, '']);
    await rm(at('city/proposals'), { recursive: true });
  });

  it('refuses a sheet of other bytes, with nothing written', async () => {
    await told(['manifest', 'export', pipeline, CALENDAR, '--out', at('sent')]);
    const manifest = at('city/manifests/district/calendar.yaml');
    const right = await readFile(manifest, 'utf8');
    await writeFile(manifest, `${right}\n`);
    const { exitCode, stdout, stderr } = await told([
      'manifest',
      'import',
      pipeline,
      at(`sent/${CALENDAR}.v1.xlsx`),
    ]);
    await writeFile(manifest, right);
    expect([exitCode, stdout, /SHEET_STALE/.test(stderr)]).toEqual([10, '', true]);
    expect(await readdir(at('city'))).not.toContain('proposals');
  });
});

describe('an export that has changed', () => {
  const renamed = (text: string) => text.replace('homeroom', 'home_room');

  it('is refused by name, asked about, decided on the sheet, and flows once it is approved', async () => {
    const refused = await withExport('students.csv', renamed, ingest);
    expect(refused.exitCode).toBe(13);
    expect(refused.stderr).toMatch(/HEADER_UNKNOWN_COLUMN[\s\S]*columns home_room.*missing homeroom/);
    const sent = await told(['manifest', 'export', pipeline, STUDENTS, '--out', at('asked')]);
    expect(sent.stdout).toMatch(/new column home_room[\s\S]*column homeroom is missing/);
    await editSheet(at(`asked/${STUDENTS}.v1.xlsx`), at('decided.xlsx'), {
      home_room: { renamedFrom: 'homeroom' },
    });
    const taken = await told(['manifest', 'import', pipeline, at('decided.xlsx')]);
    expect(taken.stdout).toMatch(/home_room: was called homeroom/);
    await withExport('students.csv', renamed, async () => {
      expect((await ingest()).stderr).toMatch(/HEADER_UNKNOWN_COLUMN/);
      // Without OpenSSH on the machine our own command signs; continuous integration has it.
      await (hasOpenSsh ? signWithOpenSsh : approve)(`${STUDENTS}.v2.yaml`);
      expect(await ingest()).toMatchObject({ exitCode: 0, stderr: '' });
    });
    expect(await readdir(at('city/state/change-requests'))).toEqual([]);
  });

  it('is asked about a new column too, which can stay in the file unread', async () => {
    const wider = (text: string) =>
      text.replace(/^(.*)$/gm, (line, _, offset) =>
        line === '' ? line : `${line},${offset === 0 ? 'bus_number,Tram' : '7,8'}`,
      );
    const refused = await withExport('calendar.csv', wider, () =>
      withExport('students.csv', renamed, ingest),
    );
    expect(refused.stderr).toMatch(/HEADER_UNKNOWN_COLUMN[\s\S]*columns bus_number.*positions 6 \(F\)/);
    expect(refused.stderr).not.toContain('Tram');
    const sent = await told(['manifest', 'export', pipeline, CALENDAR, '--out', at('asked')]);
    expect(sent.stdout).toMatch(/new column bus_number[\s\S]*new column at 6 \(F\); the owner writes/);
    await editSheet(at(`asked/${CALENDAR}.v1.xlsx`), at('unread.xlsx'), {
      bus_number: { treatment: 'drop' },
      'at 6 (F): write its name here': { column: 'Tram', treatment: 'drop' },
    });
    const taken = await told(['manifest', 'import', pipeline, at('unread.xlsx')]);
    expect(taken.stdout).toMatch(/bus_number: is new: drop[\s\S]*Tram: is new: drop/);
    await approve(`${CALENDAR}.v2.yaml`);
    const both = () => withExport('students.csv', renamed, ingest);
    expect(await withExport('calendar.csv', wider, both)).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

describe('throughline manifest preview', () => {
  const preview = (...more: string[]) => {
    const sample = at('canaries/extracts/district/students.csv');
    return told([
      'manifest',
      'preview',
      pipeline,
      at('city/manifests/district/students.yaml'),
      '--extract',
      sample,
      ...more,
    ]);
  };

  it('shows columns and shapes and no value of a row', async () => {
    const { exitCode, stdout, stderr } = await preview();
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/full_name: \d+ rows hold something/);
    expect(stdout).toMatch(/grade \(VARCHAR\): \d+ rows filled, \d+ different/);
    expect(stdout).toMatch(/home_language: drop/);
    for (const canary of CANARIES) expect(stdout).not.toContain(canary);
    expect(await readdir(at('city/state/work'))).toEqual([]);
  });

  it('shows the rows that would leave where the key of the owner is at hand, and only there', async () => {
    const shown = await preview('--show-values', '2');
    expect(shown.stdout).toMatch(/the first rows as they would leave:\n {2}school .*grade/);
    for (const canary of CANARIES) expect(shown.stdout).not.toContain(canary);
    const key = at('city/state/keys/district/record.key');
    const bytes = await readFile(key);
    await rm(key);
    const elsewhere = await preview('--show-values', '2');
    await writeFile(key, bytes, { mode: 0o600 });
    expect([elsewhere.exitCode, elsewhere.stdout]).toEqual([10, '']);
    expect(elsewhere.stderr).toMatch(/PREVIEW_AT_OWNER_ONLY/);
    expect((await preview('--show-values', '0')).exitCode).toBe(2);
  });

  it('previews a draft on a preset, and says why rows would be rejected', async () => {
    const file = at('synergy.csv');
    const rows = Array.from(
      { length: 30 },
      (_, row) => `${row < 2 ? '' : 1000 + row},1${row},Ruiz,Ana,3/9/2015,F,03`,
    );
    await writeFile(
      file,
      [
        'Sis Number,State Student Number,Last Name,First Name,Birth Date,Gender,Grade',
        ...rows,
        'Total: 30',
        '',
      ].join('\n'),
    );
    await told(['profile', file, '--partner', 'district', '--out', at('draft-on-preset.yaml')]);
    expect(await readFile(at('draft-on-preset.yaml'), 'utf8')).toMatch(/^preset: synergy-students$/m);
    const shown = await told([
      ...['manifest', 'preview', pipeline, at('draft-on-preset.yaml'), '--extract', file],
    ]);
    expect([shown.exitCode, shown.stderr]).toEqual([0, '']);
    expect(shown.stdout).toMatch(
      /31 rows: 28 taken in, 3 rejected.*\n {4}missing_key: 2 rows, first at line 2\n {4}field_count: 1 row, first at line 32/,
    );
  });

  it('needs no approval, and refuses what the night would refuse', async () => {
    const draft = at('draft.yaml');
    const text = await readFile(at('city/manifests/district/students.yaml'), 'utf8');
    await writeFile(draft, text.replace('name: homeroom', 'name: another'));
    const { exitCode, stderr } = await told(['manifest', 'preview', pipeline, draft]);
    expect([exitCode, /HEADER_UNKNOWN_COLUMN/.test(stderr)]).toEqual([13, true]);
    await writeFile(
      draft,
      text.replace('treatment: [keep]', 'treatment: [drop]').replace(/^ {4}column: active\n/m, ''),
    );
    expect((await told(['manifest', 'preview', pipeline, draft])).stdout).toMatch(/enrollment_status: drop/);
  });
});
