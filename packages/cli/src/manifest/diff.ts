import { resolve } from 'node:path';
import { changesBetween } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import type { Effects } from '../effects.js';
import { changeRow } from './change-lines.js';
import { type ManifestFile, manifestIn } from './sources.js';

/** Says in words how two versions of a field manifest differ. @throws ThroughlineError CONFIG_*, USAGE */
export async function diffManifests(
  { older, newer }: { readonly older: string; readonly newer: string },
  { workingFolder, stdout }: Effects,
): Promise<void> {
  const [before, after] = [
    await manifestIn(resolve(workingFolder, older)),
    await manifestIn(resolve(workingFolder, newer)),
  ];
  if (before.document.id !== after.document.id) {
    throw new ThroughlineError('USAGE', {
      manifests: [safeName(before.document.id), safeName(after.document.id)],
      rule: safeName('two versions of one manifest'),
    });
  }
  const changes = changesBetween(before.document, after.document);
  stdout(`${before.document.id}\n  from ${versionOf(before)}\n  to   ${versionOf(after)}\n`);
  if (changes.length === 0) stdout('  They say the same.\n');
  for (const change of changes) stdout(changeRow(change));
}

const versionOf = ({ document, sha256 }: ManifestFile): string =>
  `version ${document.version}, sha256 ${sha256}`;
