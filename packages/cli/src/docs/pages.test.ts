import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorCodes } from '@throughline/core';
import { describe, expect, it } from 'vitest';
import { findingWords } from '../doctor/findings.js';
import { templates } from '../project/templates.js';
import { referencePages } from './pages.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

async function pagesToRead(): Promise<string[]> {
  const below = await readdir(join(root, 'docs'), { recursive: true });
  return ['README.md', ...below.filter((name) => name.endsWith('.md')).map((name) => join('docs', name))];
}

describe('documentation', () => {
  it('has a reference that is what `pnpm docs` writes', async () => {
    for (const [path, text] of await referencePages()) {
      expect(await readFile(join(templates.reference, path), 'utf8'), path).toBe(text);
    }
  });

  it('explains every error code', async () => {
    const page = await readFile(join(templates.reference, 'errors.md'), 'utf8');
    for (const code of Object.keys(errorCodes)) expect(page).toContain(`\`${code}\``);
  });

  it('names no error code that there is not', async () => {
    for (const path of await pagesToRead()) {
      if (path.endsWith('presets.md')) continue; // its capitals are names of columns
      const text = await readFile(join(root, path), 'utf8');
      for (const [, code] of text.matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g)) {
        if (code !== undefined && !/^(THROUGHLINE|RACE|SEX|BABY)_/.test(code))
          expect([path, code in errorCodes || code in findingWords || code]).toEqual([path, true]);
      }
    }
  });

  it('links to pages that are there', async () => {
    for (const path of await pagesToRead()) {
      const text = await readFile(join(root, path), 'utf8');
      for (const [, target] of text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) {
        if (target === undefined || /^[a-z]+:/.test(target)) continue;
        await expect(
          readFile(join(root, dirname(path), target)),
          `${path} -> ${target}`,
        ).resolves.toBeDefined();
      }
    }
  });

  it('keeps the first screen of the README to the two commands', async () => {
    const lines = (await readFile(join(root, 'README.md'), 'utf8')).split('\n');
    expect(lines.length).toBeLessThanOrEqual(75);
    expect(lines.slice(0, 24).join('\n')).toMatch(/npm start[\s\S]*npm test/);
  });
});
