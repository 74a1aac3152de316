import { columnsOf, payloadTables } from '@throughline/core';
import { ident, type Sql, sha256Of, sql, sqlJoin } from '@throughline/engine';
import type { Make, Need, Period, Scope } from '../definition/measure.js';
import type { Events } from '../definition/vocabulary.js';

/** A table's name for what it holds: equal blocks of two measures are one table. */
export const tableFor = (what: string, block: object): string =>
  `${what}_${sha256Of(JSON.stringify(block)).slice(0, 12)}`;

/** Columns of a payload table but the record's id. */
export const factColumns = ({ table }: Pick<Events, 'table'>): readonly string[] =>
  columnsOf(payloadTables[table])
    .map(({ name }) => name)
    .filter((name) => name !== 'record_id');

/** The window of a name. The configuration was checked to have it. */
export function windowOf({ period, snapshot, windows }: Scope, name: string): Period {
  if (name === 'period') return period;
  if (name === 'snapshot') return { from: snapshot, to: snapshot };
  const found = windows[name];
  if (found === undefined) throw new RangeError('windowOf: a window of the configuration expected');
  return found;
}

/** Three-valued: true, false, or null where nobody can tell. */
function isOneOf([column, words]: readonly [string, readonly string[]]): Sql {
  const listed = sqlJoin(words.map((word) => sql`${word}`));
  return sql`CASE WHEN ${ident(column)} IN (${listed}) THEN true WHEN ${ident(column)} IS NULL OR ${ident(column)} = 'unknown' THEN NULL ELSE false END`;
}

function isInWindow({ date }: Events, scope: Scope): readonly Sql[] {
  if (date === undefined) return [];
  const { from, to } = windowOf(scope, date.within);
  if ('column' in date) return [sql`${ident(date.column)} BETWEEN ${from}::DATE AND ${to}::DATE`];
  const [first, last] = [ident(date.first), ident(date.last)];
  return [sql`${first} <= ${to}::DATE AND (${last} IS NULL OR ${last} >= ${from}::DATE)`];
}

/** `yes`: the row counts. `no`: it does not. `open`: it would, were something known that is not. */
export function stateOf(events: Events, scope: Scope): Sql {
  const conditions = [
    ...Object.entries(events.where).map(isOneOf),
    ...events.present.map((column) => sql`${ident(column)} IS NOT NULL`),
    ...isInWindow(events, scope),
  ];
  const all = sqlJoin([sql`true`, ...conditions.map((each) => sql`(${each})`)], sql` AND `);
  return sql`CASE (${all}) WHEN true THEN 'yes' WHEN false THEN 'no' ELSE 'open' END`;
}

const isLeftOut = ({ leaving_out }: Events): Sql =>
  sqlJoin(
    [
      sql`false`,
      ...Object.entries(leaving_out).map(
        ([column, words]) =>
          sql`coalesce(${ident(column)} IN (${sqlJoin(words.map((word) => sql`${word}`))}), false)`,
      ),
    ],
    sql` OR `,
  );

const eventDay = ({ date }: Events): Sql =>
  date === undefined ? sql`NULL::DATE` : 'column' in date ? ident(date.column) : ident(date.first);

/**
 * One row a row of the source about children: its person, the strength of the link (1 exact or no link at all,
 * 2 probable, 3 weak), its `state`, and whether it is left out. Exact copies of a row are one.
 */
export function eventRows(events: Events, scope: Scope): Sql {
  const facts = factColumns(events).map(ident);
  return sql`
    SELECT DISTINCT partner, record_id, coalesce(person_id, record_id) AS person_id,
      coalesce(basis, 'none') AS basis,
      CASE basis WHEN 'probable' THEN 2 WHEN 'weak' THEN 3 ELSE 1 END AS strength,
      ${sqlJoin(facts)}, ${eventDay(events)} AS event_day, ${isLeftOut(events)} AS left_out, ${stateOf(events, scope)} AS state
    FROM (${scope.rows(events.role, events.table)})
    LEFT JOIN record_people USING (partner, record_id)`;
}

export const eventTable = (events: Events): string => tableFor('events', events);

export const eventMake = (events: Events, scope: Scope): Make => ({
  table: eventTable(events),
  select: eventRows(events, scope),
});

/** Every column that the block names. */
export function needOf(events: Events, further: readonly string[] = []): Need {
  const { role, table, where, leaving_out, present, date } = events;
  const dates = date === undefined ? [] : 'column' in date ? [date.column] : [date.first, date.last];
  const columns = [...Object.keys(leaving_out), ...dates, ...Object.keys(where), ...present, ...further];
  return { role, table, columns: [[...new Set(columns)]], from: 'every' };
}

export const windowsOf = ({ date }: Events): readonly string[] =>
  date === undefined || date.within === 'period' || date.within === 'snapshot' ? [] : [date.within];
