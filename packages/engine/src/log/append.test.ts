import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openCheckpoint } from '@throughline/agreement';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { primitives } from '../crypto/primitives.js';
import { appendToLog, growthOf } from './append.js';
import { formatLogEntry, type LogEntry } from './entry.js';
import { readFileOf } from './files.js';
import { type LogPlace, logKeyFile, withNoteKey } from './key.js';
import { entriesOf, fill, madeEntry, newLog, verified } from './log.fixture.js';
import { openLog, readGrowing } from './open.js';

let folder: string;
let place: LogPlace;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'log-'));
  place = await newLog(folder);
});
afterEach(() => rm(folder, { recursive: true }));

const append = (entry: LogEntry) => appendToLog(place, entry, process.getuid?.());
const entries = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => madeEntry(from + index));
async function logged(from: number, to: number): Promise<void> {
  for (const entry of entries(from, to)) await append(entry);
}
const inLog = (...path: string[]) => join(place.folder, ...path);
const paths = async () =>
  (await readdir(place.folder, { recursive: true, withFileTypes: true }))
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name).slice(place.folder.length + 1))
    .sort();

describe('a log', () => {
  it('is kept as C2SP tiles with a checkpoint that its key signed', async () => {
    expect([await append(madeEntry(0)), await append(madeEntry(1))]).toEqual([0, 1]);
    expect(await entriesOf(place)).toEqual(entries(0, 2));
    expect(await paths()).toEqual([
      'checkpoint',
      'tile/0/000.p/1',
      'tile/0/000.p/2',
      'tile/entries/000.p/1',
      'tile/entries/000.p/2',
    ]);
    const note = await readFile(inLog('checkpoint'));
    await withNoteKey(logKeyFile(place), process.getuid?.(), ({ key }) => {
      const keys = { log: key, witnesses: [] };
      expect(openCheckpoint(primitives, note, keys)).toMatchObject({
        checkpoint: { origin: 'test.example/log', size: 2 },
      });
    });
  });

  it('grows past a tile, reads back whole, and keeps no partial tile of a full one', async () => {
    await fill(place, 0, 250);
    await logged(250, 255);
    const before = await readFile(inLog('checkpoint'));
    await logged(255, 300);
    expect(await entriesOf(place)).toEqual(entries(0, 300));
    expect(await verified(place, before)).toMatchObject({ head: { size: 300 }, older: { size: 255 } });
    expect(await readdir(inLog('tile/0'))).toEqual(['000', '001.p']);
    expect(await readdir(inLog('tile/entries'))).toEqual(['000', '001.p']);
    expect(await readdir(inLog('tile/1'))).toEqual(['000.p']);
  });

  it('holds entries of up to 65,535 bytes', async () => {
    const inputs = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        kind: 'tokens',
        name: `district ${index}`,
        sha256: '0'.repeat(64),
      }));
    await append({ ...madeEntry(0), inputs: inputs(500) });
    await expect(append({ ...madeEntry(0), inputs: inputs(700) })).rejects.toMatchObject({
      code: 'LOG_ENTRY_TOO_LONG',
      exitCode: 15,
    });
    expect(await verified(place)).toMatchObject({ head: { size: 1 } });
  });
});

