import { spawnSync } from 'node:child_process';
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { safeName } from '@throughline/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDocumentFolders, readText } from './documents.js';
import {
  exists,
  makeFreshFolder,
  makePrivateFolder,
  namesIn,
  recoverFolder,
  replaceFolder,
  sync,
  writeDurably,
  writePieces,
} from './durable.js';
import { bytesOf, bytesOfSmall, openOrdinary, sha256Of, sha256OfFile } from './ordinary.js';
import { scratchIn } from './scratch.js';

let folder: string;
let at: (...path: string[]) => string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'files-'));
  at = (...path) => join(folder, ...path);
  await writeFile(at('file'), 'abc');
});
afterEach(() => rm(folder, { recursive: true }));

const refusal = {
  missing: 'EXTRACT_MISSING',
  refused: 'EXTRACT_REFUSED',
  name: safeName('students'),
} as const;
const makeFifo = (path: string) => expect(spawnSync('mkfifo', [path]).status).toBe(0);

describe('an ordinary file', () => {
  it('is opened, with its size', async () => {
    const { bytes, stats, close } = await openOrdinary(at('file'), refusal);
    expect([bytes, stats.isFile()]).toEqual([3, true]);
    close();
  });

  it.each<[string, (path: string) => unknown, string]>([
    ['missing', () => undefined, 'EXTRACT_MISSING'],
    ['a link', (path) => symlink(at('file'), path), 'EXTRACT_REFUSED'],
    ['a link to nothing', (path) => symlink(at('nothing'), path), 'EXTRACT_REFUSED'],
    ['a folder', (path) => mkdir(path), 'EXTRACT_REFUSED'],
    ['a FIFO that nobody writes', makeFifo, 'EXTRACT_REFUSED'],
  ])('is not %s', async (_, make, code) => {
    await make(at('odd'));
    const refused = { code, details: { name: 'students' } };
    await expect(openOrdinary(at('odd'), refusal)).rejects.toMatchObject(refused);
    await expect(sha256OfFile(at('odd'), refusal)).rejects.toMatchObject(refused);
    await expect(bytesOfSmall(at('odd'), refusal, 10)).rejects.toMatchObject(refused);
  });

  it('is not a device', async () => {
    await expect(openOrdinary('/dev/zero', refusal)).rejects.toMatchObject({ code: 'EXTRACT_REFUSED' });
  });

  it('is read whole, piece by piece, and hashed', async () => {
    const bytes = Buffer.alloc(2_500_000, 'throughline');
    await writeFile(at('large'), bytes);
    const pieces: Uint8Array[] = [];
    for await (const piece of bytesOf(at('large'), refusal)) pieces.push(piece);
    expect(pieces.map(({ length }) => length)).toEqual([1_048_576, 1_048_576, 402_848]);
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
    expect(await sha256OfFile(at('large'), refusal)).toBe(sha256Of(bytes));
    // FIPS 180-4, the example `abc`.
    expect(await sha256OfFile(at('file'), refusal)).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('is read at once only up to its limit', async () => {
    expect(Buffer.from(await bytesOfSmall(at('file'), refusal, 3)).toString()).toBe('abc');
    await expect(bytesOfSmall(at('file'), refusal, 2)).rejects.toMatchObject({ code: 'EXTRACT_REFUSED' });
  });
});

describe('writePieces', () => {
  async function* pieces(...all: string[]) {
    for (const each of all) {
      if (each === 'fails') throw new Error(each);
      yield Buffer.from(each);
    }
  }

  it('writes all pieces or leaves what was there, and nothing half', async () => {
    await writePieces(at('new'), pieces('one ', 'two'));
    await expect(writePieces(at('new'), pieces('three', 'fails'))).rejects.toThrow('fails');
    expect(await readFile(at('new'), 'utf8')).toBe('one two');
    expect((await lstat(at('new'))).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['file', 'new']);
  });

  it('neither follows nor replaces a link, also in place of what a crash left', async () => {
    await symlink(at('file'), at('link'));
    await expect(writePieces(at('link'), pieces('x'))).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
    await symlink(at('file'), at('new.partial'));
    await writePieces(at('new'), pieces('one'));
    expect([await readFile(at('new'), 'utf8'), await readFile(at('file'), 'utf8')]).toEqual(['one', 'abc']);
  });
});

describe('writeDurably', () => {
  it('writes for the owner alone, or with the mode given, and replaces whole', async () => {
    await writeDurably(at('new'), 'one');
    await writeDurably(at('new'), 'two');
    await writeDurably(at('open'), 'card', 0o644);
    expect(await readFile(at('new'), 'utf8')).toBe('two');
    expect([(await lstat(at('new'))).mode & 0o777, (await lstat(at('open'))).mode & 0o777]).toEqual([
      0o600, 0o644,
    ]);
    expect(await readdir(folder)).toEqual(['file', 'new', 'open']);
  });

  it('is not stopped by what a crash left behind, nor does it follow a link there', async () => {
    await symlink(at('file'), at('new.partial'));
    await writeDurably(at('new'), 'one');
    expect([await readFile(at('new'), 'utf8'), await readFile(at('file'), 'utf8')]).toEqual(['one', 'abc']);
  });

  it('neither follows nor replaces a link, a folder or a FIFO', async () => {
    await symlink(at('file'), at('link'));
    await symlink(at('nothing'), at('dangling'));
    await mkdir(at('folder'));
    makeFifo(at('fifo'));
    for (const name of ['link', 'dangling', 'folder', 'fifo']) {
      await expect(writeDurably(at(name), 'x')).rejects.toMatchObject({
        code: 'OUTPUT_UNWRITABLE',
        details: { name },
      });
    }
    expect(await readFile(at('file'), 'utf8')).toBe('abc');
    expect(await readlink(at('dangling'))).toBe(at('nothing'));
    expect(await exists(at('nothing'))).toBe(false);
  });
});

describe('what cannot be written', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['a file', () => writeDurably(at('file', 'new'), 'x')],
    ['a folder', () => makePrivateFolder(at('file', 'new'))],
    ['a fresh folder', () => makeFreshFolder(at('file', 'new'))],
    ['a folder where a file is', () => makePrivateFolder(at('file'))],
    ['a sync', () => sync(at('nothing'))],
    ['a replacement', () => replaceFolder(at('nothing'), at('folder'))],
  ])('%s has a code, and no path', async (_, write) => {
    const failure = await write().catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ code: 'OUTPUT_UNWRITABLE', exitCode: 15 });
    expect(String(failure)).not.toContain(folder);
  });
});

