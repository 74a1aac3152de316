import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NoteKey, NoteSigningKey } from '@throughline/agreement';
import { openCheckpoint } from '@throughline/agreement';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { primitives } from '../crypto/primitives.js';
import { noteSigner } from '../crypto/signers.fixture.js';
import { cosignersOf } from './cosigned.js';
import { type LogPlace, logKeyFile, withNoteKey } from './key.js';
import { fill, newLog, verified } from './log.fixture.js';
import { verifyLog } from './verify.js';
import { cosignLog } from './witness.js';

const OLDER = 120;
const NEWER = 270;
const userId = process.getuid?.();

let kept: string;
let place: LogPlace;
let key: NoteKey;
let older: Uint8Array;
let newer: Uint8Array;
let fork: string;
beforeAll(async () => {
  kept = await mkdtemp(join(tmpdir(), 'kept-'));
  place = await newLog(kept);
  await withNoteKey(logKeyFile(place), userId, (signer) => {
    key = signer.key;
  });
  fork = join(kept, 'fork');
  await fill(place, 0, OLDER);
  older = await readFile(join(place.folder, 'checkpoint'));
  await cp(place.folder, join(kept, 'older'), { recursive: true });
  await cp(place.folder, fork, { recursive: true });
  await fill(place, OLDER, NEWER);
  newer = await readFile(join(place.folder, 'checkpoint'));
  await fill({ ...place, folder: fork }, 1000, 1000 + NEWER - OLDER);
});
afterAll(() => rm(kept, { recursive: true }));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verify-'));
});
afterEach(() => rm(folder, { recursive: true }));

const filesIn = async (log: string) =>
  (await readdir(log, { recursive: true, withFileTypes: true }))
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name).slice(log.length + 1))
    .sort();

/** The files that the newest tree of a log is made of; partial tiles of older trees are none of it. */
const newest = async () =>
  (await filesIn(place.folder))
    .filter((path) => !path.includes('.p/') || /\.p\/(?:14|1)$/.test(path))
    .filter((path) => path !== 'tile/0/001.p/1' && path !== 'tile/entries/001.p/1');

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (thrown: { code: string }) => thrown.code,
  );

/** Verifies a log of which one file was changed, or removed. */
async function codeWith(path: string, bytes: Uint8Array | undefined, against = older): Promise<string> {
  const log = join(folder, 'log');
  await rm(log, { recursive: true, force: true });
  await cp(place.folder, log, { recursive: true });
  await (bytes === undefined ? rm(join(log, path)) : writeFile(join(log, path), bytes));
  return codeOf(verifyLog(log, key, against));
}

const FOUND = ['LOG_BROKEN', 'LOG_ALTERED', 'LOG_CHECKPOINT_REFUSED'];

