import { codeListOf, columnsOf, type PayloadTable, payloadCodes, payloadTables } from '@throughline/core';
import { z } from 'zod';

/** What the rules look at; the schemas of `field-manifest.ts` give all of it. */
type FieldShape = {
  readonly name: string;
  readonly type: string;
  readonly sensitivity: string;
  readonly treatment: readonly string[];
  readonly identifier?: string | undefined;
  readonly column?: string | undefined;
  readonly band?: string | undefined;
  readonly format?: readonly string[] | undefined;
  readonly codes?: Readonly<Record<string, string>> | undefined;
  readonly crosswalk?: unknown;
  readonly prefix?: string | undefined;
  readonly pattern?: string | undefined;
  readonly only_when?: readonly string[] | undefined;
};

type ManifestShape = {
  readonly format: {
    readonly type: string;
    readonly sections?: readonly { readonly columns: readonly string[] }[] | undefined;
    readonly columns?: readonly (string | PlacedColumn)[] | undefined;
  };
  readonly payload_table: PayloadTable | null;
  readonly constants: Readonly<Record<string, string>>;
  readonly opt_out_list: boolean;
  readonly scope: { readonly covers_from: string; readonly covers_to: string };
  readonly records: {
    readonly key: readonly string[];
    readonly identifiers: boolean;
    readonly one_row_each: boolean;
  } | null;
  readonly splits: readonly { readonly column: string; readonly into: readonly string[] }[];
  readonly unpivot?: { readonly heading: string; readonly cell: string } | undefined;
  readonly fields: readonly FieldShape[];
};

type PlacedColumn = { readonly name: string; readonly start: number; readonly width: number };
type Problem = { readonly path: (string | number)[]; readonly message: string };
type Rule = readonly [broken: boolean, problem: string];

const broken = (rules: readonly Rule[]): string[] =>
  rules.flatMap(([isBroken, problem]) => (isBroken ? [problem] : []));

/** What is wrong with a field by itself. */
export function fieldProblems(each: FieldShape): string[] {
  const has = (treatment: string) => each.treatment.includes(treatment);
  const alone = has('refuse') || has('drop');
  return broken([
    [each.name === '' && !alone, 'a column without a name can only be dropped or refused'],
    [alone && each.treatment.length > 1, 'refuse and drop stand alone'],
    [has('keep') && has('band'), 'keep or band, not both'],
    [has('link') !== (each.identifier !== undefined), 'link and identifier go together'],
    [(has('keep') || has('band')) !== (each.column !== undefined), 'keep or band, and column, go together'],
    [has('band') !== (each.band !== undefined), 'the treatment band and the field band go together'],
    [each.only_when !== undefined && !has('internal'), 'only_when needs the treatment internal'],
    [has('keep') && each.sensitivity === 'direct', 'a direct identifier is never kept'],
    [has('band') && each.type !== 'date', 'only dates can be banded'],
    [each.type === 'date' && !alone && each.format === undefined, 'a date needs its format'],
    [
      each.type === 'code' && !alone && each.codes === undefined && each.crosswalk === undefined,
      'a code needs its codes, or a crosswalk',
    ],
    [
      each.prefix !== undefined && (each.type !== 'id' || each.pattern !== 'digits'),
      'a prefix stands before an id of the pattern digits',
    ],
    [each.crosswalk !== undefined && each.type !== 'code', 'a crosswalk is of a field of type code'],
  ]);
}

/** What is wrong with the fields and terms of a manifest taken together. */
export function manifestProblems(manifest: ManifestShape): Problem[] {
  return [
    ...duplicateNames(manifest),
    ...columnProblems(manifest),
    ...constantProblems(manifest),
    ...unfilledColumns(manifest),
    ...keyProblems(manifest),
    ...unlistedColumns(manifest),
    ...layoutProblems(manifest),
    ...unpivotProblems(manifest),
    ...wholeProblems(manifest),
    ...scopeProblems(manifest),
  ];
}

function duplicateNames({ fields }: ManifestShape): Problem[] {
  const seen = new Set<string>();
  return fields.flatMap(({ name }, index) => {
    const again = seen.has(name);
    seen.add(name);
    return again ? [{ path: ['fields', index, 'name'], message: 'this column is listed twice' }] : [];
  });
}

