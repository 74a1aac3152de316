import { join } from 'node:path';
import {
  APPROVAL_NAMESPACE,
  type Approver,
  allowedSignersText,
  documentOf,
  type Emou,
  parseAllowedSigners,
  signSsh,
  verifySshSignature,
} from '@throughline/agreement';
import { canonicalJson, safeName, ThroughlineError } from '@throughline/core';
import {
  exists,
  makePrivateFolder,
  namesIn,
  primitives,
  readText,
  withSigningKey,
  writeDurably,
} from '@throughline/engine';
import { z } from 'zod';
import type { Effects } from '../effects.js';
import { asJson } from '../project/as-json.js';
import type { Project } from '../project/project.js';
import type { Asked } from './request.js';

export const votes = ['approve', 'return', 'reject'] as const;
export type Vote = (typeof votes)[number];

/** One person's word on a request, signed. It names the request by its bytes, and so every file of the release. */
const ballot = z.strictObject({
  kind: z.literal('release-vote'),
  request: z.string(),
  person: z.string(),
  vote: z.enum(votes),
  reason: z.string().max(2000).optional(),
});
type Ballot = z.infer<typeof ballot>;

/** A vote whose signature counts. */
export type Cast = Pick<Ballot, 'person' | 'vote' | 'reason'>;

/** People who may approve a licence may approve what is released under it. */
export const votersOf = (emou: Emou): readonly Approver[] =>
  emou.approvers.filter(({ approves }) => approves.includes('dul'));

const noon = (day: string): number => Date.parse(`${day}T12:00:00Z`) / 1000;

const votesFolder = (folder: string): string => join(folder, 'votes');

const fileOf = ({ person, vote }: Pick<Ballot, 'person' | 'vote'>): string => `${person}.${vote}.json`;

/** Writes a vote, and signs it where a key is given. Returns where it lies. */
export async function castVote(
  { folders }: Project,
  asked: Asked,
  cast: Cast & { readonly key: string | undefined },
  { userId }: Effects,
): Promise<string> {
  const { key, ...word } = cast;
  const folder = votesFolder(folders.review);
  await makePrivateFolder(folder);
  const place = join(folder, fileOf(word));
  const body: Ballot = { kind: 'release-vote', request: asked.sha256, ...word };
  const text = `${canonicalJson(body)}\n`;
  await writeDurably(place, text, 0o644);
  if (key === undefined) return place;
  await withSigningKey(key, userId, async (signing) => {
    const message = new TextEncoder().encode(text);
    const armored = signSsh(primitives, message, { key: signing, namespace: APPROVAL_NAMESPACE });
    await writeDurably(`${place}.sig`, armored, 0o644);
  });
  return place;
}

/**
 * The votes on a request that count: over its exact bytes, signed with a key of the very person who may approve a
 * licence, and not the author's. Of one person who said both, the no counts.
 */
export async function votesOn(project: Project, folder: string, asked: Asked): Promise<Cast[]> {
  const emou = documentOf(project.documents.emous, project.pipeline.emou, 'emou').document;
  const allowed = parseAllowedSigners({
    file: safeName('allowed_signers'),
    text: allowedSignersText(votersOf(emou)),
  });
  const found = new Map<string, Cast>();
  for (const name of await namesIn(votesFolder(folder))) {
    const place = join(votesFolder(folder), name);
    if (!name.endsWith('.json') || !(await exists(`${place}.sig`))) continue;
    const text = await readText(place);
    const armored = await readText(`${place}.sig`);
    const signed = { message: new TextEncoder().encode(text), armored, allowed };
    const question = { namespace: APPROVAL_NAMESPACE, at: noon(project.day) };
    const verified = verifySshSignature(primitives, signed, question);
    const parsed = ballot.safeParse(asJson(text));
    if ('refusal' in verified || !parsed.success) continue;
    const { person, vote, reason, request } = parsed.data;
    if (request !== asked.sha256 || verified.signer.principal !== person || person === asked.request.author)
      continue;
    if (found.get(person) === undefined || vote !== 'approve')
      found.set(person, { person, vote, ...(reason === undefined ? {} : { reason }) });
  }
  return [...found.values()].toSorted((a, b) => (a.person < b.person ? -1 : 1));
}

/** @throws ThroughlineError USAGE if nobody of this name may approve a licence. */
export function requireVoter({ documents, pipeline }: Project, person: string): void {
  const emou = documentOf(documents.emous, pipeline.emou, 'emou').document;
  if (votersOf(emou).some((each) => each.person === person)) return;
  throw new ThroughlineError('USAGE', { not_an_approver: safeName(person) });
}
