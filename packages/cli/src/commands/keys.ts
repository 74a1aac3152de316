import { resolve } from 'node:path';
import type { Effects } from '../effects.js';
import { checkKeys } from '../keys/check-keys.js';
import { type CreatedKeys, createMissingKeys } from '../keys/create-keys.js';
import { revokeKeys, rotateKeys } from '../keys/epochs.js';
import { createHostKeys } from '../keys/host-keys.js';
import { type IssueOptions, issueKeys } from '../keys/issue.js';
import { type ReceiveOptions, receiveKey } from '../keys/receive.js';
import type { Project } from '../project/project.js';

const CARD =
  'The token key and the wrap key belong with the partners and the keyholder only. The key card is not secret: every partner and the linkage unit need it.\n';

/** Makes the keys that are missing and says which. */
export async function keysCreate(project: Project, effects: Effects): Promise<void> {
  tell(await createMissingKeys(project, effects), effects);
  effects.stdout(CARD);
}

/** Makes the keys of a host and prints what the memorandum must say of them. */
export async function keysHost(folder: string, effects: Effects): Promise<void> {
  const { publicKey, recipient } = await createHostKeys(resolve(effects.workingFolder, folder));
  effects.stdout(
    [
      'Put this into `hosts` of the memorandum, with days and with what the host plays, and have that version approved:',
      '  - host: NAME',
      '    plays: [PARTNER]  # or linkage-unit, analyst-desk',
      '    keys:',
      `      - { public_key: ${publicKey}, valid_from: DAY, valid_until: DAY }`,
      `    recipient: ${recipient}`,
      'The keys themselves stay in this folder, readable by you alone.\n',
    ].join('\n'),
  );
}

/** Encrypts the token key to every partner and says where the files are. */
export async function keysIssue(project: Project, options: IssueOptions, effects: Effects): Promise<void> {
  for (const path of await issueKeys(project, options, effects)) effects.stdout(`issued  ${path}\n`);
  effects.stdout(CARD);
}

/** Opens an issued token key and says where it is kept. */
export async function keysReceive(
  project: Project,
  options: ReceiveOptions,
  effects: Effects,
): Promise<void> {
  effects.stdout(`received  ${await receiveKey(project, options, effects)}\n`);
}

/** Says of every key whether it fits. @throws the first ThroughlineError found, after all have been listed. */
export async function keysCheck(
  project: Project,
  options: { readonly partner?: string },
  effects: Effects,
): Promise<void> {
  const verdicts = await checkKeys(project, options.partner, effects);
  for (const { what, says, refused } of verdicts)
    effects.stdout(`  ${refused === undefined ? 'ok     ' : 'REFUSED'} ${what}: ${says}\n`);
  const first = verdicts.find(({ refused }) => refused !== undefined)?.refused;
  if (first !== undefined) throw first;
}

/** Makes the key of a new epoch. */
export async function keysRotate(project: Project, effects: Effects): Promise<void> {
  tell(await rotateKeys(project, effects), effects);
  effects.stdout('Issue the new key to every partner; all of them deliver again on the same night.\n');
}

/** Ends an epoch at once. */
export async function keysRevoke(
  project: Project,
  options: { readonly epoch: string },
  effects: Effects,
): Promise<void> {
  const erased = await revokeKeys(project, options.epoch, effects);
  effects.stdout(`revoked  ${options.epoch}\nerased  ${erased} key files within reach\n`);
  effects.stdout('Send the card to every partner and the linkage unit: whoever has it refuses the key.\n');
}

function tell({ made, kept }: CreatedKeys, effects: Effects): void {
  for (const path of made) effects.stdout(`made  ${path}\n`);
  for (const path of kept) effects.stdout(`kept  ${path}\n`);
}
