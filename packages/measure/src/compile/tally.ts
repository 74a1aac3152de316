import { ident, type Sql, sql, sqlJoin } from '@throughline/engine';
import type { Make } from '../definition/measure.js';
import type { Events, Unit } from '../definition/vocabulary.js';
import { eventTable, factColumns, tableFor } from './events.js';

/** No day has more; what a row without minutes adds at most. */
const MINUTES_OF_A_DAY = 1440;

type Counted = { readonly events: Events; readonly of: Unit };

export const tallyTable = ({ events, of }: Counted): string => tableFor(`tally_${of}`, events);

/**
 * One row a person with rows that are not left out. `sure`: added up over exact links alone; `likely`: over exact
 * and probable ones; `lower`: over all links; `upper`: had every open row counted. Rows that say the same of one
 * person are one row, whatever record they stand in, and a day counts once.
 */
export function tally(counted: Counted): Make {
  const { events, of } = counted;
  const facts = factColumns(events).map(ident);
  const among = (condition: Sql) => addedUp(of, condition);
  return {
    table: tallyTable(counted),
    select: sql`
      SELECT person_id,
        ${among(sql`state = 'yes' AND strength = 1`)} AS sure,
        ${among(sql`state = 'yes' AND strength <= 2`)} AS likely,
        ${among(sql`state = 'yes'`)} AS lower,
        ${atMost(of)} AS upper
      FROM (
        SELECT person_id, event_day, state, ${sqlJoin(facts)}, min(strength) AS strength
        FROM ${ident(eventTable(events))} WHERE NOT left_out
        GROUP BY person_id, event_day, state, ${sqlJoin(facts)}
      )
      GROUP BY person_id`,
  };
}

function addedUp(of: Unit, condition: Sql): Sql {
  if (of === 'rows') return sql`count(*) FILTER (WHERE ${condition})`;
  if (of === 'days') return sql`count(DISTINCT event_day) FILTER (WHERE ${condition})`;
  return sql`coalesce(sum(minutes) FILTER (WHERE ${condition}), 0)::BIGINT`;
}

/** A row without a date is a day of its own; one without minutes, a whole day of them. */
function atMost(of: Unit): Sql {
  const possible = sql`state <> 'no'`;
  if (of === 'rows') return sql`count(*) FILTER (WHERE ${possible})`;
  if (of === 'days') {
    return sql`(count(DISTINCT event_day) FILTER (WHERE ${possible}) + count(*) FILTER (WHERE ${possible} AND event_day IS NULL))`;
  }
  return sql`coalesce(sum(coalesce(minutes, ${MINUTES_OF_A_DAY}::INTEGER)) FILTER (WHERE ${possible}), 0)::BIGINT`;
}
