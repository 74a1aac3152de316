import { type AgreedHost, type DocumentSet, documentOf, type HostRole } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import type { Pipeline } from '../pipeline/pipeline.js';

/** What is done on this machine. */
export type Here = {
  /** The host of the memorandum that this is; undefined where every role is on one machine. */
  readonly host: AgreedHost | undefined;
  /** All hosts of the memorandum. */
  readonly hosts: readonly AgreedHost[];
  readonly partner: (name: string) => boolean;
  readonly plays: (role: HostRole) => boolean;
};

/**
 * Reads from the memorandum what the host that the pipeline names plays. What a host may do is thus signed by
 * everybody, and the pipeline says only which host this is.
 *
 * @throws ThroughlineError CONFIG_INVALID where the memorandum names no such host.
 */
export function hereOf(pipeline: Pipeline, documents: DocumentSet): Here {
  const { hosts = [] } = emouOf(pipeline, documents) ?? {};
  if (pipeline.host === undefined) return { host: undefined, hosts, partner: () => true, plays: () => true };
  const { name } = pipeline.host;
  const host = hosts.find((each) => each.host === name);
  if (host === undefined) {
    throw new ThroughlineError('CONFIG_INVALID', {
      field: safeName('host.name'),
      rule: safeName('a host that the memorandum names in `hosts`'),
    });
  }
  return {
    host,
    hosts,
    partner: (partner) => host.plays.includes(partner),
    plays: (role) => host.plays.includes(role),
  };
}

/** Without a memorandum there is nobody to exchange parcels with; every stage says that it is missing. */
function emouOf({ emou, host }: Pipeline, { emous }: DocumentSet) {
  if (host !== undefined) return documentOf(emous, emou, 'emou').document;
  return emous.find(({ document }) => document.id === emou)?.document;
}

/** Which host plays a role or is a partner, for a message. */
export const hostOf = (hosts: readonly AgreedHost[], role: string): string =>
  hosts.find(({ plays }) => plays.includes(role))?.host ?? 'none';

/** @throws ThroughlineError HOST_ROLE where this host does not play the role. */
export function requireRole({ hosts, plays }: Here, role: HostRole): void {
  if (plays(role)) return;
  const at = hostOf(hosts, role);
  throw new ThroughlineError('HOST_ROLE', { role: safeName(role), at: safeName(at) });
}

/** @throws ThroughlineError HOST_ROLE where this host is another, or no, partner. */
export function requirePartnerHere({ hosts, partner }: Here, name: string): void {
  if (partner(name)) return;
  throw new ThroughlineError('HOST_ROLE', { role: safeName(name), at: safeName(hostOf(hosts, name)) });
}

/** Whether this host has a desk, and the linkage unit is elsewhere. */
export const isDeskAlone = ({ host, plays }: Here): boolean =>
  host !== undefined && plays('analyst-desk') && !plays('linkage-unit');

export const isSplit = ({ host }: Here): boolean => host !== undefined;
