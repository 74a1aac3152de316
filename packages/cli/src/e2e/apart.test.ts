import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { openSession } from '@throughline/engine';
import { CANARIES } from '@throughline/testkit';
import { Decrypter } from 'age-encryption';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asHost, confinement, giveTo } from './confined.fixture.js';
import { cellsAsText, identities, told } from './night.fixture.js';
import { carry, removeCity, type SplitCity, type SplitHost, splitCity } from './split.fixture.js';

/*
 * The proof that a city on four hosts publishes what it publishes on one, while each host is a user (or a namespace) of
 * its own that cannot read the files of the others, and only parcels go between them.
 */

const how = confinement();
const named = how === undefined ? 'SKIPPED: it needs root, or unprivileged user namespaces' : `as ${how}`;

describe.skipIf(how === undefined)(`four hosts apart (${named})`, () => {
  let city: SplitCity;
  const parcels: { readonly name: string; readonly bytes: Buffer }[] = [];
  const host = (name: string): SplitHost => {
    const found = city.hosts.find((each) => each.host === name);
    if (found === undefined) throw new Error(name);
    return found;
  };
  const night = (name: string, status = 0): void => {
    const ran = asHost(city.hosts, host(name), ['run', host(name).pipeline]);
    expect([name, ran.status, ran.status === status ? '' : ran.stderr]).toEqual([name, status, '']);
    expect(ran.stderr).not.toMatch(/key-within-reach/);
  };
  let waiting: string;
  const report = () => readFile(join(host('city-desk').folder, 'state/report.html'), 'utf8');
  const courier = () =>
    carry(city, async (path, to) => {
      parcels.push({ name: path.split('/').at(-1) ?? '', bytes: await readFile(path) });
      giveTo(city.hosts, to, path);
    });

  beforeAll(async () => {
    city = await splitCity(
      [
        { host: 'district-office', plays: ['district'] },
        { host: 'bright-hours', plays: ['afterschool'] },
        { host: 'links-office', plays: ['linkage-unit'] },
        { host: 'city-desk', plays: ['analyst-desk'] },
      ],
      { students: 300 },
    );
    expect(await told(['run', city.one])).toMatchObject({ exitCode: 0 });
    for (const each of city.hosts) giveTo(city.hosts, each, each.folder);
    for (const name of ['district-office', 'bright-hours']) night(name);
    await courier();
    night('links-office', 13);
    night('city-desk', 13);
    waiting = await report();
    await courier();
    for (const name of ['district-office', 'bright-hours']) night(name);
    await courier();
    night('links-office');
    await courier();
    night('city-desk');
  });
  afterAll(() => removeCity(city));

  it('publish what one machine publishes, cell by cell', async () => {
    const one = join(city.folder, 'one', 'state', 'desk');
    const apart = join(host('city-desk').folder, 'state', 'desk');
    for (const table of ['measures/cells.parquet', 'release-candidate/cells.parquet'])
      expect((await readFile(join(apart, table))).equals(await readFile(join(one, table)))).toBe(true);
    const slots = await identities(join(host('links-office').folder, 'state'));
    expect(Object.keys(slots)).toContain('linkage-unit/received/district/slots');
  });

  it('tell in the morning what the desk knows: what it waits for, then the candidate', async () => {
    expect(waiting).toMatch(/the desk could not count yet[\s\S]*Waits for the person ids of/);
    const told = await report();
    expect(told).toMatch(
      /the desk counted 2 measures from what 2 partners sent[\s\S]*Nothing needs a person/,
    );
    expect(told).toMatch(/Chronic absence[\s\S]*throughline release candidate pipeline\.yaml --author NAME/);
    expect(asHost(city.hosts, host('city-desk'), ['report', host('city-desk').pipeline]).status).toBe(0);
    expect(await report()).toBe(told);
  });

  it('cannot read a file of one another', async () => {
    const code = `const { readFileSync } = require('node:fs');
      const open = process.argv.slice(1).filter((path) => { try { return readFileSync(path).length > 0; } catch { return false; } });
      process.stdout.write(String(open.length));`;
    for (const one of city.hosts) {
      const others = city.hosts.filter((each) => each !== one);
      const paths = others.flatMap(({ folder }) => [
        join(folder, 'pipeline.yaml'),
        join(folder, 'keys/host.identity'),
      ]);
      expect([one.host, asHost(city.hosts, one, { code, args: paths }).stdout]).toEqual([one.host, '0']);
      const own = [join(one.folder, 'pipeline.yaml')];
      expect(asHost(city.hosts, one, { code, args: own }).stdout).toBe('1');
    }
  });

  it('hold the artifacts of their roles and no others', async () => {
    const artifacts = async (name: string) => Object.keys(await identities(join(host(name).folder, 'state')));
    const ofPartner = (name: string, kinds: readonly string[]) =>
      kinds.map((kind) => `partners/${name}/${kind}`);
    const own = ['identifiers', 'ledger', 'payload', 'plan', 'slots', 'tokens'];
    expect(await artifacts('district-office')).toEqual(['linkage-unit/gate', ...ofPartner('district', own)]);
    expect(await artifacts('bright-hours')).toEqual(['linkage-unit/gate', ...ofPartner('afterschool', own)]);
    const sent = ['plan', 'slots', 'tokens'];
    expect((await artifacts('links-office')).filter((each) => each.startsWith('partners/'))).toEqual([
      ...ofPartner('afterschool', sent),
      ...ofPartner('district', sent),
    ]);
    expect((await artifacts('city-desk')).filter((each) => !each.startsWith('desk/'))).toEqual([
      'linkage-unit/people',
      ...ofPartner('afterschool', ['payload']),
      ...ofPartner('district', ['payload']),
    ]);
  });

  it('have their own keys and nobody else’s, in whatever file', async () => {
    const mayHave: Readonly<Record<string, readonly string[]>> = {
      'token.key': ['district-office', 'bright-hours'],
      'district.record.key': ['district-office'],
      'afterschool.record.key': ['bright-hours'],
      'person.key': ['links-office'],
    };
    const secrets: { readonly bytes: Buffer; readonly may: readonly string[] }[] = [];
    for (const [name, may] of Object.entries(mayHave))
      for (const each of may)
        secrets.push({ bytes: await readFile(join(host(each).folder, 'keys', name)), may });
    for (const { host: name, folder } of city.hosts)
      for (const own of ['log.key', 'host_ed25519', 'host.identity'])
        secrets.push({ bytes: await readFile(join(folder, 'keys', own)), may: [name] });
    const found = async (bytes: Buffer, secret: Buffer) =>
      [secret, secret.toString('hex'), secret.toString('base64')].some((form) => bytes.includes(form));
    for (const { host: name, folder } of city.hosts) {
      for (const path of await filesBelow(folder)) {
        const bytes = await readFile(path);
        for (const { bytes: secret, may } of secrets)
          if (await found(bytes, secret))
            expect([relative(folder, path), may]).toEqual([
              expect.stringMatching(/^keys\//),
              expect.arrayContaining([name]),
            ]);
      }
    }
    for (const { bytes } of await opened())
      for (const { bytes: secret } of secrets) expect(await found(bytes, secret)).toBe(false);
  });

  it('send nothing that names a child: canaries are at their owners alone, in parcels and in tables', async () => {
    const canaries = CANARIES.filter((each) => each.length > 6);
    const tells = (text: string) =>
      canaries.filter((each) => text.toLowerCase().includes(each.toLowerCase()));
    expect(
      tells(await readFile(join(host('bright-hours').folder, 'extracts/afterschool/sessions.csv'), 'latin1')),
    ).not.toEqual([]);
    expect(parcels.map(({ name }) => tells(name))).toEqual(parcels.map(() => []));
    for (const { bytes } of await opened()) expect(tells(bytes.toString('latin1'))).toEqual([]);
    for (const name of ['links-office', 'city-desk']) {
      for (const path of await filesBelow(host(name).folder)) {
        expect([relative(city.folder, path), tells(await readFile(path, 'latin1'))]).toEqual([
          expect.any(String),
          [],
        ]);
        if (path.endsWith('.parquet'))
          expect([relative(city.folder, path), tells(await cellsOf(path))]).toEqual([expect.any(String), []]);
      }
    }
  });

  async function filesBelow(folder: string): Promise<string[]> {
    const all = (await readdir(folder, { recursive: true })).map((name) => join(folder, name));
    const isFile = await Promise.all(all.map(async (path) => (await stat(path)).isFile()));
    return all.filter((_, at) => isFile[at]);
  }

  /** The insides of all parcels, which the test can open since it has every identity. */
  async function opened(): Promise<{ readonly name: string; readonly bytes: Buffer }[]> {
    const found: { name: string; bytes: Buffer }[] = [];
    for (const { name, bytes } of parcels) {
      const decrypter = new Decrypter();
      const identity = await readFile(
        join(host(name.split('.')[1] ?? '').folder, 'keys/host.identity'),
        'utf8',
      );
      decrypter.addIdentity(identity.trim());
      found.push({
        name,
        bytes: Buffer.from(await decrypter.decrypt(bytes.subarray(bytes.indexOf('\n') + 1))),
      });
    }
    return found;
  }

  async function cellsOf(path: string): Promise<string> {
    const spill = await mkdtemp(join(tmpdir(), 'cells-'));
    const session = await openSession({ folders: [join(path, '..')], spill, memory: '500MB', threads: 1 });
    try {
      return await cellsAsText(session, path);
    } finally {
      session.close();
      await rm(spill, { recursive: true, force: true });
    }
  }
});
