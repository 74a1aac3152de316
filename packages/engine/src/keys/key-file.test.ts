import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmod,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canOpen, createKey, readKey } from './key-file.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keys-'));
  path = join(folder, 'token.key');
});
afterEach(() => rm(folder, { recursive: true }));

const userId = process.getuid?.();
/** Bytes that look random, and are the same every time. */
const randomLike = (seed: number) => createHash('sha256').update(`key ${seed}`).digest();
const keep = (bytes: Uint8Array | string, mode = 0o600) => writeFile(path, bytes, { mode });
const failure = () => readKey(path, userId).catch((thrown: unknown) => thrown);

describe('readKey', () => {
  it('gives the bytes, and erases them', async () => {
    await keep(randomLike(0));
    const key = await readKey(path, userId);
    expect([...key.bytes]).toEqual([...randomLike(0)]);
    key.erase();
    expect([...key.bytes]).toEqual(Array(32).fill(0));
  });

  it('takes keys that look random', async () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      await writeFile(path, randomLike(seed), { mode: 0o600 });
      await expect(readKey(path, userId)).resolves.toBeDefined();
    }
  });

  it.each([
    0o644, 0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o666, 0o777,
  ])('refuses the mode %o', async (mode) => {
    await keep(randomLike(0));
    await chmod(path, mode);
    expect(await failure()).toMatchObject({
      code: 'KEY_EXPOSED',
      details: { name: 'token.key', rule: 'mode 0600' },
    });
  });

  it('takes a key that its owner cannot change', async () => {
    await keep(randomLike(0), 0o400);
    await expect(readKey(path, userId)).resolves.toBeDefined();
  });

  it.each<[string, () => unknown, string]>([
    [
      'a link',
      () =>
        writeFile(`${path}.real`, randomLike(0), { mode: 0o600 }).then(() => symlink(`${path}.real`, path)),
      'KEY_EXPOSED',
    ],
    ['a second name', () => keep(randomLike(0)).then(() => link(path, `${path}.copy`)), 'KEY_EXPOSED'],
    ['a folder', () => mkdir(path), 'KEY_EXPOSED'],
    ['a FIFO', () => spawnSync('mkfifo', ['-m', '600', path]), 'KEY_EXPOSED'],
    ['nothing', () => undefined, 'KEY_UNREADABLE'],
  ])('refuses %s', async (_, make, code) => {
    await make();
    expect(await failure()).toMatchObject({ code, exitCode: 12 });
  });

  it('refuses the key of somebody else', async () => {
    await keep(randomLike(0));
    await expect(readKey(path, (userId ?? 0) + 1)).rejects.toMatchObject({
      details: { rule: 'owned by the user who runs this' },
    });
  });

  const text = 'correct horse battery staple 1234567';
  it.each<[string, Uint8Array | string, string]>([
    ['no bytes', '', 'exactly 32 bytes'],
    ['31 bytes', randomLike(0).subarray(0, 31), 'exactly 32 bytes'],
    ['33 bytes', Buffer.concat([randomLike(0), Buffer.of(7)]), 'exactly 32 bytes'],
    ['32 bytes and a newline', Buffer.concat([randomLike(0), Buffer.from('\n')]), 'exactly 32 bytes'],
    ['64 hexadecimal digits', randomLike(0).toString('hex'), 'exactly 32 bytes'],
    ['32 hexadecimal digits', randomLike(0).toString('hex').slice(0, 32), 'random bytes, not text'],
    ['32 characters of base64', randomLike(0).toString('base64').slice(0, 32), 'random bytes, not text'],
    ['a sentence', text.slice(0, 32), 'random bytes, not text'],
    ['a sentence with its newline', `${text.slice(0, 31)}\n`, 'random bytes, not text'],
    ['a sentence as Windows ends it', `${text.slice(0, 30)}\r\n`, 'random bytes, not text'],
    ['a sentence with accents', 'éàüñçéàüñçéàüñç!\n'.slice(0, 17), 'random bytes, not text'],
    ['zeros', new Uint8Array(32), 'random bytes, not a pattern'],
    ['one byte, again and again', new Uint8Array(32).fill(0xa7), 'random bytes, not a pattern'],
    [
      '16 bytes twice',
      Buffer.concat([randomLike(0).subarray(0, 16), randomLike(0).subarray(0, 16)]),
      'random bytes, not a pattern',
    ],
    ['bytes counted up', Uint8Array.from({ length: 32 }, (_, index) => index), 'random bytes, not a pattern'],
    [
      'bytes counted down by 7',
      Uint8Array.from({ length: 32 }, (_, index) => 250 - 7 * index),
      'random bytes, not a pattern',
    ],
  ])('refuses %s, naming the rule and never the bytes', async (_, bytes, rule) => {
    await keep(bytes);
    const refused = await failure();
    expect(refused).toMatchObject({ code: 'KEY_WEAK', details: { name: 'token.key', rule } });
    const shown = inspect(refused, { depth: 9, showHidden: true });
    if (bytes.length > 0) expect(shown).not.toContain(Buffer.from(bytes).toString('latin1').slice(0, 8));
    expect(shown).not.toContain(folder);
  });
});

describe('createKey', () => {
  it('makes a key that can be read, for the owner alone, each time another', async () => {
    await createKey(path);
    await createKey(`${path}.2`);
    const [one, two] = [await readKey(path, userId), await readKey(`${path}.2`, userId)];
    expect([...one.bytes]).not.toEqual([...two.bytes]);
    expect((await lstat(path)).mode & 0o777).toBe(0o600);
  });

  it('overwrites nothing, and writes through no link', async () => {
    await keep('kept');
    await symlink(join(folder, 'elsewhere'), `${path}.link`);
    for (const taken of [path, `${path}.link`, folder]) {
      await expect(createKey(taken)).rejects.toMatchObject({ code: 'KEY_EXISTS' });
    }
    expect(await readFile(path, 'utf8')).toBe('kept');
    expect(await readdir(folder)).toEqual(['token.key', 'token.key.link']);
  });

  it('says so where it cannot write', async () => {
    await expect(createKey(join(path, 'x'))).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
  });
});

describe('canOpen', () => {
  it('tells whether a key is within reach, also by a link, and does not wait for a FIFO', async () => {
    expect(await canOpen(path)).toBe(false);
    await keep(randomLike(0));
    await symlink(path, `${path}.link`);
    expect([await canOpen(path), await canOpen(`${path}.link`)]).toEqual([true, true]);
    spawnSync('mkfifo', [`${path}.fifo`]);
    expect(await canOpen(`${path}.fifo`)).toBe(true);
  });
});
