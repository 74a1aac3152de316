import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { appendLeaf, type CompactRange, emptyRange, rangeRoot } from './compact-range.js';
import { leafHash } from './hash.js';
import { entriesOf, naiveRoot } from './naive-tree.fixture.js';

const sha256 = (bytes: Uint8Array) => Uint8Array.from(createHash('sha256').update(bytes).digest());

it('a compact range has the root of the recursive definition after every leaf', () => {
  const entries = entriesOf(130);
  let range: CompactRange = emptyRange;
  expect(rangeRoot(sha256, range)).toEqual(naiveRoot(sha256, []));
  for (const [index, entry] of entries.entries()) {
    range = appendLeaf(sha256, range, leafHash(sha256, entry));
    expect(range.size).toBe(index + 1);
    expect(range.roots).toHaveLength([...(index + 1).toString(2)].filter((bit) => bit === '1').length);
    expect(rangeRoot(sha256, range)).toEqual(naiveRoot(sha256, entries.slice(0, index + 1)));
  }
});
