import type { Session, Sql } from '@throughline/engine';
import { type Carrying, carryHouseholds } from './carry.js';
import { type Evidence, makeEvidence, readKnown } from './evidence.js';
import { type Formed, formHouseholds } from './form.js';
import { homeCounterRow, homeHistoryRows, homeTombstoneRows, memberRows, standingRows } from './rows.js';

/** Runs one named step. */
type Step = <Result>(name: string, work: () => Promise<Result>) => Promise<Result>;

export type Settled = { readonly formed: Formed; readonly tables: Readonly<Record<HouseholdTable, Sql>> };
type HouseholdTable = 'members' | 'history' | 'counter' | 'tombstones' | 'standing';

/**
 * Decides the households of a night and carries the index over. All of it each night: it is a few joins of tokens that
 * few persons share, and what stands on nothing kept equals a rebuild. @returns the tables of the artifact.
 */
export async function settleHouseholds(
  { evidence, ...carrying }: Carrying & { readonly evidence: Evidence },
  step: Step,
): Promise<Settled> {
  const { session, previous } = carrying;
  await step('evidence', () => makeEvidence(session, evidence));
  const formed = await step('form', async () =>
    formHouseholds(await readKnown(session), evidence.mostChildren),
  );
  await step('members', () => keepFormed(session, formed));
  const issued = await step('ids', () => carryHouseholds(carrying));
  return {
    formed,
    tables: {
      standing: standingRows(),
      tombstones: homeTombstoneRows(previous),
      history: homeHistoryRows(),
      counter: homeCounterRow(issued),
      members: memberRows(),
    },
  };
}

/** Makes `placed` (place, household) and `crowds` (place). @returns how many persons are in a household. */
async function keepFormed(session: Session, { households, crowd }: Formed): Promise<number> {
  const crowds = { name: 'crowds', schema: { place: 'INTEGER' } } as const;
  await session.append('crowds', crowds, [[Int32Array.from(crowd)]]);
  const placed = { name: 'placed', schema: { place: 'INTEGER', household: 'INTEGER' } } as const;
  return session.append('members', placed, [
    [Int32Array.from(households.keys()), Int32Array.from(households.values())],
  ]);
}
