import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { safeName } from '@throughline/core';
import {
  bytesOfSmall,
  copyFolder,
  exists,
  namesIn,
  readText,
  removeFolder,
  writeDurably,
} from '@throughline/engine';

/** How a run ended: its exit status or the signal that ended it, and what it said. */
export type Ended = { readonly status: number | string; readonly said: string };

/** A project that nights are run in. */
export type TroubledCity = {
  readonly folder: string;
  readonly pipeline: string;
  /** A backup of the last good night. */
  readonly saved: string;
  /** Runs a command of the software. */
  readonly command: (...words: string[]) => Promise<Ended>;
};

/** Something that goes wrong in a night, what the run must say of it, and what a person does who reads that. */
export type Trouble = {
  readonly name: string;
  readonly strikes: (city: TroubledCity) => Promise<unknown>;
  /** How the night is run, where that is what goes wrong. */
  readonly runs?: (city: TroubledCity) => Promise<Ended>;
  readonly ends: number | string;
  readonly says: RegExp;
  /** What the message says; nothing where the next run mends it. */
  readonly mends: (city: TroubledCity) => Promise<unknown>;
};

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

type Limits = {
  readonly shell?: string;
  readonly node?: readonly string[];
  readonly before?: readonly string[];
};

/** Runs the night in a process of its own, under limits of the system. */
function limited(city: TroubledCity, { shell = ':', node = [], before = [] }: Limits): Ended {
  const words = [...before, process.execPath, ...node, main, '--log', 'none', 'run', city.pipeline];
  const { status, signal, stdout, stderr } = spawnSync(
    '/bin/sh',
    ['-c', `${shell}; exec "$@"`, 'sh', ...words],
    {
      encoding: 'utf8',
    },
  );
  return { status: status ?? signal ?? '', said: stdout + stderr };
}

/** Root may write anywhere, unless it gives that up. */
const WITHOUT_PRIVILEGE =
  process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] : [];

const allow =
  (mode: string) =>
  async (city: TroubledCity): Promise<void> => {
    if (spawnSync('chmod', [mode, state(city, 'partners/district')]).status !== 0) throw new Error('chmod');
  };

const nothing = async (): Promise<void> => undefined;
const state = ({ folder }: TroubledCity, path: string): string => join(folder, 'state', path);
const delivered = ({ folder }: TroubledCity): string => join(folder, 'extracts/charter/students.csv');
const asideOf = (path: string): string => `${path}.for-a-night`;

const bytesAt = (path: string): Promise<Uint8Array> => {
  const name = safeName('delivery');
  return bytesOfSmall(path, { missing: 'EXTRACT_MISSING', refused: 'EXTRACT_REFUSED', name }, 1 << 30);
};

async function rewrite(path: string, change: (text: string) => string): Promise<void> {
  await writeDurably(path, change(await readText(path)), 0o644);
}

/** The first bytes of a file become others, as on a disk that fails. */
async function spoil(path: string): Promise<void> {
  await writeDurably(path, `spoilt ${await readText(path).catch(() => '')}`);
}

const putBack = async (city: TroubledCity, ...more: string[]): Promise<void> => {
  const { status, said } = await city.command('restore', city.pipeline, '--from', city.saved, ...more);
  if (status !== 0) throw new Error(`restore: ${said}`);
  await removeFolder(state(city, 'before-restore'));
};

const onDay = (day: string) => (city: TroubledCity) =>
  rewrite(city.pipeline, (text) => text.replace(/^clock: (\S+)/m, `clock: ${day} # was $1`));
