import { safeName } from '@throughline/core';
import { type Approver, type ApproverKey, keyOfLine } from '../documents/approvers.js';
import type { AgreedHost } from '../documents/hosts.js';
import { type AllowedSigner, parseAllowedSigners } from '../signatures/ssh/allowed-signers.js';

/** The namespace of every signature: an approval can be taken for nothing else, nor anything else for one. */
export const APPROVAL_NAMESPACE = 'throughline';

/** Noon of a day, in seconds since 1970-01-01 UTC: the time at which a key is asked whether it counts. */
export const noonOf = (day: string): number => Date.parse(`${day}T12:00:00Z`) / 1000;

const compact = (day: string): string => day.replaceAll('-', '');

function line(
  person: string,
  { public_key, valid_from, valid_until }: ApproverKey,
  namespace: string,
): string {
  const [kind, key] = public_key.split(' ');
  const options = [
    `namespaces="${namespace}"`,
    `valid-after="${compact(valid_from)}Z"`,
    `valid-before="${compact(valid_until)}235959Z"`,
  ];
  return `${person} ${options.join(',')} ${kind} ${key}\n`;
}

/**
 * The approvers as the `allowed_signers` file of OpenSSH: what our own verification reads and `ssh-keygen -Y verify`
 * reads alike. A key that two people name is left out, since its signature would be of neither.
 */
export function allowedSignersText(approvers: readonly Approver[]): string {
  const lines = approvers.flatMap(({ person, keys }) =>
    keys.map((key) => ({
      person,
      material: key.public_key.split(' ')[1] ?? '',
      line: line(person, key, APPROVAL_NAMESPACE),
    })),
  );
  return lines
    .filter(({ person, material }) =>
      lines.every((other) => other.material !== material || other.person === person),
    )
    .map((each) => each.line)
    .join('');
}

/** The namespace of the signatures of parcels: none of them can be taken for an approval, nor the reverse. */
export const PARCEL_NAMESPACE = 'throughline-parcel';

/** The keys with which hosts sign parcels, as an `allowed_signers` file; a host is its own principal. */
export const hostSignersText = (hosts: readonly AgreedHost[]): string =>
  hosts.flatMap(({ host, keys }) => keys.map((key) => line(host, key, PARCEL_NAMESPACE))).join('');

/** The keys of hosts, as verification wants them. */
export const hostSignersOf = (hosts: readonly AgreedHost[]): AllowedSigner[] =>
  parseAllowedSigners({ file: safeName('allowed_signers'), text: hostSignersText(hosts) });

/** The keys of approvers, as verification wants them. */
export const allowedSignersOf = (approvers: readonly Approver[]): AllowedSigner[] =>
  parseAllowedSigners({ file: safeName('allowed_signers'), text: allowedSignersText(approvers) });

/** The people of two registers; of one and the same person the keys of both. */
export function joinedApprovers(one: readonly Approver[], other: readonly Approver[]): Approver[] {
  const people = new Map<string, Approver>();
  for (const each of [...one, ...other]) {
    const known = people.get(each.person);
    if (known === undefined) people.set(each.person, each);
    else if (known.party === each.party) {
      const approves = [...new Set([...known.approves, ...each.approves])];
      people.set(each.person, { ...known, approves, keys: joinedKeys(known.keys, each.keys) });
    }
  }
  return [...people.values()];
}

/** Of a key that both name, the days of the first. */
function joinedKeys(one: readonly ApproverKey[], other: readonly ApproverKey[]): ApproverKey[] {
  const known = new Set(one.map(({ public_key }) => public_key.split(' ')[1]));
  return [...one, ...other.filter(({ public_key }) => !known.has(public_key.split(' ')[1]))];
}

/** Approvers without the keys whose fingerprint is told. */
export const withoutKeys = (
  approvers: readonly Approver[],
  isRevoked: (blob: Uint8Array) => boolean,
): Approver[] =>
  approvers.map((each) => ({
    ...each,
    keys: each.keys.filter(({ public_key }) => {
      const key = keyOfLine(public_key);
      return typeof key !== 'string' && !isRevoked(key.blob);
    }),
  }));
