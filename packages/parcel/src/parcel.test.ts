import { spawnSync } from 'node:child_process';
import { link, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PARCEL_NAMESPACE, signSsh } from '@throughline/agreement';
import { canonicalJson } from '@throughline/core';
import { primitives } from '@throughline/engine';
import { Decrypter } from 'age-encryption';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mayGo, travellingKinds } from './flows.js';
import { formatHeader, type ParcelHeader, parcelIdOf } from './header.js';
import { requireAcceptable } from './judge.js';
import { arrival, openParcel } from './open.js';
import {
  AGREEMENT,
  headerOf,
  lastOf,
  MEMORANDUM,
  standpoint,
  type TestHosts,
  testHosts,
  written,
} from './sealed.fixture.js';
import { sealParcel } from './write.js';

const LARGEST = 1024 ** 2;
let town: TestHosts;
let path: string;
beforeAll(async () => {
  town = await testHosts();
  path = join(town.folder, 'school.hub.000001.parcel');
});
afterAll(() => rm(town.folder, { recursive: true }));

const seal = (header: ParcelHeader = headerOf(town), key = town.school.key) =>
  sealParcel(path, { header, files: town.files, key, recipient: town.hub.agreed.recipient });
const opening = (day = '2026-06-16') => ({ identity: town.hub.identity, hosts: town.hosts, day });
const hostile = (changes: Partial<Parameters<typeof written>[1]> = {}) =>
  written(path, {
    header: headerOf(town),
    key: town.school.key,
    body: town.texts.join(''),
    recipient: town.hub.agreed.recipient,
    ...changes,
  });

/** Opens and unpacks; what was written stays in `out`. */
async function taken(day?: string): Promise<readonly string[]> {
  const out = join(town.folder, 'out');
  await rm(out, { recursive: true, force: true });
  await mkdir(out);
  await arrival(path, LARGEST);
  const parcel = await openParcel(path, opening(day));
  try {
    await parcel.unpack((_, name) => join(out, name));
  } finally {
    await parcel.close();
  }
  return Promise.all((await readdir(out)).map((name) => readFile(join(out, name), 'utf8')));
}

describe('a parcel', () => {
  it('gives back what was put in, and can be opened by nobody else', async () => {
    expect(await seal()).toBe(parcelIdOf(headerOf(town)));
    expect(await arrival(path, LARGEST)).toMatchObject({ state: 'whole' });
    expect(await taken()).toEqual(town.texts);
    const others = { ...opening(), identity: town.clinic.identity };
    await expect(openParcel(path, others)).rejects.toMatchObject({ code: 'PARCEL_UNREADABLE' });
    expect((await readFile(path)).includes('tokens')).toBe(false);
  });

  it('is what the reference says: a line, an age file, and in it sizes, header, signature and files', async () => {
    await seal();
    const bytes = await readFile(path);
    const end = bytes.indexOf('\n');
    expect(bytes.subarray(0, end).toString()).toBe(`throughline parcel 1 ${bytes.length - end - 1}`);
    const decrypter = new Decrypter();
    decrypter.addIdentity(town.hub.identity);
    const plain = Buffer.from(await decrypter.decrypt(bytes.subarray(end + 1)));
    const header = canonicalJson(headerOf(town));
    const signature = signSsh(primitives, Buffer.from(header), {
      key: town.school.key,
      namespace: PARCEL_NAMESPACE,
    });
    expect(plain.toString()).toBe(
      `header ${header.length} signature ${signature.length}\n${header}${signature}${town.texts.join('')}`,
    );
  });

  const hasOpenssh = spawnSync('ssh-keygen', ['-?']).error === undefined;
  it.skipIf(!hasOpenssh)('bears a signature that stock OpenSSH verifies', async () => {
    const header = formatHeader(headerOf(town));
    const signers = join(town.folder, 'allowed_signers');
    const signature = join(town.folder, 'header.sig');
    await writeFile(
      signers,
      `school namespaces="${PARCEL_NAMESPACE}" ${town.school.agreed.keys[0]?.public_key}\n`,
    );
    await writeFile(
      signature,
      signSsh(primitives, header, { key: town.school.key, namespace: PARCEL_NAMESPACE }),
    );
    const args = ['-Y', 'verify', '-n', PARCEL_NAMESPACE, '-f', signers, '-I', 'school', '-s', signature];
    expect(spawnSync('ssh-keygen', args, { input: header }).status).toBe(0);
  });

  it('is waited for while it is being copied, at whatever byte', async () => {
    await seal();
    const bytes = await readFile(path);
    for (const length of [0, 5, 21, 60, 61, 300, bytes.length - 1]) {
      await writeFile(path, bytes.subarray(0, length));
      expect([length, (await arrival(path, LARGEST)).state]).toEqual([length, 'landing']);
    }
  });

  it('is refused with any bit changed, and nothing of it stands as whole', async () => {
    await seal();
    const bytes = await readFile(path);
    const codes = ['PARCEL_UNREADABLE', 'PARCEL_OVER_LIMIT'];
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length * 8 - 1), async (bit) => {
        const flipped = Buffer.from(bytes);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        await writeFile(path, flipped);
        const told = await arrival(path, LARGEST).catch(({ code }) => ({ state: code }));
        if (told.state === 'landing' || codes.includes(told.state)) return;
        await expect(taken()).rejects.toMatchObject({ code: 'PARCEL_UNREADABLE' });
      }),
      { numRuns: 40 },
    );
  });
});

