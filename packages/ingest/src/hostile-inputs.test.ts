import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

const root = new URL('../../../', import.meta.url);
const textOf = (path: string) => readFile(new URL(path, root), 'utf8');

type Line = {
  readonly item: string;
  readonly outcome: string;
  readonly file: string;
  readonly title: string;
};

const lines = (await textOf('docs/reference/hostile-inputs.md')).split('\n').flatMap((line): Line[] => {
  const [, item = '', , outcome = '', test = ''] = line.split(' | ').join('|').split('|');
  const [, file = '', title = ''] = /^`(.*\.test\.ts)`: (.*?) ?$/.exec(test.trim()) ?? [];
  return file === '' ? [] : [{ item: item.trim(), outcome: outcome.trim(), file, title }];
});

describe('the table of hostile and dirty inputs', () => {
  it('has every item', () => {
    const items = new Set(lines.map(({ item }) => item));
    const hostile = Array.from({ length: 38 - 10 + 1 }, (_, at) => `H${at + 10}`);
    const dirt = Array.from({ length: 12 }, (_, at) => `B${at + 1}`);
    expect([...items].sort()).toEqual([...hostile, ...dirt].sort());
  });

  it.each(lines)('$item: $title is a test', async ({ file, title, outcome }) => {
    expect(outcome).not.toBe('');
    expect((await textOf(file)).includes(title)).toBe(true);
  });

  it('names every item that a test of the catalogue is named by', async () => {
    const catalogue = await textOf('packages/ingest/src/read/dirt-catalogue.test.ts');
    const named = [...catalogue.matchAll(/^ {2,4}\[?'(?:(\d{2}) |B4\.(\d{1,2}) )/gm)].map(
      ([, hostile, dirt]) => (hostile === undefined ? `B${dirt}` : `H${hostile}`),
    );
    const items = new Set(lines.map(({ item }) => item));
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((item) => !items.has(item))).toEqual([]);
  });
});
