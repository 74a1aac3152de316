import { safeName, ThroughlineError } from '@throughline/core';
import type { ReadArtifact, Session } from '@throughline/engine';
import { z } from 'zod';
import { recordsNumbered, requireSoundRecords, type Space, spacesListed } from './records.js';

/** The kinds of record of an owner, as every stage that reads identifiers is told them. */
export const spacesConfig = z
  .array(
    z.strictObject({
      space: z.string().min(1).max(200).describe('a kind of record, as the field manifest names it'),
      duplicate_free: z.boolean().describe('whether a person has at most one record of this kind'),
    }),
  )
  .min(1)
  .refine((spaces) => new Set(spaces.map(({ space }) => space)).size === spaces.length, {
    error: 'a space is listed once',
  });

type Owned = {
  readonly session: Session;
  readonly inputs: readonly ReadArtifact<'identifiers'>[];
  readonly of: string;
  readonly spaces: readonly Space[];
  /** What another system has encoded of the same owner's records. */
  readonly interop?: ReadArtifact<'interop'> | undefined;
  /** The owner's canaries. */
  readonly planted?: readonly ReadArtifact<'planted'>[];
};

/**
 * Makes the tables `spaces` and `numbered`.
 *
 * @returns how many records there are.
 * @throws ThroughlineError as `ownIdentifiers` and `requireSoundRecords`.
 */
export async function numberOwnRecords(owned: Owned): Promise<number> {
  const { session, inputs, of, spaces, interop, planted = [] } = owned;
  await session.make('spaces', 'spaces', spacesListed(spaces));
  const records = await session.make(
    'records',
    'numbered',
    recordsNumbered({ identifiers: ownIdentifiers(inputs, of), planted: ownPlanted(planted, of), interop }),
  );
  await requireSoundRecords(session);
  return records;
}

/** @throws ThroughlineError ARTIFACT_MISSING */
function ownPlanted(
  planted: readonly ReadArtifact<'planted'>[],
  of: string,
): ReadArtifact<'planted'> | undefined {
  const [own, ...others] = planted;
  if (own === undefined || (own.of === of && others.length === 0)) return own;
  throw new ThroughlineError('ARTIFACT_MISSING', { kind: safeName('planted'), of: safeName(of) });
}

/** Whoever holds the key reads its own records only. @throws ThroughlineError ARTIFACT_MISSING */
export function ownIdentifiers(
  inputs: readonly ReadArtifact<'identifiers'>[],
  of: string,
): ReadArtifact<'identifiers'> {
  const [own, ...others] = inputs;
  if (own === undefined || own.of !== of || others.length > 0) {
    throw new ThroughlineError('ARTIFACT_MISSING', { kind: safeName('identifiers'), of: safeName(of) });
  }
  return own;
}
