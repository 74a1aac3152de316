import type { FieldManifest, ManifestField } from '@throughline/agreement';
import { codeListOf, columnsOf, type PayloadTable, payloadCodes, payloadTables } from '@throughline/core';
import {
  ident,
  readCanonicalCsv,
  type Session,
  type Sql,
  sql,
  sqlEmpty,
  sqlEnum,
  sqlJoin,
  sqlType,
} from '@throughline/engine';
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

/** The same with further rows of the extract. @returns their number. */
export function addValues(session: Session, extract: PlannedExtract, rows: Sql): Promise<number> {
  const values = valuesOf(extract, rows);
  return session.run(`read ${extract.name}`, sql`INSERT INTO ${ident(extract.tables.values)} ${values}`);
}

/**
 * `line`; `c0` … the texts; `v0` … the values, null where a text cannot be read; `fault` and `left_out`: reasons,
 * null for a row that can be kept. A text that nobody asks for any more is true where it is there, and so is a value:
 * millions of rows lie in memory here.
 */
function valuesOf(extract: PlannedExtract, rows: Sql): Sql {
  const { layout, manifest } = extract;
  const { fields } = layout;
  const each = (write: (field: ManifestField, index: number) => Sql) => sqlJoin(fields.map(write));
  const texts = each((field, index) => knownText(field, index, manifest.nulls));
  const read = each((field, index) => sql`${readValue(field, index)} AS ${valueColumn(index)}`);
  const values = each((field, index) => sql`${boundValue(field, index)} AS ${valueColumn(index)}`);
  const codes = fields.map((field, index) => codesOf(field, index));
  return sql`
    SELECT line, ${each((field, index) => keptText(extract, field, index))}, ${each(keptValue)},
      ${faultOf(fields, manifest.payload_table)} AS fault, ${leftOut(fields, manifest.unpivot)} AS left_out
    FROM (
      SELECT line, ${each((_, index) => textColumn(index))}, ${values}
      FROM (
        SELECT rows.*, ${read}
        FROM (SELECT line, ${texts} FROM ${rows}) AS rows ${sqlJoin(codes, sqlEmpty)}))`;
}

/** A text is asked for where it names the record or is an identifier. */
function keptText({ manifest }: PlannedExtract, { name, treatment }: ManifestField, index: number): Sql {
  const { records } = manifest;
  const names = records !== null && (records.key.length === 0 || records.key.includes(name));
  return names || treatment.includes('link') ? textColumn(index) : thereOnly(textColumn(index));
}

function keptValue({ column, type }: ManifestField, index: number): Sql {
  const goesNowhere = column === undefined && (type === 'text' || type === 'id');
  return goesNowhere ? thereOnly(valueColumn(index)) : valueColumn(index);
}

/** True where there is something. */
export const thereOnly = (column: Sql): Sql =>
  sql`CASE WHEN ${column} IS NOT NULL THEN true END AS ${column}`;

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

/** A text that two formats read as two dates is none. */
function dateOf({ format = [] }: ManifestField, text: Sql): Sql {
  const parsed = format.map((each) => dateIn(each, text));
  const first = sql`coalesce(${sqlJoin(parsed)}, NULL::DATE)`;
  return parsed.length < 2
    ? first
    : sql`CASE WHEN len(list_distinct([${sqlJoin(parsed)}])) = 1 THEN ${first} END`;
}

/**
 * Only texts that look like the format reach the database's parser, which is lenient about digits and spaces. Dates
 * that the database itself would write so need no parser: that takes a third of the time.
 */
function dateIn(format: string, text: Sql): Sql {
  const parsed = sql`CASE WHEN regexp_full_match(${text}, ${datePattern(format)}) THEN try_strptime(${text}, ${format})::DATE END`;
  if (format !== '%Y-%m-%d') return parsed;
  const date = sql`try_cast(${text} AS DATE)`;
  return sql`CASE WHEN strlen(${text}) = 10 AND ${date}::VARCHAR = ${text} THEN ${date} ELSE ${parsed} END`;
}

