import { parseYaml, preset } from '@throughline/agreement';
import { presetFiles } from '@throughline/engine';
import type { KnownPreset } from '@throughline/ingest';
import type { Effects } from '../effects.js';
import { templates } from '../project/templates.js';

/** The presets of some folders. @throws ThroughlineError CONFIG_UNREADABLE, CONFIG_INVALID */
export async function knownPresets(folders: readonly string[]): Promise<KnownPreset[]> {
  const known: KnownPreset[] = [];
  for (const folder of folders) {
    for (const file of await presetFiles(folder)) {
      known.push({ document: parseYaml(file, preset), sha256: file.sha256 });
    }
  }
  return known;
}

/** Lists the presets that come with the software. */
export async function presets(effects: Effects): Promise<void> {
  for (const { document, sha256 } of await knownPresets([templates.presets])) {
    effects.stdout(`${document.id.padEnd(28)} ${sha256}  ${document.system}\n`);
  }
}
