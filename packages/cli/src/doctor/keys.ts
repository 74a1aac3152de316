import { isAbsolute, relative } from 'node:path';
import { type SafeName, safeName } from '@throughline/core';
import { exists, glance, readIdentity, readKey, withSigningKey } from '@throughline/engine';
import type { Effects } from '../effects.js';
import { requireSeparateKeys, tokenKeyFiles } from '../keys/roles.js';
import { wrapKeyFiles } from '../keys/wrap-key.js';
import type { Pipeline } from '../pipeline/pipeline.js';
import { type Finding, orRefusal } from './findings.js';

/** A key within reach of this process, and who else may read its file. */
export type KeyReach = {
  readonly key: SafeName;
  readonly role: string;
  readonly readable: 'its owner alone' | 'its group too' | 'everybody';
  readonly owner: number;
};

/** Tries a key as a stage would, which refuses one that others can read. */
type Reader = (path: string, userId: number | undefined) => Promise<unknown>;
type Named = { readonly role: string; readonly path: string; readonly read: Reader };

const asKey: Reader = async (path, userId) => (await readKey(path, userId)).erase();
const asSigningKey: Reader = (path, userId) => withSigningKey(path, userId, () => undefined);

const keysOf = (pipeline: Pipeline): readonly Named[] => [
  ...pipeline.partners.flatMap(({ name, record_key, age_identity }): Named[] => [
    { role: `record key of ${name}`, path: record_key, read: asKey },
    ...(age_identity === undefined
      ? []
      : [{ role: `age identity of ${name}`, path: age_identity, read: readIdentity }]),
  ]),
  { role: 'person key of the linkage unit', path: pipeline.linkage_unit.person_key, read: asKey },
  { role: 'key of the log', path: pipeline.log.key, read: asKey },
  ...tokenKeyFiles(pipeline).map((path) => ({ role: 'token key of the agreement', path, read: asKey })),
  ...wrapKeyFiles(pipeline).map((path) => ({ role: 'wrap key of the agreement', path, read: asKey })),
  ...(pipeline.host === undefined ? [] : keysOfHost(pipeline.host)),
];

const keysOfHost = ({ name, signing_key, age_identity }: NonNullable<Pipeline['host']>): readonly Named[] => [
  { role: `signing key of host ${name}`, path: signing_key, read: asSigningKey },
  { role: `age identity of host ${name}`, path: age_identity, read: readIdentity },
];

/** Every key that lies on this host: a role that is elsewhere has none here. */
export async function keysWithinReach(pipeline: Pipeline): Promise<readonly KeyReach[]> {
  const found: KeyReach[] = [];
  for (const { role, path } of keysOf(pipeline)) {
    const seen = await glance(pipeline.resolve('.'), relativeTo(pipeline, path));
    if (seen !== undefined)
      found.push({ key: safeName(path), role, readable: readableBy(seen.mode), owner: seen.owner });
  }
  return found;
}

const relativeTo = ({ resolve }: Pipeline, path: string): string =>
  isAbsolute(path) ? relative(resolve('.'), path) : path;

function readableBy(mode: number): KeyReach['readable'] {
  if ((mode & 0o007) !== 0) return 'everybody';
  return (mode & 0o070) === 0 ? 'its owner alone' : 'its group too';
}

/** Keys that a stage would refuse: exposed, weak, linked, or one file for two roles. */
export async function ofKeys(pipeline: Pipeline, { userId }: Effects): Promise<readonly Finding[]> {
  const found: Finding[] = [
    ...(await orRefusal('roles', async () => {
      requireSeparateKeys(pipeline);
      return [];
    })),
  ];
  for (const { path, read } of keysOf(pipeline)) {
    const place = pipeline.resolve(path);
    if (!(await exists(place))) continue;
    found.push(
      ...(await orRefusal(path, async () => {
        await read(place, userId);
        return [];
      })),
    );
  }
  return found;
}