/** A date that is kept lies within what children can have to do with. */
function boundValue({ type, column }: ManifestField, index: number): Sql {
  const value = valueColumn(index);
  if (type !== 'date' || column === undefined) return value;
  return sql`CASE WHEN ${value} BETWEEN ${FIRST_DAY}::DATE AND ${LAST_DAY}::DATE THEN ${value} END`;
}

/** The empty text is the code of a missing value. */
function codeOf(field: ManifestField, index: number): Sql {
  const text = textColumn(index);
  const ours = isShort(field) ? caseOf(field, text) : sql`${ident(`codes_${index}`)}.ours`;
  const missing = field.codes?.[''];
  return missing === undefined
    ? ours
    : sql`CASE WHEN ${text} IS NULL THEN ${wordOf(field, missing)} ELSE ${ours} END`;
}

/** More codes are looked up in a table that is joined. */
const FEW_CODES = 12;
const pairsOf = ({ codes = {} }: ManifestField) => Object.entries(codes);
const isShort = (field: ManifestField): boolean => pairsOf(field).length <= FEW_CODES;

function caseOf(field: ManifestField, text: Sql): Sql {
  const cases = pairsOf(field).map(([theirs, ours]) => sql`WHEN ${theirs} THEN ${wordOf(field, ours)}`);
  return cases.length === 0 ? wordOf(field, null) : sql`CASE ${text} ${sqlJoin(cases, sql` `)} END`;
}

function codesOf(field: ManifestField, index: number): Sql {
  if (field.type !== 'code' || isShort(field)) return sqlEmpty;
  const pairs = pairsOf(field).map(([theirs, ours]) => sql`(${theirs}, ${wordOf(field, ours)})`);
  const name = ident(`codes_${index}`);
  return sql`LEFT JOIN (VALUES ${sqlJoin(pairs)}) AS ${name}(theirs, ours) ON ${name}.theirs = rows.${textColumn(index)} `;
}

const wordOf = ({ column }: ManifestField, word: string | null): Sql =>
  sql`${word}::${column === undefined ? sqlType('VARCHAR') : wordType(column)}`;

/** A word of a list that the payload column has is a number to the database, which is kept and sorted faster than a text. */
export function wordType(column: string): Sql {
  const list = codeListOf[column];
  return list === undefined ? sqlType('VARCHAR') : sqlEnum(payloadCodes[list]);
}

/** The database would round 2.5 and read 0x1F. */
const integerOf = (text: Sql): Sql =>
  sql`CASE WHEN regexp_full_match(${text}, '-?[0-9]{1,9}') THEN try_cast(${text} AS INTEGER) END`;

/** Hours as whole minutes, in decimals throughout: 2.5 is 150. */
const minutesOf = (text: Sql): Sql =>
  sql`CASE WHEN regexp_full_match(${text}, '[0-9]{1,3}([.][0-9]{1,3})?')
    THEN try_cast(round(try_cast(${text} AS DECIMAL(9, 3)) * 60) AS INTEGER) END`;

/** An id that is kept, such as a school's, of its pattern and with its lost zeros. */
function keptIdOf({ pattern, width, prefix }: ManifestField, text: Sql): Sql {
  const characters = pattern === 'digits' ? '[0-9]' : '[A-Za-z0-9]';
  const form = `${characters}{1,${width ?? 40}}`;
  const bare = prefix === undefined ? text : withoutPrefix(text, prefix);
  const padded = pattern === 'digits' && width !== undefined ? sql`lpad(${bare}, ${width}, '0')` : bare;
  return sql`CASE WHEN regexp_full_match(${bare}, ${form}) THEN ${padded} END`;
}

const withoutPrefix = (text: Sql, prefix: string): Sql =>
  sql`CASE WHEN starts_with(upper(${text}), ${prefix.toUpperCase()})
    THEN ltrim(substr(${text}, ${prefix.length + 1})) ELSE ${text} END`;

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
