import {
  type FurtherIdentifier,
  furtherIdentifiers,
  type IdentifierColumn,
  identifierColumns,
  type PayloadTable,
  payloadTables,
} from '@throughline/core';
import { z } from 'zod';
import { common, documentId, legalBasis, partnerName, sentence, sha256 } from '../documents/terms.js';
import { delivery, extractFormat } from './extract-formats.js';
import { fieldProblems, manifestProblems } from './manifest-rules.js';

/**
 * What may happen to a column. `internal`: the owner's own step uses it to name a record or to leave one out, and
 * nothing of it goes on.
 */
export const treatments = ['refuse', 'internal', 'link', 'keep', 'band', 'drop'] as const;

/** A format of dates, in the words of strptime that mean the same everywhere; month and day names do not. */
const dateFormat = z
  .string()
  .regex(
    /^(?=.*%[Yy])(?=.*%m)(?:%[YymdHMS]|[^%])+$/,
    'only %Y %y %m %d %H %M %S and what stands between them',
  );

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
  ...furtherIdentifiers,
] as const;
export type IdentifierRole = (typeof identifierRoles)[number];

/** The identifiers of 45 CFR 164.514(b)(2)(i), from A (names) to R (any other unique code). */
const hipaaClasses = [
  ...(['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I'] as const),
  ...(['J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q', 'R'] as const),
  'none',
] as const;

export const field = z
  .strictObject({
    name: z
      .string()
      .max(120)
      .describe(
        'the column as the header names it, exactly; one without a name can only be dropped or refused',
      ),
    description: z.string().min(3).max(400).describe('what it is, in plain words'),
    type: z.enum(['text', 'id', 'date', 'code', 'integer', 'hours']),
    format: z
      .array(dateFormat)
      .min(1)
      .optional()
      .describe(
        'dates: the one format of the column in strptime words; a workbook column may have two, since a date cell reads as %Y-%m-%d and a text cell as it was typed',
      ),
    pattern: z
      .enum(['digits', 'letters-digits'])
      .optional()
      .describe('ids: what they consist of; anything else is null and counted'),
    width: z.int().min(1).max(40).optional().describe('ids: lost leading zeros are put back to this width'),
    prefix: z
      .string()
      .regex(/^[A-Za-z][A-Za-z-]{0,7}$/, 'up to 8 letters')
      .optional()
      .describe(
        'ids: letters that one system puts before the number of another, such as S; taken off where they are there',
      ),
    sensitivity: z.enum(['direct', 'indirect', 'sensitive', 'low']),
    treatment: z
      .array(z.enum(treatments))
      .min(1)
      .describe('what happens to it; link and keep may go together'),
    identifier: z.enum(identifierRoles).optional().describe('link: which identifier it is'),
    column: z.string().optional().describe('keep, band: the payload column that it becomes'),
    band: z.enum(['month', 'year']).optional().describe('band: how coarse'),
    codes: z.record(z.string(), z.string()).optional().describe("code: the source's codes and ours"),
    crosswalk: z
      .strictObject({ id: documentId, sha256 })
      .optional()
      .describe(
        'code: a file of codes, by its id and hash (`throughline presets` prints it); codes of the field go before its own',
      ),
    nulls: z.array(z.string()).optional().describe('further words of this column that mean nothing is known'),
    only_when: z
      .array(z.string())
      .min(1)
      .optional()
      .describe(
        'internal: a row is left out unless it holds one of these words; the empty word is nothing at all',
      ),
    optional: z.boolean().default(false).describe('the extract may lack the column'),
    required: z
      .boolean()
      .default(false)
      .describe('a row without it, or in which it cannot be read, is rejected'),
    reject_unreadable: z
      .boolean()
      .default(false)
      .describe('a row in which it is there and cannot be read is rejected; else the value is set aside'),
    purpose: z.string().min(3).max(400).describe('why it is asked for: the measure or the linkage'),
    basis: legalBasis,
    hipaa_class: z
      .enum(hipaaClasses)
      .optional()
      .describe('health records: the letter of 45 CFR 164.514(b)(2)(i) under which it falls, or none'),
  })
  .superRefine((each, context) => {
    for (const problem of fieldProblems(each)) context.addIssue({ code: 'custom', message: problem });
  });

