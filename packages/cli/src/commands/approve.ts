import { basename, resolve } from 'node:path';
import { APPROVAL_NAMESPACE } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import type { ApproveOptions } from '../command-line/agreements.js';
import type { Effects } from '../effects.js';
import { wordsOf } from './document-words.js';
import { readOneDocument, signDocument } from './sign-document.js';

/**
 * Prints what documents say, and signs them.
 *
 * @throws ThroughlineError CONFIG_*, KEY_*, SIGNING_KEY_*, USAGE (no key; somebody else's signature is there).
 */
export async function approve(
  paths: readonly string[],
  options: ApproveOptions,
  effects: Effects,
): Promise<void> {
  for (const path of paths) await approveOne(path, options, effects);
}

async function approveOne(path: string, options: ApproveOptions, effects: Effects): Promise<void> {
  const placed = await readOneDocument(resolve(effects.workingFolder, path));
  for (const line of wordsOf(placed.document)) effects.stdout(`${line}\n`);
  if (options.print === true) return effects.stdout(howToSign(basename(path)));
  if (options.key === undefined)
    throw new ThroughlineError('USAGE', { missing: safeName('--key or --print') });
  const key = resolve(effects.workingFolder, options.key);
  const file = await signDocument(placed, { key, as: options.as }, effects);
  effects.stdout(
    `\nSigned: ${file}\nKeep it beside the document. \`throughline check\` says whether it counts.\n`,
  );
}

export const howToSign = (name: string): string =>
  [
    '',
    'To approve it with any key of OpenSSH, a security key too:',
    `  ssh-keygen -Y sign -n ${APPROVAL_NAMESPACE} -f <your key> ${name}`,
    `This writes ${name}.sig. If others sign too, rename it to ${name}.<your name>.sig.`,
    '',
  ].join('\n');
