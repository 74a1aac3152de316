import type { FieldManifest, ManifestField } from '@throughline/agreement';
import { codeListOf, columnsOf, type PayloadTable, payloadCodes, payloadTables } from '@throughline/core';
import { ident, readCanonicalCsv, type Session, type Sql, sql, sqlEmpty, sqlJoin } from '@throughline/engine';
import { datePattern } from '../normalise/dates.js';
import type { PlannedExtract } from '../plan/plan.js';

export const textColumn = (index: number): Sql => ident(`c${index}`);
export const valueColumn = (index: number): Sql => ident(`v${index}`);

/** The rows of an extract's canonical file. */
export const canonicalRows = ({ layout }: PlannedExtract, path: string): Sql =>
  readCanonicalCsv(path, layout.fields.length);

/**
 * Brings an extract into the database: each row's texts, read as their fields declare them, and why a row cannot be
 * kept, if that is so.
 *
 * @param rows `line` and each field's text as `c0`, `c1`, …
 * @returns the number of rows.
 */
export function makeValues(session: Session, extract: PlannedExtract, rows: Sql): Promise<number> {
  return session.make(`read ${extract.name}`, extract.tables.values, valuesOf(extract, rows));
}

/**
 * `line`; `c0` … the texts; `v0` … the values, null where a text cannot be read; `fault` and `left_out`: reasons,
 * null for a row that can be kept.
 */
function valuesOf({ layout, manifest }: PlannedExtract, rows: Sql): Sql {
  const { fields } = layout;
  const values = fields.map((field, index) => sql`${readValue(field, index)} AS ${valueColumn(index)}`);
  const texts = fields.map((field, index) => knownText(field, index, manifest.nulls));
  const codes = fields.map((field, index) => codesOf(field, index));
  return sql`
    SELECT *, ${faultOf(fields, manifest.payload_table)} AS fault, ${leftOut(fields, manifest.unpivot)} AS left_out
    FROM (
      SELECT rows.*, ${sqlJoin(values)}
      FROM (SELECT line, ${sqlJoin(texts)} FROM ${rows}) AS rows ${sqlJoin(codes, sqlEmpty)})`;
}

/** Null for the words that mean that nothing is known. */
function knownText({ nulls = [] }: ManifestField, index: number, common: readonly string[]): Sql {
  const column = textColumn(index);
  const words = [...common, ...nulls].map((word) => word.trim()).filter((word) => word !== '');
  if (words.length === 0) return column;
  const list = sqlJoin(words.map((word) => sql`${word}`));
  return sql`CASE WHEN ${column} NOT IN (${list}) THEN ${column} END AS ${column}`;
}

function readValue(field: ManifestField, index: number): Sql {
  const text = textColumn(index);
  if (field.type === 'date') return dateOf(field, text);
  if (field.type === 'code') return codeOf(field, index);
  if (field.type === 'integer') return integerOf(text);
  if (field.type === 'hours') return minutesOf(text);
  if (field.column === undefined) return text;
  return field.type === 'id' && field.pattern !== undefined ? keptIdOf(field, text) : labelOf(text);
}

const FIRST_DAY = '1900-01-01';
const LAST_DAY = '2099-12-31';

/** A text that two formats read as two dates is none. Only texts that look like the format reach the database's parser, which is lenient about digits and spaces. */
function dateOf({ format = [], column }: ManifestField, text: Sql): Sql {
  const parsed = format.map(
    (each) =>
      sql`CASE WHEN regexp_full_match(${text}, ${datePattern(each)}) THEN try_strptime(${text}, ${each})::DATE END`,
  );
  const first = sql`coalesce(${sqlJoin(parsed)}, NULL::DATE)`;
  const date =
    parsed.length < 2 ? first : sql`CASE WHEN len(list_distinct([${sqlJoin(parsed)}])) = 1 THEN ${first} END`;
  if (column === undefined) return date;
  return sql`CASE WHEN ${date} BETWEEN ${FIRST_DAY}::DATE AND ${LAST_DAY}::DATE THEN ${date} END`;
}

/** Codes come from a table that is joined; the empty text is the code of a missing value. */
function codeOf({ codes = {} }: ManifestField, index: number): Sql {
  const ours = sql`${ident(`codes_${index}`)}.ours`;
  const missing = codes[''];
  return missing === undefined
    ? ours
    : sql`CASE WHEN ${textColumn(index)} IS NULL THEN ${missing} ELSE ${ours} END`;
}

