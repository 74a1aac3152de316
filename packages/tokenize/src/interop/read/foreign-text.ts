import { safeName, ThroughlineError } from '@throughline/core';
import type { ExtractFile } from '@throughline/engine';

const LARGEST_FILE = 2 ** 29 - 1;

/** A file of another system, whole. @throws ThroughlineError INTEROP_REFUSED: too large to be read at once, or not UTF-8. */
export async function foreignText(extract: ExtractFile): Promise<string> {
  if (extract.bytes > LARGEST_FILE) throw refused(extract.name, { expected: 'a file below 512 MB' });
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const pieces: string[] = [];
  try {
    for await (const piece of extract.read()) pieces.push(decoder.decode(piece, { stream: true }));
    pieces.push(decoder.decode());
  } catch (thrown) {
    if (thrown instanceof ThroughlineError) throw thrown;
    throw refused(extract.name, { expected: 'UTF-8' });
  }
  return pieces.join('');
}

/** The extract of a name. @throws ThroughlineError EXTRACT_MISSING */
export function extractNamed(extracts: readonly ExtractFile[], name: string): ExtractFile {
  const found = extracts.find((extract) => extract.name === name);
  if (found !== undefined) return found;
  throw new ThroughlineError('EXTRACT_MISSING', { name: safeName(name) });
}

/** What was expected, and where something else stands; never what stands there. */
export const refused = (
  name: string,
  { expected, line }: { readonly expected: string; readonly line?: number },
): ThroughlineError =>
  new ThroughlineError('INTEROP_REFUSED', {
    extract: safeName(name),
    ...(line === undefined ? {} : { line }),
    rule: safeName(expected),
  });
