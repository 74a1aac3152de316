import { ident, type Session, type Sql, sql, sqlJoin } from '@throughline/engine';
import { valueColumn } from '../load/values.js';
import { namedRows } from '../name/record-ids.js';
import type { PlannedExtract } from '../plan/plan.js';
import { identityColumns } from './spellings.js';

/** A kind of record of the partner, and the extracts about it. */
export type Space = {
  readonly name: string;
  readonly extracts: readonly PlannedExtract[];
  /**
   * - `spellings`: of all its extracts
   * - `left_out`: `record_id` and `reason` of the records to leave out
   * - `contested`: `record_id`, the `extract` that has it more than once, and whether its rows count nowhere
   */
  readonly tables: Readonly<Record<'spellings' | 'left_out' | 'contested', string>>;
};

export function spacesAmong(extracts: readonly PlannedExtract[]): Space[] {
  const names = new Set(extracts.flatMap(({ manifest }) => manifest.records?.space ?? []));
  return [...names].map((name, index) => ({
    name,
    extracts: extracts.filter(({ manifest }) => manifest.records?.space === name),
    tables: {
      spellings: `spellings_${index}`,
      left_out: `left_out_${index}`,
      contested: `contested_${index}`,
    },
  }));
}

export const carriesIdentifiers = ({ manifest }: PlannedExtract): boolean =>
  manifest.records?.identifiers === true;

const textColumns = sqlJoin(identityColumns.map((column) => ident(column)));
const noText = sqlJoin(identityColumns.map((column) => sql`NULL::VARCHAR AS ${ident(column)}`));

/** All spellings of a space's records, with the extract of each. @returns their number. */
export const makeSpellings = (session: Session, { name, extracts, tables }: Space): Promise<number> =>
  session.make(`records of ${name}`, tables.spellings, spellingsAmong(extracts.filter(carriesIdentifiers)));

function spellingsAmong(extracts: readonly PlannedExtract[]): Sql {
  if (extracts.length === 0) {
    return sql`SELECT NULL::UUID AS record_id, NULL::BIGINT AS line, NULL::BIGINT AS rows, NULL::BOOLEAN AS test,
      ${noText}, NULL::VARCHAR AS extract WHERE false`;
  }
  return sqlJoin(
    extracts.map(({ name, tables }) => sql`SELECT *, ${name} AS extract FROM ${ident(tables.identity)}`),
    sql` UNION ALL `,
  );
}

/** A record that its family has withdrawn at the owner, and the first day on which that counts. */
export type Withdrawal = {
  readonly record_id: string;
  readonly space: string;
  readonly effective: string;
};

type Leaving = { readonly today: string; readonly withdrawn: readonly Withdrawal[] };

/**
 * The records of a space that are left out everywhere: those on its opt-out list or withdrawn at the owner whose
 * day has come, and those with the name of a test record. An opt-out without a readable day counts from the
 * beginning.
 *
 * @returns the number of records.
 */
export const makeLeftOut = (session: Session, space: Space, leaving: Leaving): Promise<number> =>
  session.make(`leave out of ${space.name}`, space.tables.left_out, leftOutOf(space, leaving));

function leftOutOf({ name, extracts, tables }: Space, { today, withdrawn }: Leaving): Sql {
  const lists = extracts.filter(({ manifest }) => manifest.opt_out_list);
  const tests = extracts.some(({ manifest }) => manifest.excludes.includes('test-names'));
  const reasons = [
    sql`SELECT NULL::UUID AS record_id, NULL::VARCHAR AS reason, NULL::DATE AS effective WHERE false`,
    ...lists.map((list) => optedOut(list, today)),
    ...withdrawnAtOwner(withdrawn.filter(({ space, effective }) => space === name && effective <= today)),
    ...(tests
      ? [sql`SELECT record_id, 'test_name', NULL::DATE FROM ${ident(tables.spellings)} WHERE test`]
      : []),
  ];
  return sql`SELECT record_id, min(reason) AS reason,
      CASE WHEN bool_and(effective IS NOT NULL) THEN min(effective) END AS effective
    FROM (${sqlJoin(reasons, sql` UNION ALL `)}) GROUP BY record_id`;
}

function withdrawnAtOwner(withdrawn: readonly Withdrawal[]): Sql[] {
  if (withdrawn.length === 0) return [];
  const rows = withdrawn.map(
    ({ record_id, effective }) => sql`(${record_id}::UUID, 'opted_out', ${effective}::DATE)`,
  );
  return [sql`SELECT * FROM (VALUES ${sqlJoin(rows)})`];
}

