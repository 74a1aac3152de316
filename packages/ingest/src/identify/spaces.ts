import { furtherIdentifiers } from '@throughline/core';
import { ident, type Session, type Sql, sql, sqlJoin } from '@throughline/engine';
import { valueColumn } from '../load/values.js';
import { namedRows } from '../name/record-ids.js';
import type { PlannedExtract } from '../plan/plan.js';
import { commonColumns, type IdentityColumn, identityColumns } from './spellings.js';

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

/**
 * The table `withdrawn`: what the linkage unit is told, so that it forgets whom it knew. Also of kinds of record that no
 * extract has, since another system encodes them.
 */
export const withdrawnOf = (spaces: readonly Space[], { today, withdrawn }: Leaving): Sql =>
  unionOf(sql`SELECT NULL::UUID AS record_id, NULL::VARCHAR AS space, NULL::DATE AS effective WHERE false`, [
    ...spaces.map(
      ({ name, tables }) =>
        sql`SELECT record_id, ${name}::VARCHAR AS space, effective FROM ${ident(tables.left_out)} WHERE reason = 'opted_out'`,
    ),
    ...withdrawn
      .filter(({ space, effective }) => effective <= today && !spaces.some(({ name }) => name === space))
      .map(
        ({ record_id, space, effective }) =>
          sql`SELECT ${record_id}::UUID AS record_id, ${space}::VARCHAR AS space, ${effective}::DATE AS effective`,
      ),
  ]);

const recordsOf = (spaces: readonly Space[]): Sql =>
  unionOf(
    sql`SELECT NULL::UUID AS record_id, NULL::VARCHAR AS space, ${noText} WHERE false`,
    spaces.map(commonestSpellings),
  );

const listed = (columns: readonly IdentityColumn[]): Sql => sqlJoin(columns.map((column) => ident(column)));

/** The table `identifiers`: one row a record. */
export const identifiersOf = (spaces: readonly Space[]): Sql =>
  sql`SELECT record_id, space, ${listed(commonColumns)} FROM (${recordsOf(spaces)})`;

/** The table `further`: one row a record that has any identifier that few extracts have. */
export const furtherOf = (spaces: readonly Space[]): Sql =>
  sql`SELECT record_id, ${listed(furtherIdentifiers)} FROM (${recordsOf(spaces)})
      WHERE coalesce(${listed(furtherIdentifiers)}) IS NOT NULL`;

/** Whether some extract links an identifier that few have. */
export const linksFurther = (extracts: readonly PlannedExtract[]): boolean =>
  extracts.some(({ layout }) =>
    layout.fields.some(
      ({ identifier, treatment }) =>
        treatment.includes('link') && furtherIdentifiers.some((each) => each === identifier),
    ),
  );

/**
 * Of a record's spellings the most frequent, of equally frequent ones the first in code-point order. Where several
 * extracts carry identifiers, such as names in one and birth dates in another, what the leading one does not know is
 * the others', unless any two of them contradict one another about who the record is: then two children may be under
 * one key, and a name of one beside a birth date of the other would be nobody.
 */
function commonestSpellings(space: Space): Sql {
  const bearers = space.extracts.filter(carriesIdentifiers);
  const commonest = commonestInExtracts(space);
  if (bearers.length < 2) return sql`SELECT record_id, space, ${textColumns} FROM (${commonest})`;
  const registers = bearers
    .filter(({ manifest }) => manifest.records?.one_row_each)
    .map(({ name }) => sql`${name}`);
  const isRegister = registers.length === 0 ? sql`false` : sql`extract IN (${sqlJoin(registers)})`;
  // A register has one row of a child, a log of days hundreds: more rows do not make it know better.
  const placed = sql`SELECT *, row_number() OVER (
      PARTITION BY record_id ORDER BY ${isRegister} DESC, rows DESC, ${ordered}, extract) AS place
    FROM (${commonest})`;
  return sql`SELECT record_id, space, ${sqlJoin(identityColumns.map(mergedColumn))}
    FROM (${placed}) GROUP BY record_id, space`;
}

const commonestInExtracts = ({ name, tables }: Space): Sql => sql`
  SELECT record_id, ${name} AS space, extract, rows, ${textColumns} FROM (
    SELECT record_id, extract, sum(rows) AS rows, ${textColumns}
    FROM (${remaining(tables)}) GROUP BY record_id, extract, ${textColumns}
  ) QUALIFY row_number() OVER (PARTITION BY record_id, extract ORDER BY rows DESC, ${ordered}) = 1`;

/** Columns that say something together: a street of one address in the town of another is nowhere. */
const TOGETHER: readonly (readonly IdentityColumn[])[] = [
  ['first', 'first_root'],
  ['last', 'last_parts'],
  ['street_number', 'street', 'zip'],
];

const groupOf = (column: IdentityColumn): readonly IdentityColumn[] =>
  TOGETHER.find((group) => group.includes(column)) ?? [column];

const isSaid = (column: IdentityColumn): Sql =>
  sql`(${sqlJoin(
    groupOf(column).map((each) => sql`${ident(each)} IS NOT NULL`),
    sql` OR `,
  )})`;

/** The leading extract's; where it says nothing and nobody contradicts anybody, that of the next one that does. */
function mergedColumn(column: IdentityColumn): Sql {
  const own = ident(column);
  return sql`CASE WHEN ${contradicts} THEN arg_min_null(${own}, place)
    ELSE arg_min_null(${own}, place) FILTER (${isSaid(column)}) END AS ${own}`;
}

/** More than one known value of what tells children apart. A nickname is its root; only F and M exclude each other. */
const contradicts = sql`(${sqlJoin(
  [
    sql`coalesce(first_root, first)`,
    ident('last'),
    ident('birth_date'),
    sql`CASE WHEN sex IN ('F', 'M') THEN sex END`,
    ident('state_id'),
    ident('district_id'),
  ].map((told) => sql`count(DISTINCT ${told}) > 1`),
  sql` OR `,
)})`;

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

/** How many records are spelled in more than one way: some identifier has two values. What one extract leaves out is none. */
export async function conflictsOf(session: Session, { name, tables }: Space): Promise<number> {
  const differs = identityColumns.map((column) => sql`count(DISTINCT ${ident(column)}) > 1`);
  const [found] = await session.rows(
    `records of ${name}`,
    sql`SELECT count(*) AS conflicts FROM (
      SELECT record_id FROM (${remaining(tables)}) GROUP BY record_id HAVING ${sqlJoin(differs, sql` OR `)})`,
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
