import { dirname, resolve } from 'node:path';
import { formatNoteKey, type NoteKey } from '@throughline/agreement';
import { type SafeName, safeName, ThroughlineError } from '@throughline/core';
import {
  bytesOf,
  type Cosigned,
  cosignLog,
  type LogEntry,
  latestEntries,
  lockState,
  type Numbered,
  openLog,
  requireIncluded,
  type VerifiedLog,
  verifyLog,
  withNoteKey,
  writeDurably,
} from '@throughline/engine';
import type { Effects } from '../effects.js';
import { readVerifierKey, verifierKeyPath } from '../keys/verifier-key.js';
import { readPipeline } from '../pipeline/pipeline.js';
import type { ShowOptions, VerifyOptions, WitnessOptions } from '../program.js';
import { foldersOf } from '../project/folders.js';

/** Verifies the log and says what was proved. @throws ThroughlineError LOG_*, CONFIG_UNREADABLE, KEY_UNREADABLE. */
export async function logVerify(file: string, options: VerifyOptions, effects: Effects): Promise<void> {
  const { folder, key } = await logOf(file, options.vkey, effects);
  const older = options.against === undefined ? undefined : await checkpointIn(options.against, effects);
  const proved = await verifyLog(folder, key, older);
  for (const line of proofLines(key, proved)) effects.stdout(`${line}\n`);
}

/** Prints the latest entries, each proved to be in the log, the oldest first. */
export async function logShow(file: string, { last }: ShowOptions, effects: Effects): Promise<void> {
  const { folder, key } = await logOf(file, undefined, effects);
  const log = await openLog(folder, key);
  const shown: Numbered[] = [];
  for await (const numbered of latestEntries(log)) {
    if (shown.length === last) break;
    await requireIncluded(log, numbered);
    shown.unshift(numbered);
  }
  for (const { index, entry } of shown) effects.stdout(`${entryLine(index, entry)}\n`);
}

/** Cosigns the log's checkpoint as a witness, if the log has only grown since it was cosigned last. */
export async function logWitness(file: string, options: WitnessOptions, effects: Effects): Promise<void> {
  const { folder, key } = await logOf(file, options.vkey, effects);
  const { workingFolder, userId, now, processId } = effects;
  const state = resolve(workingFolder, options.state);
  const keyFile = {
    path: resolve(workingFolder, options.key),
    name: options.name,
    kind: 'cosignature/v1',
  } as const;
  const time = Math.floor(now().getTime() / 1000);
  await withNoteKey(keyFile, userId, async (signer) => {
    const unlock = await lockState(dirname(state), processId);
    const cosigned = await cosignLog(folder, key, { state, signer, time }).finally(unlock);
    if (options.out === undefined) effects.stdout(cosigned.note);
    else {
      await writeDurably(resolve(workingFolder, options.out), cosigned.note, 0o644);
      for (const line of witnessLines(signer.key, cosigned)) effects.stdout(`${line}\n`);
    }
  });
}

/** The log of a pipeline and the key that it is held to. Agreements are not read: an auditor may not have them. */
async function logOf(
  file: string,
  vkey: string | undefined,
  { workingFolder }: Effects,
): Promise<{ folder: string; key: NoteKey }> {
  const pipeline = await readPipeline(file);
  const path =
    vkey === undefined ? verifierKeyPath(pipeline.resolve(pipeline.log.key)) : resolve(workingFolder, vkey);
  const key = await readVerifierKey(path);
  if (key.name === pipeline.log.origin) return { folder: foldersOf(pipeline).log, key };
  throw new ThroughlineError('LOG_CHECKPOINT_REFUSED', {
    file: safeName('verifier key'),
    rule: safeName('other-log'),
  });
}

async function checkpointIn(path: string, { workingFolder }: Effects): Promise<Uint8Array> {
  const refusal = {
    missing: 'CONFIG_UNREADABLE',
    refused: 'CONFIG_UNREADABLE',
    name: safeName('older checkpoint'),
  } as const;
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytesOf(resolve(workingFolder, path), refusal)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function proofLines(key: NoteKey, { head, aborts, older }: VerifiedLog): string[] {
  return [
    `log ${key.name}`,
    `  signature    the checkpoint is signed with the key ${key.id}`,
    `  entries      ${head.size}, of which ${aborts} aborts; every one is hashed into the tiles and the root`,
    `  root         ${Buffer.from(head.root).toString('hex')}`,
    older === undefined
      ? '  not proved   that no past was rewritten: that takes an older checkpoint (--against)'
      : `  only grown   the first ${older.size} entries are those of the older checkpoint`,
  ];
}

function witnessLines(witness: NoteKey, { before, size }: Cosigned): string[] {
  const since =
    before === undefined ? 'the first checkpoint seen of this log' : `the log has only grown since ${before}`;
  return [`cosigned ${size} entries: ${since}`, `witness key ${formatNoteKey(witness)}`];
}

const HASH_SHOWN = 12;

const paperOf = ({ name, sha256 }: { name: string; sha256: string }): string =>
  `${safeName(name)} ${sha256.slice(0, HASH_SHOWN)}`;

function entryLine(index: number, entry: LogEntry): string {
  const outputs = entry.outputs.map(
    ({ kind, manifest }) => `${safeName(kind)} ${manifest.slice(0, HASH_SHOWN)}`,
  );
  const about: readonly (string | SafeName)[] = [
    String(index),
    entry.at,
    safeName(entry.stage),
    safeName(entry.of),
    ...(entry.event === 'abort' ? [`abort of ${entry.entry}:`] : []),
    ...('about' in entry ? [entry.event, ...entry.about.map(paperOf)] : []),
    outputs.join(', '),
  ];
  return about.join(' ');
}