function optedOut(extract: PlannedExtract, today: string): Sql {
  const day = extract.layout.fields.findIndex(
    ({ type, treatment }) => type === 'date' && treatment.includes('internal'),
  );
  const effective = day < 0 ? sql`NULL::DATE` : valueColumn(day);
  return sql`SELECT record_id, 'opted_out' AS reason, ${effective} AS effective
    FROM (${namedRows(extract)}) WHERE record_id IS NOT NULL AND coalesce(${effective} <= ${today}::DATE, true)`;
}

/** The table `withdrawn`: what the linkage unit is told, so that it forgets whom it knew. */
export const withdrawnOf = (spaces: readonly Space[]): Sql =>
  unionOf(
    sql`SELECT NULL::UUID AS record_id, NULL::VARCHAR AS space, NULL::DATE AS effective WHERE false`,
    spaces.map(
      ({ name, tables }) =>
        sql`SELECT record_id, ${name}::VARCHAR AS space, effective FROM ${ident(tables.left_out)} WHERE reason = 'opted_out'`,
    ),
  );

/** The table `identifiers`: one row a record. */
export const identifiersOf = (spaces: readonly Space[]): Sql =>
  unionOf(
    sql`SELECT NULL::UUID AS record_id, NULL::VARCHAR AS space, ${noText} WHERE false`,
    spaces.map(commonestSpellings),
  );

/**
 * Of a record's spellings the most frequent, of equally frequent ones the first in code-point order. Where several
 * extracts carry identifiers, such as names in one and birth dates in another, what one does not know is the other's.
 */
function commonestSpellings({ name, extracts, tables }: Space): Sql {
  const commonest = sql`
    SELECT record_id, ${name} AS space, rows, ${textColumns} FROM (
      SELECT record_id, extract, sum(rows) AS rows, ${textColumns}
      FROM (${remaining(tables)}) GROUP BY record_id, extract, ${textColumns}
    ) QUALIFY row_number() OVER (PARTITION BY record_id, extract ORDER BY rows DESC, ${ordered}) = 1`;
  if (extracts.filter(carriesIdentifiers).length < 2)
    return sql`SELECT record_id, space, ${textColumns} FROM (${commonest})`;
  const known = identityColumns.map((column) => {
    const own = ident(column);
    return sql`arg_max(${own}, place) FILTER (${own} IS NOT NULL) AS ${own}`;
  });
  return sql`
    SELECT record_id, space, ${sqlJoin(known)} FROM (
      SELECT *, -row_number() OVER (PARTITION BY record_id ORDER BY rows DESC, ${ordered}) AS place FROM (${commonest}))
    GROUP BY record_id, space`;
}

const ordered = sqlJoin(identityColumns.map((column) => sql`${ident(column)} NULLS LAST`));

/** The table `sources`: the first line of each extract that names a record. */
export const sourcesOf = (spaces: readonly Space[]): Sql =>
  unionOf(
    sql`SELECT NULL::UUID AS record_id, NULL::VARCHAR AS extract, NULL::BIGINT AS line WHERE false`,
    spaces.map(
      ({ tables }) =>
        sql`SELECT record_id, extract, min(line) AS line FROM (${remaining(tables)}) GROUP BY record_id, extract`,
    ),
  );

/** @param nothing an empty select with the columns, for a partner without records. */
const unionOf = (nothing: Sql, selects: readonly Sql[]): Sql =>
  sqlJoin([nothing, ...selects], sql` UNION ALL `);

const remaining = (tables: Space['tables']): Sql =>
  sql`SELECT * FROM ${ident(tables.spellings)} WHERE record_id NOT IN (
    SELECT record_id FROM ${ident(tables.left_out)}
    UNION ALL SELECT record_id FROM ${ident(tables.contested)} WHERE everywhere)`;

/** How many records are spelled in more than one way. */
export async function conflictsOf(session: Session, { name, tables }: Space): Promise<number> {
  const [found] = await session.rows(
    `records of ${name}`,
    sql`SELECT count(*) AS conflicts FROM (
      SELECT record_id FROM (SELECT DISTINCT record_id, ${textColumns} FROM (${remaining(tables)}))
      GROUP BY record_id HAVING count(*) > 1)`,
  );
  return Number(found?.['conflicts'] ?? 0);
}

/** How many listed records are left out. */
export async function countLeftOut(session: Session, { name, tables }: Space): Promise<number> {
  const [found] = await session.rows(
    `records of ${name}`,
    sql`SELECT count(*) AS records FROM ${ident(tables.left_out)}
      WHERE record_id IN (SELECT record_id FROM ${ident(tables.spellings)})`,
  );
  return Number(found?.['records'] ?? 0);
}
