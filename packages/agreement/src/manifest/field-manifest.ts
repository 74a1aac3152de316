import {
  type IdentifierColumn,
  identifierColumns,
  type PayloadTable,
  payloadTables,
} from '@throughline/core';
import { z } from 'zod';
import { common, documentId, legalBasis, partnerName, sentence } from '../documents/terms.js';

const oneCharacter = z.string().length(1);

const delimited = z.strictObject({
  type: z.literal('delimited'),
  encoding: z.enum(['utf-8', 'windows-1252', 'iso-8859-1', 'utf-16le']),
  delimiter: oneCharacter,
  quote: oneCharacter.nullable().describe('null where the system quotes nothing'),
  escape: z.enum(['doubled-quote', 'backslash']).default('doubled-quote'),
});

/** A sheet for people: title rows, one table or several under headings, a closing total. */
const sectioned = z.strictObject({
  type: z.literal('sectioned'),
  encoding: z.enum(['utf-8', 'windows-1252', 'iso-8859-1', 'utf-16le']),
  delimiter: oneCharacter,
  quote: oneCharacter.nullable(),
  escape: z.enum(['doubled-quote', 'backslash']).default('doubled-quote'),
  title_rows: z.int().min(0).max(50),
  sections: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        heading: z
          .string()
          .min(1)
          .nullable()
          .describe('first cell of the row above its header; null for none'),
        columns: z.array(z.string()).min(1).describe('its header, exactly'),
      }),
    )
    .min(1),
  closing: z.string().min(1).nullable().describe('first cell of the closing row, such as Total'),
});

const workbook = z.strictObject({
  type: z.literal('workbook'),
  sheet: z.string().min(1),
  header_row: z.int().min(1).max(50).describe('1-based row of the header'),
  closing: z.string().min(1).nullable().describe('first cell of the closing row, such as TOTAL'),
});

export const treatments = ['refuse', 'link', 'keep', 'band', 'drop'] as const;

/** How an identifier column of an extract is to be read; most are the identifier of the same name. */
export const identifierRoles = [
  'first',
  'middle',
  'last',
  'full_name_last_first',
  'full_name_first_last',
  'birth_date',
  'sex',
  'address',
  'zip',
  'phone',
  'email',
  'guardian',
  'state_id',
  'district_id',
] as const;
export type IdentifierRole = (typeof identifierRoles)[number];

const field = z
  .strictObject({
    name: z.string().min(1).max(120).describe('the column as the header names it, exactly'),
    description: z.string().min(3).max(400).describe('what it is, in plain words'),
    type: z.enum(['text', 'id', 'date', 'code', 'integer', 'hours']),
    format: z
      .array(z.string().min(2))
      .min(1)
      .optional()
      .describe('dates: the one format of the column in strptime words; a workbook column may have two'),
    pattern: z
      .enum(['digits', 'letters-digits'])
      .optional()
      .describe('ids: what they consist of; anything else is null and counted'),
    width: z.int().min(1).max(40).optional().describe('ids: lost leading zeros are put back to this width'),
    sensitivity: z.enum(['direct', 'indirect', 'sensitive', 'low']),
    treatment: z
      .array(z.enum(treatments))
      .min(1)
      .describe('what happens to it; link and keep may go together'),
    identifier: z.enum(identifierRoles).optional().describe('link: which identifier it is'),
    column: z.string().optional().describe('keep, band: the payload column that it becomes'),
    band: z.enum(['month', 'year']).optional().describe('band: how coarse'),
    codes: z.record(z.string(), z.string()).optional().describe("code: the source's codes and ours"),
    nulls: z.array(z.string()).optional().describe('further words of this column that mean nothing is known'),
    required: z.boolean().default(false).describe('a row without it is rejected'),
    purpose: z.string().min(3).max(400).describe('why it is asked for: the measure or the linkage'),
    basis: legalBasis,
  })
  .superRefine((each, context) => {
    for (const problem of fieldProblems(each)) context.addIssue({ code: 'custom', message: problem });
  });

type FieldShape = {
  readonly treatment: readonly (typeof treatments)[number][];
  readonly type: string;
  readonly identifier?: string | undefined;
  readonly column?: string | undefined;
  readonly band?: string | undefined;
  readonly format?: readonly string[] | undefined;
  readonly codes?: Readonly<Record<string, string>> | undefined;
};

function fieldProblems(each: FieldShape): string[] {
  const has = (treatment: (typeof treatments)[number]) => each.treatment.includes(treatment);
  const alone = has('refuse') || has('drop');
  const rules: [boolean, string][] = [
    [alone && each.treatment.length > 1, 'refuse and drop stand alone'],
    [has('keep') && has('band'), 'keep or band, not both'],
    [has('link') !== (each.identifier !== undefined), 'link and identifier go together'],
    [(has('keep') || has('band')) !== (each.column !== undefined), 'keep or band, and column, go together'],
    [has('band') !== (each.band !== undefined), 'the treatment band and the field band go together'],
    [has('band') && each.type !== 'date', 'only dates can be banded'],
    [each.type === 'date' && !alone && each.format === undefined, 'a date needs its format'],
    [each.type === 'code' && !alone && each.codes === undefined, 'a code needs its codes'],
  ];
  return rules.flatMap(([broken, problem]) => (broken ? [problem] : []));
}

