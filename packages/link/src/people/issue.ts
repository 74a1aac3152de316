import { type KeyedIds, type Session, type Sql, sql } from '@throughline/engine';
import type { Change } from './succession.js';

export type Issuing = {
  readonly session: Session;
  readonly idOf: KeyedIds;
  readonly from: number;
  readonly to: number;
};

/** Ids of a keyed counter for the numbers after `from`, up to `to`, put into a table of number and id. */
export async function issueIds({ session, idOf, from, to }: Issuing, issued: Sql): Promise<void> {
  const numbers = Array.from({ length: to - from }, (_, index) => from + index + 1);
  const schema = { number: 'INTEGER', id: 'UUID' } as const;
  const ids = numbers.map((number) => idOf(String(number)));
  await session.append('issue ids', { name: 'issued_tonight', schema }, [[numbers, ids]]);
  await session.run('issue ids', sql`INSERT INTO ${issued} SELECT number, id FROM issued_tonight`);
}

type Told = Pick<Change, 'number' | 'other'> & { readonly change: string; readonly reason: string };

/** Makes a table of changes, each with its place in their order, from 1 on. */
export async function keepChanges(session: Session, name: string, changes: readonly Told[]): Promise<void> {
  const schema = {
    place: 'INTEGER',
    change: 'VARCHAR',
    reason: 'VARCHAR',
    number: 'INTEGER',
    other: 'INTEGER?',
  } as const;
  await session.append('changes', { name, schema }, [
    [
      changes.map((_, index) => index + 1),
      changes.map(({ change }) => change),
      changes.map(({ reason }) => reason),
      changes.map(({ number }) => number),
      changes.map(({ other }) => other ?? null),
    ],
  ]);
}
