import { chmod, copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateCity, writeCity } from '@throughline/testkit';
import { createHostKeys } from '../keys/host-keys.js';
import { signMadeUp } from '../made-up/sign.js';
import { type Pipeline, readPipeline } from '../pipeline/pipeline.js';
import { templates } from '../project/templates.js';
import { told } from './night.fixture.js';

/*
 * A small made-up city of two partners on several hosts, each with a folder of its own, and the same city on one machine.
 */

const root = fileURLToPath(new URL('../../../../', import.meta.url));
export const PARTNERS = ['district', 'afterschool'] as const;
export const DAY = '2026-06-16';

export type HostPlan = { readonly host: string; readonly plays: readonly string[] };
export type SplitHost = HostPlan & { readonly folder: string; readonly pipeline: string };
export type SplitCity = {
  readonly folder: string;
  /** The same city with every role on one machine. */
  readonly one: string;
  readonly hosts: readonly SplitHost[];
};

const MEASURES = [
  { measure: 'afterschool_participation', preset: 'any_session' },
  { measure: 'chronic_absence', preset: 'ma' },
];

export type Made = {
  readonly students: number;
  /** Whether files of this size are sealed. */
  readonly seals?: boolean;
  /** Whether rows are wrapped for a look at what nothing links. */
  readonly wraps?: boolean;
  /** How many children who do not exist the district plants. */
  readonly canaries?: number;
};

/** Makes the hosts with their keys, a memorandum that names them, and of the extracts to each partner its own. */
export async function splitCity(plans: readonly HostPlan[], made: Made): Promise<SplitCity> {
  const { students } = made;
  const folder = await mkdtemp(join(tmpdir(), 'split-'));
  await chmod(folder, 0o755);
  const city = generateCity({ seed: 'split', students, canaries: true, namesDir: templates.names });
  await writeCity(city, join(folder, 'made'));
  const hosts = plans.map(
    (plan): SplitHost => ({
      ...plan,
      folder: join(folder, plan.host),
      pipeline: join(folder, plan.host, 'pipeline.yaml'),
    }),
  );
  const one = join(folder, 'one', 'pipeline.yaml');
  await writeDocuments(join(folder, 'documents'), hosts, made);
  const asked = await askedOf(made);
  for (const host of hosts) await writeHost(folder, host, asked);
  await mkdir(join(folder, 'one'));
  await copyDocuments(folder, join(folder, 'one'));
  for (const partner of PARTNERS) await copyExtracts(folder, join(folder, 'one'), partner);
  await writeFile(one, JSON.stringify(asked, undefined, 1));
  await handOverKeys({ folder, one, hosts }, made);
  return { folder, one, hosts };
}

export const removeCity = ({ folder }: SplitCity) => rm(folder, { recursive: true, force: true });

type Asked = Omit<Pipeline, 'resolve'>;

/** The sample pipeline with two partners and two measures; every path is below the folder of the host. */
async function askedOf({ seals = true, wraps = false, canaries = 0 }: Made): Promise<Asked> {
  const { resolve: _, ...pipeline } = await readPipeline(templates.pipeline);
  const roles = Object.entries(pipeline.measures.partners).map(([role, names]) => [
    role,
    (names as readonly string[]).filter((name) => PARTNERS.some((partner) => partner === name)),
  ]);
  return {
    ...pipeline,
    documents: ['agreements', ...PARTNERS.map((name) => `manifests/${name}`)],
    state: 'state',
    key_card: 'keys/card.json',
    log: { ...pipeline.log, key: 'keys/log.key' },
    partners: pipeline.partners
      .filter(({ name }) => PARTNERS.some((partner) => partner === name))
      .map((partner) => ({
        ...partner,
        inbox: `extracts/${partner.name}`,
        record_key: `keys/${partner.name}.record.key`,
        token_key: 'keys/token.key',
        ...(wraps ? { wrap_key: 'keys/wrap.key' } : {}),
        canaries: partner.name === 'district' ? canaries : 0,
      })),
    linkage_unit: { person_key: 'keys/person.key' },
    least_persons: seals ? 50 : pipeline.least_persons,
    measures: {
      ...pipeline.measures,
      dimensions: ['sex'],
      two_way: [],
      measures: MEASURES,
      partners: Object.fromEntries(roles.filter(([, names]) => (names?.length ?? 0) > 0)),
    },
    throughlines: [],
    release: { dul: 'dul-snapshot', policy: 'release-policy', measures: MEASURES },
    limits: { memory: '1GB', threads: 1 },
  };
}

