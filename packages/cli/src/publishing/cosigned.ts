import { join } from 'node:path';
import { type NoteKey, parseNoteKey } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { bytesOfSmall, cosignersOf, namesIn, primitives } from '@throughline/engine';
import { readVerifierKey, verifierKeyPath } from '../keys/verifier-key.js';
import type { Project } from '../project/project.js';

/** @throws ThroughlineError CONFIG_INVALID for a line that is no key of a witness. */
const witnessKey = (line: string): NoteKey => {
  const key = parseNoteKey(primitives.sha256, line);
  if (key?.kind === 'cosignature/v1') return key;
  throw new ThroughlineError('CONFIG_INVALID', {
    file: safeName('pipeline'),
    clause: safeName('log.witnesses.keys'),
    rule: safeName('the line that log witness prints'),
  });
};

const REFUSAL = {
  missing: 'CONFIG_UNREADABLE',
  refused: 'CONFIG_UNREADABLE',
  name: safeName('cosigned checkpoint'),
} as const;
const LARGEST_NOTE = 64 * 1024;

/**
 * Requires that as many witnesses as the pipeline asks for have cosigned the log with an entry in it. Where it names
 * none, nothing is required.
 *
 * @throws ThroughlineError RELEASE_NOT_COSIGNED, LOG_ALTERED, LOG_BROKEN, CONFIG_*.
 */
export async function requireCosigned({ folders, pipeline }: Project, entry: number): Promise<void> {
  const { witnesses } = pipeline.log;
  if (witnesses === undefined) return;
  const folder = pipeline.resolve(witnesses.notes);
  const notes = [];
  for (const name of await namesIn(folder))
    notes.push(await bytesOfSmall(join(folder, name), REFUSAL, LARGEST_NOTE));
  const key = await readVerifierKey(verifierKeyPath(pipeline.resolve(pipeline.log.key)));
  const keys = [...new Set(witnesses.keys)].map(witnessKey);
  const cosigned = await cosignersOf(folders.log, key, { witnesses: keys, notes, entry });
  if (cosigned < witnesses.quorum)
    throw new ThroughlineError('RELEASE_NOT_COSIGNED', { cosigned, of: witnesses.quorum });
}
