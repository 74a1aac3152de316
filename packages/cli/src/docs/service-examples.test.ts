import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Actions, program } from '../program.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const FILES = ['crontab', 'throughline.service', 'throughline.timer', 'throughline_dag.py'] as const;
const example = (name: string) => readFile(join(root, 'docs/how-to/service', name), 'utf8');

/** The pipeline that a command line would run; undefined if it would run something else. */
async function pipelineRun(words: string): Promise<string | undefined> {
  let found: string | undefined;
  const run = async (pipeline: string) => {
    found = pipeline;
  };
  const actions = { run } as unknown as Actions;
  await program(actions).exitOverride().parseAsync(words.trim().split(/ +/), { from: 'user' });
  return found;
}

const hasAnalyze = spawnSync('systemd-analyze', ['--version']).status === 0;
const needed = hasAnalyze ? '' : ' (SKIPPED: no systemd-analyze on this machine)';

describe('the examples of services', () => {
  it.each(FILES)('%s stands in the how-to as it is', async (name) => {
    const howTo = await readFile(join(root, 'docs/how-to/city-data-staff.md'), 'utf8');
    const block = (await example(name)).replaceAll(/^(?=.)/gm, '    ');
    expect(howTo).toContain(block);
  });

  it.each(FILES.filter((name) => name !== 'throughline.timer'))('%s runs a night', async (name) => {
    const [, words = ''] =
      /node packages\/cli\/dist\/main\.js (.*?)(?: >| \|\||$)/m.exec(await example(name)) ?? [];
    expect(await pipelineRun(words)).toBe('our-city/pipeline.yaml');
  });

  it.skipIf(!hasAnalyze)(`the units are what systemd takes${needed}`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'units-'));
    const service = (await example('throughline.service')).replace('/usr/bin/node', process.execPath);
    await writeFile(join(folder, 'throughline.service'), service);
    await cp(join(root, 'docs/how-to/service/throughline.timer'), join(folder, 'throughline.timer'));
    const { stderr } = spawnSync(
      'systemd-analyze',
      ['verify', '--man=no', join(folder, 'throughline.timer')],
      {
        encoding: 'utf8',
      },
    );
    await rm(folder, { recursive: true });
    expect(stderr.split('\n').filter((line) => /throughline\.(?:service|timer)/.test(line))).toEqual([]);
  });
});

describe('the line of cron', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cron-'));
    await mkdir(join(folder, 'bin'));
    await symlink(process.execPath, join(folder, 'bin/node'));
    await symlink(join(root, 'packages'), join(folder, 'packages'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('runs in /bin/sh, leaves the status of the night, and JSON with what to do', async () => {
    const line = (await example('crontab')).split('\n').find((each) => !each.startsWith('#')) ?? '';
    const [, command = ''] = /^(?:[0-9*]+ ){5} ?(.*)$/.exec(line) ?? [];
    // In a crontab a percent sign is a new line.
    expect(command).not.toMatch(/%|^$/);
    const { status } = spawnSync('/bin/sh', ['-c', command.replace('/srv/throughline', folder)], {
      env: { PATH: join(folder, 'bin') },
    });
    expect(status).toBe(10);
    const lines = (await readFile(join(folder, 'night.jsonl'), 'utf8')).trim().split('\n');
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      event: 'command.failed',
      code: 'CONFIG_UNREADABLE',
      exit: 10,
      details: { name: 'pipeline.yaml' },
      remedy: expect.stringMatching(/path/),
    });
  });
});