/** Small extracts move by large shares, large ones by large numbers: what is held is over both. */
const change = z
  .strictObject({
    share: z.number().min(0).max(1).default(0.1),
    count: z.int().min(0).default(10),
  })
  .prefault({});

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
    format: extractFormat,
    delivery: delivery.describe('what the file comes in and how often: packed, encrypted, due'),
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
        one_row_each: z
          .boolean()
          .describe(
            'whether the key may occur once only; rows that share one are quarantined, up to the limits',
          ),
        duplicate_free: z.boolean().describe('whether a person has at most one record in this space'),
      })
      .nullable()
      .describe('null where rows are not about persons, such as a calendar'),
    splits: z
      .array(
        z.strictObject({
          column: z.string().min(1).describe('a column that holds several values, as the header names it'),
          at: z.string().min(1).describe('what stands between them'),
          into: z.array(z.string().min(1)).min(2).describe('the fields that they become, in order'),
        }),
      )
      .default([])
      .describe('columns that hold several values, such as M / 9 for gender and age'),
    unpivot: z
      .strictObject({
        heading: z
          .string()
          .min(1)
          .describe(
            'the field that takes the day; each column that is headed by a day that is covered, as the field writes days, is one',
          ),
        cell: z.string().min(1).describe('the field that takes what stands under it'),
        empty: z
          .enum(['left-out', 'unknown'])
          .describe(
            'a cell that says nothing: no row, and counted as `empty_cell`; or a row of which this is unknown',
          ),
      })
      .optional()
      .describe('a sheet with a column a day: each of its cells becomes a row, and is accounted for as one'),
    payload_table: z.enum(tables).nullable(),
    constants: z
      .record(z.string(), z.string())
      .default({})
      .describe('payload columns that the file does not have, the same for every row'),
    excludes: z
      .array(z.enum(['opted-out', 'test-names']))
      .default([])
      .describe('records left out before anything is kept'),
    opt_out_list: z
      .boolean()
      .default(false)
      .describe('this extract lists records to leave out, from the day that its internal date names'),
    scope: z.strictObject({
      covers_from: z.iso.date(),
      covers_to: z.iso.date(),
      active_only: z.boolean().describe('rows only of persons active on the day of the export'),
      exceptions_only: z.boolean().describe('rows only where something was out of the ordinary'),
      current_year_only: z
        .boolean()
        .optional()
        .describe('whether rows begin with the first day covered; tested where it is declared'),
      one_row_per_enrolment: z
        .boolean()
        .optional()
        .describe('whether a time at a school is one row; tested where it is declared'),
    }),
    limits: z.strictObject({
      rejected_share: z.number().min(0).max(1),
      unmapped_share: z.number().min(0).max(1),
      few: z
        .int()
        .min(0)
        .max(1000)
        .default(5)
        .describe(
          'so many rejected or quarantined rows, or unread values of a column, are borne however small the extract is',
        ),
      change: change.describe(
        'how far rows, coverage of columns and shares of codes may move from the last good delivery',
      ),
      gone: change.describe('how many records of the last good delivery may be missing'),
      unfilled: z
        .number()
        .min(0)
        .max(1)
        .default(0.5)
        .describe(
          'the share of records that may lack a name or a birth date that is linked; a fifth is a warning',
        ),
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

/** What a field says about its codes. */
export type CodesBeside = Pick<ManifestField, 'name' | 'column' | 'identifier' | 'codes' | 'crosswalk'>;

/** The identifier columns that a role fills. */
export function columnsOfRole(role: IdentifierRole): (IdentifierColumn | FurtherIdentifier)[] {
  if (role === 'full_name_last_first' || role === 'full_name_first_last') return ['first', 'middle', 'last'];
  if (role === 'address') return ['street_number', 'street', 'zip'];
  const further: readonly string[] = furtherIdentifiers;
  return role in identifierColumns || further.includes(role) ? [role] : [];
}
