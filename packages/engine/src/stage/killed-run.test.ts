import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readArtifact } from '../artifacts/read.js';
import type { LogEntry } from '../log/entry.js';
import { entriesOf, newLog, verified } from '../log/log.fixture.js';

const child = fileURLToPath(new URL('killed-run.fixture.mjs', import.meta.url));
const NEVER = 1000;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'killed-'));
});
afterEach(() => rm(folder, { recursive: true }));

const run = (people: number, moment: number) => {
  const { status, signal, stdout } = spawnSync(
    process.execPath,
    [child, folder, String(people), String(moment)],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  return { status, signal, artifacts: stdout };
};

const isAbort = (entry: LogEntry) => entry.event === 'abort';

const identities = async () => {
  const links = await readArtifact(join(folder, 'hub', 'links'), 'links');
  const people = await readArtifact(join(folder, 'hub', 'people'), 'people');
  return JSON.stringify({ links: links.sha256, people: people.sha256 });
};

describe('a run that is killed', () => {
  it('at any moment leaves whole artifacts, and the next run completes', async () => {
    const place = await newLog(folder);
    const old = run(10, NEVER).artifacts;
    expect(await identities()).toBe(old);
    const seen = new Set<string>();
    let moment = 0;
    for (; moment < NEVER; moment += 1) {
      const { signal } = run(11, moment);
      if (signal === null) break;
      expect(signal).toBe('SIGKILL');
      seen.add(await identities());
    }
    const renewed = await identities();
    // Opening, two steps, two manifests, the log, two renames of each folder, the abort of the run before; once not at all.
    expect(moment).toBe(11);
    expect([seen.has(old), renewed === old]).toEqual([true, false]);
    expect(await readdir(join(folder, 'work'))).toEqual([]);
    expect(await readdir(join(folder, 'hub'))).toEqual(['links', 'people']);
    const ended = await entriesOf(place);
    const died = ended.slice(1, -1);
    expect([ended[0]?.event, ended.at(-1)?.event]).toEqual(['made', 'made']);
    expect(died.map(({ event }) => event)).toEqual(Array(5).fill(['made', 'abort']).flat());
    expect(died.filter(isAbort).map(({ entry }) => entry)).toEqual([1, 3, 5, 7, 9]);
    expect(died.filter(isAbort).map(({ outputs }) => outputs.map(({ kind }) => kind))).toEqual([
      ...Array(3).fill(['links', 'people']),
      ['people'],
      ['people'],
    ]);
    expect((await verified(place)).aborts).toBe(5);
  });
});
