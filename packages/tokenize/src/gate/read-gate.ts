import { type EncodingTerms, type Sealing, sealingOf } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { type ReadArtifact, type Session, sql } from '@throughline/engine';
import type { KeyCard } from '../keys/card.js';
import { requireSameKey } from './gate.js';

/** What a partner may seal; no passes where it sends exact tokens only. */
export type Allowed = { readonly sealing: Sealing; readonly decoys: number };

/** The share of pass values that no partner seals for real where presence itself is sensitive. */
const HIGH_RISK_DECOYS = 0.2;

type Asked = {
  readonly session: Session;
  readonly gates: readonly ReadArtifact<'gate'>[];
  readonly of: string;
  readonly encoding: EncodingTerms;
  readonly card: KeyCard;
};

/**
 * What the gate of the epoch allows a partner.
 *
 * @throws ThroughlineError ARTIFACT_MISSING (no gate, or none that knows the partner), KEY_MISMATCH (of another epoch).
 */
export async function allowedTo({ session, gates, of, encoding, card }: Asked): Promise<Allowed> {
  const [gate] = gates;
  if (gate === undefined) throw new ThroughlineError('ARTIFACT_MISSING', { kind: safeName('gate') });
  requireSameKey(gate, card);
  const [decision = {}] = await session.rows('gate', sql`SELECT profile FROM ${gate.table('decision')}`);
  const [own] = await session.rows(
    'gate',
    sql`SELECT seals FROM ${gate.table('partners')} WHERE partner = ${of}`,
  );
  if (own === undefined)
    throw new ThroughlineError('ARTIFACT_MISSING', { kind: safeName('gate'), of: safeName(of) });
  const used = await session.rows('gate', sql`SELECT pass FROM ${gate.table('passes')} WHERE used`);
  const names = new Set(own['seals'] === true ? used.map(({ pass }) => pass) : []);
  const sealing = sealingOf(encoding);
  const profile = decision['profile'];
  return {
    sealing: { ...sealing, passes: sealing.passes.filter(({ name }) => names.has(name)) },
    decoys: profile === 'sealed-high-risk' ? HIGH_RISK_DECOYS : 0,
  };
}