async function writeDocuments(folder: string, hosts: readonly SplitHost[], { wraps }: Made): Promise<void> {
  for (const name of ['agreements', 'manifests'])
    await cp(join(root, 'pipelines/millbrook', name), join(folder, name), { recursive: true });
  const lines = ['hosts:'];
  for (const { host, plays, folder: place } of hosts) {
    const { publicKey, recipient } = await createHostKeys(join(place, 'keys'));
    lines.push(
      `  - host: ${host}`,
      `    plays: [${plays.join(', ')}]`,
      `    keys: [{ public_key: ${publicKey}, valid_from: 2025-07-01, valid_until: 2030-06-30 }]`,
      `    recipient: ${recipient}`,
    );
  }
  const emou = join(folder, 'agreements', 'emou-millbrook.yaml');
  const text = (await readFile(emou, 'utf8')).replace(
    'profile: sealed,',
    wraps === true ? 'profile: sealed+clkd, residual_share: 0.45,' : 'profile: sealed,',
  );
  await writeFile(emou, `${text}${lines.join('\n')}\n`);
  const folders = ['agreements', ...PARTNERS.map((name) => `manifests/${name}`)];
  await signMadeUp(
    folders.map((name) => ({ name: basename(name), path: join(folder, name) })),
    DAY,
  );
}

async function writeHost(folder: string, { host, plays, folder: place, pipeline }: SplitHost, asked: Asked) {
  await copyDocuments(folder, place);
  for (const partner of PARTNERS) if (plays.includes(partner)) await copyExtracts(folder, place, partner);
  for (const name of ['inbox', 'outbox']) await mkdir(join(place, name));
  const own = {
    ...asked,
    log: { ...asked.log, origin: `${host}.example/throughline` },
    host: {
      name: host,
      inbox: 'inbox',
      outbox: 'outbox',
      signing_key: 'keys/host_ed25519',
      age_identity: 'keys/host.identity',
    },
  };
  await writeFile(pipeline, JSON.stringify(own, undefined, 1));
}

const copyDocuments = async (folder: string, place: string) => {
  for (const name of ['agreements', 'manifests'])
    await cp(join(folder, 'documents', name), join(place, name), { recursive: true });
};

const copyExtracts = (folder: string, place: string, partner: string) =>
  cp(join(folder, 'made', 'extracts', partner), join(place, 'extracts', partner), { recursive: true });

/** One token key for all: made on the one machine, and handed to partners alone, the wrap key to the keyholder too; the card is everybody's. */
async function handOverKeys({ one, hosts }: SplitCity, { wraps = false }: Made): Promise<void> {
  const from = (name: string) => join(one, '..', 'keys', name);
  for (const { pipeline } of [{ pipeline: one }]) expect0(await told(['keys', 'create', pipeline]));
  for (const { folder, pipeline, plays } of hosts) {
    await copyFile(from('card.json'), join(folder, 'keys', 'card.json'));
    if (plays.some((word) => PARTNERS.some((name) => name === word)))
      await copyFile(from('token.key'), join(folder, 'keys', 'token.key'));
    if (wraps && !plays.includes('linkage-unit') && !plays.includes('analyst-desk'))
      await copyFile(from('wrap.key'), join(folder, 'keys', 'wrap.key'));
    expect0(await told(['keys', 'create', pipeline]));
  }
}

const expect0 = ({ exitCode, stderr }: { readonly exitCode: number; readonly stderr: string }) => {
  if (exitCode !== 0) throw new Error(stderr);
};

/** What a courier does: carries every file from each outbox to the host that its name tells, and leaves none. */
export async function carry(
  { hosts }: SplitCity,
  arrived: (path: string, host: SplitHost) => Promise<void> = async () => undefined,
): Promise<readonly string[]> {
  const carried: string[] = [];
  for (const { folder } of hosts) {
    for (const name of await readdir(join(folder, 'outbox'))) {
      const to = hosts.find(({ host }) => host === name.split('.')[1]);
      if (to === undefined) throw new Error('a parcel for nobody');
      const path = join(to.folder, 'inbox', name);
      await copyFile(join(folder, 'outbox', name), path);
      await rm(join(folder, 'outbox', name));
      await arrived(path, to);
      carried.push(name);
    }
  }
  return carried;
}

/** Lets the day of some hosts be another. */
export async function onDay(hosts: readonly SplitHost[], day: string): Promise<void> {
  for (const { pipeline } of hosts) {
    const text = await readFile(pipeline, 'utf8');
    await writeFile(pipeline, text.replace(/"clock": "[0-9-]{10}"/, `"clock": "${day}"`));
  }
}
