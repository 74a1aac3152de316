import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readIdentity } from '@throughline/engine';
import { openParcel } from '@throughline/parcel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { processEffects } from '../effects.js';
import { openProject } from '../project/project.js';
import { identities, told } from './night.fixture.js';
import { carry, onDay, removeCity, type SplitCity, type SplitHost, splitCity } from './split.fixture.js';

let city: SplitCity;
let [district, afterschool, hall]: SplitHost[] = [];
beforeAll(async () => {
  city = await splitCity(
    [
      { host: 'district-office', plays: ['district'] },
      { host: 'bright-hours', plays: ['afterschool'] },
      { host: 'city-hall', plays: ['linkage-unit', 'analyst-desk'] },
    ],
    { students: 200, seals: false },
  );
  [district, afterschool, hall] = city.hosts;
});
afterAll(() => removeCity(city));

const at = (host: SplitHost | undefined): SplitHost => {
  if (host === undefined) throw new Error('no such host');
  return host;
};
const run = (host: SplitHost | undefined) => told(['run', at(host).pipeline]);
const receive = (host: SplitHost | undefined, ...more: string[]) =>
  told(['receive', at(host).pipeline, ...more]);
const inbox = (host: SplitHost | undefined) => readdir(join(at(host).folder, 'inbox'));
const state = (host: SplitHost | undefined) => join(at(host).folder, 'state');
const lights = async (host: SplitHost | undefined): Promise<Record<string, string>> => {
  const { partners } = JSON.parse((await told(['status', at(host).pipeline, '--json'])).stdout);
  return Object.fromEntries(partners.map((each: Record<string, string>) => [each['partner'], each['light']]));
};

describe('three hosts', () => {
  it('begin: who has nothing yet from a partner waits for it and says whose', async () => {
    expect((await run(district)).exitCode).toBe(0);
    await carry(city);
    const { exitCode, stderr } = await run(hall);
    expect([exitCode, stderr]).toEqual([
      13,
      expect.stringMatching(/PARCELS_AWAITED[\s\S]*tokens of afterschool, plan of afterschool/),
    ]);
    expect(await lights(hall)).toEqual({ district: 'OK', afterschool: 'STALE' });
    expect((await run(afterschool)).exitCode).toBe(0);
    await carry(city);
    expect(await run(hall)).toMatchObject({ exitCode: 0 });
    expect(await lights(hall)).toEqual({ district: 'OK', afterschool: 'OK' });
    expect(await inbox(hall)).toEqual([]);
  });

  it('keep to their parts', async () => {
    for (const [args, host] of [
      [['link'], district],
      [['measure'], district],
      [['ingest'], hall],
      [['ingest', '--partner', 'afterschool'], district],
      [['review', 'export', '--out', 'x'], afterschool],
      [['report'], district],
    ] as const) {
      const [name, ...more] = args;
      const words =
        name === 'review'
          ? ['review', 'export', at(host).pipeline, '--out', 'x']
          : [name, at(host).pipeline, ...more];
      expect([args, (await told(words)).stderr]).toEqual([args, expect.stringMatching(/HOST_ROLE/)]);
    }
    expect((await told(['send', city.one])).exitCode).toBe(2);
    const keysAtHall = await readdir(join(at(hall).folder, 'keys'));
    expect(keysAtHall).not.toContain('token.key');
    expect(keysAtHall.filter((name) => name.endsWith('record.key'))).toEqual([]);
    expect(await readdir(join(at(district).folder, 'keys'))).not.toContain('person.key');
  });

  it('send once a day, and the same day only what is new', async () => {
    await carry(city);
    expect((await receive(district)).stdout).toMatch(/taken {5}city-hall 2: gate/);
    expect((await told(['send', at(district).pipeline])).stdout).toMatch(/^unchanged city-hall 1/);
    expect((await told(['send', at(district).pipeline, '--again'])).stdout).toMatch(/^sent {6}city-hall 2/);
    await carry(city);
    expect((await receive(hall)).exitCode).toBe(0);
  });

  it('do without the one that is late: the last good state stays, and the morning says so', async () => {
    const before = await identities(state(hall));
    await onDay([at(district), at(hall)], '2026-06-17');
    expect((await run(district)).exitCode).toBe(0);
    await carry(city);
    expect(await run(hall)).toMatchObject({ exitCode: 0 });
    expect(await lights(hall)).toEqual({ district: 'OK', afterschool: 'STALE' });
    expect((await told(['status', at(hall).pipeline])).stdout).toMatch(
      /STALE {2}afterschool: no parcel since 2026-06-16; what came on 2026-06-16 is in use/,
    );
    const after = await identities(state(hall));
    for (const kept of ['partners/afterschool/payload', 'linkage-unit/received/afterschool/tokens'])
      expect(after[kept]).toBe(before[kept]);
  });
});

