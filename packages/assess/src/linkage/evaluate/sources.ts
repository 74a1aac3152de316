import { safeName, ThroughlineError } from '@throughline/core';
import {
  folded,
  normalAddress,
  normalEmail,
  normalFurther,
  normalGuardian,
  normalId,
  normalName,
  normalPhone,
  normalSex,
  normalZip,
} from '@throughline/ingest';
import type { Identifiers } from '@throughline/tokenize';
import { parseString } from 'fast-csv';
import type { FieldColumns, SourceConfig } from './config.js';
import { datesOf } from './dates.js';

/** One source: what the linker may see of a record, and beside it what only the judge sees. */
export type Source = {
  readonly name: string;
  readonly rows: readonly Identifiers[];
  readonly truth: readonly string[];
  readonly group: readonly string[] | undefined;
};

type Row = Readonly<Record<string, string>>;

/**
 * Reads a CSV file and brings its mapped columns into normal form `norm-1`.
 *
 * @throws ThroughlineError HEADER_MISSING_COLUMN; EXTRACT_TRUNCATED where the file is no CSV; COVERAGE_GAP where it
 *   has no row. Nothing of a row is repeated.
 */
export async function readSource(config: SourceConfig, text: string): Promise<Source> {
  const rows = await csvRows(config.name, text);
  requireColumns(config, rows);
  const read = rowReader(config.fields);
  const group = config.group;
  return {
    name: config.name,
    rows: rows.map(read),
    truth: rows.map((row) => trueId(row[config.truth.column] ?? '', config.truth.pattern)),
    group:
      group === undefined || rows[0]?.[group.column] === undefined
        ? undefined
        : rows.map((row) => row[group.column] ?? ''),
  };
}

async function csvRows(name: string, text: string): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    const rows: Row[] = [];
    parseString<Row, Row>(text.replace(/^\ufeff/, ''), {
      headers: true,
      strictColumnHandling: false,
      trim: true,
    })
      .on('error', () => reject(new ThroughlineError('EXTRACT_TRUNCATED', { extract: safeName(name) })))
      .on('data', (row) => rows.push(row))
      .on('end', () => resolve(rows));
  });
}

function requireColumns({ name, truth, group, fields }: SourceConfig, rows: readonly Row[]): void {
  const [first] = rows;
  if (first === undefined) throw new ThroughlineError('COVERAGE_GAP', { extract: safeName(name), rows: 0 });
  const needed = [
    truth.column,
    ...(group === undefined || group.optional ? [] : [group.column]),
    ...Object.values(fields).flatMap((field) =>
      field === undefined ? [] : typeof field === 'string' || Array.isArray(field) ? field : [field.column],
    ),
  ];
  const column = needed.find((each) => !(each in first));
  if (column === undefined) return;
  throw new ThroughlineError('HEADER_MISSING_COLUMN', { extract: safeName(name), column: safeName(column) });
}

function trueId(text: string, pattern: string | undefined): string {
  if (pattern === undefined) return text;
  const found = new RegExp(pattern).exec(text);
  return found?.[1] ?? found?.[0] ?? '';
}

function rowReader(fields: FieldColumns): (row: Row) => Identifiers {
  const dates = datesOf(typeof fields.dob === 'object' ? fields.dob.format : 'YYYY-MM-DD');
  const dateColumn = typeof fields.dob === 'object' ? fields.dob.column : fields.dob;
  const custom = typeof fields.custom === 'string' ? [fields.custom] : (fields.custom ?? []);
  return (row) => {
    const text = (column: string | undefined): string =>
      column === undefined ? '' : (row[column] ?? '').trim();
    const name = normalName({
      first: text(fields.first),
      middle: text(fields.middle),
      last: text(fields.last),
    });
    const year = /^[0-9]{4}$/.exec(text(fields.birth_year))?.[0] ?? null;
    return {
      first: name.first,
      first_root: name.firstRoot,
      middle: name.middle,
      last: name.last,
      last_parts: name.lastParts,
      birth_date: (dateColumn === undefined ? null : dates(text(dateColumn))) ?? year,
      sex: known(normalSex(text(fields.sex)).value, text(fields.sex)),
      ...addressOf(text(fields.street_number), text(fields.street), text(fields.zip)),
      phone: known(normalPhone(text(fields.phone)).value, digitsOf(text(fields.phone))),
      email: normalEmail(text(fields.email)).value,
      guardian: normalGuardian(text(fields.guardian)).value,
      state_id: normalId(text(fields.state_id), {}).value,
      district_id: normalId(text(fields.student_id), {}).value,
      city: normalFurther(text(fields.city)).value,
      birth_place: normalFurther(text(fields.place_of_birth)).value,
      suffix: normalFurther(text(fields.suffix)).value,
      ...customOf(custom.map(text)),
    };
  };
}

/** The normal form; of a value that has none, such as a postcode of another country, what is left after folding. */
function known(normal: string | null, text: string): string | null {
  const rest = normal ?? folded(text).replaceAll(' ', '');
  return rest === '' ? null : rest;
}

const digitsOf = (text: string): string => text.replace(/[^0-9]/g, '');

function addressOf(number: string, street: string, zip: string) {
  const address = normalAddress(street);
  return {
    street_number: known(null, number) ?? address.streetNumber,
    street: address.street,
    zip: zip === '' ? address.zip : known(normalZip(zip).value, zip),
  };
}

const customOf = ([one = '', two = '', three = '', four = '']: readonly string[]) => ({
  custom_1: normalFurther(one).value,
  custom_2: normalFurther(two).value,
  custom_3: normalFurther(three).value,
  custom_4: normalFurther(four).value,
});
