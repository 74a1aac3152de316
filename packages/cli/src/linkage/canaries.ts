import { type Share, shareOf } from '@throughline/assess';
import { type ReadArtifact, type Row, type Session, sql } from '@throughline/engine';

/** How canaries of one partner were linked: counts, and shares with 95 % confidence intervals. */
export type CanaryReport = {
  readonly partner: string;
  readonly children: number;
  readonly records: number;
  /** Of the children with two records, those whose records are one person. */
  readonly found: Share;
  /** Of all children, those who are one person with somebody else; every such link is false. */
  readonly falsely_linked: Share;
  /** Of all children, those falsely linked with a record of another partner. */
  readonly falsely_linked_elsewhere: Share;
};

type Artifacts = { readonly canaries: ReadArtifact<'canaries'>; readonly people: ReadArtifact<'people'> };

/** Judges the links of the last night by the canaries of a partner. */
export async function canaryReport(session: Session, { canaries, people }: Artifacts): Promise<CanaryReport> {
  const [children = {}] = await session.rows(
    'canary children',
    sql`WITH planted AS (SELECT child, person_id FROM ${canaries.table('canaries')} JOIN ${people.table('people')} USING (record_id)),
        of_child AS (SELECT child, count(*) AS records, count(DISTINCT person_id) AS persons FROM planted GROUP BY child)
      SELECT count(*) AS children, coalesce(sum(records), 0) AS records, count(*) FILTER (records > 1) AS pairs,
        count(*) FILTER (records > 1 AND persons = 1) AS found FROM of_child`,
  );
  const [links = {}] = await session.rows(
    'canary links',
    sql`WITH indexed AS (
        SELECT person_id, partner, coalesce('canary ' || child, 'record ' || people.record_id) AS who, child
        FROM ${people.table('people')} AS people LEFT JOIN ${canaries.table('canaries')} USING (record_id)
      ),
      others AS (
        SELECT one.child, bool_or(other.partner <> one.partner) AS elsewhere
        FROM indexed AS one JOIN indexed AS other ON one.person_id = other.person_id AND one.who <> other.who
        WHERE one.child IS NOT NULL GROUP BY one.child
      )
      SELECT count(*) AS wrong, count(*) FILTER (elsewhere) AS elsewhere FROM others`,
  );
  const number = (row: Row, name: string) => Number(row[name] ?? 0);
  const all = number(children, 'children');
  return {
    partner: canaries.of,
    children: all,
    records: number(children, 'records'),
    found: shareOf(number(children, 'found'), number(children, 'pairs')),
    falsely_linked: shareOf(number(links, 'wrong'), all),
    falsely_linked_elsewhere: shareOf(number(links, 'elsewhere'), all),
  };
}