describe('verifying a log', () => {
  it('proves that it continues an older checkpoint', async () => {
    expect(await verified(place, older)).toMatchObject({
      head: { size: NEWER },
      older: { size: OLDER },
      aborts: 0,
    });
    expect(await verified(place, newer)).toMatchObject({ older: { size: NEWER } });
  });

  it('finds any byte flipped, any file cut or lengthened or gone', async () => {
    const files = await newest();
    expect(files).toEqual([
      'checkpoint',
      'tile/0/000',
      'tile/0/001.p/14',
      'tile/1/000.p/1',
      'tile/entries/000',
      'tile/entries/001.p/14',
    ]);
    const damage = fc.record({
      path: fc.constantFrom(...files),
      at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      bit: fc.nat(7),
      how: fc.constantFrom('flip', 'cut', 'lengthen', 'remove'),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ path, at, bit, how }) => {
        const right = await readFile(join(place.folder, path));
        const place_ = Math.floor(at * right.length);
        const wrong = {
          flip: Buffer.from(right.map((byte, index) => (index === place_ ? byte ^ (1 << bit) : byte))),
          cut: right.subarray(0, place_),
          lengthen: Buffer.concat([right, right.subarray(0, place_ + 1)]),
          remove: undefined,
        }[how];
        expect([how, path, FOUND.includes(await codeWith(path, wrong))]).toEqual([how, path, true]);
      }),
      { numRuns: 60 },
    );
  });

  it('finds entries that were put into another order, dropped or repeated', async () => {
    const path = 'tile/entries/000';
    const right = await readFile(join(place.folder, path));
    const entries = splitEntries(right);
    await fc.assert(
      fc.asyncProperty(fc.nat(254), fc.constantFrom('swap', 'drop', 'repeat'), async (at, how) => {
        const [one, two] = [entries[at], entries[at + 1]];
        if (one === undefined || two === undefined) throw new Error('an entry expected');
        const between = { swap: [two, one], drop: [two], repeat: [one, one, two] }[how];
        const wrong = Buffer.concat([...entries.slice(0, at), ...between, ...entries.slice(at + 2)]);
        expect(await codeWith(path, wrong)).toBe('LOG_BROKEN');
      }),
      { numRuns: 20 },
    );
  });

  it('finds an older tile put back', async () => {
    for (const path of ['tile/0/001.p/14', 'tile/entries/001.p/14']) {
      const earlier = await readFile(join(place.folder, path.replace('/14', '/13')));
      expect([path, await codeWith(path, earlier)]).toEqual([path, 'LOG_BROKEN']);
    }
  });

  it('finds an older checkpoint put back, by a newer one', async () => {
    expect(await codeWith('checkpoint', older, newer)).toBe('LOG_ALTERED');
  });

  it('finds a whole older log put back, and a whole fork, each sound in itself', async () => {
    const rolledBack = join(kept, 'older');
    expect(await codeOf(verifyLog(rolledBack, key))).toBe('none');
    expect(await codeOf(verifyLog(rolledBack, key, newer))).toBe('LOG_ALTERED');
    expect(await codeOf(verifyLog(fork, key, older))).toBe('none');
    expect(await codeOf(verifyLog(fork, key, newer))).toBe('LOG_ALTERED');
  });

  it('finds a past rewritten under the right key', async () => {
    const rewritten = { ...place, folder: join(folder, 'log') };
    await fill(rewritten, 0, 7);
    await fill(rewritten, 1000, 1001);
    await fill(rewritten, 8, OLDER + 3);
    expect(await codeOf(verifyLog(rewritten.folder, key))).toBe('none');
    expect(await codeOf(verifyLog(rewritten.folder, key, older))).toBe('LOG_ALTERED');
  });

  it('finds a past rewritten from any entry on, under the right key, to any length', async () => {
    const rewriting = fc.record({ from: fc.nat(OLDER - 1), more: fc.integer({ min: 1, max: 40 }) });
    await fc.assert(
      fc.asyncProperty(rewriting, async ({ from, more }) => {
        const rewritten = { ...place, folder: join(folder, `log-${from}-${more}`) };
        if (from > 0) await fill(rewritten, 0, from);
        await fill(rewritten, 1000, 1000 + OLDER - from + more);
        expect(await codeOf(verifyLog(rewritten.folder, key))).toBe('none');
        expect(await codeOf(verifyLog(rewritten.folder, key, older))).toBe('LOG_ALTERED');
        await rm(rewritten.folder, { recursive: true });
      }),
      { numRuns: 6 },
    );
  });

  it('takes no checkpoint of another key, and none that is missing', async () => {
    const stranger = noteSigner(key.name, 'ed25519').key;
    expect(await codeOf(verifyLog(place.folder, stranger))).toBe('LOG_CHECKPOINT_REFUSED');
    expect(await codeOf(verifyLog(join(folder, 'none'), key))).toBe('LOG_CHECKPOINT_REFUSED');
    expect(await codeOf(verifyLog(place.folder, key, Buffer.from('x')))).toBe('LOG_CHECKPOINT_REFUSED');
  });
});

function splitEntries(bytes: Buffer): Buffer[] {
  const entries: Buffer[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const end = offset + 2 + bytes.readUInt16BE(offset);
    entries.push(bytes.subarray(offset, end));
    offset = end;
  }
  return entries;
}

