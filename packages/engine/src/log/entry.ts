import { LONGEST_ENTRY } from '@throughline/agreement';
import { canonicalJson, type Json, ThroughlineError } from '@throughline/core';
import { z } from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const outputs = z.array(z.strictObject({ kind: z.string(), manifest: sha256 }));
const common = { stage: z.string(), of: z.string(), at: z.iso.datetime(), outputs };

const made = z.strictObject({
  event: z.literal('made'),
  ...common,
  inputs: z.array(z.strictObject({ kind: z.string(), name: z.string(), sha256 })),
  documents: z.array(
    z.strictObject({
      kind: z.string(),
      id: z.string(),
      version: z.int(),
      sha256,
      approvals: z.array(sha256).optional(),
    }),
  ),
});

const abort = z.strictObject({ event: z.literal('abort'), ...common, entry: z.int().min(0) });

/**
 * What people did: a record withdrawn, holdings destroyed, a held delivery accepted or rejected, a backup
 * restored; rows of the residual opened; and what went from
 * host to host: parcels sent and received. `about`: the papers that say so and the files that it is about, by hash.
 */
const act = z.strictObject({
  event: z.enum([
    'withdrawn',
    'destroyed',
    'hold-accepted',
    'hold-rejected',
    'submitted',
    'voted',
    'taken-back',
    'recalled',
    'sent',
    'received',
    'gap-accepted',
    'residual-opened',
    'restored',
  ]),
  ...common,
  about: z.array(z.strictObject({ name: z.string(), sha256 })),
});

/** A release that was to be published, with the verdict of each check up to the one that refused it, or of all. */
const published = z.strictObject({
  event: z.enum(['published', 'refused']),
  ...common,
  about: z.array(z.strictObject({ name: z.string(), sha256 })),
  release: z.int().min(1),
  checks: z.array(z.strictObject({ check: z.string(), verdict: z.string() })),
});

const logEntry = z.discriminatedUnion('event', [made, abort, act, published]);

/**
 * What a stage did, by hash and count: never a value. `made` comes before its outputs are renamed into place.
 * `abort` says that outputs of the entry whose index it gives are not in place when the stage starts again: the
 * stage died before they appeared, or somebody took them away since. The others are what people did.
 */
export type LogEntry = z.infer<typeof logEntry>;
export type MadeEntry = z.infer<typeof made>;

/** An entry's bytes: canonical JSON. @throws ThroughlineError LOG_ENTRY_TOO_LONG */
export function formatLogEntry(entry: LogEntry): Uint8Array {
  const bytes = new TextEncoder().encode(canonicalJson(entry satisfies Json));
  if (bytes.length <= LONGEST_ENTRY) return bytes;
  throw new ThroughlineError('LOG_ENTRY_TOO_LONG', { bytes: bytes.length, longest: LONGEST_ENTRY });
}

/** The entry that bytes hold; undefined if they are not exactly what `formatLogEntry` writes. */
export function parseLogEntry(bytes: Uint8Array): LogEntry | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const entry = logEntry.parse(JSON.parse(text));
    return canonicalJson(entry satisfies Json) === text ? entry : undefined;
  } catch {
    return undefined;
  }
}
