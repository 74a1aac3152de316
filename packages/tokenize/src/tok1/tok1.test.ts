import { bytesToHex } from '@noble/hashes/utils.js';
import { slotParts, type TokenPart, type TokenRule } from '@throughline/agreement';
import { secondCheckValue, secondKeys, secondPart, secondTokens } from '@throughline/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identifierNames, SEPARATOR } from '../emit/identifiers.js';
import { someIdentifiers } from '../fixture/identifiers.fixture.js';
import { publishedRoot, publishedTerms, publishedVectors } from '../fixture/vectors.fixture.js';
import { deriveKeys } from '../keys/derive.js';
import { type Identifiers, nothingKnown, partOf } from './parts.js';
import { recordTokens } from './record-tokens.js';
import { type Tokenizer, tok1 } from './tok1.js';

const { rules } = publishedVectors;

/** What one rule gives for one record. */
type Outcome = { readonly tokens: readonly string[] } | { readonly missing: TokenPart };

const { id, linkage } = publishedTerms;
const second = secondKeys(publishedRoot, id, linkage);

/** What the second implementation gives. */
function secondOutcome(rule: TokenRule, row: Identifiers): Outcome {
  const given = { ...row };
  const missing = rule.parts.find((part) => secondPart(part, given).length === 0);
  return missing === undefined ? { tokens: secondTokens(second, rule, given) } : { missing };
}

const tokenizer = tok1(rules, deriveKeys(publishedRoot, publishedTerms));

const outcomes = (row: Identifiers): Outcome[] => outcomesOf(tokenizer, rules, row);

/** One outcome a rule, in the order of the rules. */
function outcomesOf(tokenizer: Tokenizer, rules: readonly TokenRule[], row: Identifiers): Outcome[] {
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

  it.each(publishedVectors.records)('is what the second implementation publishes too: $note', ({
    identifiers,
    tokens,
  }) => {
    const made = rules.map((rule) => [rule.name, secondOutcome(rule, identifiers)] as const);
    expect(Object.fromEntries(made)).toEqual(tokens);
    expect(secondCheckValue(second)).toBe(publishedVectors.derived.check);
  });

  it('agrees with the second implementation on random identifiers', () => {
    fc.assert(
      fc.property(someIdentifiers, (row) => {
        expect(outcomes(row)).toEqual(rules.map((rule) => secondOutcome(rule, row)));
      }),
    );
  });

  it('makes every part as the second implementation does', () => {
    const all = slotParts.map(
      (part): TokenRule => ({ name: 'all', parts: [part, 'last_part'], basis: 'weak' }),
    );
    const each = all.map((rule, place) => ({ ...rule, name: `part_${place}` }));
    const ours = tok1(each, deriveKeys(publishedRoot, publishedTerms));
    fc.assert(
      fc.property(someIdentifiers, (row) => {
        expect(outcomesOf(ours, each, row)).toEqual(each.map((rule) => secondOutcome(rule, row)));
      }),
      { numRuns: 40 },
    );
    ours.erase();
  });

  it('gives the tokens of joined identifiers, of many records in their order', () => {
    const keys = deriveKeys(publishedRoot, publishedTerms);
    const [whole, apart] = [recordTokens(rules, keys), recordTokens(rules, keys)];
    const plain = (row: Identifiers) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [name, value?.replaceAll(SEPARATOR, '')]),
      );
    fc.assert(
      fc.property(fc.array(someIdentifiers, { maxLength: 5 }), (given) => {
        const rows = given.map((row) => ({ ...nothingKnown, ...plain(row) }));
        const ends = rows.map((row) =>
          whole.take(identifierNames.map((name) => row[name] ?? '').join(SEPARATOR)),
        );
        const each = rows.map((row) => {
          apart.take(row);
          return apart.entries();
        });
        expect(Buffer.from(whole.entries())).toEqual(Buffer.concat(each));
        expect(ends.map((end, at) => end - (ends[at - 1] ?? 0))).toEqual(each.map(({ length }) => length));
      }),
      { numRuns: 50 },
    );
    expect(() => whole.take('ANA')).toThrow(RangeError);
    expect(() => whole.take(SEPARATOR.repeat(30_000))).toThrow(RangeError);
  });

  it('has room for more tokens than are handed over at once', () => {
    const tokens = recordTokens(rules, deriveKeys(publishedRoot, publishedTerms));
    const row = { ...nothingKnown, first: 'ANA', last: 'VEGA', birth_date: '2014-09-03' };
    const one = tokens.take(row);
    const first = Buffer.from(tokens.entries());
    const records = Math.ceil((3 * 65_536 * 17) / one);
    for (let record = 0; record < records; record += 1) tokens.take(row);
    const all = Buffer.from(tokens.entries());
    expect(all.length).toBe(records * one);
    for (const record of [0, records >> 1, records - 1]) {
      expect(all.subarray(record * one, (record + 1) * one)).toEqual(first);
    }
  });

  it('shares a token of a rule exactly where all its components are the same', () => {
    const components = (rule: TokenRule, row: Identifiers): string[] =>
      rule.parts.reduce<string[]>(
        (begun, part) =>
          begun.flatMap((start) => partOf(part, row).map((values) => JSON.stringify([start, ...values]))),
        [''],
      );
    const column = fc.constantFrom(...Object.keys(nothingKnown)) as fc.Arbitrary<keyof Identifiers>;
    fc.assert(
      fc.property(someIdentifiers, someIdentifiers, fc.array(column), (row, other, changed) => {
        const mixed = { ...row, ...Object.fromEntries(changed.map((name) => [name, other[name]])) };
        const [one, two] = [outcomes(row), outcomes(mixed)];
        for (const [place, rule] of rules.entries()) {
          const tokens = [one[place], two[place]].map((outcome) =>
            outcome !== undefined && 'tokens' in outcome ? outcome.tokens : [],
          );
          const shared = new Set((tokens[0] ?? []).filter((token) => tokens[1]?.includes(token)));
          const same = new Set(
            components(rule, row).filter((each) => components(rule, mixed).includes(each)),
          );
          expect(shared.size, rule.name).toBe(same.size);
        }
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

  it('gives no token of another agreement, epoch or root', () => {
    const others = [
      deriveKeys(publishedRoot, { ...publishedTerms, id: 'emou-other' }),
      deriveKeys(publishedRoot, { ...publishedTerms, linkage: { ...linkage, epoch: '2026-2' } }),
      deriveKeys(publishedRoot.toReversed(), publishedTerms),
    ].map((keys) => tok1(rules, keys));
    const made = (by: Tokenizer, row: Identifiers) =>
      outcomesOf(by, rules, row).flatMap((outcome) => ('tokens' in outcome ? outcome.tokens : []));
    fc.assert(
      fc.property(someIdentifiers, (row) => {
        const all = [tokenizer, ...others].flatMap((each) => made(each, row));
        expect(new Set(all).size).toBe(all.length);
        expect(all.length).toBe(4 * made(tokenizer, row).length);
      }),
      { numRuns: 50 },
    );
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
