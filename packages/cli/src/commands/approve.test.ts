import { spawnSync } from 'node:child_process';
import { chmod, cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { told } from '../e2e/night.fixture.js';
import { writeMadeUpKeys } from '../made-up/keys.js';
import { templates } from '../project/templates.js';

let folder: string;
let pipeline: string;
let manifests: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'approve-'));
  await cp(templates.millbrook, folder, { recursive: true });
  await writeMadeUpKeys(join(folder, 'approvers'), ['okonkwo', 'bell']);
  pipeline = join(folder, 'pipeline.yaml');
  manifests = join(folder, 'manifests/district');
});
afterEach(() => rm(folder, { recursive: true }));

const key = (person: string) => join(folder, 'approvers', person);
const manifest = () => join(manifests, 'calendar.yaml');
/** One byte more, which is what the signature there is no longer over. */
const change = async () => writeFile(manifest(), `${await readFile(manifest(), 'utf8')}\n`);
const takeSignature = () => rm(`${manifest()}.okonkwo.sig`);

describe('throughline approve', () => {
  it('signs the bytes as they are, replacing its own signature over other bytes', async () => {
    await change();
    expect((await told(['check', pipeline])).stderr).toMatch(/DOCUMENT_NOT_APPROVED[\s\S]*bad-signature/);
    const { exitCode, stdout } = await told([
      'approve',
      manifest(),
      '--key',
      key('okonkwo'),
      '--as',
      'okonkwo',
    ]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /manifest millbrook-district-calendar, version 1\n[\s\S]*columns of calendar, of district:/,
    );
    expect(await told(['check', pipeline])).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('writes over the signature of nobody else', async () => {
    const before = await readFile(`${manifest()}.okonkwo.sig`, 'utf8');
    const failed = await told(['approve', manifest(), '--key', key('bell'), '--as', 'okonkwo']);
    expect([failed.exitCode, /file exists/.test(failed.stderr)]).toEqual([2, true]);
    expect(await readFile(`${manifest()}.okonkwo.sig`, 'utf8')).toBe(before);
  });

  it('tells what to do with ssh-keygen, and signs nothing, if asked to print', async () => {
    const before = await readdir(manifests);
    const { stdout, exitCode } = await told(['approve', manifest(), '--print']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/sha256 [0-9a-f]{64}[\s\S]*ssh-keygen -Y sign -n throughline/);
    expect(await readdir(manifests)).toEqual(before);
    expect((await told(['approve', manifest()])).exitCode).toBe(2);
  });

  it('signs no document that does not parse', async () => {
    await writeFile(manifest(), 'kind: manifest\n<<: *all\n');
    const { exitCode, stderr } = await told(['approve', manifest(), '--key', key('okonkwo')]);
    expect([exitCode, /CONFIG_INVALID/.test(stderr)]).toEqual([10, true]);
  });

  it.each<[string, (path: string) => Promise<unknown>, string]>([
    ['others can read', (path) => chmod(path, 0o644), 'KEY_EXPOSED'],
    ['is a link', (path) => rm(path).then(() => symlink(`${path}.pub`, path)), 'KEY_EXPOSED'],
    ['is not there', (path) => rm(path), 'KEY_UNREADABLE'],
    ['is no key', (path) => writeFile(path, 'x'.repeat(99)), 'SIGNING_KEY_UNSUPPORTED'],
    ['is longer than any key', (path) => writeFile(path, 'x'.repeat(20_000)), 'SIGNING_KEY_UNSUPPORTED'],
  ])('uses no key file that %s', async (_, spoil, code) => {
    await takeSignature();
    await spoil(key('okonkwo'));
    const { exitCode, stderr } = await told(['approve', manifest(), '--key', key('okonkwo')]);
    expect([exitCode, stderr.includes(code)]).toEqual([12, true]);
    expect(await readdir(manifests)).not.toContain('calendar.yaml.okonkwo.sig');
  });
});

describe('throughline revoke', () => {
  const agreement = () => join(folder, 'agreements/dsa-district.yaml');
  const reason = ['--reason', 'The board has decided to leave the cabinet.'];

  it('ends an agreement from a day on, by one of its owner', async () => {
    const from = ['--from', '2026-06-16', '--key', key('bell'), '--as', 'bell'];
    expect((await told(['revoke', agreement(), ...reason, ...from])).stdout).toMatch(
      /ends dsa dsa-district up to version 1 from 2026-06-16[\s\S]*Signed/,
    );
    const { exitCode, stdout, stderr } = await told(['check', pipeline]);
    expect([exitCode, /AGREEMENT_REVOKED/.test(stderr)]).toEqual([10, true]);
    expect(stdout).toMatch(/REFUSED manifest millbrook-district-students: AGREEMENT_REVOKED/);
    expect(stdout).toMatch(/ok {6}manifest millbrook-charter-students/);
    expect((await told(['revoke', agreement(), ...reason])).exitCode).toBe(2);
  });

  it('counts from its first day, and stops everything if it is not signed', async () => {
    expect((await told(['revoke', agreement(), ...reason, '--from', '2026-06-17'])).exitCode).toBe(0);
    expect((await told(['check', pipeline])).exitCode).toBe(0);
    const file = join(folder, 'agreements/revocation-dsa-district-v1.yaml');
    await writeFile(file, (await readFile(file, 'utf8')).replace('2026-06-17', '2026-06-16'));
    expect((await told(['check', pipeline])).stderr).toMatch(/DOCUMENT_NOT_APPROVED/);
  });

  it('writes nothing that is no revocation', async () => {
    const before = await readdir(join(folder, 'agreements'));
    expect((await told(['revoke', agreement(), '--reason', 'no'])).stderr).toMatch(/CONFIG_INVALID/);
    expect((await told(['revoke', agreement(), ...reason, '--from', '2026-02-30'])).exitCode).toBe(2);
    expect(await readdir(join(folder, 'agreements'))).toEqual(before);
  });
});

describe('throughline attest', () => {
  it('records ink, which counts once two others have signed it', async () => {
    await writeMadeUpKeys(join(folder, 'approvers'), ['alvarez']);
    await takeSignature();
    await writeFile(join(folder, 'scan.pdf'), 'a scan');
    const paper = ['--scan', join(folder, 'scan.pdf'), '--person', 'okonkwo', '--on', '2026-06-15'];
    expect((await told(['attest', manifest(), ...paper])).stdout).toMatch(
      /okonkwo on 2026-06-15 signed on paper/,
    );
    const file = join(manifests, 'paper-millbrook-district-calendar-v1.yaml');
    await told(['approve', file, '--key', key('bell'), '--as', 'bell']);
    expect((await told(['check', pipeline])).stderr).toMatch(/DOCUMENT_NOT_APPROVED/);
    await told(['approve', file, '--key', key('alvarez'), '--as', 'alvarez']);
    const { exitCode, stdout } = await told(['check', pipeline]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/millbrook-district-calendar: approved by okonkwo \(on paper\)/);
  });
});

const hasKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined;
const keygen = (args: readonly string[], input = '') =>
  spawnSync('ssh-keygen', args, { input, encoding: 'utf8' });

describe.skipIf(!hasKeygen)('ssh-keygen (skipped where openssh-client is not installed)', () => {
  it('makes approvals that count, under the name that it gives them', async () => {
    await takeSignature();
    const refused = await told(['check', pipeline]);
    expect(refused.stdout).toMatch(/REFUSED manifest millbrook-district-calendar: DOCUMENT_NOT_APPROVED/);
    expect(keygen(['-Y', 'sign', '-n', 'throughline', '-f', key('okonkwo'), manifest()]).status).toBe(0);
    expect(await readdir(manifests)).toContain('calendar.yaml.sig');
    expect(await told(['check', pipeline])).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('makes none in another namespace', async () => {
    await takeSignature();
    expect(keygen(['-Y', 'sign', '-n', 'file', '-f', key('okonkwo'), manifest()]).status).toBe(0);
    expect((await told(['check', pipeline])).stderr).toMatch(/DOCUMENT_NOT_APPROVED[\s\S]*wrong-namespace/);
  });

  it('verifies every approval of Millbrook against what `throughline approvers` prints, and no changed byte', async () => {
    const allowed = join(folder, 'allowed_signers');
    const { stdout } = await told(['approvers', pipeline]);
    for (const line of stdout.split('\n').filter((each) => /^[a-z]/.test(each)))
      expect(line).toMatch(
        /^[a-z]+ namespaces="throughline",valid-after="\d{8}Z",valid-before="\d{14}Z" ssh-ed25519 /,
      );
    await writeFile(allowed, stdout);
    const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.sig'));
    expect(files.length).toBeGreaterThan(30);
    for (const file of files) {
      const [, document = '', person = ''] = /^(.*\.yaml)\.([a-z]+)\.sig$/.exec(file) ?? [];
      const text = await readFile(join(folder, document), 'utf8');
      const args = [
        '-Y',
        'verify',
        '-n',
        'throughline',
        '-f',
        allowed,
        '-I',
        person,
        '-s',
        join(folder, file),
      ];
      const at = ['-O', 'verify-time=20260616120000Z'];
      expect([file, keygen([...args, ...at], text).status]).toEqual([file, 0]);
      expect(keygen([...args, ...at], `${text} `).status).not.toBe(0);
    }
  });
});