describe('a file that only looks like a parcel', () => {
  it.each<[string, () => Promise<unknown>, string]>([
    ['a link', () => symlink(town.files[0] ?? '', path), 'PARCEL_UNREADABLE'],
    ['a second name of another file', () => link(town.files[0] ?? '', path), 'PARCEL_UNREADABLE'],
    ['a folder', () => mkdir(path), 'PARCEL_UNREADABLE'],
    ['some text', () => writeFile(path, 'x'.repeat(100)), 'PARCEL_UNREADABLE'],
    ['bytes behind its end', () => writeFile(path, 'throughline parcel 1 3\nabcd'), 'PARCEL_UNREADABLE'],
    [
      'a size beyond all bounds',
      () => writeFile(path, 'throughline parcel 1 999999999999\nabc'),
      'PARCEL_OVER_LIMIT',
    ],
    ['more bytes than are taken', () => writeFile(path, 'x'.repeat(LARGEST + 100)), 'PARCEL_OVER_LIMIT'],
  ])('%s is refused by its outside', async (_, make, code) => {
    await rm(path, { recursive: true, force: true });
    await make();
    await expect(arrival(path, LARGEST)).rejects.toMatchObject({ code });
    await rm(path, { recursive: true, force: true });
  });

  it('an age header without an end is not read into memory', async () => {
    const body = `age-encryption.org/v1\n${'-> x '.repeat(60_000)}`;
    await writeFile(path, `throughline parcel 1 ${body.length}\n${body}`);
    await expect(openParcel(path, opening())).rejects.toMatchObject({ code: 'PARCEL_UNREADABLE' });
  });
});

