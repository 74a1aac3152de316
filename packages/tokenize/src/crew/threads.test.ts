import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const IMPORT = /^(?:import|export) (?!type )[^;]*?from '([^']+)'|^import '([^']+)'/gm;

/** The packages that a module and its neighbours load. */
function loaded(module: URL, seen: Set<string> = new Set()): Set<string> {
  if (seen.has(module.href)) return seen;
  seen.add(module.href);
  for (const [, named, bare] of readFileSync(module, 'utf8').matchAll(IMPORT)) {
    const name = named ?? bare ?? '';
    if (name.startsWith('.')) loaded(new URL(name.replace(/\.js$/, '.ts'), module), seen);
    else seen.add(name);
  }
  return seen;
}

it.each(['emit', 'seal'])('a thread of %s loads neither the database nor what reads agreements', (stage) => {
  const packages = [...loaded(new URL(`../${stage}/worker.ts`, import.meta.url))];
  const allowed = (name: string) => /^(file:|node:|@noble\/)|^@throughline\/core$/.test(name);
  expect(packages.filter((name) => !allowed(name))).toEqual([]);
  expect(packages.length).toBeGreaterThan(10);
});
