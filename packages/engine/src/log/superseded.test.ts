import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendToLog } from './append.js';
import type { LogPlace } from './key.js';
import { madeEntry, newLog } from './log.fixture.js';
import { type Governing, requireNoneSuperseded } from './superseded.js';

let folder: string;
let place: LogPlace;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'superseded-'));
  place = await newLog(folder);
});
afterEach(() => rm(folder, { recursive: true }));

const userId = process.getuid?.();
const governed = (id: string, version: number, digit = String(version)): Governing => ({
  document: { kind: 'dsa', id, version },
  sha256: digit.repeat(64),
});

const log = (...documents: readonly Governing[]) =>
  appendToLog(
    place,
    {
      ...madeEntry(1),
      documents: documents.map(({ document, sha256 }) => ({ ...document, sha256 })),
    },
    userId,
  );
const ask = (...documents: readonly Governing[]) => requireNoneSuperseded(place, documents, userId);

describe('a document that the log has seen', () => {
  it('may be new, the same, or a later version', async () => {
    await expect(ask(governed('a', 1))).resolves.toBeUndefined();
    await log(governed('a', 2), governed('b', 5));
    for (const version of [2, 3]) await expect(ask(governed('a', version))).resolves.toBeUndefined();
    await expect(ask(governed('c', 1), governed('b', 5))).resolves.toBeUndefined();
  });

  it('is refused in an older version, also where only another stage has seen the later one', async () => {
    await log(governed('a', 1));
    await log(governed('a', 2));
    for (let number = 0; number < 5; number += 1) await log(governed('b', 1));
    await expect(ask(governed('b', 1), governed('a', 1))).rejects.toMatchObject({
      code: 'DOCUMENT_ROLLED_BACK',
      details: { document: 'a', version: 1, logged_version: 2 },
    });
  });

  it('is refused under other bytes of the same version', async () => {
    await log(governed('a', 1));
    await expect(ask(governed('a', 1, 'f'))).rejects.toMatchObject({ code: 'DOCUMENT_ROLLED_BACK' });
  });

  it('is another one than a document of another kind with its name', async () => {
    await log(governed('a', 7));
    const manifest = { document: { kind: 'manifest', id: 'a', version: 1 }, sha256: '1'.repeat(64) };
    await expect(ask(manifest)).resolves.toBeUndefined();
  });
});