describe('makeFreshFolder', () => {
  it('empties what is there, enters no link, and lets nobody else in', async () => {
    await mkdir(at('kept'));
    await writeFile(at('kept', 'file'), 'x');
    await symlink(at('kept'), at('work'));
    await makeFreshFolder(at('work'));
    expect((await lstat(at('work'))).isDirectory()).toBe(true);
    expect((await lstat(at('work'))).mode & 0o777).toBe(0o700);
    await writeFile(at('work', 'old'), 'x');
    await chmod(at('work'), 0o777);
    await makeFreshFolder(at('work'));
    expect([await readdir(at('work')), (await lstat(at('work'))).mode & 0o777]).toEqual([[], 0o700]);
    expect(await readdir(at('kept'))).toEqual(['file']);
  });
});

describe('replaceFolder', () => {
  const fill = async (name: string, content: string) => {
    await mkdir(at(name));
    await writeFile(at(name, 'manifest.json'), content);
  };
  const found = async () => {
    const names = (await readdir(folder)).filter((name) => name !== 'file');
    return { names, content: await readFile(at('people', 'manifest.json'), 'utf8').catch(() => 'none') };
  };

  it('replaces an old folder, or puts one where there was none', async () => {
    await fill('finished', 'new');
    await replaceFolder(at('finished'), at('people'));
    expect(await found()).toEqual({ names: ['people'], content: 'new' });
    await fill('finished', 'newer');
    await replaceFolder(at('finished'), at('people'));
    expect(await found()).toEqual({ names: ['people'], content: 'newer' });
  });

  /** What is on the disk when the process dies after each of its steps. */
  const crashes: readonly (readonly [string, () => Promise<void>, string])[] = [
    [
      'before it began',
      async () => {
        await fill('people', 'old');
        await fill('finished', 'new');
      },
      'old',
    ],
    [
      'after the old folder went aside',
      async () => {
        await fill('people', 'old');
        await fill('finished', 'new');
        await rename(at('people'), at('people.aside'));
      },
      'old',
    ],
    [
      'after the new folder came',
      async () => {
        await fill('people', 'new');
        await fill('people.aside', 'old');
      },
      'new',
    ],
    ['at its end', () => fill('people', 'new'), 'new'],
  ];

  it.each(crashes)('%s, a crash leaves one whole folder', async (_, crash, content) => {
    await crash();
    await recoverFolder(at('people'));
    await recoverFolder(at('people'));
    await rm(at('finished'), { recursive: true, force: true });
    expect(await found()).toEqual({ names: ['people'], content });
  });

  it.each(crashes)('%s, a crash does not stop the next one', async (_, crash) => {
    await crash();
    await rm(at('finished'), { recursive: true, force: true });
    await fill('finished', 'newest');
    await replaceFolder(at('finished'), at('people'));
    expect(await found()).toEqual({ names: ['people'], content: 'newest' });
  });

  it('that fails leaves the old folder', async () => {
    await fill('people', 'old');
    await expect(replaceFolder(at('nothing'), at('people'))).rejects.toMatchObject({
      code: 'OUTPUT_UNWRITABLE',
    });
    await recoverFolder(at('people'));
    expect(await found()).toEqual({ names: ['people'], content: 'old' });
  });
});