describe('a header', () => {
  const text = (changes: object) => canonicalJson({ ...headerOf(town), ...changes } as never);
  const file = { name: 'a.parquet', bytes: 1, sha256: 'd'.repeat(64) };
  const content = (files: object[], kind = 'tokens') => ({
    contents: [{ kind, of: 'district', identity: 'd'.repeat(64), files }],
  });

  it.each<[string, () => string]>([
    ['of another version', () => text({ parcel: 2 })],
    ['with a field more', () => text({ note: 'x' })],
    ['with a key twice', () => text({}).replace('"epoch"', '"epoch":"2026-1","epoch"')],
    ['with white space', () => ` ${text({})}`],
    ['that is no JSON', () => '{'],
    ['without contents', () => text({ contents: [] })],
    ['with a path', () => text(content([{ ...file, name: '../a.parquet' }]))],
    ['with a hidden file', () => text(content([{ ...file, name: '.a' }]))],
    ['with an absolute path', () => text(content([{ ...file, name: '/etc/passwd' }]))],
    ['with a file twice', () => text(content([file, file]))],
    ['with a file twice but for its case', () => text(content([file, { ...file, name: 'A.parquet' }]))],
    [
      'with a hundred and one files',
      () => text(content(Array.from({ length: 101 }, (_, at) => ({ ...file, name: `f${at}` })))),
    ],
    ['with a size below nothing', () => text(content([{ ...file, bytes: -1 }]))],
    ['with a kind that never travels', () => text(content([file], 'identifiers'))],
    [
      'with a kind of an owner twice',
      () => text({ contents: [...content([file]).contents, ...content([file]).contents] }),
    ],
  ])('%s is refused', async (_, header) => {
    await hostile({ header: header() });
    await expect(taken()).rejects.toMatchObject({ code: 'PARCEL_MALFORMED' });
  });

  it.each<[string, string, string]>([
    ['no sizes', 'hello\n', 'PARCEL_MALFORMED'],
    ['sizes of nothing', 'header 0 signature 0\n', 'PARCEL_MALFORMED'],
    ['sizes beyond all bounds', 'header 999999999 signature 10\n', 'PARCEL_OVER_LIMIT'],
    ['more than there is', 'header 4000000 signature 10\n', 'PARCEL_MALFORMED'],
  ])('behind %s is refused', async (_, front, code) => {
    await hostile({ front });
    await expect(taken()).rejects.toMatchObject({ code });
  });
});

describe('a signature', () => {
  it('of another host, of a stranger, or of a day on which the key does not count, is none', async () => {
    await hostile({ key: town.clinic.key });
    await expect(taken()).rejects.toMatchObject({ code: 'PARCEL_UNSIGNED' });
    await seal();
    await expect(taken('2027-01-01')).rejects.toMatchObject({ code: 'PARCEL_UNSIGNED' });
    const stranger = { ...opening(), hosts: town.hosts.slice(1) };
    await expect(openParcel(path, stranger)).rejects.toMatchObject({ code: 'PARCEL_UNSIGNED' });
  });
});

describe('what it holds', () => {
  it.each<[string, () => string]>([
    ['other bytes', () => town.texts.join('').replace('p', 'q')],
    ['too few bytes', () => town.texts.join('').slice(0, -1)],
    ['too many bytes', () => `${town.texts.join('')}x`],
    ['nothing', () => ''],
  ])('is refused with %s', async (_, body) => {
    await hostile({ body: body() });
    await expect(taken()).rejects.toMatchObject({ code: 'PARCEL_ALTERED' });
  });
});

