import { bytesToHex } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memorandum } from '../fixture/agreements.fixture.js';
import { publishedRoot, publishedTerms, publishedVectors } from '../fixture/vectors.fixture.js';
import { agreementSalt, checkValue, deriveKeys, keyInfo, rootId } from './derive.js';

const { derived, rules } = publishedVectors;
const firstRule = rules[0]?.name ?? '';

describe('deriveKeys', () => {
  it('gives the published keys', () => {
    const keys = deriveKeys(publishedRoot, publishedTerms);
    expect(bytesToHex(agreementSalt(publishedTerms))).toBe(derived.salt);
    expect(bytesToHex(keyInfo(publishedTerms, 'tok', firstRule))).toBe(derived.info_of_first_rule);
    expect(bytesToHex(keys.key('tok', firstRule))).toBe(derived.key_of_first_rule);
    expect(checkValue(keys)).toBe(derived.check);
    expect(rootId(publishedRoot)).toBe(derived.root_id);
  });

  it('gives another key for any other root, agreement, epoch, rules, purpose or name', () => {
    const root = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const asked = fc.record({
      root,
      id: fc.constantFrom('emou-a', 'emou-b'),
      epoch: fc.constantFrom('2026-1', '2026-2'),
      rules: fc.integer({ min: 1, max: rules.length }),
      purpose: fc.constantFrom<('tok' | 'kcv')[]>('tok', 'kcv'),
      name: fc.constantFrom('', 'first', 'last'),
    });
    const keyOf = (one: typeof asked extends fc.Arbitrary<infer Asked> ? Asked : never) => {
      const linkage = { epoch: one.epoch, rules: rules.slice(0, one.rules) };
      return bytesToHex(deriveKeys(one.root, { id: one.id, linkage }).key(one.purpose, one.name));
    };
    const same = (one: object, other: object) => JSON.stringify(one) === JSON.stringify(other);
    fc.assert(fc.property(asked, asked, (one, other) => (keyOf(one) === keyOf(other)) === same(one, other)));
  });

  it('does not change with the other words of the memorandum', () => {
    const corrected = { ...memorandum(rules), version: 2, title: 'Another title', expires: '2031-06-30' };
    expect(agreementSalt(corrected)).toEqual(agreementSalt(memorandum(rules)));
    const telling = memorandum(rules);
    const linkage = { ...telling.linkage, own_duplicates: 'likely' as const };
    expect(agreementSalt({ ...telling, linkage })).not.toEqual(agreementSalt(telling));
    const reordered = memorandum([...rules].reverse());
    expect(agreementSalt(reordered)).not.toEqual(agreementSalt(memorandum(rules)));
  });
});
