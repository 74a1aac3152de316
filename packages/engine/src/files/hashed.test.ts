import { mkdtemp, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashedFiles, worthNoting } from './hashed.js';
import { sha256Of, stampOf } from './ordinary.js';

let folder: string;
let clock: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hashed-'));
});
afterEach(() => rm(folder, { recursive: true }));

const MIB = 1 << 20;
const DAY = 24 * 60 * 60 * 1000;
const at = (name: string) => join(folder, name);
const files = () => hashedFiles(folder, { folder: at('notes'), now: () => new Date(clock), notes: true });

/** Writes a file and notes its hash, so many milliseconds after. @returns the hash. */
async function noted(name: string, bytes: Uint8Array, after = 10_000): Promise<string> {
  await writeFile(at(name), bytes);
  const stamp = stampOf(at(name));
  clock = (stamp?.changedAt ?? 0) + after;
  const found = worthNoting(name, stamp, () => new Date(clock));
  const sha256 = sha256Of(bytes);
  await (await files()).note(found === undefined ? [] : [{ ...found, sha256 }]);
  return sha256;
}

describe('files whose hash is known', () => {
  it('are those that lie as they were hashed, where they were hashed', async () => {
    const sha256 = await noted('large', new Uint8Array(MIB));
    expect((await files()).has('large', sha256)).toBe(true);
    expect((await files()).has('large', sha256Of('another'))).toBe(false);
    expect((await files()).has('other', sha256)).toBe(false);
    await rename(at('large'), at('aside'));
    expect((await files()).has('large', sha256)).toBe(false);
  });

  it('are none that were written since, though their length and time are as they were', async () => {
    const sha256 = await noted('large', new Uint8Array(MIB));
    const { mtime } = await stat(at('large'));
    await new Promise((resolve) => setTimeout(resolve, 25));
    await writeFile(at('large'), new Uint8Array(MIB).fill(1));
    await utimes(at('large'), mtime, mtime);
    expect((await files()).has('large', sha256)).toBe(false);
  });

  it('are none that were written in the very moment before they were hashed, nor small ones', async () => {
    const hasty = await noted('hasty', new Uint8Array(MIB), 1);
    expect((await files()).has('hasty', hasty)).toBe(false);
    const small = await noted('small', new Uint8Array(MIB - 1));
    expect((await files()).has('small', small)).toBe(false);
  });

  it('are forgotten after a week, in a clock that goes back, and with a note that cannot be read', async () => {
    const sha256 = await noted('large', new Uint8Array(MIB));
    const then = clock;
    clock = then + 7 * DAY - 1;
    expect((await files()).has('large', sha256)).toBe(true);
    clock = then + 7 * DAY;
    expect((await files()).has('large', sha256)).toBe(false);
    clock = then - 1;
    expect((await files()).has('large', sha256)).toBe(false);
    clock = then;
    await rm(at('notes'), { recursive: true });
    expect((await files()).has('large', sha256)).toBe(false);
  });
});
