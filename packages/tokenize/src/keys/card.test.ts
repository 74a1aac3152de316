import { describe, expect, it } from 'vitest';
import { publishedRoot as root, publishedTerms as terms } from '../fixture/vectors.fixture.js';
import { keyCard, keyCardSchema, requireFreshRoot, requireKey } from './card.js';

const card = keyCard(root, terms);
const otherRoot = root.map((byte) => byte ^ 1);
const at = (epoch: string) => ({ ...terms, linkage: { ...terms.linkage, epoch } });

describe('keyCard', () => {
  it('is a valid card', () => {
    expect(keyCardSchema.parse(card)).toEqual(card);
  });
});

describe('requireKey', () => {
  it('takes the key of the card', () => {
    expect(() => requireKey({ root, terms, card })).not.toThrow();
  });

  it.each([
    ['another root', { root: otherRoot, terms, card }],
    ['the next epoch', { root, terms: at('2026-2'), card }],
    ['another agreement', { root, terms: { ...terms, id: 'emou-other' }, card }],
    [
      'other rules',
      { root, terms: { ...terms, linkage: { ...terms.linkage, rules: terms.linkage.rules.slice(1) } }, card },
    ],
    ['a card with another check value', { root, terms, card: { ...card, check: '0'.repeat(16) } }],
    ['a card of another root', { root, terms, card: { ...card, root_id: '0'.repeat(16) } }],
  ])('refuses %s', (_, question) => {
    expect(() => requireKey(question)).toThrow(
      expect.objectContaining({ code: 'KEY_MISMATCH', exitCode: 12 }),
    );
  });

  it('does not repeat what it compares', () => {
    const refused = () => requireKey({ root: otherRoot, terms, card });
    expect(refused).not.toThrow(new RegExp(card.root_id));
    expect(refused).not.toThrow(new RegExp(keyCard(otherRoot, terms).root_id));
  });
});

describe('requireFreshRoot', () => {
  it('takes a root that serves nobody else', () => {
    const others = [card, keyCard(otherRoot, at('2026-2'))];
    expect(() => requireFreshRoot(card, others)).not.toThrow();
  });

  it.each([
    ['epoch', at('2026-2')],
    ['agreement', { ...terms, id: 'emou-other' }],
  ])('refuses a root that serves another %s', (_, elsewhere) => {
    const refused = () => requireFreshRoot(card, [keyCard(otherRoot, terms), keyCard(root, elsewhere)]);
    expect(refused).toThrow(expect.objectContaining({ code: 'KEY_REUSED', exitCode: 12 }));
  });
});
