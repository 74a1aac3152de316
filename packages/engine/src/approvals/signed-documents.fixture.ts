import {
  type DocumentFile,
  publicKeyLine,
  type SignatureFile,
  type SshSigningKey,
  signingKeyOf,
  signSsh,
} from '@throughline/agreement';
import { safeName } from '@throughline/core';
import { primitives, publicKeyOfSeed } from '../crypto/primitives.js';
import { sha256Of } from '../files/ordinary.js';

/** Documents of two parties with real keys and real signatures, to be weakened one at a time. */

export type Fields = Readonly<Record<string, unknown>>;

export const keyOf = (name: string): SshSigningKey => {
  const seed = primitives.sha256(new TextEncoder().encode(`test key ${name}`));
  return signingKeyOf(seed, publicKeyOfSeed(seed));
};

export type KeyDays = { readonly valid_from: string; readonly valid_until: string };
const YEARS: KeyDays = { valid_from: '2025-01-01', valid_until: '2030-12-31' };

/** Somebody with the key of their name, or another one. */
export const person = (name: string, key = name, days = YEARS) => ({
  person: name,
  name: `Person ${name}`,
  role: 'approver',
  keys: [{ public_key: publicKeyLine(keyOf(key).publicKey), ...days }],
});

const kinds = ['emou', 'dsa', 'dul', 'release-policy', 'attestation'];
export const member = (name: string, party: string, key = name, days = YEARS) => ({
  ...person(name, key, days),
  party,
  approves: kinds,
});

const SENTENCE = 'A sentence that says what it must.';
const dates = { effective: '2025-07-01', expires: '2027-06-30' };
const one = { at_least: 1 };

export const emou = {
  kind: 'emou',
  id: 'emou-a',
  version: 1,
  title: 'Memorandum',
  ...dates,
  parties: ['school', 'clinic'],
  purpose: SENTENCE,
  governance: { body: 'Board', decides: SENTENCE, meets: 'monthly' },
  approvers: [
    member('ann', 'school'),
    member('ben', 'school'),
    member('cat', 'clinic'),
    member('dan', 'clinic'),
  ],
  quorums: { emou: { at_least: 3 }, dsa: { at_least: 2, of_owner: 1 }, dul: one, 'release-policy': one },
  thresholds: { min_cell: 10 },
  linkage: { epoch: '2026-1', rules: [{ name: 'names', parts: ['first', 'last'], basis: 'exact' }] },
};

export const dsa = {
  kind: 'dsa',
  id: 'dsa-school',
  version: 1,
  title: 'Agreement of the school',
  ...dates,
  emou: 'emou-a',
  partner: 'school',
  basis: ['owner-programme-records'],
  purpose: SENTENCE,
  scope: SENTENCE,
  permitted_uses: ['linkage'],
  prohibited_uses: [],
  authorised_people: [{ name: 'Ruth', role: 'lead', interest: SENTENCE }],
  safeguards: [SENTENCE],
  redisclosure: 'none',
  recipients: ['analyst-desk'],
  destruction: { trigger: 'expiry', within_days: 90, method: SENTENCE, certificate_to: 'School' },
  oversight: { reviewer: 'Board', cadence: 'yearly' },
  thresholds: { min_cell: 10 },
  approvers: [person('eve'), person('fay')],
  quorum: { at_least: 2 },
};

export const manifest = {
  kind: 'manifest',
  id: 'school-days',
  version: 1,
  title: 'Calendar of the school',
  ...dates,
  partner: 'school',
  agreement: 'dsa-school',
  extract: 'days',
  purpose: SENTENCE,
  format: { type: 'delimited', encoding: 'utf-8', delimiter: ',', quote: '"' },
  records: null,
  payload_table: 'calendar',
  constants: { school: '0010' },
  scope: { covers_from: '2025-08-01', covers_to: '2026-06-15', active_only: false, exceptions_only: false },
  limits: { rejected_share: 0, unmapped_share: 0 },
  fields: [
    {
      name: 'day',
      description: 'a day',
      type: 'date',
      format: ['%Y-%m-%d'],
      sensitivity: 'low',
      treatment: ['keep'],
      column: 'day',
      purpose: 'the days of school',
      basis: 'owner-programme-records',
    },
    {
      name: 'open',
      description: 'whether there is school',
      type: 'code',
      codes: { Y: 'yes', N: 'no' },
      sensitivity: 'low',
      treatment: ['keep'],
      column: 'in_session',
      purpose: 'the days of school',
      basis: 'owner-programme-records',
    },
  ],
};

export type SignedDocument = {
  readonly fields: Fields;
  readonly signatures: readonly SignatureFile[];
};

export const textOf = (fields: Fields): string => `${JSON.stringify(fields, undefined, 2)}\n`;
export const hashOf = (fields: Fields): string => sha256Of(textOf(fields));

export const signature = (text: string, key: string, namespace = 'throughline'): SignatureFile => {
  const message = new TextEncoder().encode(text);
  const armored = signSsh(primitives, message, { key: keyOf(key), namespace });
  return { armored, sha256: sha256Of(armored) };
};

/** A document, signed by the keys of those named. */
export const signed = (fields: Fields, ...by: readonly string[]): SignedDocument => ({
  fields,
  signatures: by.map((name) => signature(textOf(fields), name)),
});

export const fileOf = ({ fields, signatures }: SignedDocument): DocumentFile => {
  const text = textOf(fields);
  const file = safeName(`${fields['kind']}-${fields['id']}-${fields['version']}.yaml`);
  return { file, text, sha256: sha256Of(text), signatures };
};

export const signedEmou = signed(emou, 'ann', 'ben', 'cat');
export const signedDsa = signed(dsa, 'ann', 'cat');
export const signedManifest = signed(manifest, 'eve', 'fay');