type PayloadColumn = { readonly name: string; readonly type: string; readonly nullable: boolean };

const payloadColumns = (table: PayloadTable | null): PayloadColumn[] =>
  table === null ? [] : columnsOf(payloadTables[table]).filter(({ name }) => name !== 'record_id');

/** The words that a coded payload column may hold; undefined where it holds something else than codes. */
function wordsOf(column: string): readonly string[] | undefined {
  const list = codeListOf[column];
  return list === undefined ? undefined : payloadCodes[list];
}

const TYPES_THAT_FIT: Readonly<Record<string, readonly string[]>> = {
  DATE: ['date'],
  INTEGER: ['integer', 'hours'],
  VARCHAR: ['text', 'id', 'code'],
};

function columnProblems({ payload_table, fields }: ManifestShape): Problem[] {
  const columns = new Map(payloadColumns(payload_table).map((column) => [column.name, column]));
  return fields.flatMap((field, index) =>
    problemsOfColumn(field, columns).map((message) => ({ path: ['fields', index, 'column'], message })),
  );
}

function problemsOfColumn(field: FieldShape, columns: ReadonlyMap<string, PayloadColumn>): string[] {
  if (field.column === undefined) return [];
  const column = columns.get(field.column);
  if (column === undefined) return ['the payload table has no such column'];
  const words = wordsOf(column.name);
  const strange = Object.values(field.codes ?? {}).some((word) => words?.includes(word) === false);
  return broken([
    [TYPES_THAT_FIT[column.type]?.includes(field.type) !== true, 'the payload column has another type'],
    [words !== undefined && field.type !== 'code', 'the payload column holds codes, so this must be a code'],
    [strange, 'a code stands for a word that the payload column does not have'],
  ]);
}

function constantProblems({ payload_table, constants, fields }: ManifestShape): Problem[] {
  const columns = payloadColumns(payload_table);
  return Object.entries(constants).flatMap(([name, value]) => {
    const column = columns.find((each) => each.name === name);
    return broken([
      [column === undefined, 'the payload table has no such column'],
      [
        column !== undefined && !isConstant(column.type, value),
        'only text and dates (YYYY-MM-DD) can be constants',
      ],
      [wordsOf(name)?.includes(value) === false, 'the payload column does not have this word'],
      [fields.some((field) => field.column === name), 'a field fills this column already'],
    ]).map((message) => ({ path: ['constants', name], message }));
  });
}

const isConstant = (type: string, value: string): boolean =>
  type === 'VARCHAR' || (type === 'DATE' && z.iso.date().safeParse(value).success);

/** A column that must hold something and has no word for "unknown" needs a field or a constant. */
function unfilledColumns({ payload_table, constants, fields }: ManifestShape): Problem[] {
  const filled = new Set([...Object.keys(constants), ...fields.map(({ column }) => column)]);
  return payloadColumns(payload_table).flatMap(({ name, nullable }) =>
    nullable || filled.has(name) || wordsOf(name)?.includes('unknown') === true
      ? []
      : [{ path: ['payload_table'], message: `nothing fills its column ${name}` }],
  );
}

/** A key is used, so it says so. */
function keyProblems({ records, fields }: ManifestShape): Problem[] {
  return (records?.key ?? []).flatMap((key, index) => {
    const field = fields.find(({ name }) => name === key);
    const used = field?.treatment.some((each) => each !== 'drop' && each !== 'refuse') === true;
    return broken([
      [field === undefined, 'no field of this name is listed'],
      [field !== undefined && !used, 'a key needs the treatment internal, link or keep'],
    ]).map((message) => ({ path: ['records', 'key', index], message }));
  });
}

/** Columns of sections and splits lead to fields, and a column that is split is no field itself. */
function unlistedColumns({ format, splits, fields }: ManifestShape): Problem[] {
  const names = new Set(fields.map(({ name }) => name));
  const splitColumns = new Set(splits.map(({ column }) => column));
  const message = 'no field of this name is listed';
  const sections = (format.sections ?? []).flatMap(({ columns }, section) =>
    columns.flatMap((column, index) =>
      names.has(column) || splitColumns.has(column)
        ? []
        : [{ path: ['format', 'sections', section, 'columns', index], message }],
    ),
  );
  const parts = splits.flatMap(({ column, into }, index) => [
    ...broken([[names.has(column), 'a column that is split is no field itself']]).map((problem) => ({
      path: ['splits', index, 'column'],
      message: problem,
    })),
    ...into.flatMap((part, position) =>
      names.has(part) ? [] : [{ path: ['splits', index, 'into', position], message }],
    ),
  ]);
  return [...sections, ...parts];
}

