import { safeName, ThroughlineError } from '@throughline/core';
import type { SourceText } from '../../documents/parse.js';
import { sameBytes } from '../../proofs/bytes.js';
import { fromBase64 } from '../base64.js';
import { parsePublicKey, type SshPublicKey } from './public-key.js';
import { parseTimestamp } from './timestamp.js';

/** Whose signatures count, with which key, for what and when. Times are seconds since 1970-01-01 UTC, inclusive. */
export type AllowedSigner = {
  readonly principal: string;
  readonly key: SshPublicKey;
  /** Absent: any namespace. */
  readonly namespaces?: readonly string[];
  readonly validAfter?: number;
  readonly validBefore?: number;
};

const LARGEST_FILE = 256 * 1024;

/**
 * The signers of an `allowed_signers` file (ssh-keygen(1), ALLOWED SIGNERS), of which a strict part is accepted,
 * so that every signature names one person and everybody's clock agrees: one principal to a line, no patterns,
 * no certificate authorities, times in UTC, no key under two principals. OpenSSH reads such a file the same way.
 *
 * @throws ThroughlineError CONFIG_INVALID with the file, the line and the rule.
 */
export function parseAllowedSigners({ file, text }: SourceText): AllowedSigner[] {
  const invalid = (line: number, rule: string) =>
    new ThroughlineError('CONFIG_INVALID', { place: safeName(`${file}:${line}`), rule: safeName(rule) });
  if (text.length > LARGEST_FILE) throw invalid(1, 'at most 262144 characters');
  const signers: AllowedSigner[] = [];
  for (const [place, line] of text.split('\n').entries()) {
    if (/^[ \t]*(?:#.*)?$/.test(line)) continue;
    const signer = parseLine(line);
    if (typeof signer === 'string') throw invalid(place + 1, signer);
    if (signers.some((other) => isSharedKey(other, signer)))
      throw invalid(place + 1, 'a key of one principal only');
    signers.push(signer);
  }
  return signers;
}

const isSharedKey = (one: AllowedSigner, other: AllowedSigner): boolean =>
  one.principal !== other.principal && sameBytes(one.key.blob, other.key.blob);

const LINE =
  /^[ \t]*(?<principal>[^\s"]+)[ \t]+(?:(?<options>(?:[^\s"]|"[^"]*")+)[ \t]+)??(?<kind>[a-z][a-z0-9@.-]+)[ \t]+(?<key>AAAA[A-Za-z0-9+/]+=*)(?:[ \t].*)?$/;

/** A signer, or the rule that the line breaks. */
function parseLine(line: string): AllowedSigner | string {
  const found = LINE.exec(line)?.groups;
  if (found === undefined) return 'principal, options, kind of key and key, with spaces between them';
  const { principal = '', options = '', kind, key: encoded = '' } = found;
  if (!/^[A-Za-z0-9._@+-]+$/.test(principal)) return 'one principal, without patterns';
  const blob = fromBase64(encoded);
  const key = blob === undefined ? 'not-base64' : parsePublicKey(blob);
  if (typeof key === 'string') return key;
  if (key.kind !== kind) return 'a key of the kind named';
  const terms = parseOptions(options);
  return typeof terms === 'string' ? terms : { principal, key, ...terms };
}

type Terms = Pick<AllowedSigner, 'namespaces' | 'validAfter' | 'validBefore'>;

function parseOptions(options: string): Terms | string {
  let terms: Terms = {};
  for (const option of options.match(/(?:[^,"]|"[^"]*")+/g) ?? []) {
    const term = parseOption(option);
    if (typeof term === 'string') return term;
    if (Object.keys(term).some((name) => name in terms)) return 'each option once';
    terms = { ...terms, ...term };
  }
  const { validAfter, validBefore } = terms;
  const isOrdered = validAfter === undefined || validBefore === undefined || validAfter < validBefore;
  return isOrdered ? terms : 'valid-after before valid-before';
}

function parseOption(option: string): Terms | string {
  const [, name = '', value = ''] = /^([A-Za-z-]+)(?:="([^"]*)")?$/.exec(option) ?? [];
  switch (name.toLowerCase()) {
    case 'cert-authority':
      return 'no certificate authorities';
    case 'namespaces':
      return parseNamespaces(value);
    case 'valid-after':
      return dated('validAfter', value);
    case 'valid-before':
      return dated('validBefore', value);
    default:
      return 'namespaces, valid-after and valid-before only';
  }
}

function parseNamespaces(value: string): Terms | string {
  const namespaces = value.split(',');
  const areNames = namespaces.every((name) => /^[A-Za-z0-9._@+-]+$/.test(name));
  return areNames ? { namespaces } : 'namespaces by name, without patterns';
}

function dated(name: 'validAfter' | 'validBefore', value: string): Terms | string {
  const time = parseTimestamp(value);
  return time === undefined ? 'a time as YYYYMMDDZ or YYYYMMDDHHMM[SS]Z' : { [name]: time };
}
