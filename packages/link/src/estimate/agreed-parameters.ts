import { parseYaml } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import type { ExtractFile } from '@throughline/engine';
import { type Parameters, parametersSchema } from './parameters.js';

/** The name of the file of parameters, beside the links that they made and as an extract. */
export const PARAMETERS_FILE = 'parameters.json';
/** A file of parameters has some kilobytes. */
const LARGEST = 4 * 1024 ** 2;

/**
 * The parameters that a memorandum fixes by their hash; undefined where it fixes none. They are given if and only if
 * it does, and are what it names, byte by byte.
 *
 * @throws ThroughlineError PARAMETERS_NOT_AGREED, CONFIG_INVALID
 */
export async function agreedParameters(
  extracts: readonly ExtractFile[],
  sha256: string | undefined,
): Promise<Parameters | undefined> {
  const given = extracts.find(({ name }) => name === PARAMETERS_FILE);
  if (given?.sha256 !== sha256) {
    throw new ThroughlineError('PARAMETERS_NOT_AGREED', {
      file: safeName(PARAMETERS_FILE),
      given: given !== undefined,
      agreed: sha256 !== undefined,
    });
  }
  if (given === undefined) return undefined;
  if (given.bytes > LARGEST)
    throw new ThroughlineError('EXTRACT_REFUSED', { name: safeName(PARAMETERS_FILE) });
  const pieces: Uint8Array[] = [];
  for await (const piece of given.read()) pieces.push(piece);
  const text = new TextDecoder().decode(joined(pieces));
  return parseYaml({ file: safeName(PARAMETERS_FILE), text }, parametersSchema);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
