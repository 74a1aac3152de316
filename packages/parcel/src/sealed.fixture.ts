import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AgreedHost,
  PARCEL_NAMESPACE,
  publicKeyLine,
  type SshSigningKey,
  signingKeyOf,
  signSsh,
} from '@throughline/agreement';
import { primitives, publicKeyOfSeed, sha256Of } from '@throughline/engine';
import { Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { formatHeader, type ParcelHeader, parcelIdOf } from './header.js';
import type { Standpoint } from './judge.js';

export type TestHost = {
  readonly agreed: AgreedHost;
  readonly key: SshSigningKey;
  readonly identity: string;
};

async function testHost(host: string, plays: string[]): Promise<TestHost> {
  const seed = primitives.sha256(new TextEncoder().encode(`host ${host}`));
  const key = signingKeyOf(seed, publicKeyOfSeed(seed));
  const identity = await generateX25519Identity();
  const valid = { valid_from: '2026-01-01', valid_until: '2026-12-31' };
  const agreed = {
    host,
    plays,
    keys: [{ public_key: publicKeyLine(key.publicKey), ...valid }],
    recipient: await identityToRecipient(identity),
  };
  return { agreed, key, identity };
}

/** Two partners and a hub, and a folder with two files to send. */
export async function testHosts() {
  const folder = await mkdtemp(join(tmpdir(), 'parcel-'));
  const texts = ['{"kind":"tokens"}', 'p'.repeat(200_000)];
  const names = ['manifest.json', 'tokens.parquet'];
  const files: string[] = [];
  for (const [at, text] of texts.entries()) {
    const path = join(folder, names[at] ?? '');
    await writeFile(path, text);
    files.push(path);
  }
  const [school, clinic, hub] = [
    await testHost('school', ['district']),
    await testHost('clinic', ['health']),
    await testHost('hub', ['linkage-unit', 'analyst-desk']),
  ];
  return {
    folder,
    files,
    texts,
    school,
    clinic,
    hub,
    hosts: [school, clinic, hub].map(({ agreed }) => agreed),
  };
}
export type TestHosts = Awaited<ReturnType<typeof testHosts>>;

const hash = (digit: string): string => digit.repeat(64);
export const MEMORANDUM = { kind: 'emou', id: 'emou-town', version: 2, sha256: hash('a') };
export const AGREEMENT = { kind: 'dsa', id: 'dsa-district', version: 1, sha256: hash('b') };

export const headerOf = ({ texts }: TestHosts, changes: Partial<ParcelHeader> = {}): ParcelHeader => ({
  parcel: 1,
  from: 'school',
  to: 'hub',
  memorandum: MEMORANDUM,
  epoch: '2026-1',
  documents: [AGREEMENT],
  sequence: 1,
  previous: null,
  day: '2026-06-16',
  at: '2026-06-16T01:00:00.000Z',
  contents: [
    {
      kind: 'tokens',
      of: 'district',
      identity: hash('c'),
      files: [
        { name: 'manifest.json', bytes: texts[0]?.length ?? 0, sha256: sha256Of(texts[0] ?? '') },
        { name: 'tokens.parquet', bytes: texts[1]?.length ?? 0, sha256: sha256Of(texts[1] ?? '') },
      ],
    },
  ],
  ...changes,
});

export const standpoint = ({ hosts }: TestHosts, changes: Partial<Standpoint> = {}): Standpoint => ({
  here: 'hub',
  pipeline: 'town',
  hosts,
  memorandum: MEMORANDUM,
  epoch: '2026-1',
  documents: [AGREEMENT],
  ...changes,
});

export const lastOf = (header: ParcelHeader) => {
  const id = parcelIdOf(header);
  return { sequence: header.sequence, id, ids: [id] };
};

/** What a stranger could write: any header bytes, any signature, any body, encrypted to a recipient. */
export async function written(
  path: string,
  {
    header,
    key,
    body,
    recipient,
    front,
  }: {
    readonly header: ParcelHeader | string;
    readonly key: SshSigningKey;
    readonly body: string;
    readonly recipient: string;
    readonly front?: string;
  },
): Promise<void> {
  const bytes = typeof header === 'string' ? Buffer.from(header) : Buffer.from(formatHeader(header));
  const armored = signSsh(primitives, bytes, { key, namespace: PARCEL_NAMESPACE });
  const line = front ?? `header ${bytes.length} signature ${armored.length}\n`;
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  const sealed = await encrypter.encrypt(
    Buffer.concat([Buffer.from(line), bytes, Buffer.from(armored), Buffer.from(body)]),
  );
  await writeFile(path, Buffer.concat([Buffer.from(`throughline parcel 1 ${sealed.length}\n`), sealed]));
}
