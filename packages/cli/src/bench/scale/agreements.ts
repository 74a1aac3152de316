import type { DocumentSet, Dsa, Emou, TokenRule } from '@throughline/agreement';
import { safeName } from '@throughline/core';
import { sha256Of } from '@throughline/engine';

/*
 * A memorandum between two made-up partners, so that the stage that links runs as it does every night. Nobody signs it:
 * who may is not what is measured.
 */

export const PARTNERS = ['north', 'south'] as const;
export const KEY_CHECK = { agreement: 'scale', epoch: 'scale', value: '0123456789abcdef' };

export const RULES: readonly TokenRule[] = [
  { name: 'first_last_dob_sex', parts: ['first', 'last', 'birth_date', 'sex'], basis: 'exact' },
  { name: 'first_last_dob', parts: ['first', 'last', 'birth_date'], basis: 'exact' },
  { name: 'first_lastinitial_dob', parts: ['first', 'last.initial', 'birth_date'], basis: 'probable' },
  {
    name: 'first_last_month_zip',
    parts: ['first', 'last', 'birth_date.year_month', 'zip'],
    basis: 'probable',
  },
  { name: 'first3_last3_dob', parts: ['first.3', 'last.3', 'birth_date'], basis: 'probable' },
  { name: 'first_dob_zip_sex', parts: ['first', 'birth_date', 'zip', 'sex'], basis: 'weak' },
  { name: 'initial_last_dob', parts: ['first.initial', 'last', 'birth_date'], basis: 'weak' },
  { name: 'last_dob_zip_sex', parts: ['last', 'birth_date', 'zip', 'sex'], basis: 'weak' },
];

const SENTENCE = 'Made up to measure by.';
const common = {
  version: 1,
  effective: '2025-07-01',
  expires: '2035-06-30',
  status: 'active' as const,
  thresholds: { min_cell: 10 },
};
const ONE = { at_least: 1 };

const emou: Emou = {
  kind: 'emou',
  id: KEY_CHECK.agreement,
  title: 'Memorandum of a bench',
  ...common,
  parties: [...PARTNERS],
  purpose: SENTENCE,
  governance: { body: 'Nobody', decides: SENTENCE, meets: 'never' },
  approvers: [],
  quorums: { emou: ONE, dsa: ONE, dul: ONE, 'release-policy': ONE },
  linkage: { epoch: KEY_CHECK.epoch, rules: [...RULES] },
};

const dsa = (partner: string): Dsa => ({
  kind: 'dsa',
  id: `dsa-${partner}`,
  title: 'Agreement of a bench',
  ...common,
  emou: emou.id,
  partner,
  basis: ['owner-programme-records'],
  purpose: SENTENCE,
  scope: SENTENCE,
  permitted_uses: ['linkage'],
  prohibited_uses: [],
  authorised_people: [{ name: 'Nobody', role: 'None', interest: SENTENCE }],
  safeguards: [SENTENCE],
  redisclosure: 'none',
  recipients: ['analyst-desk'],
  approvers: [],
  quorum: ONE,
  destruction: { trigger: 'expiry', within_days: 30, method: SENTENCE, certificate_to: 'Nobody' },
  oversight: { reviewer: 'Nobody', cadence: 'never' },
});

const filed = <Document>(document: Document) => ({
  document,
  sha256: sha256Of(JSON.stringify(document)),
  file: safeName('agreement.yaml'),
  standing: { approvals: [] },
});

export const DOCUMENTS: DocumentSet = {
  emous: [filed(emou)],
  dsas: PARTNERS.map((partner) => filed(dsa(partner))),
  duls: [],
  policies: [],
  manifests: [],
};
