import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { told } from './night.fixture.js';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const spawned = (args: readonly string[], environment: Record<string, string> = {}) =>
  spawnSync(process.execPath, [main, ...args], { encoding: 'utf8', env: { ...process.env, ...environment } });

let folder: string;
let project: string;
let pipeline: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'command-'));
  project = join(folder, 'our-city');
  pipeline = join(project, 'pipeline.yaml');
  expect((await told(['init', project, '--students', '150', '--seed', '7'])).exitCode).toBe(0);
});
afterAll(() => rm(folder, { recursive: true }));

describe('throughline', () => {
  it('explains itself on standard output without loading the database', () => {
    const probe = `import { runCommand } from ${JSON.stringify(new URL('../../dist/run-command.js', import.meta.url).href)};
      const status = await runCommand({ args: ['--help'], environment: {} });
      const { createRequire } = await import('node:module');
      const loaded = process.report.getReport().sharedObjects.filter((name) => /duckdb/.test(name)).length;
      process.exitCode = status + loaded;`;
    const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', probe], {
      encoding: 'utf8',
    });
    expect(status).toBe(0);
    expect(stdout).toMatch(/Usage: throughline/);
    expect(stdout).toMatch(/Exit codes/);
  });

  it('exits with 2 on words it does not know, and says so on standard error', () => {
    for (const args of [
      ['rum'],
      ['run'],
      ['init', 'x', '--students', 'many'],
      ['--log', 'loud', 'run', 'x'],
    ]) {
      const { status, stdout, stderr } = spawned(args);
      expect([args, status, stdout]).toEqual([args, 2, '']);
      expect(stderr).not.toBe('');
    }
  });

  it('refuses a key on the command line', () => {
    const { status, stderr } = spawned(['run', 'ab'.repeat(32)]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/SECRET_ON_COMMAND_LINE/);
    expect(stderr).not.toMatch(/abab/);
  });

  it('ends quietly where its reader has seen enough', () => {
    const { status, stderr } = spawnSync(
      'sh',
      ['-c', `"${process.execPath}" "${main}" check "${pipeline}" | head -c 1`],
      {
        encoding: 'utf8',
      },
    );
    expect([status, stderr]).toEqual([0, '']);
  });

  it('says which file it cannot read', async () => {
    const { exitCode, stderr } = await told(['run', join(folder, 'nowhere.yaml')]);
    expect(exitCode).toBe(10);
    expect(stderr).toMatch(/CONFIG_UNREADABLE[\s\S]*nowhere\.yaml/);
  });

  it('never makes a project over something that is there', async () => {
    const before = await readdir(project);
    const { exitCode } = await told(['init', project]);
    expect(exitCode).toBe(2);
    expect(await readdir(project)).toEqual(before);
  });

  it('checks agreements and approvals and prints the hash to approve', async () => {
    const { exitCode, stdout } = await told(['check', pipeline]);
    expect(exitCode).toBe(0);
    expect(stdout.match(/ok {6}manifest/g)).toHaveLength(23);
    expect(stdout.match(/sha256 [0-9a-f]{64}/g)).toHaveLength(23);
  });

  it('finds one byte of a manifest changed, and names it', async () => {
    const manifest = join(project, 'manifests/district/students.yaml');
    const right = await readFile(manifest, 'utf8');
    await writeFile(manifest, `${right}\n`);
    const { exitCode, stdout, stderr } = await told(['check', pipeline]);
    const ingest = await told(['ingest', pipeline, '--partner', 'district']);
    await writeFile(manifest, right);
    expect([exitCode, ingest.exitCode]).toEqual([10, 10]);
    expect(stdout).toMatch(/REFUSED manifest millbrook-district-students/);
    expect(stderr).toMatch(/DOCUMENT_NOT_APPROVED/);
  });

  it('wants keys first, makes them with mode 0600, and never touches one that is there', async () => {
    const without = await told(['ingest', pipeline, '--partner', 'city']);
    expect([without.exitCode, /KEY_UNREADABLE/.test(without.stderr)]).toEqual([12, true]);
    expect((await told(['keys', 'create', pipeline])).stdout.match(/^made /gm)).toHaveLength(10);
    const key = join(project, 'state/keys/city/record.key');
    expect((await stat(key)).mode & 0o777).toBe(0o600);
    const bytes = await readFile(key);
    expect((await told(['keys', 'create', pipeline])).stdout).not.toMatch(/^made /m);
    expect(await readFile(key)).toEqual(bytes);
  });

  it('runs stage by stage as it runs a night, and names a partner that there is not', async () => {
    expect((await told(['tokenize', pipeline, '--partner', 'nobody'])).exitCode).toBe(2);
    expect((await told(['tokenize', pipeline, '--partner', 'city'])).stderr).toMatch(/ARTIFACT_MISSING/);
    const inOrder = ['ingest', 'tokenize --plan', 'gate', 'tokenize', 'link', 'measure', 'release'];
    for (const stage of inOrder.map((words) => words.split(' '))) {
      const { exitCode, stdout } = await told([...stage, pipeline]);
      expect([stage, exitCode]).toEqual([stage, 0]);
      expect(stdout).toMatch(/^[a-z]+ [0-9a-f]{64} made$/m);
    }
    const { stdout } = await told(['run', pipeline]);
    expect(stdout).toMatch(/every stage was up to date/);
    const report = await told(['report', pipeline, '--out', join(folder, 'elsewhere.html')]);
    expect(report.exitCode).toBe(0);
    expect(await readFile(join(folder, 'elsewhere.html'), 'utf8')).toMatch(/^<!doctype html>/i);
  });

  it('carries nothing further that was taken in under a manifest revoked since', async () => {
    const manifest = join(project, 'manifests/district/enrollments.yaml');
    const reason = ['--reason', 'The district takes it back.', '--from', '2026-06-01'];
    const key = ['--key', join(project, 'approvers/okonkwo'), '--as', 'okonkwo'];
    expect((await told(['revoke', manifest, ...reason, ...key])).exitCode).toBe(0);
    for (const stage of ['tokenize', 'measure']) {
      const { exitCode, stderr } = await told([stage, pipeline]);
      expect([stage, exitCode, /AGREEMENT_REVOKED/.test(stderr)]).toEqual([stage, 10, true]);
    }
    const revocation = join(project, 'manifests/district/revocation-millbrook-district-enrollments-v1.yaml');
    await rm(revocation);
    expect((await told(['tokenize', pipeline])).exitCode).toBe(0);
  });

  it('writes JSON lines of events where there is no terminal', () => {
    const { status, stderr } = spawned(['run', pipeline]);
    expect(status).toBe(0);
    const lines = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ event }) => event)).toContain('stage.current');
  });
});
