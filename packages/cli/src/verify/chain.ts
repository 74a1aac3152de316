import type { NoteKey } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import {
  latestEntries,
  type MadeEntry,
  openLog,
  type ReadArtifact,
  requireIncluded,
} from '@throughline/engine';

/** An entry of the log that made something of the chain. */
export type Step = { readonly index: number; readonly entry: MadeEntry };

/** What came from another host, whose own log tells how it was made. */
export type Came = {
  readonly index: number;
  readonly from: string;
  readonly kind: string;
  readonly sha256: string;
};

/** The steps by which an artifact came about, the latest first, and what it began with: extracts, or parcels of others. */
export type Chain = {
  readonly steps: readonly Step[];
  readonly came: readonly Came[];
  readonly extracts: readonly { readonly name: string; readonly sha256: string }[];
};

export type Asked = { readonly log: string; readonly key: NoteKey; readonly artifact: ReadArtifact };

/**
 * Walks from an artifact back to its extracts by the entries of the log, each proved to be in it.
 *
 * @throws ThroughlineError EVIDENCE_LACKING where something was made of which the log knows nothing; LOG_*.
 */
export async function chainOf({ log: folder, key, artifact }: Asked): Promise<Chain> {
  const log = await openLog(folder, key);
  const wanted = new Set([artifact.sha256 as string]);
  const steps: Step[] = [];
  const came: Came[] = [];
  const extracts = new Map<string, { name: string; sha256: string }>();
  for await (const numbered of latestEntries(log)) {
    const { index, entry } = numbered;
    if (entry.event === 'received') {
      const known = entry.outputs.filter(({ manifest }) => wanted.delete(manifest));
      if (known.length > 0) await requireIncluded(log, numbered);
      came.push(...known.map(({ kind, manifest }) => ({ index, from: entry.of, kind, sha256: manifest })));
      continue;
    }
    if (entry.event !== 'made') continue;
    const made = entry.outputs.filter(({ manifest }) => wanted.has(manifest));
    if (made.length === 0) continue;
    await requireIncluded(log, numbered);
    steps.push({ index, entry });
    for (const { manifest } of made) wanted.delete(manifest);
    for (const { kind, name, sha256 } of entry.inputs) {
      if (kind === 'extract') extracts.set(sha256, { name, sha256 });
      else if (!carriedOn(entry, kind)) wanted.add(sha256);
    }
  }
  const [unknown] = wanted;
  if (unknown === undefined) return { steps, came, extracts: [...extracts.values()] };
  throw new ThroughlineError('EVIDENCE_LACKING', {
    step: safeName('log'),
    sha256: safeName(unknown),
    rule: safeName('an entry of the log that made it'),
  });
}

/** Stages that make another of a kind out of one of that kind, and carry nothing on. */
const ALIKE: readonly string[] = ['receive', 'receive-slots'];

/** What a stage carries on from night to night is its own earlier output, back to the first night. */
const carriedOn = ({ stage, outputs }: MadeEntry, kind: string): boolean =>
  !ALIKE.includes(stage) && outputs.some((output) => output.kind === kind);
