import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { SOURCES } from './kernel-code.js';

const assembly = new URL('../../assembly/', import.meta.url);

it('was compiled from these sources: after a change of them, npm run kernel', () => {
  const hash = createHash('sha256');
  const names = readdirSync(assembly).filter((name) => name.endsWith('.ts'));
  for (const name of names.sort()) hash.update(`${name}\n`).update(readFileSync(new URL(name, assembly)));
  expect(hash.digest('hex')).toBe(SOURCES);
});
