import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSession, readArtifact, type Sql, sql } from '@throughline/engine';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { millbrook, signAgain, smallCity, told } from '../e2e/night.fixture.js';

let place: string;
let folder: string;
let pipeline: string;
let issued: string;
let identities: ReadonlyMap<string, string>;
const PARTNERS = ['district', 'charter', 'afterschool', 'city', 'health'];

beforeEach(async () => {
  place = await millbrook();
  folder = place;
  pipeline = join(folder, 'pipeline.yaml');
  issued = join(folder, 'issued');
  const made = new Map<string, string>();
  let text = await readFile(pipeline, 'utf8');
  for (const name of PARTNERS) {
    const identity = await generateIdentity();
    await writeFile(join(folder, `${name}.identity`), `${identity}\n`, { mode: 0o600 });
    made.set(name, await identityToRecipient(identity));
    text = text.replace(
      new RegExp(`(    record_key: .*/${name}/record.key\n)`),
      `$1    recipient: ${made.get(name)}\n`,
    );
  }
  await writeFile(pipeline, text);
  identities = made;
});
afterEach(() => rm(place, { recursive: true }));

const change = async (from: string | RegExp, to: string) =>
  writeFile(pipeline, (await readFile(pipeline, 'utf8')).replace(from, to));
const tokenKey = () => join(folder, 'state/keys/token.key');
const receiving = (partner: string, who = partner) => [
  ...['keys', 'receive', pipeline, '--partner', partner],
  ...['--identity', join(folder, `${who}.identity`)],
  ...['--file', join(issued, `${partner}.token-key.age`)],
];

