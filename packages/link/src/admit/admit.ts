import {
  type DocumentSet,
  type Emou,
  type Filed,
  linkingRules,
  OWN_DUPLICATES,
  type TokenRule,
  termsOf,
} from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { type GoverningDocument, type ReadArtifact, type Sql, sql } from '@throughline/engine';

export type Delivery = ReadArtifact<'tokens'>;

/** What a delivery is known to have; an owner's own lacks what receiving it adds. */
export type Listing = { readonly manifest?: { readonly tables: readonly { readonly name: string }[] } };

/** What linking reads of a delivery: whose it is, and its tables. */
export type TokenTables = Pick<Delivery, 'of' | 'table'> & Listing;
export const hasTable = ({ manifest }: Listing, table: string): boolean =>
  manifest?.tables.some(({ name }) => name === table) === true;

/**
 * A delivery that tells which of the owner's records are one person, with that as one more rule: a token that such
 * records share is the least of their record ids. Receiving has made sure that it is one of the owner's own, so that no
 * two owners share one.
 */
export function withOwnersWord(delivery: TokenTables): TokenTables {
  if (!hasTable(delivery, 'own_duplicates')) return delivery;
  const tokens = ownersWordAmong(delivery.table('tokens'), delivery.table('own_duplicates'));
  return { ...delivery, table: (name) => (name === 'tokens' ? sql`(${tokens})` : delivery.table(name)) };
}

/** Tokens, and those of the owner's word. */
export const ownersWordAmong = (tokens: Sql, duplicates: Sql): Sql =>
  sql`SELECT rule, token, record_id FROM ${tokens}
      UNION ALL SELECT ${OWN_DUPLICATES} AS rule, person AS token, record_id FROM ${duplicates}`;

type Party = { readonly partners: readonly string[]; readonly day: string };

/**
 * The memorandum and every partner's agreement, all in force and permitting linkage.
 *
 * @throws ThroughlineError as `termsOf`.
 */
export function linkageTerms(documents: DocumentSet, { partners, day }: Party): readonly GoverningDocument[] {
  const terms = partners.map((partner) => termsOf(documents, partner, { day, use: 'linkage' }));
  const emous = new Map(terms.map(({ emou }) => [emou.document.id, emou]));
  return [...emous.values(), ...terms.map(({ dsa }) => dsa)];
}

/** The memorandum of the first partner; that it is everybody's is what `requireOneKey` holds. */
export function memorandumOf(documents: DocumentSet, { partners, day }: Party): Filed<Emou> {
  return termsOf(documents, partners[0] ?? '', { day, use: 'linkage' }).emou;
}

/**
 * The deliveries of exactly the partners asked for, in the order of their names.
 *
 * @throws ThroughlineError ARTIFACT_MISSING (with the partner's name) where one is missing, doubled or not asked for.
 */
export function requireDeliveries(
  deliveries: readonly Delivery[],
  partners: readonly string[],
): readonly Delivery[] {
  const names = [...deliveries.map(({ of }) => of), ...partners];
  for (const name of names) {
    const count = deliveries.filter(({ of }) => of === name).length;
    if (count !== 1 || !partners.includes(name)) {
      throw new ThroughlineError('ARTIFACT_MISSING', { kind: safeName('tokens'), of: safeName(name), count });
    }
  }
  return deliveries.toSorted((one, other) => (one.of < other.of ? -1 : 1));
}

/**
 * All tokens must come from one key, and that the one of this memorandum and epoch: tokens of two keys never meet,
 * and a night without matches would look like a city of strangers.
 *
 * @throws ThroughlineError KEY_MISMATCH with the partner's name.
 */
export function requireOneKey(deliveries: readonly Delivery[], { id, linkage }: Emou): void {
  const value = deliveries[0]?.manifest.producedBy.keyCheck?.value;
  for (const { of, manifest } of deliveries) {
    const check = manifest.producedBy.keyCheck;
    if (check?.agreement === id && check.epoch === linkage.epoch && check.value === value) continue;
    throw new ThroughlineError('KEY_MISMATCH', { of: safeName(of), document: safeName(id) });
  }
}

/**
 * The pipeline says which rules it counts on; the memorandum says which were signed.
 *
 * @throws ThroughlineError CONFIG_INVALID
 */
export function requireSignedRules(
  rules: readonly Pick<TokenRule, 'name' | 'basis'>[],
  { document, file }: Filed<Emou>,
): void {
  const signed = linkingRules(document.linkage);
  const same = rules.every(({ name, basis }, index) => {
    const rule = signed[index];
    return rule?.name === name && rule.basis === basis;
  });
  if (same && rules.length === signed.length) return;
  throw new ThroughlineError('CONFIG_INVALID', {
    field: safeName('rules'),
    rule: safeName("the memorandum's rules, in its order"),
    file,
  });
}
