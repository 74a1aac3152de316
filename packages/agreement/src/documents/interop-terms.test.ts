import { safeName } from '@throughline/core';
import { describe, expect, it } from 'vitest';
import { interopTermsOf } from '../force/interop.js';
import type { Emou } from './documents.js';
import { documentSchema } from './documents.js';
import { type InteropTerms, interopTerms, linkingRules } from './interop-terms.js';
import * as samples from './sample-documents.fixture.js';

const OLT = {
  profile: 'olt-2',
  accepted: 'weaker-by-known-attacks',
  tokens: [
    { token: 'T3', basis: 'exact' },
    { token: 'T5', basis: 'weak' },
  ],
} as const;
const CLK = {
  profile: 'clk-v3',
  accepted: 'weaker-by-known-attacks',
  schema_sha256: '0'.repeat(64),
  threshold: 0.9,
} as const;

describe('linkage.interop', () => {
  it('is what it says', () => {
    expect(interopTerms.parse([OLT, CLK])).toEqual([OLT, CLK]);
  });

  it.each<[string, unknown]>([
    ['no consent', [{ ...OLT, accepted: undefined }]],
    ['a consent to less', [{ ...OLT, accepted: 'yes' }]],
    ['a token that there is not', [{ ...OLT, tokens: [{ token: 'T6', basis: 'exact' }] }]],
    ['a token twice', [{ ...OLT, tokens: [OLT.tokens[0], OLT.tokens[0]] }]],
    ['a token that links without a birth date', [{ ...OLT, tokens: [{ token: 'T5', basis: 'probable' }] }]],
    ['no token', [{ ...OLT, tokens: [] }]],
    ['a profile twice', [OLT, OLT]],
    ['a profile that there is not', [{ ...CLK, profile: 'clk-v2' }]],
    ['a threshold that chance reaches', [{ ...CLK, threshold: 0.3 }]],
    ['no schema', [{ ...CLK, schema_sha256: undefined }]],
    ['nothing', []],
  ])('refuses %s', (_, terms) => {
    expect(interopTerms.safeParse(terms).success).toBe(false);
  });

  it('links by its tokens behind the rules of the memorandum, and no rule may take their names', () => {
    const rule = { name: 'own', parts: ['first', 'last'], basis: 'exact' } as const;
    const rules = linkingRules({
      rules: [{ ...rule, parts: [...rule.parts] }],
      interop: interopTerms.parse([CLK, OLT]),
    });
    expect(rules.map(({ name, basis }) => `${name} ${basis}`)).toEqual([
      'own exact',
      'olt2_t3 exact',
      'olt2_t5 weak',
    ]);
    const spoilt = {
      ...samples.emou,
      linkage: { epoch: '2026-1', rules: [{ ...rule, name: 'olt2_t3' }], interop: [OLT] },
    };
    expect(documentSchema.safeParse(spoilt).success).toBe(false);
    expect(
      documentSchema.safeParse({ ...spoilt, linkage: { ...spoilt.linkage, rules: [rule] } }).success,
    ).toBe(true);
  });
});

describe('interopTermsOf', () => {
  const terms = (interop: InteropTerms | undefined, weaker: ('olt-2' | 'clk-v3')[] | undefined) => {
    const filed = <Document>(document: Document) => ({
      document,
      sha256: '',
      file: safeName('f.yaml'),
      standing: { approvals: [] },
    });
    const emou = documentSchema.parse({
      ...samples.emou,
      linkage: {
        epoch: '2026-1',
        rules: [{ name: 'own', parts: ['first', 'last'], basis: 'exact' }],
        interop,
      },
    });
    const dsa = documentSchema.parse({ ...samples.dsa, weaker_encodings: weaker });
    if (dsa.kind !== 'dsa') throw new Error('an agreement expected');
    return { emou: filed(emou as Emou), dsa: filed(dsa) } as unknown as Parameters<typeof interopTermsOf>[0];
  };
  const both = interopTerms.parse([OLT, CLK]);

  it('gives what both agreements consent to', () => {
    expect(interopTermsOf(terms(both, ['clk-v3']), 'clk-v3').threshold).toBe(0.9);
  });

  it.each<[string, InteropTerms | undefined, ('olt-2' | 'clk-v3')[] | undefined, string]>([
    ['no word of it anywhere', undefined, undefined, 'linkage.interop'],
    ['only the partner', undefined, ['olt-2'], 'linkage.interop'],
    ['only the memorandum', both, undefined, 'weaker_encodings'],
    ['another profile at the partner', both, ['clk-v3'], 'weaker_encodings'],
  ])('refuses %s', (_, interop, weaker, clause) => {
    expect(() => interopTermsOf(terms(interop, weaker), 'olt-2')).toThrow(
      expect.objectContaining({ code: 'PROFILE_NOT_AGREED', details: expect.objectContaining({ clause }) }),
    );
  });
});
