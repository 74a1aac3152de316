import { type KeyedIds, type Session, type Sql, sql } from '@throughline/engine';
import { issueIds, keepChanges } from './issue.js';
import {
  earlierHistory,
  earlierNumbers,
  idsIssued,
  makeUnsettled,
  type PreviousPeople,
  readHeritage,
  standingPeople,
} from './previous.js';
import { type Succession, succeed } from './succession.js';

export type Indexing = {
  readonly session: Session;
  readonly previous: PreviousPeople;
  /** Whether tonight only the records of table `asked` were decided, and last night's index is of the night that they are compared with. */
  readonly someOnly: boolean;
  /** The keyed counter: the id of the person issued under a number. */
  readonly idOf: KeyedIds;
};

/**
 * Carries the people index over from last night; reads tables `kept_records` and `withdrawn`, and `asked` and `replaced`
 * where only some were decided: a person whose component was not has the records that it had, and keeps its number. Makes
 * tables `history` (as it was), `placed_anew` (the records whose persons are looked at), `standing` (rows of last night
 * that stand), `numbered` (each person looked at, by its first record, and its number), `issued` (every id and its
 * number) and `changes`.
 *
 * @returns how many ids were issued so far.
 */
export async function carryOver({ session, previous, idOf, someOnly }: Indexing): Promise<number> {
  const some = someOnly ? previous : undefined;
  await session.make('history', 'history', earlierHistory(previous));
  await session.make('issued', 'issued', idsIssued());
  await session.make('standing', 'standing', standingPeople(some));
  await session.make(
    'placed anew',
    'placed_anew',
    sql`SELECT * FROM kept_records ${some === undefined ? sql`` : sql`SEMI JOIN asked USING (record_id)`}`,
  );
  await session.make('earlier', 'earlier', earlierNumbers(previous));
  await makeUnsettled(session);
  const heritage = await readHeritage(session, previous);
  const succession = succeed(heritage);
  await keepNumbers(session, heritage.persons, succession);
  await issueIds({ session, idOf, from: heritage.issued, to: succession.issued }, sql`issued`);
  await keepChanges(session, 'changes', succession.changes);
  return succession.issued;
}

/** Table `numbered`: the number of every person; of one that is settled it is that of last night. */
async function keepNumbers(session: Session, persons: Int32Array, { numbers }: Succession): Promise<void> {
  const schema = { place: 'INTEGER', number: 'INTEGER' } as const;
  await session.append('numbered', { name: 'numbered_anew', schema }, [[persons, numbers]]);
  await session.make(
    'numbered',
    'numbered',
    sql`SELECT person, number FROM numbered_anew JOIN unsettled USING (place)
        UNION ALL SELECT person, number FROM settled`,
  );
}

/**
 * Table `people` of the artifact. `basis`: `single`, a record alone; `exact`, joined by exact links alone to more
 * than half of the records of its person; `probable`, all others. So a record that only a probable link ties to the
 * body of its person says so, and where there is no such body all do.
 */
export const peopleRows = (): Sql =>
  sql`SELECT record_id, person_id, partner, space,
        CASE WHEN together = 1 THEN 'single' WHEN 2 * surely > together THEN 'exact' ELSE 'probable' END AS basis
      FROM placed_anew
      JOIN (SELECT person, count(*) AS together FROM placed_anew GROUP BY person) USING (person)
      JOIN (SELECT exact, count(*) AS surely FROM placed_anew GROUP BY exact) USING (exact)
      JOIN numbered USING (person) JOIN issued USING (number)
      UNION ALL SELECT * FROM standing`;

/** Table `history` of the artifact: what was, and what has changed tonight. */
export const historyRows = (): Sql =>
  sql`SELECT sequence, person_id, change, reason, other_person_id FROM history
      UNION ALL
      SELECT place + (SELECT coalesce(max(sequence), 0) FROM history) AS sequence, one.person_id, change, reason,
        other.person_id AS other_person_id
      FROM changes JOIN issued one USING (number) LEFT JOIN issued other ON other.number = changes.other`;

/** Table `counter` of the artifact. */
export const counterRow = (issued: number): Sql => sql`SELECT ${issued}::BIGINT AS issued`;
