import { basename, dirname, join, resolve } from 'node:path';
import { safeName, ThroughlineError } from '@throughline/core';
import { exists, openExtract, withWorkspace, writeDurably } from '@throughline/engine';
import { draftManifest, type Profile, profileFile, profilePage } from '@throughline/ingest';
import type { ProfileOptions } from '../command-line/extracts.js';
import type { Effects } from '../effects.js';
import { templates } from '../project/templates.js';
import { knownPresets } from './presets.js';

const HEADER = { auto: undefined, yes: true, no: false } as const;

/**
 * Prints the profile of a file and writes a draft of its manifest, if asked. What is unpacked on the way lies in a
 * folder of its own beside the file, which nobody else may enter, and is removed.
 *
 * @throws ThroughlineError USAGE (the draft is there already), EXTRACT_*, ENCODING_BROKEN.
 */
export async function profile(path: string, options: ProfileOptions, effects: Effects): Promise<void> {
  const out = options.out === undefined ? undefined : resolve(effects.workingFolder, options.out);
  if (out !== undefined && (await exists(out))) {
    throw new ThroughlineError('USAGE', { file_exists: safeName(basename(out)) });
  }
  const found = await profiled(resolve(effects.workingFolder, path), options, effects);
  effects.stdout(profilePage(found));
  if (out === undefined) return;
  await writeDurably(out, draftManifest(found, draftingOf(found, path, options, effects)), 0o644);
  effects.stdout(`\nDraft written to ${safeName(basename(out))}.\n`);
}

async function profiled(file: string, options: ProfileOptions, effects: Effects): Promise<Profile> {
  const own = options.presets === undefined ? [] : [resolve(effects.workingFolder, options.presets)];
  const work = join(dirname(file), `.throughline-profile-${effects.processId}`);
  const opened = await openExtract('file', file);
  const presets = await knownPresets([templates.presets, ...own]);
  const said = { sheet: options.sheet, header: HEADER[options.header] };
  return withWorkspace({ folder: work, limits: { memory: '1GB', threads: 2 } }, ({ session, scratch }) =>
    profileFile(opened, { said, presets, session, scratch }),
  );
}

const DOCUMENT_ID = /^[a-z][a-z0-9-]{1,40}$/;

function draftingOf(found: Profile, path: string, options: ProfileOptions, effects: Effects) {
  const plain = basename(path)
    .toLowerCase()
    .replace(/\..*$/, '')
    .replace(/[^a-z0-9]+/g, '-');
  const extract =
    options.extract ?? found.matches[0]?.preset.extract ?? (DOCUMENT_ID.test(plain) ? plain : 'extract');
  return { partner: options.partner, extract, day: effects.now().toISOString().slice(0, 10) };
}