/** The columns of a file without a header are fields, each of them once, and do not lie upon one another. */
function layoutProblems({ format, splits, fields }: ManifestShape): Problem[] {
  const columns = format.columns ?? [];
  const names = columns.map((column) => (typeof column === 'string' ? column : column.name));
  const known = new Set([...fields.map(({ name }) => name), ...splits.map(({ column }) => column)]);
  return columns.flatMap((column, index) => {
    const name = names[index] ?? '';
    const end = (each: string | PlacedColumn) => (typeof each === 'string' ? 0 : each.start + each.width);
    const isOver =
      typeof column !== 'string' &&
      columns.some(
        (other, at) =>
          at < index && typeof other !== 'string' && other.start < end(column) && column.start < end(other),
      );
    return broken([
      [!known.has(name), 'no field of this name is listed'],
      [names.indexOf(name) !== index, 'this column is listed twice'],
      [isOver, 'this column lies upon another one'],
    ]).map((message) => ({ path: ['format', 'columns', index], message }));
  });
}

const WITH_HEADER: readonly string[] = ['delimited', 'sectioned', 'workbook', 'parquet', 'arrow'];

/** A sheet with a column a day: its cells are rows of the record that their line names. */
function unpivotProblems({ format, unpivot, records, fields, splits }: ManifestShape): Problem[] {
  if (unpivot === undefined) return [];
  const fieldOf = (name: string) => fields.find((field) => field.name === name);
  const isRead = (name: string) =>
    fieldOf(name)?.treatment.some((each) => each !== 'drop' && each !== 'refuse') === true;
  const inParts = (name: string) => splits.some(({ into }) => into.includes(name));
  const apart = unpivot.heading !== unpivot.cell && !inParts(unpivot.heading) && !inParts(unpivot.cell);
  const rules: readonly [...Rule, string[]][] = [
    [
      !WITH_HEADER.includes(format.type) || format.columns !== undefined,
      'only a file with a header has columns to unpivot',
      [],
    ],
    [
      records === null || records.key.length === 0,
      'the records need a key, since many rows come of one line',
      [],
    ],
    [records?.one_row_each === true, 'many rows come of one line, so one_row_each is false', []],
    [!apart, 'heading and cell are two fields of their own', []],
    [fieldOf(unpivot.heading)?.type !== 'date', 'the heading is a field of type date', ['heading']],
    [!isRead(unpivot.heading), 'no field of this name is read', ['heading']],
    [!isRead(unpivot.cell), 'no field of this name is read', ['cell']],
  ];
  return rules.flatMap(([isBroken, message, place]) =>
    isBroken ? [{ path: ['unpivot', ...place], message }] : [],
  );
}

function wholeProblems({ payload_table, opt_out_list, records, fields }: ManifestShape): Problem[] {
  const aboutRecords = payload_table !== null && 'record_id' in payloadTables[payload_table];
  const dates = fields.filter(({ type, treatment }) => type === 'date' && treatment.includes('internal'));
  const serves = payload_table !== null || opt_out_list || records?.identifiers === true;
  const keyless = records !== null && records.key.length === 0;
  return [
    ...broken([[!serves, 'nothing of this extract would be used']]).map((message) => ({
      path: ['payload_table'],
      message,
    })),
    ...broken([
      [payload_table !== null && aboutRecords !== (records !== null), 'the payload table says otherwise'],
      [opt_out_list && (records === null || keyless), 'an opt-out list needs the key of the records'],
      [opt_out_list && dates.length > 1, 'an opt-out list has one internal date: the first day it counts'],
      [
        keyless && records?.identifiers === false,
        'rows without a key can be no rows about a record elsewhere',
      ],
    ]).map((message) => ({ path: ['records'], message })),
  ];
}

function scopeProblems({ scope }: ManifestShape): Problem[] {
  const message = 'the last day covered comes before the first';
  return broken([[scope.covers_to < scope.covers_from, message]]).map(() => ({
    path: ['scope', 'covers_to'],
    message,
  }));
}
