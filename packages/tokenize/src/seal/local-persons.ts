import type { SealingPass, SlotPart, TokenRule } from '@throughline/agreement';
import { type Session, type Sql, sql } from '@throughline/engine';
import { type OwnDuplicates, toldPairs } from '../duplicates/told.js';

/**
 * Rules by which an owner recognises its own duplicates: the exact ones of the memorandum. Their values stand behind
 * those of the passes in `pass_values`.
 */
export const duplicateRules = (rules: readonly TokenRule[]): SealingPass[] =>
  rules.flatMap(({ name, basis, parts }) => {
    const whole = parts.filter((part): part is SlotPart => part !== 'last_part');
    return basis === 'exact' && whole.length === parts.length ? [{ name, parts: whole }] : [];
  });

/**
 * Pairs of a first record and another that agree on an exact rule. Where a kind of record in which nobody occurs
 * twice has two of them, they are namesakes and not one person, and nothing is said of any of the group.
 */
const duplicatePairs = (firstRule: number): Sql =>
  sql`WITH claims AS (
        SELECT pass, high, low, record, space, duplicate_free
        FROM pass_values JOIN numbered USING (record) JOIN spaces USING (space)
        WHERE pass >= ${firstRule}::INTEGER
      ),
      spaces_of AS (SELECT pass, high, low, space, min(record) AS first, count(*) AS records, any_value(duplicate_free) AS once FROM claims GROUP BY ALL),
      groups AS (
        SELECT pass, high, low, min(first) AS first FROM spaces_of GROUP BY ALL
        HAVING sum(records) > 1 AND NOT bool_or(once AND records > 1)
      )
      SELECT DISTINCT first, record FROM groups JOIN claims USING (pass, high, low) WHERE first <> record ORDER BY ALL`;

export type Clustering = {
  /** The place behind the passes at which the rules begin. */
  readonly firstRule: number;
  readonly records: number;
  /** Whom the owner holds to be one person, where the memorandum lets it. */
  readonly duplicates: OwnDuplicates | undefined;
};

/**
 * Makes the table `persons`: the local person of every record, named by its first record. First the exact rules join
 * records, then what the owner holds of them: never two of a kind of record in which nobody occurs twice.
 *
 * @returns how many persons there are.
 */
export async function clusterPersons(
  session: Session,
  { firstRule, records, duplicates }: Clustering,
): Promise<number> {
  const leaders = Int32Array.from({ length: records }, (_, record) => record);
  for await (const [first = [], other = []] of session.columns('duplicates', duplicatePairs(firstRule))) {
    for (const [index, record] of first.entries()) join(leaders, Number(record), Number(other[index]));
  }
  if (duplicates !== undefined) await joinTold(session, leaders, duplicates);
  let persons = 0;
  for (let record = 0; record < records; record += 1) {
    leaders[record] = leaderOf(leaders, record);
    if (leaders[record] === record) persons += 1;
  }
  const schema = { record: 'INTEGER', person: 'INTEGER' } as const;
  await session.append('persons', { name: 'persons', schema }, [
    [Array.from({ length: records }, (_, record) => record), Array.from(leaders)],
  ]);
  return persons;
}

async function joinTold(session: Session, leaders: Int32Array, duplicates: OwnDuplicates): Promise<void> {
  const once = await kindsHeldOnce(session, leaders);
  for await (const [first = [], other = []] of session.columns('own duplicates', toldPairs(duplicates))) {
    for (const [index, record] of first.entries()) {
      const [one, two] = [leaderOf(leaders, Number(record)), leaderOf(leaders, Number(other[index]))];
      const [held, more] = [once.get(one) ?? NO_KINDS, once.get(two) ?? NO_KINDS];
      if (one === two || [...more].some((kind) => held.has(kind))) continue;
      join(leaders, one, two);
      once.set(Math.min(one, two), new Set([...held, ...more]));
    }
  }
}

const NO_KINDS: ReadonlySet<number> = new Set();

/** By leader: of which kinds of record, in which nobody occurs twice, its person has one. */
async function kindsHeldOnce(
  session: Session,
  leaders: Int32Array,
): Promise<Map<number, ReadonlySet<number>>> {
  const held = new Map<number, Set<number>>();
  const rows = sql`SELECT record, CAST(place AS INTEGER) AS kind FROM numbered JOIN spaces USING (space) WHERE duplicate_free`;
  for await (const [records = [], kinds = []] of session.columns('kinds held once', rows)) {
    for (const [index, record] of records.entries()) {
      const leader = leaderOf(leaders, Number(record));
      const of = held.get(leader) ?? new Set<number>();
      held.set(leader, of.add(Number(kinds[index])));
    }
  }
  return held;
}

/** The lower leader leads both, so that a person is named by its first record. */
function join(leaders: Int32Array, one: number, other: number): void {
  const [a, b] = [leaderOf(leaders, one), leaderOf(leaders, other)];
  leaders[Math.max(a, b)] = Math.min(a, b);
}

function leaderOf(leaders: Int32Array, record: number): number {
  let leader = record;
  while (leaders[leader] !== leader) {
    leaders[leader] = leaders[leaders[leader] ?? 0] ?? 0;
    leader = leaders[leader] ?? 0;
  }
  return leader;
}
