import { safeName, ThroughlineError } from '@throughline/core';
import type { Effects } from '../effects.js';
import { takeSheets } from '../parcels/answers.js';
import { type SplitProject, splitOf } from '../parcels/ground.js';
import { type Looked, receiveParcels } from '../parcels/receive.js';
import { type Posted, sendParcels } from '../parcels/send.js';
import type { Project } from '../project/project.js';
import { locked } from './run.js';

export type SendOptions = { readonly again?: true };
export type ReceiveParcelsOptions = { readonly afterGap?: readonly string[] };

/** Seals what goes to other hosts and says what. */
export async function send(project: Project, { again }: SendOptions, effects: Effects): Promise<void> {
  const split = splitOf(project);
  const posted = await locked(project, effects, () => sendParcels(split, { again: again === true }, effects));
  for (const each of posted) effects.stdout(`${postedLine(each)}\n`);
  if (posted.length === 0) effects.stdout('There is nothing for any other host yet.\n');
}

export const postedLine = ({ to, status, sequence, kinds }: Posted): string =>
  status === 'sent'
    ? `sent      ${to} ${sequence}: ${kinds.join(', ')}`
    : `unchanged ${to} ${sequence}: the parcel of today holds all there is`;

/**
 * Takes in what other hosts have sent and says what became of each parcel.
 *
 * @throws ThroughlineError as the first that was refused, after all have been looked at.
 */
export async function receive(
  project: Project,
  { afterGap = [] }: ReceiveParcelsOptions,
  effects: Effects,
): Promise<void> {
  const split = splitOf(project);
  requireHosts(split, afterGap);
  const looked = await locked(project, effects, () => receiveAll(split, afterGap, effects));
  for (const each of looked) effects.stdout(`${lookedLine(each)}\n`);
  if (looked.length === 0) effects.stdout('There is no parcel in the inbox.\n');
  for (const each of looked) if (each.status === 'refused') throw each.failure;
}

export async function receiveAll(
  split: SplitProject,
  afterGap: readonly string[],
  effects: Effects,
): Promise<readonly Looked[]> {
  const looked = await receiveParcels(split, { afterGap }, effects);
  await takeSheets(split);
  return looked;
}

/** @throws ThroughlineError USAGE */
function requireHosts({ project }: SplitProject, names: readonly string[]): void {
  const unknown = names.find((name) => !project.here.hosts.some(({ host }) => host === name));
  if (unknown !== undefined) throw new ThroughlineError('USAGE', { unknown_host: safeName(unknown) });
}

/** A name of a file that is not ours may hold a name of somebody, and is not told. */
const OURS = /^[a-z0-9-]+\.[a-z0-9-]+\.[0-9]{6,16}\.parcel$/;

export function lookedLine(looked: Looked): string {
  const { file, from, sequence } = looked;
  const name = OURS.test(file) ? file : 'a parcel under another name';
  const which = from === undefined || sequence === undefined ? name : `${from} ${sequence}`;
  switch (looked.status) {
    case 'taken':
      return `taken     ${which}: ${looked.kinds.join(', ')}`;
    case 'landing':
      return `arriving  ${name}: not there to its last byte yet`;
    case 'refused':
      return `refused   ${which}: ${looked.failure.message}`;
  }
}
