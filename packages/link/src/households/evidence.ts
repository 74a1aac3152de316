import { type Session, type Sql, sql, sqlJoin } from '@throughline/engine';
import type { TokenTables } from '../admit/admit.js';
import { NO_INTEGERS, readIntegers } from '../columns/integers.js';
import type { Known } from './form.js';

export type Evidence = {
  /** Whose tokens of households are counted. */
  readonly deliveries: readonly TokenTables[];
  readonly rules: readonly string[];
  readonly mostChildren: number;
  /** Table `people` of the people index. */
  readonly people: Sql;
};

/**
 * Table `residents`: every person of tonight by its place, in the order of first records. Record ids stay, whatever
 * person ids become, so that households come out the same from an index that was built anew.
 */
const residents = (people: Sql): Sql =>
  sql`SELECT CAST(row_number() OVER (ORDER BY first) - 1 AS INTEGER) AS place, person_id
      FROM (SELECT person_id, min(record_id) AS first FROM ${people} GROUP BY person_id)`;

/** Table `homes`: who holds which token of a household, in which source. */
const heldTokens = ({ deliveries, rules, people }: Evidence): Sql => {
  const own = deliveries.map(
    ({ of, table }) =>
      sql`SELECT ${of} AS partner, record_id, rule, token FROM ${table('tokens')}
          WHERE rule IN (${sqlJoin(rules.map((rule) => sql`${rule}`))})`,
  );
  return sql`SELECT DISTINCT place, CAST(dense_rank() OVER (ORDER BY partner, space) - 1 AS INTEGER) AS source,
        CAST(dense_rank() OVER (ORDER BY rule) - 1 AS INTEGER) AS rule, rule AS rule_name, token
      FROM (${sqlJoin(own, sql` UNION ALL `)}) JOIN ${people} AS known USING (partner, record_id) JOIN residents USING (person_id)`;
};

/**
 * Table `home_tokens`: every token, numbered, and whether more persons hold it than a household has: a shelter, a
 * school's own telephone, a block.
 */
const homeTokens = (mostChildren: number): Sql =>
  sql`SELECT rule, any_value(rule_name) AS rule_name, token, CAST(row_number() OVER (ORDER BY rule, token) - 1 AS INTEGER) AS number,
        count(DISTINCT place) AS persons, count(DISTINCT place) <= ${mostChildren}::BIGINT AS clear
      FROM homes GROUP BY rule, token`;

/** Table `neighbours`: every two persons who hold a clear token in common. A crowd's token is never joined with itself. */
const neighbours = (): Sql =>
  sql`WITH clear AS (SELECT DISTINCT place, number FROM homes JOIN home_tokens USING (rule, token) WHERE clear AND persons > 1)
      SELECT DISTINCT one.place AS x, other.place AS y
      FROM clear one JOIN clear other ON one.number = other.number AND one.place < other.place`;

/** Makes the tables `residents`, `homes`, `home_tokens` and `neighbours`. @returns how many pairs there are. */
export async function makeEvidence(session: Session, evidence: Evidence): Promise<number> {
  await session.make('residents', 'residents', residents(evidence.people));
  await session.make('tokens of households', 'homes', heldTokens(evidence));
  await session.make('tokens of households', 'home_tokens', homeTokens(evidence.mostChildren));
  return session.make('neighbours', 'neighbours', neighbours());
}

/** What is known of the persons who have a neighbour, and who they are. */
export async function readKnown(session: Session): Promise<Known> {
  const [x = NO_INTEGERS, y = NO_INTEGERS] = await readIntegers(session, {
    step: 'neighbours',
    select: sql`SELECT x, y FROM neighbours ORDER BY x, y`,
  });
  const [
    place = NO_INTEGERS,
    source = NO_INTEGERS,
    rule = NO_INTEGERS,
    token = NO_INTEGERS,
    clear = NO_INTEGERS,
  ] = await readIntegers(session, {
    step: 'tokens of households',
    select: sql`SELECT place, source, rule, number, CAST(clear AS INTEGER) FROM homes JOIN home_tokens USING (rule, token)
          SEMI JOIN (SELECT x AS place FROM neighbours UNION SELECT y FROM neighbours) AS near USING (place)
          ORDER BY place, source, rule, number`,
  });
  return { pairs: { x, y }, held: { place, source, rule, token, clear } };
}
