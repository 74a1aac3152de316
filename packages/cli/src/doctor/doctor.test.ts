import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appendToLog, createKey } from '@throughline/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doctor } from '../commands/doctor.js';
import { millbrook, told } from '../e2e/night.fixture.js';
import { type Effects, processEffects } from '../effects.js';
import { createHostKeys } from '../keys/host-keys.js';
import { readPipeline } from '../pipeline/pipeline.js';
import { logPlace } from '../pipeline/requests.js';
import { openProject } from '../project/project.js';
import { diagnose } from './diagnose.js';
import { keysWithinReach, ofKeys } from './keys.js';
import { ofMachine } from './machine.js';

let folder: string;
let pipeline: string;
let effects: Effects;
beforeAll(async () => {
  folder = await millbrook();
  pipeline = join(folder, 'pipeline.yaml');
  const around = await processEffects('none');
  effects = { ...around, host: { ...around.host, nodeOptions: [] } };
  await chmod(folder, 0o700);
});
afterAll(() => rm(folder, { recursive: true }));

const at = (path: string) => join(folder, path);
/** What is found, but for what is so of any machine that runs tests. */
const OF_THIS_MACHINE = /^(?:RUN_BY_ROOT|SWAP_|CLOCK_NOT_SET|NODE_LOADS_MORE|PROGRAM_MISSING|DISK_LOW)/;
const found = async (with_: Effects = effects) =>
  (await diagnose(pipeline, with_)).findings
    .filter(({ code }) => !OF_THIS_MACHINE.test(code))
    .map(({ code, place }) => `${code} ${place}`);

/** Breaks something for the time of a diagnosis. */
async function broken(breaking: () => Promise<unknown>, mending: () => Promise<unknown>): Promise<string[]> {
  await breaking();
  try {
    return await found();
  } finally {
    await mending();
  }
}