describe('a parcel that is refused', () => {
  const newest = async (host: SplitHost): Promise<string> => {
    await carry(city);
    await receive(host);
    await told(['send', host.pipeline, '--again']);
    const names = await readdir(join(host.folder, 'outbox'));
    const name = names.findLast((each) => each.includes('.city-hall.')) ?? '';
    return join(host.folder, 'outbox', name);
  };

  it('changes nothing, is put aside, and its sender hears of it and sends it again', async () => {
    const path = await newest(at(district));
    const bytes = await readFile(path);
    bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1;
    await writeFile(path, bytes);
    const before = await identities(state(hall));
    await carry(city);
    const { exitCode, stdout, stderr } = await run(hall);
    expect([exitCode, stderr]).toEqual([
      13,
      expect.stringMatching(/PARCELS_REFUSED[\s\S]*district-office, codes PARCEL_UNREADABLE/),
    ]);
    expect(stdout).toMatch(/refused {3}district-office \d+: PARCEL_UNREADABLE/);
    expect(await identities(state(hall))).toEqual(before);
    expect((await inbox(hall)).every((name) => name.endsWith('.refused'))).toBe(true);
    expect(await lights(hall)).toMatchObject({ district: 'FAILED' });
    await carry(city);
    expect((await receive(district)).exitCode).toBe(0);
    expect((await told(['status', at(district).pipeline])).stdout).toMatch(/city-hall refused parcel/);
    expect((await told(['send', at(district).pipeline])).stdout).toMatch(/^sent/);
    await carry(city);
    expect(await receive(hall)).toMatchObject({ exitCode: 0 });
    expect(await lights(hall)).not.toMatchObject({ district: 'FAILED' });
  });

  it('is one that came before, one after a gap, one half copied, or one under another name that is not', async () => {
    const first = await newest(at(district));
    const kept = await readFile(first);
    await carry(city);
    expect((await receive(hall)).exitCode).toBe(0);
    const drop = (name: string, bytes: Uint8Array) => writeFile(join(at(hall).folder, 'inbox', name), bytes);
    await drop('copy-again.parcel', kept);
    expect(await receive(hall)).toMatchObject({
      exitCode: 11,
      stderr: expect.stringMatching(/PARCEL_REPLAYED/),
    });
    expect((await inbox(hall)).filter((name) => name.endsWith('.parcel'))).toEqual([]);

    await told(['receive', at(district).pipeline]);
    await onDay([at(district)], '2026-06-18');
    await told(['send', at(district).pipeline]);
    const lost = (await readdir(join(at(district).folder, 'outbox'))).filter((name) =>
      name.endsWith('.parcel'),
    );
    for (const name of lost)
      await writeFile(
        join(at(district).folder, name),
        await readFile(join(at(district).folder, 'outbox', name)),
      );
    await onDay([at(district)], '2026-06-19');
    await told(['send', at(district).pipeline]);
    const [later] = (await readdir(join(at(district).folder, 'outbox'))).filter(
      (name) => !lost.includes(name),
    );
    const whole = await readFile(join(at(district).folder, 'outbox', later ?? ''));
    await drop('district-office.city-hall.000099.parcel', whole.subarray(0, -1));
    expect((await receive(hall)).stdout).toMatch(/^arriving/);
    await drop('district-office.city-hall.000099.parcel', whole);
    expect(await receive(hall)).toMatchObject({ exitCode: 11, stderr: expect.stringMatching(/PARCEL_GAP/) });
    expect(await receive(hall, '--after-gap', 'district-office')).toMatchObject({ exitCode: 0 });
    expect((await told(['log', 'show', at(hall).pipeline])).stdout).toMatch(/gap-accepted/);
    expect((await receive(hall, '--after-gap', 'nobody')).exitCode).toBe(2);
    await drop(
      'district-office.city-hall.000098.parcel',
      await readFile(join(at(district).folder, lost[0] ?? '')),
    );
    expect(await receive(hall)).toMatchObject({
      exitCode: 11,
      stderr: expect.stringMatching(/PARCEL_ROLLED_BACK/),
    });
  });
});

describe('a run that was killed after a parcel had arrived', () => {
  it('is carried through by the next one, and one that was killed before leaves nothing', async () => {
    await onDay(city.hosts, '2026-06-20');
    expect((await told(['send', at(afterschool).pipeline])).exitCode).toBe(0);
    await carry(city);
    const [file = ''] = (await inbox(hall)).filter((name) => name.startsWith('bright-hours.'));
    const landing = join(state(hall), 'parcels', 'landing');
    const { here, day } = await openProject(at(hall).pipeline, await processEffects('none'));
    const identity = await readIdentity(join(at(hall).folder, 'keys/host.identity'), process.getuid?.());
    const parcel = await openParcel(join(at(hall).folder, 'inbox', file), {
      identity,
      hosts: here.hosts,
      day,
    });
    const folder = join(landing, parcel.id);
    for (const { kind, of } of parcel.header.contents)
      await mkdir(join(folder, `${kind}-${of}`), { recursive: true });
    await parcel.unpack(({ kind, of }, name) => join(folder, `${kind}-${of}`, name));
    await parcel.close();
    await mkdir(join(landing, 'half'));
    await writeFile(join(folder, 'landing.json'), JSON.stringify({ header: parcel.header, file }));
    expect((await receive(hall)).stdout).not.toMatch(/bright-hours/);
    expect(await readdir(landing)).toEqual([]);
    expect((await lights(hall))['afterschool']).toBe('RESTING');
  });
});
