import { join } from 'node:path';
import { type Sha256, safeName, ThroughlineError } from '@throughline/core';
import { below, bytesOfSmall, sha256OfFile } from '@throughline/engine';
import { z } from 'zod';
import { asJson } from '../project/as-json.js';

const FORMAT = 1;
export const MANIFEST = 'backup.json';
const LARGEST = 64 * 1024 ** 2;

/** A path below the state: no way out of it, and no name that a system could read otherwise. */
const path = z
  .string()
  .max(300)
  .regex(/^[A-Za-z0-9][\w.-]*(?:\/[A-Za-z0-9][\w.-]*)*$/);

const backupManifest = z.strictObject({
  kind: z.literal('backup'),
  format: z.int(),
  software: z.string(),
  made: z.iso.datetime(),
  /** Of the log that is in it. */
  origin: z.string(),
  entries: z.int().nonnegative(),
  files: z.array(
    z.strictObject({ path, bytes: z.int().nonnegative(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  ),
});
export type BackupManifest = z.infer<typeof backupManifest>;

export const manifestOf = (told: Omit<BackupManifest, 'kind' | 'format'>): BackupManifest => ({
  kind: 'backup',
  format: FORMAT,
  ...told,
});

/** The files of a backup lie below this folder of it. */
export const filesIn = (backup: string): string => join(backup, 'state');

/**
 * Reads a backup and checks every file of it by hash; a file that it does not name is refused like a missing one.
 *
 * @throws ThroughlineError BACKUP_MISSING, BACKUP_ALTERED, FORMAT_NEWER.
 */
export async function readBackup(folder: string): Promise<BackupManifest> {
  const manifest = await manifestIn(folder);
  const there = (await below(filesIn(folder)))
    .filter(({ kind }) => kind !== 'folder')
    .map((each) => each.path);
  const named = new Set(manifest.files.map((file) => file.path));
  const strange = there.find((each) => !named.has(each));
  if (strange !== undefined) throw altered(strange, 'no file that the backup does not name');
  for (const file of manifest.files) {
    if ((await hashOf(folder, file.path)) !== file.sha256)
      throw altered(file.path, 'the file as it was saved');
  }
  return manifest;
}

const altered = (file: string, rule: string) =>
  new ThroughlineError('BACKUP_ALTERED', { file: safeName(file), rule: safeName(rule) });

const hashOf = (folder: string, file: string): Promise<Sha256> =>
  sha256OfFile(join(filesIn(folder), file), {
    missing: 'BACKUP_ALTERED',
    refused: 'BACKUP_ALTERED',
    name: safeName(file),
  });

async function manifestIn(folder: string): Promise<BackupManifest> {
  const name = safeName(MANIFEST);
  const refusal = { missing: 'BACKUP_MISSING', refused: 'BACKUP_ALTERED', name } as const;
  const bytes = await bytesOfSmall(join(folder, MANIFEST), refusal, LARGEST);
  const found = asJson(new TextDecoder().decode(bytes));
  const format = z.looseObject({ kind: z.literal('backup'), format: z.int() }).safeParse(found);
  if (format.success && format.data.format > FORMAT)
    throw new ThroughlineError('FORMAT_NEWER', { name, found: format.data.format, known: FORMAT });
  const parsed = backupManifest.safeParse(found);
  if (parsed.success) return parsed.data;
  throw altered(MANIFEST, 'the file that throughline backup wrote');
}