describe('throughline doctor', () => {
  it('finds nothing amiss in a sound project, and says which keys are here and who reads them', async () => {
    expect(await found()).toEqual([]);
    let stdout = '';
    await doctor(pipeline, true, { ...effects, stdout: (text) => (stdout += text) });
    const { keys, versions } = JSON.parse(stdout);
    expect(versions.node).toBe(process.versions.node);
    expect(keys).toHaveLength(8);
    expect(keys[0]).toMatchObject({ role: 'record key of district', readable: 'its owner alone' });
  });

  it('names a key that others can read, with its rule, and exits with 10', async () => {
    const key = at('state/keys/token.key');
    await chmod(key, 0o644);
    const { exitCode, stdout, stderr } = await told(['doctor', pipeline]);
    await chmod(key, 0o600);
    expect(exitCode).toBe(10);
    expect(stderr).toMatch(/^error DOCTOR_FOUND/);
    expect(stdout).toMatch(/MEND {2}KEY_EXPOSED: \S*token\.key, name token\.key, rule mode 0600\n/);
    expect(stdout).toMatch(/token key of the agreement: everybody/);
  });

  it('looks at the wrap key and at the keys of a host too', async () => {
    const read = await readPipeline(pipeline);
    const [signing, identity] = [at('keys/host_ed25519'), at('keys/host.identity')];
    await createHostKeys(at('keys'));
    await createKey(at('keys/wrap.key'));
    const post = { ...{ inbox: 'in', outbox: 'out', largest_parcel: '4GB' }, name: 'unit' };
    const whole = {
      ...read,
      partners: read.partners.map((each) => ({ ...each, wrap_key: at('keys/wrap.key') })),
      host: { ...post, signing_key: signing, age_identity: identity },
    };
    expect(await ofKeys(whole, effects)).toEqual([]);
    for (const path of [at('keys/wrap.key'), signing, identity]) {
      await chmod(path, 0o644);
      expect((await ofKeys(whole, effects)).map(({ code }) => code)).toEqual(['KEY_EXPOSED']);
      expect((await keysWithinReach(whole)).find(({ readable }) => readable === 'everybody')?.key).toBe(path);
      await chmod(path, 0o600);
    }
  });

  it('leaves to a person what a restore has set aside', async () => {
    await mkdir(at('state/before-restore/desk.aside'), { recursive: true });
    expect(await found()).toEqual([]);
    await rm(at('state/before-restore'), { recursive: true });
  });

  it.each<[string, () => Promise<unknown>, () => Promise<unknown>, RegExp]>([
    [
      'a state that others can enter',
      () => chmod(at('state'), 0o755).then(() => writeFile(at('state/runs.json'), '[]', { mode: 0o644 })),
      () => chmod(at('state'), 0o700).then(() => rm(at('state/runs.json'))),
      /^FOLDER_EXPOSED runs\.json/,
    ],
    [
      'a link in the state',
      () => symlink('/etc/hostname', at('state/desk')),
      () => rm(at('state/desk')),
      /^STATE_LINKED desk$/,
    ],
    [
      'a document that others can change',
      () => chmod(at('agreements/dsa-district.yaml'), 0o666),
      () => chmod(at('agreements/dsa-district.yaml'), 0o644),
      /^DOCUMENTS_WRITABLE agreements$/,
    ],
    [
      'the lock of a run that died',
      () => writeFile(at('state/run.lock'), '999999999 1'),
      () => rm(at('state/run.lock')),
      /^LOCK_LEFT run\.lock of process 999999999$/,
    ],
    [
      'what a run that died left',
      () => mkdir(at('state/work/link-millbrook'), { recursive: true }),
      () => rm(at('state/work'), { recursive: true }),
      /^REMAINS_LEFT work\/link-millbrook$/,
    ],
  ])('finds %s', async (_, breaking, mending, expected) => {
    const findings = await broken(breaking, mending);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatch(expected);
  });

  it('finds a clock behind the log, a disk and a memory that are too small, and a log that was altered', async () => {
    const project = await openProject(pipeline, effects);
    const at2031 = '2031-01-01T00:00:00.000Z';
    await appendToLog(
      logPlace(project),
      { event: 'destroyed', stage: 'destroy', of: 'x', outputs: [], about: [], at: at2031 },
      effects.userId,
    );
    const early: Effects = { ...effects, now: () => new Date('2030-12-31T23:00:00Z') };
    expect(await found(early)).toEqual(['CLOCK_BEHIND by 60 minutes']);
    await mkdir(at('root/proc'), { recursive: true });
    await writeFile(at('root/proc/meminfo'), 'MemTotal:        1000000 kB\n');
    const later = { ...effects, now: () => new Date('2031-01-02T00:00:00Z') };
    const small = { ...later, host: { ...effects.host, root: at('root') } };
    expect(await found(small)).toEqual(['MEMORY_SHORT room, limit 3GB, machine_mib 976']);
    await writeFile(at('state/log/tile/entries/000.p/1'), 'another past');
    expect((await found(later))[0]).toMatch(/^LOG_BROKEN the log/);
    await rm(at('state/log'), { recursive: true });
  });

  it('goes on where the pipeline or a document cannot be read, and says where', async () => {
    const agreement = at('agreements/dsa-city.yaml');
    const findings = await broken(
      () => writeFile(agreement, 'kind: [', { flag: 'a' }),
      async () => undefined,
    );
    expect(findings).toEqual([
      expect.stringMatching(/^CONFIG_INVALID the project, place agreements\/dsa-city\.yaml:/),
    ]);
    await writeFile(pipeline, 'nothing');
    expect(await found()).toEqual([
      expect.stringMatching(/^CONFIG_INVALID the pipeline, place pipeline\.yaml:1/),
    ]);
  });
});

describe('the machine', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'machine-'));
    for (const path of [
      'proc',
      'sys/block/dm-1/dm',
      'run/systemd/timesync',
      'modules/.pnpm/@duckdb+node-api@1.3.3',
    ])
      await mkdir(join(root, path), { recursive: true });
    const swaps = ['/dev/dm-1', '/dev/sda2', '/dev/zram0'].map((name) => `${name} partition 1 0 -2`);
    await writeFile(join(root, 'proc/swaps'), ['Filename Type Size Used Priority', ...swaps, ''].join('\n'));
    await writeFile(join(root, 'sys/block/dm-1/dm/uuid'), 'CRYPT-PLAIN-swap\n');
  });
  afterAll(() => rm(root, { recursive: true }));

  it('warns of swap on a bare disk, of a clock not set, of root; and denies what was malicious', async () => {
    const host = {
      node: '18.20.0',
      nodeOptions: ['--require=./spy.js', '--max-old-space-size=900'],
      programs: [],
      root,
    };
    const findings = await ofMachine({ ...effects, userId: 0, host }, join(root, 'modules'));
    expect(findings.map(({ code, place }) => `${code} ${place}`)).toEqual([
      'NODE_TOO_OLD node 18.20.0',
      'NODE_LOADS_MORE --require',
      'PACKAGE_DENIED @duckdb/node-api@1.3.3',
      'RUN_BY_ROOT the user of this process',
      'SWAP_UNENCRYPTED /dev/sda2',
      'CLOCK_NOT_SET the clock',
    ]);
  });
});
