import { ident, type Sql, sql } from '@throughline/engine';
import type { Make, Scope } from '../definition/measure.js';
import type { CountsOf } from '../definition/vocabulary.js';
import { eventTable, tableFor } from './events.js';

type Followed = CountsOf<'followed'>;

export const followedTable = (rule: Followed): string => tableFor('followed', rule);

/**
 * One row a referral: the weakest link that its following attendance needs (null: none is found), and whether it is
 * open, because the attendance of that provider is not sent at all, a row leaves it open, or the days are not over.
 */
export function followed(rule: Followed, { period }: Scope): Make {
  const { events, by, match, within_days } = rule;
  const [wanted, found] = [ident(match.events), ident(match.by)];
  const attended = sql`(SELECT * FROM ${ident(eventTable(by))} WHERE NOT left_out) AS attended`;
  const inTime = sql`attended.event_day BETWEEN referred.event_day AND referred.event_day + ${within_days}::INTEGER`;
  const same = sql`attended.person_id = referred.person_id AND attended.${found} = referred.${wanted}`;
  const sameOrOpen = sql`attended.person_id = referred.person_id
    AND coalesce(attended.${found} = referred.${wanted}, true) AND coalesce(${inTime}, true)`;
  return {
    table: followedTable(rule),
    select: sql`
      SELECT person_id, partner, record_id, event_day,
        (SELECT min(greatest(attended.strength, referred.strength)) FROM ${attended} WHERE state = 'yes' AND ${same} AND ${inTime}) AS strength,
        event_day + ${within_days}::INTEGER > ${period.to}::DATE
          OR ${wanted} IS NULL
          OR NOT EXISTS (SELECT 1 FROM ${attended} WHERE attended.${found} = referred.${wanted})
          OR EXISTS (SELECT 1 FROM ${attended} WHERE state <> 'no' AND ${sameOrOpen}) AS open
      FROM (SELECT * FROM ${ident(eventTable(events))} WHERE NOT left_out AND state = 'yes') AS referred`,
  };
}

/** Yes: one referral at least was followed in time; unknown: none for certain, and one of them is open. */
export const followedVerdicts = (rule: Followed, people: string): Sql => sql`
  SELECT person_id,
    CASE WHEN best IS NOT NULL THEN 'yes' WHEN open THEN 'unknown' ELSE 'no' END AS verdict,
    CASE best WHEN 1 THEN 'exact' WHEN 2 THEN 'probable' WHEN 3 THEN 'weak' END AS basis
  FROM ${ident(people)} LEFT JOIN (
    SELECT person_id, min(strength) AS best, bool_or(open) AS open FROM ${ident(followedTable(rule))} GROUP BY person_id
  ) USING (person_id)`;
