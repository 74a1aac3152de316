import { ident, type Session, sql, sqlJoin } from '@throughline/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { md5 } from '../fixture/children.fixture.js';
import { scratchSession } from '../fixture/session.fixture.js';
import { type Pass, passesOf } from '../passes/passes.js';
import { heldName, heldTokens, lookalikes } from './candidates.js';

let session: Session;
let end: () => Promise<void>;
beforeEach(async () => {
  ({ session, end } = await scratchSession());
});
afterEach(() => end());

const passesOn = (
  ...parts: ['first' | 'first.soundex' | 'first.3', 'phone' | 'birth_date']
): readonly Pass[] => passesOf([{ name: 'rule_of_test', parts, basis: 'probable' }]);

/** One record: the token it holds, its source, how many records a person can have there, and its person. */
type Row = readonly [token: string, source: number, capacity: number, person: number];

async function made(passes: readonly Pass[], rows: readonly Row[]): Promise<void> {
  const values = rows.map(
    ([token, source, capacity, person], record) =>
      sql`(${md5(token)}, ${record}, ${source}, ${capacity}, ${person})`,
  );
  const listed = sql`(VALUES ${sqlJoin(values)}) AS listed(token, record, source, capacity, person)`;
  await session.make(
    'shared',
    'shared_0',
    sql`SELECT token::UUID AS token, record::INTEGER AS record, source::INTEGER AS source,
          capacity::INTEGER AS capacity, true AS telling FROM ${listed}`,
  );
  await session.make(
    'persons',
    'exact_persons',
    sql`SELECT record::INTEGER AS record, person::INTEGER AS person FROM ${listed}`,
  );
  for (const pass of passes) await session.make('held', heldName(pass), heldTokens(pass));
}

async function clear(passes: readonly Pass[], rows: readonly Row[]): Promise<unknown[]> {
  await made(passes, rows);
  const found = await session.rows(
    'clear',
    sql`SELECT DISTINCT clear FROM ${ident('held_0')} ORDER BY clear`,
  );
  return found.map((row) => row['clear']);
}

describe('heldTokens', () => {
  const oneEach: Row[] = [
    ['t', 0, 1, 0],
    ['t', 1, 8, 1],
  ];
  const twoInOneSource: Row[] = [
    ['t', 0, 1, 0],
    ['t', 1, 8, 1],
    ['t', 1, 8, 2],
  ];
  const onePersonTwice: Row[] = [
    ['t', 0, 1, 0],
    ['t', 1, 8, 1],
    ['t', 1, 8, 1],
  ];

  it.each<[string, readonly Pass[], Row[], unknown[]]>([
    ['one person a source, whole name', passesOn('first', 'phone'), oneEach, [true]],
    ['one person a source, part of it', passesOn('first.3', 'phone'), oneEach, [true]],
    ['two persons of one source, whole name', passesOn('first', 'phone'), twoInOneSource, [true]],
    ['two persons of one source, part of it', passesOn('first.3', 'phone'), twoInOneSource, [false]],
    ['duplicates of one person, part of it', passesOn('first.3', 'phone'), onePersonTwice, [true]],
    [
      'one person alone',
      passesOn('first', 'phone'),
      [
        ['t', 0, 1, 0],
        ['t', 1, 8, 0],
      ],
      [],
    ],
  ])('judges a token of %s', async (_, passes, rows, expected) => {
    expect(await clear(passes, rows)).toEqual(expected);
  });
});

describe('lookalikes', () => {
  it('are all who hold what two persons of one source hold, wherever they are', async () => {
    const passes = passesOn('first.soundex', 'birth_date');
    await made(passes, [
      ['twins', 0, 8, 0],
      ['twins', 0, 8, 1],
      ['twins', 1, 1, 2],
      ['single', 0, 8, 3],
      ['single', 1, 1, 4],
    ]);
    const found = await session.rows('look-alikes', lookalikes(passes));
    expect(found.map((row) => row['person'])).toEqual([0, 1, 2]);
  });

  it('are not marked by a token without the birth date', async () => {
    const passes = passesOn('first.soundex', 'phone');
    await made(passes, [
      ['siblings', 0, 8, 0],
      ['siblings', 0, 8, 1],
      ['siblings', 1, 1, 2],
    ]);
    expect(await session.rows('look-alikes', lookalikes(passes))).toEqual([]);
  });
});
