import type { FieldManifest } from '@throughline/agreement';
import { keyedIds, type SecretKey } from '@throughline/engine';
import { keyPart, recordIdsOf } from './record-ids.js';

/** A record by what its owner calls it: the texts of its key, in the order of the manifest. */
export type NamedRecord = { readonly manifest: FieldManifest; readonly key: readonly string[] };

/**
 * The id under which the intake knows a record of its owner.
 *
 * @returns undefined where the manifest has no key, or the texts are none of its form.
 */
export function recordIdOf(secret: SecretKey, { manifest, key }: NamedRecord): string | undefined {
  const { records, fields, partner } = manifest;
  if (records === null || records.key.length === 0 || records.key.length !== key.length) return undefined;
  const parts = records.key.map((name, index) => {
    const field = fields.find((each) => each.name === name);
    return field === undefined ? null : keyPart(field, key[index]?.trim() ?? '');
  });
  if (parts.some((part) => part === null || part === '')) return undefined;
  return recordIdsOf(keyedIds(secret, 'record'), partner)(records.space, parts.map(String));
}