describe('whether it may be taken in', () => {
  const verdict = (
    header: ParcelHeader,
    {
      at = standpoint(town),
      last = undefined as ReturnType<typeof lastOf> | undefined,
      afterGap = false,
    } = {},
  ): string => {
    try {
      requireAcceptable({ header, id: parcelIdOf(header) }, at, { last, afterGap });
      return 'taken';
    } catch (thrown) {
      return (thrown as { code: string }).code;
    }
  };
  const other = 'e'.repeat(64);

  it.each<[string, string, Partial<ParcelHeader>]>([
    ['in its place', 'taken', {}],
    ['to another host', 'PARCEL_MISDIRECTED', { to: 'clinic' }],
    ['of a host that nobody knows', 'PARCEL_MISDIRECTED', { from: 'stranger' }],
    ['of another memorandum', 'PARCEL_OTHER_AGREEMENT', { memorandum: { ...MEMORANDUM, id: 'emou-other' } }],
    [
      'of other bytes of the memorandum',
      'PARCEL_OTHER_AGREEMENT',
      { memorandum: { ...MEMORANDUM, sha256: other } },
    ],
    [
      'of other bytes of its agreement',
      'PARCEL_OTHER_AGREEMENT',
      { documents: [{ ...AGREEMENT, sha256: other }] },
    ],
    [
      'of another version of its agreement',
      'PARCEL_OTHER_AGREEMENT',
      { documents: [{ ...AGREEMENT, version: 2, sha256: other }] },
    ],
    [
      'of a document that is not at hand here',
      'taken',
      { documents: [{ ...AGREEMENT, id: 'manifest-x', kind: 'manifest' }] },
    ],
    ['of another epoch', 'PARCEL_OTHER_EPOCH', { epoch: '2026-2' }],
    ['that begins with a gap', 'PARCEL_GAP', { sequence: 2, previous: other }],
    ['that follows one that never was', 'PARCEL_ROLLED_BACK', { previous: other }],
  ])('a parcel %s: %s', (_, expected, changes) => {
    expect(verdict(headerOf(town, changes))).toBe(expected);
  });

  it('only in the order of its sender, each once', () => {
    const [one, two, three] = [
      headerOf(town),
      headerOf(town, { sequence: 2, previous: parcelIdOf(headerOf(town)) }),
      headerOf(town, { sequence: 3, previous: other }),
    ];
    const last = lastOf(two);
    expect(verdict(two, { last: lastOf(one) })).toBe('taken');
    expect(verdict(two, { last })).toBe('PARCEL_REPLAYED');
    expect(verdict(one, { last: { ...last, ids: [parcelIdOf(one), ...last.ids] } })).toBe('PARCEL_REPLAYED');
    expect(verdict({ ...two, day: '2026-06-17' }, { last })).toBe('PARCEL_ROLLED_BACK');
    expect(verdict(three, { last })).toBe('PARCEL_ROLLED_BACK');
    expect(verdict({ ...three, sequence: 9 }, { last })).toBe('PARCEL_GAP');
    expect(verdict({ ...three, sequence: 9 }, { last, afterGap: true })).toBe('taken');
    expect(verdict(three, { last, afterGap: true })).toBe('PARCEL_ROLLED_BACK');
  });

  it('what a sender may not send is refused, whoever signs', () => {
    const holding = (kind: 'payload' | 'tokens' | 'gate' | 'people', of: string) =>
      headerOf(town, { contents: [{ ...headerOf(town).contents[0], kind, of } as never] });
    expect(verdict(holding('payload', 'district'))).toBe('taken');
    expect(verdict(holding('tokens', 'health'))).toBe('PARCEL_MISDIRECTED');
    expect(verdict(holding('gate', 'town'))).toBe('PARCEL_MISDIRECTED');
    expect(verdict(holding('people', 'town'))).toBe('PARCEL_MISDIRECTED');
  });
});

describe('the table of what may go', () => {
  it('lets no identifiers, ledger, links or measures travel, and nothing from partner to partner', () => {
    for (const kind of ['identifiers', 'ledger', 'links', 'measures', 'counted', 'interop', 'equations'])
      expect(travellingKinds).not.toContain(kind);
    const [school, clinic, hub] = town.hosts as [never, never, never];
    const kinds = (from: never, to: never) => mayGo({ from, to, pipeline: 'town' }).map(({ kind }) => kind);
    expect(kinds(school, clinic)).toEqual(['acknowledgement']);
    expect(kinds(school, school)).toEqual([]);
    expect(kinds(hub, school)).toEqual(['gate', 'questions', 'acknowledgement']);
    expect(kinds(school, hub)).toEqual([
      'tokens',
      'plan',
      'slots',
      'residual',
      'answers',
      'standing',
      'payload',
      'canaries',
      'acknowledgement',
    ]);
  });

  it('keeps payload from a linkage unit and tokens from a desk that are hosts of their own', () => {
    const [school] = town.hosts as [never];
    const host = (plays: string[]) => ({ ...town.hub.agreed, host: plays.join(), plays });
    const to = (plays: string[]) =>
      mayGo({ from: school, to: host(plays), pipeline: 'town' }).map(({ kind }) => kind);
    expect(to(['linkage-unit'])).not.toContain('payload');
    expect(to(['analyst-desk'])).toEqual(['payload', 'canaries', 'standing', 'acknowledgement']);
    const links = mayGo({ from: host(['linkage-unit']), to: host(['analyst-desk']), pipeline: 'town' });
    expect(links.map(({ kind, of }) => `${kind} ${of}`)).toEqual([
      'people town',
      'linked town',
      'acknowledgement analyst-desk',
    ]);
  });
});