describe('a crash', () => {
  /** The growth by one entry, as it would be written. */
  const growth = (entry: LogEntry) =>
    withNoteKey(logKeyFile(place), process.getuid?.(), async (signer) => {
      const growing = await readGrowing(await openLog(place.folder, signer.key));
      return growthOf(growing, formatLogEntry(entry), signer);
    });

  it.each([
    1, 2, 254, 255, 256,
  ])('between any two writes leaves the old log or the new one: at %i entries', async (size) => {
    await fill(place, 0, size);
    await cp(place.folder, `${place.folder}.before`, { recursive: true });
    const before = await readFile(inLog('checkpoint'));
    const { files } = await growth(madeEntry(1000));
    expect(files.at(-1)?.path).toBe('checkpoint');
    for (let written = 0; written <= files.length; written += 1) {
      await rm(place.folder, { recursive: true });
      await cp(`${place.folder}.before`, place.folder, { recursive: true });
      for (const { path, bytes } of files.slice(0, written)) {
        await mkdir(dirname(inLog(path)), { recursive: true });
        await writeFile(inLog(path), bytes);
      }
      const torn = files[written];
      if (torn !== undefined) {
        await mkdir(dirname(inLog(torn.path)), { recursive: true });
        await writeFile(inLog(`${torn.path}.partial`), torn.bytes.subarray(0, 3));
      }
      const isNew = written === files.length;
      expect((await verified(place, before)).head.size).toBe(isNew ? size + 1 : size);
      await append(madeEntry(2000));
      const ends = isNew ? [madeEntry(1000), madeEntry(2000)] : [madeEntry(2000)];
      expect((await entriesOf(place)).slice(size)).toEqual(ends);
      await verified(place, before);
    }
  });

  it('by SIGKILL at any rename leaves a log that goes on', async () => {
    const child = fileURLToPath(new URL('killed-append.fixture.mjs', import.meta.url));
    await fill(place, 0, 255);
    let kills = 0;
    for (; ; kills += 1) {
      const { signal } = spawnSync(process.execPath, [child, folder, String(kills)], { stdio: 'inherit' });
      const { size } = (await verified(place)).head;
      if (signal === null) {
        expect(size).toBe(256);
        break;
      }
      expect([signal, size]).toEqual(['SIGKILL', 255]);
    }
    // Entries, leaves, the root of the full tile, the checkpoint.
    expect(kills).toBe(4);
    await logged(256, 258);
    expect((await verified(place)).head.size).toBe(258);
  });
});

describe('appending', () => {
  const refused = async (code: string) => {
    const before = await paths();
    await expect(append(madeEntry(9))).rejects.toMatchObject({ code, exitCode: 11 });
    expect(await paths()).toEqual(before);
  };

  it.each<[string, string, (bytes: Buffer) => Buffer | undefined, string]>([
    ['a changed entry', 'tile/entries/000.p/3', (bytes) => flipped(bytes, 40), 'LOG_BROKEN'],
    ['a changed hash', 'tile/0/000.p/3', (bytes) => flipped(bytes, 40), 'LOG_BROKEN'],
    ['a cut tile', 'tile/0/000.p/3', (bytes) => bytes.subarray(1), 'LOG_BROKEN'],
    ['no entries', 'tile/entries/000.p/3', () => undefined, 'LOG_BROKEN'],
    ['a changed checkpoint', 'checkpoint', (bytes) => flipped(bytes, 20), 'LOG_CHECKPOINT_REFUSED'],
    ['an empty checkpoint', 'checkpoint', () => Buffer.alloc(0), 'LOG_CHECKPOINT_REFUSED'],
    ['no checkpoint', 'checkpoint', () => undefined, 'LOG_BROKEN'],
  ])('is refused on %s', async (_, path, change, code) => {
    await logged(0, 3);
    const changed = change(await readFile(inLog(path)));
    await (changed === undefined ? rm(inLog(path)) : writeFile(inLog(path), changed));
    await refused(code);
  });

  it('is refused on an older checkpoint put back, where two entries lie beyond it', async () => {
    await logged(0, 2);
    const older = await readFile(inLog('checkpoint'));
    await logged(2, 4);
    await writeFile(inLog('checkpoint'), older);
    await refused('LOG_BROKEN');
  });

  it('is refused where what lies beyond the checkpoint has another past', async () => {
    await logged(0, 2);
    const later = inLog('tile/entries/000.p/3');
    await writeFile(later, flipped(await readFile(inLog('tile/entries/000.p/2')), 40));
    await refused('LOG_BROKEN');
    expect(await readFileOf(place.folder)('tile/0/000.p/3')).toBeUndefined();
  });

  it('is refused under another key', async () => {
    await logged(0, 2);
    await rm(place.key);
    await newLog(folder);
    await refused('LOG_CHECKPOINT_REFUSED');
  });
});

const flipped = (bytes: Buffer, at: number): Buffer =>
  Buffer.from(bytes.map((byte, index) => (index === at ? byte ^ 1 : byte)));
