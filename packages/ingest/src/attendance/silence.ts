import type { AttendanceMark } from '@throughline/core';
import { type Sql, sql, sqlJoin } from '@throughline/engine';

/** What an export of absences covers. */
export type AbsenceFeed = {
  readonly covers_from: string;
  readonly covers_to: string;
  readonly active_only: boolean;
  readonly exceptions_only: boolean;
};

const mark = (letter: AttendanceMark): Sql => sql`${letter}`;
const some = (conditions: readonly Sql[]): Sql =>
  conditions.length === 0 ? sql`false` : sqlJoin(conditions, sql` OR `);

/**
 * What it means that a membership `day` of a record has no row, by whether the record is `active` on the export.
 * Present only where an export covers the day, holds the record and lists exceptions; never for want of an export.
 */
export function silenceOf(feeds: readonly AbsenceFeed[]): Sql {
  if (feeds.length === 0) return mark('n');
  const covering = feeds.map((feed) => ({
    feed,
    covers: sql`day BETWEEN ${feed.covers_from}::DATE AND ${feed.covers_to}::DATE`,
  }));
  const holding = covering.map(({ feed, covers }) => ({
    feed,
    holds: feed.active_only ? sql`(${covers} AND active)` : sql`(${covers})`,
  }));
  const ofExceptions = holding.filter(({ feed }) => feed.exceptions_only);
  return sql`CASE
    WHEN ${some(ofExceptions.map(({ holds }) => holds))} THEN ${mark('P')}
    WHEN ${some(holding.map(({ holds }) => holds))} THEN ${mark('?')}
    WHEN ${some(covering.map(({ covers }) => covers))} THEN ${mark('x')}
    ELSE ${mark('?')}
  END`;
}
