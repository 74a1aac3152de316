import { join, resolve } from 'node:path';
import { safeName, ThroughlineError } from '@throughline/core';
import { bytesOfSmall, exists, makePrivateFolder, writeDurably } from '@throughline/engine';
import { visible } from '@throughline/pages';
import { type Decided, decideSheet, readManifestSheet } from '@throughline/sheet';
import type { Effects } from '../effects.js';
import type { Project } from '../project/project.js';
import { changeRow } from './change-lines.js';
import { openChange } from './change-request.js';
import { writePage } from './export.js';
import { manifestIn, manifestOfHash, proposalsOf, sheetSource } from './sources.js';

const LARGEST_SHEET = 4 * 1024 ** 2;

/**
 * Takes in a sheet that came back: says in words what it changes and writes the next version of the manifest, with
 * its page, among the proposals. Nothing is in force before it is signed.
 *
 * @throws ThroughlineError SHEET_*, CONFIG_*; USAGE where a proposal of that version is there already.
 */
export async function importManifest(
  project: Project,
  { sheet: path, replace }: { readonly sheet: string; readonly replace: boolean },
  effects: Effects,
): Promise<void> {
  const name = safeName('the sheet');
  const refusal = { missing: 'CONFIG_UNREADABLE', refused: 'SHEET_REFUSED', name } as const;
  const bytes = await bytesOfSmall(resolve(effects.workingFolder, path), refusal, LARGEST_SHEET);
  const sheet = await readManifestSheet(bytes);
  const manifest = await manifestOfHash(project, sheet.about.Manifest, sheet.about['SHA-256']);
  if (manifest === undefined)
    throw new ThroughlineError('SHEET_STALE', { manifest: safeName(sheet.about.Manifest) });
  if (/^preset:/m.test(manifest.source.text))
    throw new ThroughlineError('SHEET_REFUSED', {
      rule: safeName('a manifest on a preset is revised in its own file: write the columns under fields'),
    });
  const change = await openChange(project, manifest);
  const decided = decideSheet(sheetSource(project, manifest, change), manifest.source, sheet);
  tellDecided(manifest.document, decided, effects);
  if (decided.revised === undefined) return;
  const { id, version } = decided.revised.manifest;
  const proposal = join(proposalsOf(project), `${id}.v${version}.yaml`);
  await keepProposal(proposal, decided.revised.text, replace);
  const revised = await manifestIn(proposal);
  const page = await writePage(project, revised, proposalsOf(project));
  effects.stdout(
    `\n${id} version ${version}, sha256 ${revised.sha256}\n  file   ${proposal}\n  page   ${page}\n`,
  );
  effects.stdout(`  sign   ssh-keygen -Y sign -n throughline -f KEY ${proposal}\n`);
}

/** A proposal may be signed already, so it is replaced only when somebody says so. */
async function keepProposal(path: string, text: string, replace: boolean): Promise<void> {
  if (!replace && (await exists(path)))
    throw new ThroughlineError('USAGE', { proposal_exists: safeName(path.split('/').at(-1) ?? '') });
  await makePrivateFolder(join(path, '..'));
  await writeDurably(path, text, 0o644);
}

type Versioned = { readonly id: string; readonly version: number };

function tellDecided({ id, version }: Versioned, decided: Decided, { stdout }: Effects): void {
  const { changes, notes, unresolved, unnamed, revised } = decided;
  if (revised === undefined)
    stdout(`${id} version ${version}: the sheet changes nothing. Sign this version.\n`);
  else stdout(`${id} version ${version}: the sheet changes\n`);
  for (const change of changes) stdout(changeRow(change));
  for (const { column, note } of notes) stdout(`  note on ${safeName(column)}: ${visible(note)}\n`);
  for (const column of unresolved)
    stdout(`  still open: the export no longer has ${safeName(column)}; strike it, or name its new column\n`);
  if (unnamed > 0)
    stdout(
      `  still open: ${unnamed} new column${unnamed === 1 ? ' has' : 's have'} no name on the sheet yet\n`,
    );
}