const onTheRightDay = (city: TroubledCity) =>
  rewrite(city.pipeline, (text) => text.replace(/^clock: \S+ # was (\S+)/m, 'clock: $1'));

/** Lets a stage have something to do, as a delivery would: its output is made again, byte for byte. */
const makeAgain = (city: TroubledCity): Promise<void> =>
  removeFolder(state(city, 'partners/district/tokens'));

const LEDGER_BROKEN =
  /^error RELEASE_LEDGER_BROKEN[\s\S]*release 1[\s\S]*throughline restore[\s\S]*What was linked and counted is kept/m;

/** Everything that a night must survive. Each says what was kept and what to do, and the next night is as if it had not been. */
export const troubles: readonly Trouble[] = [
  {
    name: 'a full disk',
    strikes: makeAgain,
    // No file may grow beyond 8 KiB: what a write finds on a disk without room, for any user, and in a container.
    runs: async (city) => limited(city, { shell: 'ulimit -f 16' }),
    ends: 15,
    says: /^error (?:OUTPUT_UNWRITABLE|OUT_OF_MEMORY)[\s\S]*The last good state is untouched/m,
    mends: nothing,
  },
  {
    name: 'a read-only folder',
    strikes: async (city) => {
      await makeAgain(city);
      await allow('500')(city);
    },
    runs: async (city) => limited(city, { before: WITHOUT_PRIVILEGE }),
    ends: 15,
    says: /^error OUTPUT_UNWRITABLE[\s\S]*Check the space and the permissions. The last good state is untouched/m,
    mends: allow('700'),
  },
  {
    name: 'a work folder that cannot be made',
    strikes: async (city) => {
      await makeAgain(city);
      await removeFolder(state(city, 'work'));
      await writeDurably(state(city, 'work'), '');
    },
    ends: 15,
    says: /^error OUTPUT_UNWRITABLE[\s\S]*Check the space and the permissions. The last good state is untouched/m,
    mends: (city) => removeFolder(state(city, 'work')),
  },
  {
    name: 'a database without memory',
    strikes: async (city) => {
      await makeAgain(city);
      await rewrite(city.pipeline, (text) => text.replace(/memory: \w+/, 'memory: 1MB'));
    },
    ends: 15,
    says: /^error OUT_OF_MEMORY[\s\S]*Raise the memory limit or free disk space. The last good state is untouched/m,
    mends: (city) => rewrite(city.pipeline, (text) => text.replace(/memory: \w+/, 'memory: 3GB')),
  },
  {
    name: 'a process without memory',
    strikes: makeAgain,
    runs: async (city) => limited(city, { shell: 'ulimit -c 0', node: ['--max-old-space-size=24'] }),
    ends: 'SIGABRT',
    says: /heap out of memory/,
    mends: nothing,
  },
  {
    name: 'a clock that jumps back',
    strikes: onDay('2024-01-01'),
    ends: 10,
    says: /^error DOCUMENT_NOT_APPROVED[\s\S]*not-yet-valid/m,
    mends: onTheRightDay,
  },
  {
    name: 'a clock that jumps ahead',
    strikes: onDay('2030-09-30'),
    ends: 10,
    says: /^error (?:DESTRUCTION_OVERDUE|AGREEMENT_EXPIRED)/m,
    mends: onTheRightDay,
  },
  {
    name: 'a half-copied file',
    strikes: async (city) => {
      const whole = await bytesAt(delivered(city));
      await writeDurably(asideOf(delivered(city)), whole);
      await writeDurably(delivered(city), whole.subarray(0, whole.length >> 1));
    },
    ends: 13,
    says: /^error PARTNERS_HELD[\s\S]*codes (?:EXTRACT_TRUNCATED|ARRIVAL_HELD|REJECTS_OVER_LIMIT)/m,
    mends: async (city) => {
      await writeDurably(delivered(city), await bytesAt(asideOf(delivered(city))));
      await removeFolder(asideOf(delivered(city)));
    },
  },
  {
    name: 'a file that is still arriving',
    strikes: (city) => writeDurably(`${delivered(city)}.filepart`, 'half', 0o644),
    ends: 13,
    says: /^error PARTNERS_HELD[\s\S]*EXTRACT_LANDING/m,
    mends: (city) => removeFolder(`${delivered(city)}.filepart`),
  },
  {
    name: 'two runs',
    strikes: async (city) =>
      writeDurably(state(city, 'run.lock'), `${process.ppid} ${await birthOf(process.ppid)}`),
    ends: 15,
    says: /^error RUN_LOCKED[\s\S]*process \d+, minutes \d+[\s\S]*Wait for it to end/m,
    mends: (city) => removeFolder(state(city, 'run.lock')),
  },
  {
    name: 'an artifact that is deleted',
    strikes: (city) => removeFolder(state(city, 'partners/charter/tokens')),
    ends: 0,
    says: /Report:/,
    mends: nothing,
  },
  {
    name: 'an artifact that is altered',
    strikes: (city) => spoil(state(city, 'partners/charter/payload/students.parquet')),
    ends: 0,
    says: /Report:/,
    mends: nothing,
  },
  {
    name: 'a corrupted people index',
    strikes: (city) => spoil(state(city, 'linkage-unit/people/people.parquet')),
    ends: 11,
    says: /^error ARTIFACT_ALTERED[\s\S]*kind people/m,
    mends: putBack,
  },
  {
    name: 'a lost people index',
    strikes: (city) => removeFolder(state(city, 'linkage-unit/people')),
    ends: 11,
    says: /^error INDEX_LOST[\s\S]*Restore the latest index from a backup/m,
    mends: putBack,
  },
  {
    name: 'a corrupted log',
    strikes: async (city) => {
      const folder = state(city, 'log/tile/entries');
      for (const name of await namesIn(folder)) {
        if (name.endsWith('.p'))
          for (const tile of await namesIn(join(folder, name))) await spoil(join(folder, name, tile));
        else await spoil(join(folder, name));
      }
    },
    ends: 11,
    says: /^error LOG_BROKEN/m,
    mends: (city) => putBack(city, '--roll-back'),
  },
  {
    name: 'a truncated ledger of releases',
    strikes: async (city) => {
      const cells = state(city, 'desk/ledger/1/cells.parquet');
      const whole = await bytesAt(cells);
      await writeDurably(cells, whole.subarray(0, whole.length >> 1));
    },
    ends: 14,
    says: LEDGER_BROKEN,
    mends: putBack,
  },
  {
    name: 'a published release that is altered',
    strikes: (city) => spoil(state(city, 'published/1/release/cells.parquet')),
    ends: 14,
    says: LEDGER_BROKEN,
    mends: putBack,
  },
  {
    name: 'what a newer version wrote',
    strikes: async (city) => {
      await copyFolder(state(city, 'linkage-unit/links'), asideOf(state(city, 'linkage-unit/links')));
      const manifest = state(city, 'linkage-unit/links/manifest.json');
      await rewrite(manifest, (text) => text.replace(/"schemaVersion": \d+/, '"schemaVersion": 999'));
    },
    ends: 11,
    says: /^error FORMAT_NEWER[\s\S]*kind links, found 999/m,
    mends: async (city) => {
      await removeFolder(state(city, 'linkage-unit/links'));
      await copyFolder(asideOf(state(city, 'linkage-unit/links')), state(city, 'linkage-unit/links'));
      await removeFolder(asideOf(state(city, 'linkage-unit/links')));
    },
  },
];

async function birthOf(processId: number): Promise<number> {
  const place = `/proc/${processId}/stat`;
  if (!(await exists(place))) return 0;
  const text = await readText(place);
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? 0);
}
