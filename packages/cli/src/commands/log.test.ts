import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKey } from '@throughline/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { told } from '../e2e/night.fixture.js';

const PARTNERS = 5;

let folder: string;
let pipeline: string;
let log: string;
let vkey: string;
let at: (name: string) => string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'log-command-'));
  at = (name) => join(folder, name);
  pipeline = at('city/pipeline.yaml');
  log = at('city/state/log');
  vkey = at('city/state/keys/log/log.vkey');
  await told(['init', at('city'), '--students', '150', '--seed', '7']);
  await told(['keys', 'create', pipeline]);
  await createKey(at('witness.key'));
  const intake = await told(['ingest', pipeline, '--partner', 'city']);
  expect([intake.exitCode, intake.stderr]).toEqual([0, '']);
  await cp(join(log, 'checkpoint'), at('early'));
  await cp(log, at('early-log'), { recursive: true });
  expect((await told(['ingest', pipeline])).exitCode).toBe(0);
  await cp(log, at('right-log'), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true }));

/** Puts another log in place for a while. */
async function withLog<T>(other: string, work: () => Promise<T>): Promise<T> {
  await replaceLog(other);
  return work().finally(() => replaceLog(at('right-log')));
}
async function replaceLog(other: string): Promise<void> {
  await rm(log, { recursive: true });
  await cp(other, log, { recursive: true });
}
const verify = (...more: string[]) => told(['log', 'verify', pipeline, ...more]);
const witness = (state: string, ...more: string[]) => {
  const signer = ['--key', at('witness.key'), '--name', 'district.example/witness', '--state', at(state)];
  return told(['log', 'witness', pipeline, ...signer, ...more]);
};

describe('throughline log verify', () => {
  it('says what it proved, and what it did not', async () => {
    const alone = await verify();
    expect([alone.exitCode, alone.stderr]).toEqual([0, '']);
    expect(alone.stdout).toContain(`entries      ${PARTNERS}, of which 0 aborts`);
    expect(alone.stdout).toMatch(/not proved/);
    const against = await verify('--against', at('early'), '--vkey', vkey);
    expect(against.stdout).toContain('the first 1 entries are those of the older checkpoint');
    expect(against.stdout).not.toMatch(/not proved/);
  });

  it('needs no agreements', async () => {
    await cp(at('city'), at('copy'), { recursive: true });
    await rm(at('copy/agreements'), { recursive: true });
    expect((await told(['log', 'verify', at('copy/pipeline.yaml')])).exitCode).toBe(0);
  });

  it('finds one byte of one entry changed, and names the tile', async () => {
    const tile = `tile/entries/000.p/${PARTNERS}`;
    await cp(at('right-log'), at('changed-log'), { recursive: true });
    const bytes = await readFile(join(at('changed-log'), tile));
    bytes[bytes.indexOf('ingest')] = 0x49;
    await writeFile(join(at('changed-log'), tile), bytes);
    const { exitCode, stdout, stderr } = await withLog(at('changed-log'), () => verify());
    expect([exitCode, stdout]).toEqual([11, '']);
    expect(stderr).toMatch(/error LOG_BROKEN \(exit 11\)[\s\S]*tile\/0\/000\.p\/5/);
  });

  it('finds the log put back to an earlier day', async () => {
    const latest = join(at('right-log'), 'checkpoint');
    const { exitCode, stderr } = await withLog(at('early-log'), () => verify('--against', latest));
    expect(exitCode).toBe(11);
    expect(stderr).toMatch(/error LOG_ALTERED[\s\S]*entries then 5, entries now 1/);
  });

  it('wants the right verifier key', async () => {
    await writeFile(at('none.vkey'), 'x\n');
    expect((await verify('--vkey', at('none.vkey'))).stderr).toMatch(/CONFIG_INVALID/);
    expect((await verify('--vkey', at('nowhere'))).stderr).toMatch(/KEY_UNREADABLE/);
    await told(['init', at('other'), '--students', '60', '--seed', '4']);
    await told(['keys', 'create', at('other/pipeline.yaml')]);
    const foreign = await verify('--vkey', at('other/state/keys/log/log.vkey'));
    expect([foreign.exitCode, /LOG_CHECKPOINT_REFUSED/.test(foreign.stderr)]).toEqual([11, true]);
  });
});

