import {
  type AgreedHost,
  approvedManifest,
  type Dsa,
  documentOf,
  type Filed,
  keyOfLine,
  type SshSigningKey,
  termsOf,
} from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { readIdentity } from '@throughline/engine';
import { type ParcelDocument, partnerOf, recipientOf, type Standpoint } from '@throughline/parcel';
import type { Pipeline } from '../pipeline/pipeline.js';
import type { Project } from '../project/project.js';

/** Where the parcels of this host lie, and its keys. */
export type Post = NonNullable<Pipeline['host']>;
export type SplitProject = { readonly project: Project; readonly post: Post; readonly host: AgreedHost };

/** A project on several hosts. @throws ThroughlineError USAGE where all is on one machine. */
export function splitOf(project: Project): SplitProject {
  const { pipeline, here } = project;
  if (pipeline.host !== undefined && here.host !== undefined)
    return { project, post: pipeline.host, host: here.host };
  throw new ThroughlineError('USAGE', {
    field: safeName('host'),
    rule: safeName('a pipeline that says which host this is'),
  });
}

type Named = { readonly kind: string; readonly id: string; readonly version: number };
const nameOf = ({ document: { kind, id, version }, sha256 }: Filed<Named>): ParcelDocument => ({
  kind,
  id,
  version,
  sha256,
});

export const memorandumOf = ({ pipeline, documents }: Project) =>
  documentOf(documents.emous, pipeline.emou, 'emou');

/** What a parcel is judged by here. */
export function standpointOf({ project, host }: SplitProject): Standpoint {
  const { emous, dsas, duls, policies, manifests } = project.documents;
  const memorandum = memorandumOf(project);
  return {
    here: host.host,
    pipeline: project.pipeline.pipeline,
    hosts: project.here.hosts,
    memorandum: nameOf(memorandum),
    epoch: memorandum.document.linkage.epoch,
    documents: [...emous, ...dsas, ...duls, ...policies, ...manifests].map(nameOf),
  };
}

/**
 * The documents on whose ground a host sends to another: the agreements of the partners whose records it is about, and
 * the field manifests that a partner has. All must be in force, and let the records reach whoever the other is.
 *
 * @throws ThroughlineError of exit status 10.
 */
export function groundOf({ project, host }: SplitProject, to: AgreedHost): ParcelDocument[] {
  const { pipeline, documents, day } = project;
  const own = partnerOf(host);
  const about = own ?? partnerOf(to);
  const partners = pipeline.partners.filter(({ name }) => about === undefined || name === about);
  const agreements = partners.map(({ name }) => {
    const { dsa } = termsOf(documents, name, { day, use: 'linkage' });
    requireReach(dsa, to);
    return nameOf(dsa);
  });
  if (own === undefined) return agreements;
  const manifests = partners.flatMap(({ extracts }) =>
    extracts.map(({ manifest }) => nameOf(approvedManifest(documents, manifest, day))),
  );
  return [...agreements, ...manifests];
}

/** @throws ThroughlineError USE_NOT_PERMITTED where the agreement keeps its records from a role of the other host. */
function requireReach({ document, file }: Filed<Dsa>, { plays }: AgreedHost): void {
  const beyond = (['linkage-unit', 'analyst-desk'] as const).find(
    (role) => plays.includes(role) && !document.recipients.includes(role),
  );
  if (beyond !== undefined) {
    throw new ThroughlineError('USE_NOT_PERMITTED', {
      document: safeName(document.id),
      file,
      clause: safeName('recipients'),
      recipient: safeName(beyond),
    });
  }
}

/** @throws ThroughlineError HOST_KEY_UNNAMED */
export function requireNamedKey({ host, project }: SplitProject, { publicKey }: SshSigningKey): void {
  const named = host.keys.some(({ public_key, valid_from, valid_until }) => {
    const key = keyOfLine(public_key);
    const isOwn = typeof key !== 'string' && Buffer.from(key.blob).equals(publicKey.blob);
    return isOwn && valid_from <= project.day && project.day <= valid_until;
  });
  if (!named) throw unnamed(host, 'signing_key');
}

/** The age identity of this host. @throws ThroughlineError KEY_*, HOST_KEY_UNNAMED */
export async function ownIdentity(
  { host, post, project }: SplitProject,
  userId: number | undefined,
): Promise<string> {
  const identity = await readIdentity(project.pipeline.resolve(post.age_identity), userId);
  if ((await recipientOf(identity)) !== host.recipient) throw unnamed(host, 'age_identity');
  return identity;
}

const unnamed = ({ host }: AgreedHost, field: string): ThroughlineError =>
  new ThroughlineError('HOST_KEY_UNNAMED', { host: safeName(host), field: safeName(`host.${field}`) });
