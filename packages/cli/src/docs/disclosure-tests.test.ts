import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const read = (path: string): string => readFileSync(`${root}${path}`, 'utf8');

/** Rows of persons have tests of their own. */
const OF_ROWS = ['D13', 'D14', 'D15', 'D21'];

const listed = [
  ...read('docs/reference/disclosure-tests.md').matchAll(/^\| (D\d+) \| .* \| (.+) \| `(.+)` \|$/gm),
].map(([, id = '', name = '', file = '']) => ({ id, name, file }));

describe('the list of tests of disclosure control', () => {
  it('has every attack', () => {
    const all = Array.from({ length: 25 }, (_, at) => `D${at + 1}`);
    const ids = new Set(listed.map(({ id }) => id));
    expect(all.filter((id) => !ids.has(id) && !OF_ROWS.includes(id))).toEqual([]);
  });

  it.each(listed)('$id: $name', ({ name, file }) => {
    expect(read(file).replaceAll(/\s+/g, ' ')).toContain(name);
  });
});