function codesOf({ type, codes = {} }: ManifestField, index: number): Sql {
  if (type !== 'code') return sqlEmpty;
  const pairs = Object.entries(codes).map(([theirs, ours]) => sql`(${theirs}, ${ours})`);
  const name = ident(`codes_${index}`);
  return sql`LEFT JOIN (VALUES ${sqlJoin(pairs)}) AS ${name}(theirs, ours) ON ${name}.theirs = rows.${textColumn(index)} `;
}

/** The database would round 2.5 and read 0x1F. */
const integerOf = (text: Sql): Sql =>
  sql`CASE WHEN regexp_full_match(${text}, '-?[0-9]{1,9}') THEN try_cast(${text} AS INTEGER) END`;

/** Hours as whole minutes, in decimals throughout: 2.5 is 150. */
const minutesOf = (text: Sql): Sql =>
  sql`CASE WHEN regexp_full_match(${text}, '[0-9]{1,3}([.][0-9]{1,3})?')
    THEN try_cast(round(try_cast(${text} AS DECIMAL(9, 3)) * 60) AS INTEGER) END`;

/** An id that is kept, such as a school's, of its pattern and with its lost zeros. */
function keptIdOf({ pattern, width }: ManifestField, text: Sql): Sql {
  const characters = pattern === 'digits' ? '[0-9]' : '[A-Za-z0-9]';
  const form = `${characters}{1,${width ?? 40}}`;
  const padded = pattern === 'digits' && width !== undefined ? sql`lpad(${text}, ${width}, '0')` : text;
  return sql`CASE WHEN regexp_full_match(${text}, ${form}) THEN ${padded} END`;
}

const LONGEST_LABEL = 80;
/** An e-mail address, a telephone or social-security number, or any number so long that it may name a person. */
const PERSONAL = '@|[0-9]{7}|[0-9]{3}[-. ][0-9]{2}[-. ][0-9]{4}|[0-9]{3}[-. )]+[0-9]{3}[-. ][0-9]{4}';

/** A kept text, or an id of no pattern, is a short label such as a site's name; what may name a person is set aside. */
const labelOf = (text: Sql): Sql =>
  sql`CASE WHEN length(${text}) <= ${LONGEST_LABEL} AND NOT regexp_matches(${text}, ${PERSONAL}) THEN ${text} END`;

/** Whether a text is there and could not be read. */
export const isUnreadable = (index: number): Sql =>
  sql`(${textColumn(index)} IS NOT NULL AND ${valueColumn(index)} IS NULL)`;

/** The first reason for which a row must be rejected; null if there is none. */
function faultOf(fields: readonly ManifestField[], table: PayloadTable | null): Sql {
  const cases = fields.flatMap((field, index) => {
    const required = field.required || fillsRequired(field, table);
    return [
      ...(required
        ? [
            sql`WHEN ${textColumn(index)} IS NULL AND ${valueColumn(index)} IS NULL THEN ${`missing:${field.name}`}`,
          ]
        : []),
      ...(required || field.reject_unreadable
        ? [sql`WHEN ${isUnreadable(index)} THEN ${`unreadable:${field.name}`}`]
        : []),
    ];
  });
  return casesOf(cases);
}

/** Whether a field fills a payload column that must hold something and has no word for "unknown". */
function fillsRequired({ column }: ManifestField, table: PayloadTable | null): boolean {
  if (column === undefined || table === null) return false;
  const nullable = columnsOf(payloadTables[table]).some((each) => each.name === column && each.nullable);
  return !nullable && !hasUnknown(column);
}

export function hasUnknown(column: string): boolean {
  const list = codeListOf[column];
  return list !== undefined && payloadCodes[list].some((word) => word === 'unknown');
}

/** The reason for which a row is left out although nothing is wrong with it; null if there is none. */
function leftOut(fields: readonly ManifestField[], unpivot: FieldManifest['unpivot']): Sql {
  const cases = fields.flatMap(({ name, only_when: words }, index) => {
    if (words === undefined) return [];
    const listed = sqlJoin(words.map((word) => sql`${word}`));
    const holds = sql`coalesce(${textColumn(index)} IN (${listed}), ${words.includes('')})`;
    return [sql`WHEN NOT ${holds} THEN ${`only_when:${name}`}`];
  });
  const cell = unpivot?.empty === 'left-out' ? fields.findIndex(({ name }) => name === unpivot.cell) : -1;
  return casesOf([...cases, ...(cell < 0 ? [] : [sql`WHEN ${textColumn(cell)} IS NULL THEN 'empty_cell'`])]);
}

const casesOf = (cases: readonly Sql[]): Sql =>
  cases.length === 0 ? sql`NULL::VARCHAR` : sql`CASE ${sqlJoin(cases, sql` `)} END`;