const tables = Object.keys(payloadTables) as [PayloadTable, ...PayloadTable[]];

/**
 * A field manifest: every column of one extract, approved field by field by the owner of the records. A column
 * that is not listed here is refused by name.
 */
export const fieldManifest = z
  .strictObject({
    kind: z.literal('manifest'),
    ...common,
    partner: partnerName,
    agreement: documentId.describe('the data-sharing agreement it belongs to'),
    extract: documentId.describe('the name of the extract'),
    purpose: sentence,
    format: z.discriminatedUnion('type', [delimited, sectioned, workbook]),
    nulls: z.array(z.string()).default(['']).describe('words that mean nothing is known, in any column'),
    records: z
      .strictObject({
        space: documentId.describe(
          'the kind of record: extracts of one partner with the same space share ids',
        ),
        key: z
          .array(z.string())
          .describe('the columns that name a record; empty where the system has none: then every row is one'),
        identifiers: z.boolean().describe('whether this extract carries the identifiers of its records'),
        one_row_each: z.boolean().describe('whether the key may occur once only'),
        duplicate_free: z.boolean().describe('whether a person has at most one record in this space'),
      })
      .nullable()
      .describe('null where rows are not about persons, such as a calendar'),
    payload_table: z.enum(tables).nullable(),
    constants: z
      .record(z.string(), z.string())
      .default({})
      .describe('payload columns that the file does not have, the same for every row'),
    excludes: z
      .array(z.enum(['opted-out', 'test-names']))
      .default([])
      .describe('records left out before anything is kept'),
    opt_out_list: z.boolean().default(false).describe('this extract lists records to leave out'),
    scope: z.strictObject({
      covers_from: z.iso.date(),
      covers_to: z.iso.date(),
      active_only: z.boolean().describe('rows only of persons active on the day of the export'),
      exceptions_only: z.boolean().describe('rows only where something was out of the ordinary'),
    }),
    limits: z.strictObject({
      rejected_share: z.number().min(0).max(1),
      unmapped_share: z.number().min(0).max(1),
    }),
    fields: z.array(field).min(1).max(512),
  })
  .superRefine((manifest, context) => {
    for (const { path, message } of manifestProblems(manifest)) {
      context.addIssue({ code: 'custom', path, message });
    }
  });

export type FieldManifest = z.infer<typeof fieldManifest>;
export type ManifestField = FieldManifest['fields'][number];
export type ExtractFormat = FieldManifest['format'];

type Problem = { path: (string | number)[]; message: string };
type ManifestShape = {
  readonly payload_table: PayloadTable | null;
  readonly constants: Readonly<Record<string, string>>;
  readonly opt_out_list: boolean;
  readonly records: { readonly key: readonly string[]; readonly identifiers: boolean } | null;
  readonly fields: readonly { name: string; column?: string | undefined; treatment: readonly string[] }[];
};

function manifestProblems(manifest: ManifestShape): Problem[] {
  return [
    ...duplicateNames(manifest),
    ...unknownColumns(manifest),
    ...missingKeys(manifest),
    ...pointless(manifest),
  ];
}

function duplicateNames({ fields }: ManifestShape): Problem[] {
  const first = new Map<string, number>();
  return fields.flatMap(({ name }, index) => {
    if (!first.has(name)) {
      first.set(name, index);
      return [];
    }
    return [{ path: ['fields', index, 'name'], message: 'this column is listed twice' }];
  });
}

function unknownColumns({ payload_table, constants, fields }: ManifestShape): Problem[] {
  const allowed = payload_table === null ? {} : payloadTables[payload_table];
  const known = (column: string) => column !== 'record_id' && Object.hasOwn(allowed, column);
  const message = 'the payload table has no such column';
  const inFields = fields.flatMap(({ column }, index) =>
    column === undefined || known(column) ? [] : [{ path: ['fields', index, 'column'], message }],
  );
  const inConstants = Object.keys(constants).flatMap((column) =>
    known(column) ? [] : [{ path: ['constants', column], message }],
  );
  return [...inFields, ...inConstants];
}

function missingKeys({ records, fields }: ManifestShape): Problem[] {
  const names = new Set(fields.map(({ name }) => name));
  return (records?.key ?? []).flatMap((key, index) =>
    names.has(key) ? [] : [{ path: ['records', 'key', index], message: 'no field of this name is listed' }],
  );
}

function pointless({ payload_table, opt_out_list, records }: ManifestShape): Problem[] {
  const serves = payload_table !== null || opt_out_list || records?.identifiers === true;
  return serves ? [] : [{ path: ['payload_table'], message: 'nothing of this extract would be used' }];
}

/** The identifier columns that a role fills. */
export function columnsOfRole(role: IdentifierRole): IdentifierColumn[] {
  if (role === 'full_name_last_first' || role === 'full_name_first_last') return ['first', 'middle', 'last'];
  if (role === 'address') return ['street_number', 'street', 'zip'];
  return role in identifierColumns ? [role] : [];
}
