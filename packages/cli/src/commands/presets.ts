import { type CrosswalkFile, crosswalk, parseYaml, preset } from '@throughline/agreement';
import { presetFiles } from '@throughline/engine';
import type { KnownPreset } from '@throughline/ingest';
import type { Effects } from '../effects.js';
import { templates } from '../project/templates.js';

/** The presets of some folders. @throws ThroughlineError CONFIG_UNREADABLE, CONFIG_INVALID */
export async function knownPresets(folders: readonly string[]): Promise<KnownPreset[]> {
  const known: KnownPreset[] = [];
  for (const folder of folders) {
    for (const file of await presetFiles(folder)) {
      if (!isCrosswalk(file)) known.push({ document: parseYaml(file, preset), sha256: file.sha256 });
    }
  }
  return known;
}

const isCrosswalk = ({ text }: { readonly text: string }): boolean => /^kind: crosswalk\s*$/m.test(text);

/** The crosswalks of a folder. @throws ThroughlineError CONFIG_UNREADABLE, CONFIG_INVALID */
export async function knownCrosswalks(folder: string): Promise<CrosswalkFile[]> {
  const files = (await presetFiles(folder)).filter(isCrosswalk);
  return files.map((file) => ({ document: parseYaml(file, crosswalk), sha256: file.sha256 }));
}

/** Lists the presets and crosswalks that come with the software. */
export async function presets(effects: Effects): Promise<void> {
  for (const { document, sha256 } of await knownPresets([templates.presets])) {
    effects.stdout(`${document.id.padEnd(28)} ${sha256}  ${document.system}\n`);
  }
  for (const { document, sha256 } of await knownCrosswalks(templates.presets)) {
    effects.stdout(
      `${document.id.padEnd(28)} ${sha256}  codes that become ${document.becomes}: ${document.title}\n`,
    );
  }
}
