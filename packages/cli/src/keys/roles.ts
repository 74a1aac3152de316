import { safeName, ThroughlineError } from '@throughline/core';
import type { Pipeline } from '../pipeline/pipeline.js';
import { descriptorOf } from './token-key.js';
import { wrapKeyFiles } from './wrap-key.js';

/** The files of the token key; a key that comes over a descriptor is in nobody's files. */
export const tokenKeyFiles = ({ partners }: Pick<Pipeline, 'partners'>): string[] =>
  [...new Set(partners.map(({ token_key }) => token_key))].filter((path) => descriptorOf(path) === undefined);

/**
 * Refuses a pipeline in which one file would be the key of two roles: a partner's own, the linkage unit's, the log's,
 * or the agreement's two, which the partners share.
 *
 * @throws ThroughlineError KEY_ROLES_MIXED
 */
export function requireSeparateKeys(pipeline: Pipeline): void {
  const own = [
    ...pipeline.partners.map(({ record_key }) => record_key),
    pipeline.linkage_unit.person_key,
    pipeline.log.key,
    ...tokenKeyFiles(pipeline),
    ...wrapKeyFiles(pipeline),
  ].map(pipeline.resolve);
  if (new Set(own).size < own.length) {
    throw new ThroughlineError('KEY_ROLES_MIXED', { rule: safeName('a key file for each role') });
  }
}

/** A partner and the recipient to whom its copy of the token key is encrypted. */
export type Addressee = { readonly partner: string; readonly recipient: string };

/**
 * To whom a token key may be issued: partners, each by a recipient of its own, and never the linkage unit.
 *
 * @throws ThroughlineError KEY_ROLES_MIXED; CONFIG_INVALID where a partner has no recipient.
 */
export function addresseesOf({ partners, linkage_unit }: Pipeline, only: string | undefined): Addressee[] {
  const recipients = partners.flatMap(({ recipient }) => recipient ?? []);
  if (linkage_unit.recipient !== undefined && recipients.includes(linkage_unit.recipient)) {
    throw new ThroughlineError('KEY_ROLES_MIXED', { rule: safeName('no token key for the linkage unit') });
  }
  if (new Set(recipients).size < recipients.length) {
    throw new ThroughlineError('KEY_ROLES_MIXED', { rule: safeName('a recipient for each partner') });
  }
  const asked = partners.filter(({ name }) => only === undefined || name === only);
  if (asked.length === 0) throw new ThroughlineError('USAGE', { unknown_partner: safeName(only ?? '') });
  return asked.map(({ name, recipient }) => {
    if (recipient !== undefined) return { partner: name, recipient };
    throw new ThroughlineError('CONFIG_INVALID', {
      field: safeName('partners.recipient'),
      partner: safeName(name),
      rule: safeName('an age recipient'),
    });
  });
}
