import { type KeyedIds, type ReadArtifact, type Session, type Sql, sql } from '@throughline/engine';
import { NO_INTEGERS, readIntegers } from '../columns/integers.js';
import { issueIds, keepChanges } from '../people/issue.js';
import { type Change, type Heritage, type Succession, succeed } from '../people/succession.js';

/** The household index of last night. */
export type PreviousHouseholds = Pick<ReadArtifact<'households'>, 'table'> | undefined;

export type Carrying = {
  readonly session: Session;
  readonly previous: PreviousHouseholds;
  /** Table `tombstones` of the people index of tonight. */
  readonly withdrawn: Sql;
  /** The keyed counter: the id of the household issued under a number. */
  readonly idOf: KeyedIds;
};

/**
 * Carries the household index over from last night as the people index is: a household keeps the id of that of last night
 * from which most of its members come. Reads `residents` and `placed` (place, household: the first person of each). Makes
 * `settled_members` (person_id, number), `earlier_members`, `issued_homes`, `home_changes` and `gone` (persons withdrawn).
 *
 * @returns how many ids were issued so far.
 */
export async function carryHouseholds({ session, previous, withdrawn, idOf }: Carrying): Promise<number> {
  const issued = await issuedBefore(session, previous);
  await session.make('earlier history', 'home_history', earlierHistory(previous));
  await session.make('issued', 'issued_homes', issuedHomes());
  await session.make('earlier', 'earlier_members', earlierMembers(previous));
  await session.make(
    'gone',
    'gone',
    sql`SELECT DISTINCT person_id FROM ${withdrawn} ANTI JOIN residents USING (person_id)`,
  );
  const heritage = await readHeritage(session, issued);
  const succession = succeed(heritage);
  await keepNumbers(session, heritage.persons, succession);
  await issueIds({ session, idOf, from: issued, to: succession.issued }, sql`issued_homes`);
  const told = succession.changes.map((each) => ({
    ...each,
    change: WORDS[each.change],
    reason: WORDS[each.reason],
  }));
  await keepChanges(session, 'home_changes', told);
  return succession.issued;
}

async function issuedBefore(session: Session, previous: PreviousHouseholds): Promise<number> {
  if (previous === undefined) return 0;
  const [row = {}] = await session.rows('counter', sql`SELECT * FROM ${previous.table('counter')}`);
  return Number(row['issued']);
}

const earlierHistory = (previous: PreviousHouseholds): Sql =>
  previous === undefined
    ? sql`SELECT 0::BIGINT AS sequence, NULL::UUID AS household_id, '' AS change, '' AS reason, NULL::UUID AS person_id,
          NULL::UUID AS other_household_id WHERE false`
    : sql`SELECT * FROM ${previous.table('history')}`;

/** The households that the history names, in the order in which they were issued; of an index that was emptied not all. */
const issuedHomes = (): Sql =>
  sql`SELECT CAST(row_number() OVER (ORDER BY sequence) AS INTEGER) AS number, household_id
      FROM home_history WHERE change = 'formed'`;

const earlierMembers = (previous: PreviousHouseholds): Sql =>
  previous === undefined
    ? sql`SELECT NULL::UUID AS person_id, 0::INTEGER AS number WHERE false`
    : sql`SELECT person_id, number FROM ${previous.table('members')} JOIN issued_homes USING (household_id)`;

async function readHeritage(session: Session, issued: number): Promise<Heritage> {
  const integers = (step: string, select: Sql) => readIntegers(session, { step, select });
  const [persons = NO_INTEGERS] = await integers(
    'tonight',
    sql`SELECT DISTINCT household FROM placed ORDER BY household`,
  );
  const [person = NO_INTEGERS, earlier = NO_INTEGERS, records = NO_INTEGERS] = await integers(
    'claims',
    sql`SELECT household, number, CAST(count(*) AS INTEGER) FROM placed JOIN residents USING (place)
        JOIN earlier_members USING (person_id) GROUP BY household, number ORDER BY household, number`,
  );
  const [living = NO_INTEGERS] = await integers(
    'last night',
    sql`SELECT DISTINCT number FROM earlier_members ORDER BY number`,
  );
  const [withdrawn = NO_INTEGERS] = await integers(
    'withdrawn last night',
    sql`SELECT DISTINCT number FROM earlier_members SEMI JOIN gone USING (person_id) ORDER BY number`,
  );
  return { persons, claims: { person, earlier, records }, living, withdrawn, issued };
}

async function keepNumbers(session: Session, households: Int32Array, { numbers }: Succession): Promise<void> {
  const schema = { household: 'INTEGER', number: 'INTEGER' } as const;
  await session.append('numbered', { name: 'numbered_homes', schema }, [[households, numbers]]);
  await session.make(
    'members',
    'settled_members',
    sql`SELECT person_id, number FROM placed JOIN residents USING (place) JOIN numbered_homes USING (household)`,
  );
}

const WORDS = {
  new: 'formed',
  split: 'split',
  merged: 'merged',
  retired: 'retired',
  'first-seen': 'first-seen',
  parted: 'parted',
  'records-parted': 'members-parted',
  'records-joined': 'members-joined',
  'no-records': 'no-members',
  withdrawn: 'withdrawn',
} as const satisfies Record<Change['change'] | Change['reason'], string>;
