import { join } from 'node:path';
import { artifactManifest } from '@throughline/core';
import { readText, removeFolder, writeDurably } from '@throughline/engine';
import { writeMadeUpKeys } from '../made-up/keys.js';
import type { Ended, Trouble, TroubledCity } from './troubles.js';

/** A file of events of which each night brings some more. */
const GROWING = 'extracts/afterschool/sessions.csv';

/** What a partner's system has by a night: the last nights' events are still to come. */
export type Delivery = { readonly night: number; readonly nights: number };

/** Of a whole file the part that a partner has by a night: from nine tenths of its lines to all of them. */
function byNight(whole: string, { night, nights }: Delivery): string {
  const [header = '', ...lines] = whole.trimEnd().split('\n');
  const kept = Math.ceil(lines.length * (0.9 + (0.1 * night) / nights));
  return `${[header, ...lines.slice(0, kept)].join('\n')}\n`;
}

export const deliver = (folder: string, whole: string, delivery: Delivery): Promise<void> =>
  writeDurably(join(folder, GROWING), byNight(whole, delivery), 0o644);

export const eventsOf = (folder: string): Promise<string> => readText(join(folder, GROWING));

/** SHA-256 of every table of measures and release of a night: what is published, and what it is made from. */
export async function publishedBy(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const artifact of ['desk/measures', 'desk/release-candidate']) {
    const manifest = artifactManifest.parse(
      JSON.parse(await readText(join(folder, 'state', artifact, 'manifest.json'))),
    );
    for (const { name, sha256 } of manifest.tables) found[`${artifact}/${name}`] = sha256;
  }
  return found;
}

/** What a night with a trouble in it came to; undefined if all was as it must be. */
export type Complaint = string | undefined;

/**
 * A night in which something goes wrong: the run ends and says as it must, a person does what that says and nothing
 * else, and the next run is good.
 */
export async function troubledNight(city: TroubledCity, trouble: Trouble): Promise<Complaint> {
  await trouble.strikes(city);
  const struck = await (trouble.runs ?? runs)(city);
  await trouble.mends(city);
  const after = await runs(city);
  if (struck.status !== trouble.ends || !trouble.says.test(struck.said))
    return `${trouble.name}: ended with ${struck.status} where ${trouble.ends} was expected: ${firstLines(struck)}`;
  return after.status === 0 ? undefined : `${trouble.name}: not mended: ${firstLines(after)}`;
}

const runs = (city: TroubledCity): Promise<Ended> => city.command('run', city.pipeline);

const firstLines = ({ said }: Ended): string => said.split('\n').slice(0, 3).join(' | ');

const VOTERS = ['alvarez', 'fitzgerald'];

/** Publishes the candidate as a city does: one person asks, two others approve. @throws Error where that is refused */
export async function publishOnce({ folder, pipeline, command }: TroubledCity): Promise<void> {
  const keys = join(folder, 'people');
  await writeMadeUpKeys(keys, VOTERS);
  const votes = VOTERS.map((name) => ['--vote', 'approve', '--as', name, '--key', join(keys, name)]);
  const steps = [['candidate', '--author', 'bell'], ...votes.map((vote) => ['review', ...vote]), ['publish']];
  for (const [step = '', ...more] of steps) {
    const { status, said } = await command('release', step, pipeline, ...more);
    if (status !== 0) throw new Error(said);
  }
}

/** Saves what no run can make again, in the place of the backup of the night before. */
export async function saveNight(city: TroubledCity): Promise<Complaint> {
  await removeFolder(city.saved);
  const { status, said } = await city.command('backup', city.pipeline, '--out', city.saved);
  return status === 0 ? undefined : `backup: ${firstLines({ status, said })}`;
}