describe('keys issue and receive', () => {
  it('brings the key of the keyholder to a partner, whole and to nobody else', async () => {
    const root = await readFile(tokenKey());
    expect((await told(['keys', 'issue', pipeline, '--out', issued])).exitCode).toBe(0);
    for (const name of PARTNERS) {
      const file = await readFile(join(issued, `${name}.token-key.age`));
      expect(file.includes(root)).toBe(false);
    }
    await change(/token_key: .*token\.key/, `token_key: ${join(folder, 'partner/token.key')}`);
    expect((await told(receiving('district', 'charter'))).stderr).toMatch(/KEY_SEALED_FOR_ANOTHER/);
    expect((await told(receiving('district'))).exitCode).toBe(0);
    const received = join(folder, 'partner/token.key');
    expect(await readFile(received)).toEqual(root);
    expect((await stat(received)).mode & 0o777).toBe(0o600);
    expect((await told(receiving('district'))).exitCode).toBe(0);
  });

  it.each(['truncated', 'altered'])('refuses a file that is %s, and writes nothing', async (how) => {
    await told(['keys', 'issue', pipeline, '--out', issued, '--partner', 'city']);
    const path = join(issued, 'city.token-key.age');
    const bytes = await readFile(path);
    const spoilt =
      how === 'truncated'
        ? bytes.subarray(0, -1)
        : bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte));
    await writeFile(path, spoilt);
    await change(/token_key: .*token\.key/g, `token_key: ${join(folder, 'partner/token.key')}`);
    expect((await told(receiving('city'))).stderr).toMatch(/KEY_SEALED_FOR_ANOTHER/);
    await expect(stat(join(folder, 'partner'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('issues no key to the linkage unit, and none to two partners of one recipient', async () => {
    await change(/(person_key: .*)/, `$1\n  recipient: ${identities.get('city')}`);
    expect((await told(['keys', 'issue', pipeline, '--out', issued])).stderr).toMatch(/KEY_ROLES_MIXED/);
    await change(`\n  recipient: ${identities.get('city')}`, '');
    await change(identities.get('city') ?? '', identities.get('health') ?? '');
    expect((await told(['keys', 'issue', pipeline, '--out', issued])).stderr).toMatch(/KEY_ROLES_MIXED/);
    await expect(stat(issued)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('issues only the key of the card', async () => {
    const other = join(folder, 'other.key');
    await writeFile(
      other,
      new Uint8Array(await readFile(tokenKey())).map((byte) => byte ^ 0x5a),
      { mode: 0o600 },
    );
    const refused = await told(['keys', 'issue', pipeline, '--out', issued, '--root', other]);
    expect(refused.stderr).toMatch(/KEY_MISMATCH/);
  });

  it('has no two roles share a key file', async () => {
    await change(/person_key: .*/, `person_key: ${tokenKey()}`);
    expect((await told(['keys', 'create', pipeline])).stderr).toMatch(/KEY_ROLES_MIXED/);
    expect((await told(['keys', 'check', pipeline])).exitCode).toBe(12);
  });
});

describe('keys over a descriptor', () => {
  const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
  const checking = (input: Uint8Array) =>
    spawnSync(process.execPath, [main, '--log', 'none', 'keys', 'check', pipeline, '--partner', 'city'], {
      input,
      encoding: 'utf8',
    });

  it('are read from standard input, exactly 32 bytes of them', async () => {
    await change(/token_key: .*token\.key/g, 'token_key: "-"');
    const root = new Uint8Array(await readFile(tokenKey()));
    expect(checking(root).stdout).toMatch(/ok {6}token key of city: is that of the card/);
    for (const wrong of [root.subarray(1), Uint8Array.of(...root, 10), new Uint8Array(32)]) {
      const refused = checking(wrong);
      expect(refused.stdout).toMatch(/REFUSED token key of city: KEY_WEAK/);
      expect(refused.status).toBe(12);
    }
    expect(checking(root.map((byte) => byte ^ 0x5a)).stdout).toMatch(/KEY_MISMATCH/);
  });
});

describe('keys over another descriptor', () => {
  const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
  it('are read from the one that is named, by the stages too', async () => {
    await change(/token_key: .*token\.key/g, 'token_key: fd:3');
    await told(['ingest', pipeline, '--partner', 'city']);
    const { open } = await import('node:fs/promises');
    const file = await open(tokenKey());
    const tokenizing = (descriptors: ('pipe' | 'ignore' | number)[]) =>
      spawnSync(process.execPath, [main, '--log', 'none', 'tokenize', pipeline, '--partner', 'city'], {
        encoding: 'utf8',
        stdio: descriptors,
      });
    expect(tokenizing(['ignore', 'pipe', 'pipe', file.fd]).stdout).toMatch(/^tokens [0-9a-f]{64} made/);
    await file.close();
    const without = tokenizing(['ignore', 'pipe', 'pipe']);
    expect(without.stderr).toMatch(/KEY_UNREADABLE|KEY_WEAK/);
    expect(without.status).toBe(12);
  });
});

describe('keys check, rotate and revoke', () => {
  it('finds every key that is not that of the card', async () => {
    expect((await told(['keys', 'check', pipeline])).stdout).not.toMatch(/REFUSED/);
    const other = join(folder, 'other.key');
    await writeFile(
      other,
      new Uint8Array(await readFile(tokenKey())).map((byte) => byte ^ 0x5a),
      { mode: 0o600 },
    );
    await change(/token_key: .*token\.key/, `token_key: ${other}`);
    const checked = await told(['keys', 'check', pipeline]);
    expect(checked.stdout).toMatch(/REFUSED token key of district: KEY_MISMATCH/);
    expect(checked.exitCode).toBe(12);
  });

  it('ends an epoch for a key that was lost, starts the next one with the memorandum, and persons keep their ids', async () => {
    folder = join(folder, 'small');
    pipeline = await smallCity(folder);
    expect((await told(['keys', 'rotate', pipeline])).stderr).toMatch(/KEY_STILL_CURRENT/);
    await linked();
    const [before, tokens] = [await people(), await tokensOf('city')];
    const old = new Uint8Array(await readFile(tokenKey()));
    const check = await checkValue();
    expect((await told(['keys', 'revoke', pipeline, '--epoch', '2026-1'])).exitCode).toBe(0);
    for (const kind of ['partners/city/tokens', 'linkage-unit/received/city/tokens'])
      await expect(stat(join(folder, 'state', kind)), kind).rejects.toMatchObject({ code: 'ENOENT' });
    await writeFile(tokenKey(), old, { mode: 0o600 });
    expect((await told(['tokenize', pipeline])).stderr).toMatch(/KEY_REVOKED/);
    await nextEpoch();
    expect((await told(['keys', 'rotate', pipeline])).exitCode).toBe(0);
    expect(new Uint8Array(await readFile(tokenKey()))).not.toEqual(old);
    expect(await lastLogged()).toMatch(/destroyed token key of emou-millbrook 2026-1/);
    expect((await told(['keys', 'check', pipeline])).stdout).not.toMatch(/REFUSED/);
    await linked();
    expect(await people()).toEqual(before);
    const again = await tokensOf('city');
    expect(again.size).toBe(tokens.size);
    expect([...again].filter((token) => tokens.has(token))).toEqual([]);
    expect(await madeUnder(check)).toEqual([]);
    expect(await filesWith(old)).toEqual([]);
  });

  it('rotates away whatever was made with the old key', async () => {
    await told(['ingest', pipeline, '--partner', 'city']);
    await told(['tokenize', pipeline, '--partner', 'city']);
    const check = await checkValue();
    expect(await madeUnder(check)).toEqual(['partners/city/tokens/manifest.json']);
    await nextEpoch();
    expect((await told(['keys', 'rotate', pipeline])).exitCode).toBe(0);
    expect(await madeUnder(check)).toEqual([]);
    expect((await told(['keys', 'issue', pipeline, '--out', issued])).exitCode).toBe(0);
    expect((await told(receiving('city'))).exitCode).toBe(0);
  });

  it('ends an epoch at once', async () => {
    expect((await told(['keys', 'revoke', pipeline, '--epoch', '2025-9'])).exitCode).toBe(2);
    await told(['ingest', pipeline, '--partner', 'city']);
    expect((await told(['keys', 'revoke', pipeline, '--epoch', '2026-1'])).exitCode).toBe(0);
    await expect(stat(tokenKey())).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await lastLogged()).toMatch(/keys millbrook destroyed token key of emou-millbrook 2026-1/);
    expect((await told(['tokenize', pipeline, '--partner', 'city'])).stderr).toMatch(/KEY_REVOKED/);
    expect((await told(['keys', 'issue', pipeline, '--out', issued])).stderr).toMatch(/KEY_REVOKED/);
    await rm(join(folder, 'state/keys/log/log.key'));
    expect((await told(['keys', 'revoke', pipeline, '--epoch', '2026-1'])).exitCode).toBe(0);
  });
});

const lastLogged = async () => (await told(['log', 'show', pipeline, '--last', '1'])).stdout;

/** The next version of the memorandum, of a new epoch. */
async function nextEpoch(): Promise<void> {
  const path = join(folder, 'agreements/emou-millbrook.yaml');
  const text = await readFile(path, 'utf8');
  const supersedes = createHash('sha256').update(text).digest('hex');
  const next = text
    .replace('version: 1', `version: 2\nsupersedes: ${supersedes}`)
    .replace('epoch: 2026-1', 'epoch: 2026-2');
  await writeFile(join(folder, 'agreements/emou-millbrook-2.yaml'), next);
  await signAgain(pipeline);
}

/** A night up to the links. */
async function linked(): Promise<void> {
  for (const stage of ['ingest', 'tokenize', 'link'])
    expect((await told([stage, pipeline])).exitCode, stage).toBe(0);
}

const checkValue = async (): Promise<string> => {
  const card = await readFile(join(folder, 'state/keys/emou-millbrook.card.json'), 'utf8');
  return String(JSON.parse(card).check);
};

const filesIn = async (place: string): Promise<string[]> =>
  (await readdir(place, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(place, join(entry.parentPath, entry.name)))
    .sort();

/** The manifests of artifacts that were made under a key. */
async function madeUnder(check: string): Promise<string[]> {
  const state = join(folder, 'state');
  const found: string[] = [];
  for (const name of (await filesIn(state)).filter((each) => each.endsWith('manifest.json'))) {
    const { producedBy } = JSON.parse(await readFile(join(state, name), 'utf8'));
    if (producedBy?.keyCheck?.value === check) found.push(name);
  }
  return found;
}

/** Files of the project that hold some bytes. */
async function filesWith(bytes: Uint8Array): Promise<string[]> {
  const found: string[] = [];
  for (const name of await filesIn(folder))
    if ((await readFile(join(folder, name))).includes(Buffer.from(bytes))) found.push(name);
  return found;
}

/** Which record is which person. */
async function people(): Promise<ReadonlyMap<string, string>> {
  const all = await rowsOf(
    'linkage-unit/people',
    'people',
    (people) => sql`SELECT record_id, person_id FROM ${people} ORDER BY ALL`,
  );
  return new Map(all.map((row) => [String(row['record_id']), String(row['person_id'])]));
}

async function tokensOf(partner: string): Promise<ReadonlySet<string>> {
  const all = await rowsOf(
    `partners/${partner}/tokens`,
    'tokens',
    (tokens) => sql`SELECT token FROM ${tokens}`,
  );
  return new Set(all.map((row) => String(row['token'])));
}

async function rowsOf(place: string, kind: 'people' | 'tokens', select: (table: Sql) => Sql) {
  const artifact = await readArtifact(join(folder, 'state', place), kind);
  const limits = { spill: join(folder, 'spill'), memory: '500MB', threads: 1 };
  const session = await openSession({ folders: [artifact.folder], ...limits });
  try {
    return await session.rows(kind, select(artifact.table(kind as never)));
  } finally {
    session.close();
  }
}
