import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSession, type Session, sql } from '@throughline/engine';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OwnDuplicates } from '../duplicates/told.js';
import { clusterPersons } from './local-persons.js';

/*
 * A school has nobody twice; a library may. Records 0 and 1 are of two pupils, 2 to 5 of the library; an exact rule joins
 * 0 with 2 and 1 with 3.
 */

let folder: string;
let session: Session;
const idOf = (record: number) => `00000000-0000-4000-8000-00000000000${record}`;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'persons-'));
  session = await openSession({ folders: [], spill: join(folder, 'spill'), memory: '200MB', threads: 1 });
  const spaces = { place: 'INTEGER', space: 'VARCHAR', duplicate_free: 'BOOLEAN' } as const;
  await session.append('spaces', { name: 'spaces', schema: spaces }, [
    [
      [0, 1],
      ['school', 'library'],
      [true, false],
    ],
  ]);
  const numbered = { record: 'INTEGER', record_id: 'UUID', space: 'VARCHAR' } as const;
  await session.append('records', { name: 'numbered', schema: numbered }, [
    [
      [0, 1, 2, 3, 4, 5],
      [0, 1, 2, 3, 4, 5].map(idOf),
      ['school', 'school', 'library', 'library', 'library', 'library'],
    ],
  ]);
  const values = { pass: 'INTEGER', record: 'INTEGER', high: 'INTEGER', low: 'INTEGER' } as const;
  await session.append('values', { name: 'pass_values', schema: values }, [
    [Array(4).fill(7), [0, 2, 1, 3], [1, 1, 2, 2], Array(4).fill(0)],
  ]);
});
afterAll(async () => {
  session.close();
  await rm(folder, { recursive: true });
});

/** The person of each record, where the owner holds some to be one with others. */
async function personsIf(told: readonly (readonly number[])[]): Promise<number[]> {
  const rows = told.flatMap((group) => group.map((record) => [idOf(record), idOf(Math.min(...group))]));
  const schema = { record_id: 'UUID', person: 'UUID' } as const;
  await session.append('told', { name: 'told', schema }, [
    [rows.map(([id]) => id ?? null), rows.map(([, person]) => person ?? null)],
  ]);
  const duplicates = { table: () => sql`told` } as unknown as OwnDuplicates;
  await clusterPersons(session, { firstRule: 7, records: 6, duplicates });
  const found = await session.rows('persons', sql`SELECT person FROM persons ORDER BY record`);
  return found.map(({ person }) => Number(person));
}

it('joins whom the owner holds to be one to those whom exact rules join, and never two pupils', async () => {
  expect(await personsIf([])).toEqual([0, 1, 0, 1, 4, 5]);
  expect(await personsIf([[2, 4]])).toEqual([0, 1, 0, 1, 0, 5]);
  expect(await personsIf([[2, 3]])).toEqual([0, 1, 0, 1, 4, 5]);
  expect(
    await personsIf([
      [2, 4],
      [3, 5],
    ]),
  ).toEqual([0, 1, 0, 1, 0, 1]);
  expect(await personsIf([[2, 4, 3]])).toEqual([0, 1, 0, 1, 0, 5]);
});
