import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256Of } from '../files/ordinary.js';
import { appendToLog, checkLog, type LogEntry } from './log.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'log-'));
});
afterEach(() => rm(folder, { recursive: true }));

const entry = (of: string): LogEntry => ({
  stage: 'link',
  of,
  outputs: [{ kind: 'people', manifest: sha256Of(of) }],
  inputs: [],
  documents: [],
  at: '2026-06-16T00:00:00.000Z',
});
const path = () => join(folder, 'log.jsonl');
const text = () => readFile(path(), 'utf8');
const logged = async (...names: readonly string[]) => {
  for (const name of names) await appendToLog(folder, entry(name));
};
const previous = async () =>
  (await text())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).previous);

describe('the log', () => {
  it('chains its lines', async () => {
    const one = await appendToLog(folder, entry('one'));
    const two = await appendToLog(folder, entry('twö'));
    await logged('three');
    expect(await previous()).toEqual(['0'.repeat(64), one, two]);
    expect(await checkLog(folder)).toEqual({ lines: 3 });
  });

  it('is empty where there is none yet', async () => {
    expect(await checkLog(join(folder, 'none'))).toEqual({ lines: 0 });
  });

  it('shows every byte that was changed', async () => {
    await logged('one', 'two');
    const whole = await readFile(path());
    for (const [index, byte] of whole.entries()) {
      whole[index] = byte ^ (1 << (index % 8));
      await writeFile(path(), whole);
      expect({ index, found: (await checkLog(folder)).broken !== undefined }).toEqual({ index, found: true });
      whole[index] = byte;
    }
  });

  it.each<[string, (lines: readonly string[]) => readonly string[], number]>([
    ['removed', ([one, , three]) => [one ?? '', three ?? ''], 2],
    ['removed at the start', ([, two, three]) => [two ?? '', three ?? ''], 1],
    ['swapped', ([one, two, three]) => [one ?? '', three ?? '', two ?? ''], 2],
    ['repeated', ([one, two, three]) => [one ?? '', two ?? '', two ?? '', three ?? ''], 3],
    ['left blank', ([one, two, three]) => [one ?? '', '', two ?? '', three ?? ''], 2],
    ['spaced out', ([one, two, three]) => [one ?? '', ` ${two}`, three ?? ''], 2],
    ['replaced by what is no object', ([one, , three]) => [one ?? '', 'null', three ?? ''], 2],
  ])('shows a line that was %s', async (_, change, broken) => {
    await logged('one', 'two', 'three');
    const lines = change((await text()).trimEnd().split('\n'));
    await writeFile(path(), `${lines.join('\n')}\n`);
    expect((await checkLog(folder)).broken).toBe(broken);
  });

  it.each([
    '{"at":"2026',
    '{',
    '\u{1f600}',
    '\xff',
  ])('cuts off a torn last line, %j, and goes on', async (torn) => {
    await logged('one');
    await appendFile(path(), Buffer.from(torn, 'latin1'));
    expect(await checkLog(folder)).toEqual({ lines: 1, broken: 2 });
    await logged('two');
    expect(await checkLog(folder)).toEqual({ lines: 2 });
  });

  it('keeps a whole line of which only the end of line is missing', async () => {
    await logged('one', 'two');
    await writeFile(path(), (await text()).trimEnd());
    expect((await checkLog(folder)).broken).toBe(2);
    await logged('three');
    expect(await checkLog(folder)).toEqual({ lines: 3 });
  });

  it('that was torn at its first line begins anew', async () => {
    await writeFile(path(), '{"at":');
    await logged('one');
    expect([await previous(), await checkLog(folder)]).toEqual([['0'.repeat(64)], { lines: 1 }]);
  });

  it('that cannot be read is not begun anew', async () => {
    await mkdir(path());
    await expect(appendToLog(folder, entry('one'))).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
    await expect(checkLog(folder)).rejects.toMatchObject({ code: 'LOG_BROKEN' });
  });
});
