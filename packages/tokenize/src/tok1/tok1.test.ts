import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { TokenPart, TokenRule } from '@throughline/agreement';
import { canonicalJson } from '@throughline/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { someIdentifiers } from '../fixture/identifiers.fixture.js';
import { nothingKnown, publishedRoot, publishedTerms, publishedVectors } from '../fixture/vectors.fixture.js';
import { deriveKeys, type LinkageTerms } from '../keys/derive.js';
import { type Identifiers, partOf } from './parts.js';
import { tok1 } from './tok1.js';

const { rules } = publishedVectors;

/** What one rule gives for one record. */
type Outcome = { readonly tokens: readonly string[] } | { readonly missing: TokenPart };

/** Length, then bytes; straight from the specification. */
const lv = (...texts: string[]): Buffer =>
  Buffer.concat(
    texts.flatMap((text) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(Buffer.byteLength(text));
      return [length, Buffer.from(text)];
    }),
  );

const sha256 = (text: string) => createHash('sha256').update(text).digest();

/** A second implementation, on the platform's HKDF and HMAC. */
function slowTokens({ id, linkage }: LinkageTerms, rule: TokenRule, row: Identifiers): Outcome {
  const schemaHash = sha256('{"normal_form":"norm-1","tokens":"tok1"}').toString('hex');
  const salt = sha256(`throughline/v1/agreement${canonicalJson({ id, linkage })}`);
  const info = lv('throughline', 'v1', 'tok', id, linkage.epoch, schemaHash, rule.name);
  const key = Buffer.from(hkdfSync('sha256', publishedRoot, salt, info, 32));
  let messages = [lv(rule.name)];
  for (const part of rule.parts) {
    const alternatives = partOf(part, row);
    if (alternatives.length === 0) return { missing: part };
    messages = messages.flatMap((begun) =>
      alternatives.map((values) => Buffer.concat([begun, lv(part, ...values)])),
    );
  }
  return {
    tokens: messages.map((message) => createHmac('sha256', key).update(message).digest('hex').slice(0, 32)),
  };
}

const tokenizer = tok1(rules, deriveKeys(publishedRoot, publishedTerms));

/** One outcome a rule, in the order of the rules. */
function outcomes(row: Identifiers): Outcome[] {
  const tokens = new Map<string, string[]>();
  const missing = new Map<string, TokenPart>();
  tokenizer.tokenize(row, {
    token: ({ name }, token) => void tokens.set(name, [...(tokens.get(name) ?? []), bytesToHex(token)]),
    missing: ({ name }, part) => void missing.set(name, part),
  });
  return rules.map(({ name }) => {
    const part = missing.get(name);
    return part === undefined ? { tokens: tokens.get(name) ?? [] } : { missing: part };
  });
}

describe('tok1', () => {
  it.each(publishedVectors.records)('gives the published tokens: $note', ({ identifiers, tokens }) => {
    const made = outcomes(identifiers);
    expect(Object.fromEntries(rules.map(({ name }, index) => [name, made[index]]))).toEqual(tokens);
  });

  it('agrees with a second implementation on random identifiers', () => {
    fc.assert(
      fc.property(someIdentifiers, (row) => {
        expect(outcomes(row)).toEqual(rules.map((rule) => slowTokens(publishedTerms, rule, row)));
      }),
    );
  });

  it('tells apart values that read the same when written one after the other', () => {
    const row = (first: string, last: string) => ({ ...nothingKnown, first, last, birth_date: '2014-09-03' });
    const [, one] = outcomes(row('ANA', 'MARIA'));
    const [, other] = outcomes(row('ANAM', 'ARIA'));
    expect(one).toHaveProperty('tokens');
    expect(one).not.toEqual(other);
  });

  it('gives no two rules the same token', () => {
    fc.assert(
      fc.property(someIdentifiers, (row) => {
        const made = outcomes(row).flatMap((outcome) => ('tokens' in outcome ? outcome.tokens : []));
        expect(new Set(made).size).toBe(made.length);
      }),
    );
  });
});
