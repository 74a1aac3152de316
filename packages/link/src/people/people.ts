import { type KeyedIds, type Session, type Sql, sql } from '@throughline/engine';
import { issueIds, keepChanges } from './issue.js';
import {
  earlierHistory,
  earlierNumbers,
  idsIssued,
  knownPeople,
  makeUnsettled,
  type PreviousPeople,
  readHeritage,
} from './previous.js';
import { type Succession, succeed } from './succession.js';

export type Indexing = {
  readonly session: Session;
  readonly previous: PreviousPeople;
  /** What was found of all records. */
  readonly records: Sql;
  /**
   * Where tonight only some records were decided, and last night's index is of the night that they are compared with: the
   * records that are decided, and `anew`, those and last night's whose place they take.
   */
  readonly some: { readonly records: Sql; readonly anew: Sql } | undefined;
  /** The keyed counter: the id of the person issued under a number. */
  readonly idOf: KeyedIds;
};

/**
 * Carries the people index over from last night; reads table `withdrawn`. Where only some were decided, a person of none
 * of them has the records that it had, and keeps its number. Makes tables `placed_anew` (the records whose persons are
 * looked at), `numbered` (each person looked at, by its first record, and its number), `issued` (their ids, by number) and
 * `changes`.
 *
 * @returns how many ids were issued so far.
 */
export async function carryOver({ session, previous, records, some, idOf }: Indexing): Promise<number> {
  await session.make('placed anew', 'placed_anew', sql`SELECT * FROM ${some?.records ?? records}`);
  const known = knownPeople(previous, some?.anew);
  await session.make('issued', 'issued', idsIssued(previous, some === undefined ? undefined : known));
  await session.make('earlier', 'earlier', earlierNumbers(known));
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
 * Rows of table `people` of the artifact, of the records whose persons were looked at. `basis`: `single`, a record alone; `exact`, joined by exact links alone to more
 * than half of the records of its person; `probable`, all others. So a record that only a probable link ties to the
 * body of its person says so, and where there is no such body all do.
 */
export const peopleRows = (): Sql =>
  sql`SELECT record_id, person_id, partner, space,
        CASE WHEN together = 1 THEN 'single' WHEN 2 * surely > together THEN 'exact' ELSE 'probable' END AS basis
      FROM placed_anew
      JOIN (SELECT person, count(*) AS together FROM placed_anew GROUP BY person) USING (person)
      JOIN (SELECT exact, count(*) AS surely FROM placed_anew GROUP BY exact) USING (exact)
      JOIN numbered USING (person) JOIN issued USING (number)`;

/** What has changed tonight, as table `history` of the artifact has it after what was before. */
export const eventRows = (previous: PreviousPeople): Sql =>
  sql`SELECT place + (SELECT coalesce(max(sequence), 0) FROM ${earlierHistory(previous)}) AS sequence, one.person_id, change, reason,
        other.person_id AS other_person_id
      FROM changes JOIN issued one USING (number) LEFT JOIN issued other ON other.number = changes.other`;

/** Table `history` of the artifact. */
export const historyRows = (previous: PreviousPeople): Sql =>
  sql`SELECT sequence, person_id, change, reason, other_person_id FROM ${earlierHistory(previous)}
      UNION ALL ${eventRows(previous)}`;

/** Table `counter` of the artifact. */
export const counterRow = (issued: number): Sql => sql`SELECT ${issued}::BIGINT AS issued`;