describe('namesIn', () => {
  it('sorts, and tells no folder from one that cannot be read', async () => {
    await mkdir(at('b'));
    for (const name of ['z', 'B', 'a']) await writeFile(at('b', name), '');
    expect(await namesIn(at('b'))).toEqual(['B', 'a', 'z']);
    expect(await namesIn(at('nothing'))).toEqual([]);
    await expect(namesIn(at('file'))).rejects.toMatchObject({
      code: 'CONFIG_UNREADABLE',
      details: { name: 'file' },
    });
  });
});

describe('documents', () => {
  const policy = (id: string, version = 1) =>
    `kind: release-policy\nid: ${id}\nversion: ${version}\ntitle: How it is protected\neffective: 2025-07-01\n` +
    `expires: 2026-06-30\nemou: emou-a\nmin_cell: 10\nmin_interval_width: 5\nrate_decimals: 0\n`;
  const read = () => readDocumentFolders([{ name: 'agreements', path: folder }], '2026-06-16');

  it('are read from .yaml and .yml, so that no revocation is overlooked, and nothing else is', async () => {
    await writeFile(at('one.yaml'), policy('one'));
    await writeFile(at('two.yml'), policy('two'));
    await writeFile(at('three.YML'), policy('three'));
    await writeFile(at('four.yaml.bak'), 'x');
    const { policies } = await read();
    expect(policies.map(({ document }) => document.id)).toEqual(['one', 'three', 'two']);
    expect(policies.map(({ file }) => file)).toEqual([
      'agreements/one.yaml',
      'agreements/three.YML',
      'agreements/two.yml',
    ]);
    expect(policies[0]?.sha256).toBe(sha256Of(policy('one')));
  });

  it.each<[string, (path: string) => unknown]>([
    ['a link', (path) => symlink(at('file'), path)],
    ['a FIFO', makeFifo],
    ['a folder', (path) => mkdir(path)],
    ['as large as no document is', (path) => writeFile(path, 'x'.repeat(5 * 1024 ** 2))],
  ])('are not %s', async (_, make) => {
    await make(at('a.yaml'));
    await expect(read()).rejects.toMatchObject({ code: 'CONFIG_UNREADABLE', details: { name: 'a.yaml' } });
    await expect(readText(at('a.yaml'))).rejects.toMatchObject({ code: 'CONFIG_UNREADABLE' });
  });

  it('are UTF-8, with or without a byte-order mark', async () => {
    await writeFile(at('a.yaml'), `\ufeff${policy('one')}`);
    expect((await read()).policies).toHaveLength(1);
    for (const encoding of ['latin1', 'utf16le'] as const) {
      await writeFile(at('a.yaml'), Buffer.from(`${policy('one')}# ÿé`, encoding));
      await expect(read()).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    }
  });
});

describe('scratch', () => {
  it('writes a new file for the owner alone', async () => {
    const file = scratchIn(folder).create('rows.csv');
    for (let line = 0; line < 20_000; line += 1) await file.write(`${line},é\n`);
    await file.close();
    const text = await readFile(file.path, 'utf8');
    expect([text.split('\n').length, text.endsWith('19999,é\n')]).toEqual([20_001, true]);
    expect((await lstat(file.path)).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['file'],
    ['nothing/rows.csv'],
  ])('says so where %s cannot be written, and does not hang', async (name) => {
    const file = scratchIn(folder).create(name);
    const failure = { code: 'OUTPUT_UNWRITABLE' };
    await expect(file.close()).rejects.toMatchObject(failure);
    await expect(file.write('x')).rejects.toMatchObject(failure);
    await expect(file.close()).rejects.toMatchObject(failure);
    expect(await readFile(at('file'), 'utf8')).toBe('abc');
  });
});
