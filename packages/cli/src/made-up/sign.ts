import { join } from 'node:path';
import {
  APPROVAL_NAMESPACE,
  type Approver,
  type ParsedFile,
  parseDocuments,
  type Requirement,
  requirementOf,
  signSsh,
  versionsOf,
} from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import {
  type DocumentFolder,
  documentFiles,
  namesIn,
  primitives,
  removeFolder,
  withPresets,
  writeDurably,
} from '@throughline/engine';
import { templates } from '../project/templates.js';
import { madeUpKey, madeUpPublicKey } from './keys.js';

/**
 * Signs every document of a made-up city for as many of its made-up approvers as it needs, and takes away every other
 * signature.
 *
 * @returns how many signature files changed.
 * @throws ThroughlineError CONFIG_INVALID where an approver's key is not the published one of a made-up approver.
 */
export async function signMadeUp(folders: readonly DocumentFolder[], day: string): Promise<number> {
  const places: { readonly folder: DocumentFolder; readonly one: ParsedFile }[] = [];
  for (const folder of folders) for (const one of await documentsIn(folder)) places.push({ folder, one });
  const all = places.map(({ one }) => one);
  let changed = 0;
  for (const { folder, one } of places) changed += await signOne(folder, one, signersOf(all, one, day));
  return changed;
}

/** The documents of a folder; presets are of nobody in the city, and nobody signs them. */
async function documentsIn(folder: DocumentFolder): Promise<ParsedFile[]> {
  const files = await documentFiles([folder]);
  const own = new Set(files.map(({ file }) => file));
  return parseDocuments(await withPresets(files, templates.presets)).filter(({ file }) => own.has(file));
}

/** Those who must sign: the owner's people first; from the second version on, those of the version before too. */
function signersOf(all: readonly ParsedFile[], one: ParsedFile, day: string): string[] {
  const before = versionsOf(all, one.document).find(
    ({ document }) => document.version === one.document.version - 1,
  );
  const asking = [one, ...(before === undefined ? [] : [before])];
  const required = asking.flatMap(({ document }) => requirementOf(all, { document, day }) ?? []);
  return [...new Set(required.flatMap(enough))];
}

function enough({ approvers, atLeast, owner }: Requirement): string[] {
  const withKey = approvers.filter(({ keys }) => keys.length > 0);
  withKey.forEach(requireMadeUp);
  const first = withKey.filter(({ party }) => party === owner?.party).slice(0, owner?.atLeast ?? 0);
  const rest = withKey.filter((each) => !first.includes(each));
  return [...first, ...rest].slice(0, Math.max(atLeast, first.length)).map(({ person }) => person);
}

function requireMadeUp({ person, keys }: Approver): void {
  const expected = madeUpPublicKey(person);
  if (keys.some(({ public_key }) => public_key === expected)) return;
  throw new ThroughlineError('CONFIG_INVALID', {
    person: safeName(person),
    rule: safeName('the published key of a made-up approver'),
    first_half: safeName(expected.slice(0, 60)),
    second_half: safeName(expected.slice(60)),
  });
}

async function signOne(folder: DocumentFolder, one: ParsedFile, people: readonly string[]): Promise<number> {
  const name = one.file.slice(folder.name.length + 1);
  const message = new TextEncoder().encode(one.text);
  const wanted = new Map(
    people.map((person) => [
      `${name}.${person}.sig`,
      signSsh(primitives, message, { key: madeUpKey(person), namespace: APPROVAL_NAMESPACE }),
    ]),
  );
  const there = (await namesIn(folder.path)).filter(
    (each) => each.startsWith(`${name}.`) && each.endsWith('.sig'),
  );
  const stale = there.filter((each) => !wanted.has(each));
  for (const each of stale) await removeFolder(join(folder.path, each));
  const standing = new Set((one.signatures ?? []).map(({ armored }) => armored));
  const missing = [...wanted].filter(([, armored]) => !standing.has(armored));
  for (const [file, armored] of missing) await writeDurably(join(folder.path, file), armored, 0o644);
  return stale.length + missing.length;
}
