import { basename, dirname, resolve } from 'node:path';
import { parseYaml } from '@throughline/agreement';
import { safeName } from '@throughline/core';
import { readText } from '@throughline/engine';
import { disclosureSchema, evaluateDisclosure } from '@throughline/release';
import type { Effects } from '../effects.js';
import type { OutOptions } from '../program.js';

/**
 * Runs the gate on microdata and prints the outcome with what it cost.
 *
 * @throws ThroughlineError CONFIG_UNREADABLE, CONFIG_INVALID, and as `evaluateDisclosure`.
 */
export async function disclosure(file: string, { out }: OutOptions, effects: Effects): Promise<void> {
  const started = effects.elapsed();
  const path = resolve(effects.workingFolder, file);
  const config = parseYaml({ file: safeName(basename(path)), text: await readText(path) }, disclosureSchema);
  const microdata = resolve(dirname(path), config.microdata.path);
  const folder = resolve(effects.workingFolder, out);
  const evaluation = await evaluateDisclosure(config, { microdata, folder });
  const cost = {
    seconds: Math.round((effects.elapsed() - started) / 10) / 100,
    peak_mb: Math.round(effects.peakBytes() / 1e6),
  };
  effects.stdout(`${JSON.stringify({ ...evaluation, ...cost }, undefined, 2)}\n`);
}
