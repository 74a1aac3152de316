import { type Session, type Sql, sql, sqlJoin } from '@throughline/engine';

/*
 * What is not emitted, although it could be made. A token that many records share links nobody and tells the
 * linkage unit how frequent a value is, from which values can be guessed (threat model: frequency alignment).
 *
 * - `crowded`: a token that more than 10 records of a space share. Groups of 2 to 10 stay: between siblings, twins
 *   and namesakes they are the warning that keeps the linkage from joining a child to its twin.
 * - `common`: all tokens of a rule in a duplicate-free space where fewer than half of the rule's records have a
 *   token of their own. Below 100 records a share says nothing, and where a person may have several records a
 *   shared token is what is hoped for. So it is of rules of households, which are never too common.
 */
export const LARGEST_GROUP = 10;
const LEAST_UNIQUE_SHARE = { of: 1, in: 2 };
const FEWEST_RECORDS = 100;

/** The rules whose tokens a delivery may hold, by name, and which of them show households and never link. */
export type RulesNamed = { readonly names: readonly string[]; readonly households: readonly string[] };

/** Table `rule_names`: a rule's position, its name, and whether it links. */
export const ruleNames = ({ names, households }: RulesNamed): Sql => {
  const rows = names.map((name, position) => sql`(${position}, ${name}, ${!households.includes(name)})`);
  return sql`SELECT rule::UTINYINT AS rule, name::VARCHAR AS name, links::BOOLEAN AS links
      FROM (VALUES ${sqlJoin(rows)}) AS listed(rule, name, links)`;
};

/**
 * Makes the table `shared`: the tokens that several records of a space have, and how many. Rule by rule, so that it
 * takes the memory of one.
 */
export async function findShared(session: Session, rules: number): Promise<number> {
  const ofRule = (rule: number) =>
    sql`SELECT space, rule, token, count(*) AS holders FROM made WHERE rule = ${rule}::UTINYINT GROUP BY ALL HAVING count(*) > 1`;
  let found = await session.make('shared', 'shared', ofRule(0));
  for (let rule = 1; rule < rules; rule += 1)
    found += await session.run('shared', sql`INSERT INTO shared ${ofRule(rule)}`);
  return found;
}

/** Table `gates`: what a rule is like in a space, and whether it is too common to be emitted there. */
const ruleGates = (): Sql =>
  sql`SELECT gauged.space, rule, holding, alone, largest,
        duplicate_free AND links AND holding >= ${FEWEST_RECORDS}::BIGINT
          AND alone * ${LEAST_UNIQUE_SHARE.in}::BIGINT < holding * ${LEAST_UNIQUE_SHARE.of}::BIGINT AS common
      FROM (
        SELECT space, rule, holding, holding - coalesce(together, 0) AS alone, coalesce(largest, 1) AS largest
        FROM (SELECT space, rule, count(*) AS holding FROM made GROUP BY ALL)
        LEFT JOIN (
          SELECT space, rule, CAST(sum(holders) AS BIGINT) AS together, max(holders) AS largest
          FROM shared GROUP BY ALL
        ) USING (space, rule)
      ) AS gauged JOIN spaces ON place = gauged.space JOIN rule_names USING (rule)`;

/** Table `withheld`: the tokens that are not emitted, and why. */
const tokensWithheld = (): Sql =>
  sql`SELECT space, rule, token, record, 'common' AS reason FROM made
      SEMI JOIN (SELECT space, rule FROM gates WHERE common) AS common USING (space, rule)
      UNION ALL
      SELECT space, rule, token, record, 'crowded' AS reason FROM made
      SEMI JOIN (SELECT space, rule, token FROM shared WHERE holders > ${LARGEST_GROUP}::BIGINT) AS crowded USING (space, rule, token)
      ANTI JOIN (SELECT space, rule FROM gates WHERE common) AS common USING (space, rule)`;

/** Makes the table `withheld`. @returns how many tokens are withheld. */
export async function withhold(session: Session): Promise<number> {
  await session.make('gates', 'gates', ruleGates());
  return session.make('withheld', 'withheld', tokensWithheld());
}

/** The tokens of `made` that are emitted. */
export const tokensEmitted = (): Sql => sql`(FROM made ANTI JOIN withheld USING (rule, record, token))`;