describe('a witness', () => {
  let signer: NoteSigningKey;
  beforeEach(() => {
    signer = noteSigner('district.example/witness', 'cosignature/v1');
  });
  const cosigned = (log: string, time = 1_780_000_000) =>
    cosignLog(log, key, { state: join(folder, 'seen'), signer, time });
  const seen = () => readFile(join(folder, 'seen'), 'utf8').catch(() => undefined);

  it('cosigns growth, keeps what it saw, and can be checked', async () => {
    expect(await cosigned(join(kept, 'older'))).toMatchObject({ before: undefined, size: OLDER });
    const { note, before, size } = await cosigned(place.folder, 1_780_000_060);
    expect([before, size, await seen()]).toEqual([OLDER, NEWER, note]);
    const opened = openCheckpoint(primitives, Buffer.from(note), { log: key, witnesses: [signer.key] });
    expect(opened).toMatchObject({
      checkpoint: { size: NEWER },
      cosigners: [{ key: signer.key, time: 1_780_000_060 }],
    });
    expect((await verified(place, Buffer.from(note))).older?.size).toBe(NEWER);
    expect(await cosigned(place.folder)).toMatchObject({ before: NEWER, size: NEWER });
  });

  it('is counted once for each witness, of a log that holds an entry and continues what the witness saw', async () => {
    const other = noteSigner('clinic.example/witness', 'cosignature/v1');
    const notes: Uint8Array[] = [];
    for (const [at, each] of [signer, signer, other].entries()) {
      const state = join(folder, `seen-${at}`);
      const log = at === 1 ? join(kept, 'older') : place.folder;
      notes.push(Buffer.from((await cosignLog(log, key, { state, signer: each, time: 1_780_000_000 })).note));
    }
    const count = (entry: number, witnesses: readonly NoteKey[], given: readonly Uint8Array[] = notes) =>
      cosignersOf(place.folder, key, { witnesses, notes: given, entry });
    expect(await count(NEWER - 1, [signer.key, other.key])).toBe(2);
    expect(await count(NEWER - 1, [other.key])).toBe(1);
    expect(await count(NEWER, [signer.key, other.key])).toBe(0);
    expect(await count(OLDER - 1, [signer.key], notes.slice(1, 2))).toBe(1);
    expect(await count(OLDER, [signer.key], notes.slice(1, 2))).toBe(0);
    expect(await count(0, [signer.key], [newer, Buffer.from('no note')])).toBe(0);
    const ofFork = await cosignLog(fork, key, { state: join(folder, 'f'), signer, time: 1_780_000_000 });
    expect(await codeOf(count(0, [signer.key], [Buffer.from(ofFork.note)]))).toBe('LOG_ALTERED');
  });

  it('refuses a fork and a rollback, and remembers the right log', async () => {
    await cosigned(place.folder);
    const before = await seen();
    expect(await codeOf(cosigned(fork))).toBe('LOG_ALTERED');
    expect(await codeOf(cosigned(join(kept, 'older')))).toBe('LOG_ALTERED');
    expect(await seen()).toBe(before);
  });

  it('refuses a log whose tiles do not prove its growth', async () => {
    await cosigned(join(kept, 'older'));
    const before = await seen();
    const log = join(folder, 'log');
    await cp(place.folder, log, { recursive: true });
    const bytes = await readFile(join(log, 'tile/0/000'));
    await writeFile(
      join(log, 'tile/0/000'),
      bytes.map((byte) => byte ^ 1),
    );
    expect(await codeOf(cosigned(log))).toBe('LOG_BROKEN');
    expect(await seen()).toBe(before);
  });

  it('cosigns nothing where its own state was changed or is of another log', async () => {
    await writeFile(join(folder, 'seen'), 'x');
    expect(await codeOf(cosigned(place.folder))).toBe('LOG_CHECKPOINT_REFUSED');
    expect(await seen()).toBe('x');
  });
});