describe('throughline log show', () => {
  it('prints a line an entry, the latest last', async () => {
    const all = (await told(['log', 'show', pipeline])).stdout.trimEnd().split('\n');
    expect(all).toHaveLength(PARTNERS);
    expect(all[0]).toMatch(/^0 \d{4}-\S+Z ingest city identifiers [0-9a-f]{12}, payload [0-9a-f]{12}$/);
    const last = (await told(['log', 'show', pipeline, '--last', '2'])).stdout.trimEnd().split('\n');
    expect(last).toEqual(all.slice(-2));
    expect((await told(['log', 'show', pipeline, '--last', 'none'])).exitCode).toBe(2);
  });

  it('shows an abort where an output was taken away', async () => {
    await rm(at('city/state/partners/city/payload'), { recursive: true });
    await told(['ingest', pipeline, '--partner', 'city']);
    const { stdout } = await told(['log', 'show', pipeline, '--last', '2']);
    const made = (await verify()).stdout;
    await replaceLog(at('right-log'));
    expect(stdout).toMatch(
      /^5 \S+ ingest city abort of 0: payload [0-9a-f]{12}\n6 \S+ ingest city identifiers/,
    );
    expect(made).toContain('entries      7, of which 1 aborts');
  });
});

describe('throughline log witness', () => {
  it('cosigns, and what it cosigned is good to verify against', async () => {
    const first = await withLog(at('early-log'), () => witness('seen', '--out', at('cosigned')));
    expect([first.exitCode, first.stderr]).toEqual([0, '']);
    expect(first.stdout).toMatch(
      /cosigned 1 entries: the first[\s\S]*witness key district\.example\/witness\+/,
    );
    expect((await verify('--against', at('cosigned'))).stdout).toContain('the first 1 entries');
    const second = await witness('seen', '--vkey', vkey);
    expect(second.stdout).toMatch(
      /^millbrook\.example\/throughline\n5\n[\s\S]*\n— district\.example\/witness /,
    );
    expect(await readFile(at('seen'), 'utf8')).toBe(second.stdout);
    expect((await stat(at('seen'))).mode & 0o077).toBe(0);
    expect(await readdir(folder)).not.toContain('run.lock');
  });

  it('refuses a rollback and a fork with exit status 11 and cosigns nothing', async () => {
    await witness('held');
    const held = await readFile(at('held'));
    const back = await withLog(at('early-log'), () => witness('held', '--out', at('never')));
    const fork = await withLog(at('early-log'), async () => {
      for (const name of ['health', 'district', 'afterschool', 'charter']) {
        await rm(at(`city/state/partners/${name}`), { recursive: true });
        expect((await told(['ingest', pipeline, '--partner', name])).exitCode).toBe(0);
      }
      expect((await verify()).exitCode).toBe(0);
      return witness('held', '--out', at('never'));
    });
    for (const { exitCode, stdout, stderr } of [back, fork]) {
      expect([exitCode, stdout, /LOG_ALTERED/.test(stderr)]).toEqual([11, '', true]);
    }
    expect(await readFile(at('held'))).toEqual(held);
    expect(await readdir(folder)).not.toContain('never');
  });

  it('wants a key file that nobody else can read, a name and a state', async () => {
    await writeFile(at('open.key'), await readFile(at('witness.key')), { mode: 0o644 });
    const exposed = await told([
      ...['log', 'witness', pipeline, '--key', at('open.key'), '--name', 'a', '--state', at('new')],
    ]);
    expect([exposed.exitCode, /KEY_EXPOSED/.test(exposed.stderr)]).toEqual([12, true]);
    expect((await told(['log', 'witness', pipeline])).exitCode).toBe(2);
    const named = await witness('new', '--name', 'two words');
    expect([named.exitCode, await readdir(folder)]).toEqual([2, expect.not.arrayContaining(['new'])]);
  });
});
