import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const read = (path: string): string => readFileSync(`${root}${path}`, 'utf8');

const listedIn = (page: string) =>
  [...read(page).matchAll(/^\| ([^|]+) \| .* \| (.+) \| `(.+)` \|$/gm)].map(
    ([, id = '', name = '', file = '']) => ({ id, name, file }),
  );

const listed = listedIn('docs/reference/disclosure-tests.md');
const edgeCases = listedIn('docs/reference/measure-edge-cases.md');

describe('the list of tests of disclosure control', () => {
  it('has every attack', () => {
    const all = Array.from({ length: 25 }, (_, at) => `D${at + 1}`);
    const ids = new Set(listed.map(({ id }) => id));
    expect(all.filter((id) => !ids.has(id))).toEqual([]);
  });

  it.each(listed)('$id: $name', ({ name, file }) => {
    expect(read(file).replaceAll(/\s+/g, ' ')).toContain(name);
  });
});

describe('the list of edge cases of the measures', () => {
  it('is not empty', () => expect(edgeCases.length).toBeGreaterThan(40));

  it.each(edgeCases)('$id: $name', ({ name, file }) => {
    expect(read(file).replaceAll(/\s+/g, ' ')).toContain(name);
  });
});
