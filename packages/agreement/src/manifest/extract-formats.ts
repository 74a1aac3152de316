import { z } from 'zod';

const oneCharacter = z.string().length(1);

/**
 * `utf-8-or-windows-1252`: a byte-order mark decides, else the whole file is UTF-8, else all of it is Windows-1252;
 * which of them it was is told in the accounting. Never decided by a sample or row by row.
 */
export const encodings = [
  'utf-8',
  'windows-1252',
  'iso-8859-1',
  'utf-16le',
  'utf-16be',
  'utf-8-or-windows-1252',
] as const;

const encoding = z.enum(encodings).default('utf-8');
const titleRows = z.int().min(0).max(50);
const columnName = z.string().min(1).max(120);
const headerMatch = z
  .enum(['exact', 'folded'])
  .default('exact')
  .describe('folded: names that differ only in case, spaces and punctuation are the same');
const closing = z
  .string()
  .min(1)
  .nullable()
  .describe('first cell of the closing row, such as TOTAL; without it the extract is cut off');

const dialect = {
  encoding,
  delimiter: oneCharacter.describe('"," ";" "|" or a tab, for example'),
  quote: oneCharacter.nullable().describe('null where the system quotes nothing'),
  escape: z
    .enum(['doubled-quote', 'backslash'])
    .default('doubled-quote')
    .describe('backslash: as MySQL INTO OUTFILE writes, with \\N for nothing'),
};

const delimited = z.strictObject({
  type: z.literal('delimited'),
  ...dialect,
  title_rows: titleRows.default(0).describe('physical lines before the header'),
  header_match: headerMatch,
  columns: z
    .array(columnName)
    .min(1)
    .max(512)
    .optional()
    .describe('for a file without a header: its columns in order'),
  closing: closing.default(null),
  trailing_delimiter: z.boolean().default(false).describe('every line ends with a delimiter too many'),
});

/** A sheet for people: title rows, one table or several under headings, a closing total. */
const sectioned = z.strictObject({
  type: z.literal('sectioned'),
  ...dialect,
  title_rows: titleRows,
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
  closing,
});

const fixedWidth = z.strictObject({
  type: z.literal('fixed-width'),
  encoding,
  title_rows: titleRows.default(0).describe('lines before the first record'),
  columns: z
    .array(
      z.strictObject({
        name: columnName,
        start: z.int().min(1).max(100_000).describe('first character, from 1'),
        width: z.int().min(1).max(10_000).describe('characters'),
      }),
    )
    .min(1)
    .max(512)
    .describe('the layout; what lies between columns must be blank'),
  trimmed: z.boolean().default(false).describe('lines may end before the last column'),
  closing: closing.default(null).describe('what the closing line begins with'),
});

const workbook = z.strictObject({
  type: z.literal('workbook'),
  sheet: z.string().min(1),
  header_row: z.int().min(1).max(50).describe('1-based row of the header; of its last row if it has two'),
  header_rows: z
    .union([z.literal(1), z.literal(2)])
    .default(1)
    .describe('2: a merged row of headings above; a column is then named `heading / name`'),
  header_match: headerMatch,
  hidden: z
    .boolean()
    .default(false)
    .describe('whether the sheet is hidden; one that is, unasked, is refused'),
  serial_dates: z
    .boolean()
    .default(false)
    .describe('a number in a column of dates is a day number of the workbook (of 1900 or 1904, as it says)'),
  closing,
});

const treeCodes = {
  descriptors: z
    .boolean()
    .default(false)
    .describe(
      'Ed-Fi: of `uri://ed-fi.org/GradeLevelDescriptor#First grade` only the code after # is the value',
    ),
};

const json = z.strictObject({
  type: z.literal('json'),
  encoding,
  layout: z.enum(['document', 'lines']).describe('one JSON document, or one object a line'),
  records: z
    .string()
    .max(300)
    .default('')
    .describe('where the records are, such as entry[*].resource[resourceType=Patient]; empty for the top'),
  ...treeCodes,
});

const xml = z.strictObject({
  type: z.literal('xml'),
  encoding,
  record: columnName.describe('the element that is a record'),
  others: z.array(columnName).default([]).describe('elements beside it that are passed over'),
  ...treeCodes,
});

const hl7 = z.strictObject({
  type: z.literal('hl7'),
  encoding,
  others: z
    .array(z.string().regex(/^[A-Z][A-Z0-9]{2}$/))
    .default([])
    .describe('segments beside PID that are passed over'),
});

const parquet = z.strictObject({ type: z.literal('parquet'), header_match: headerMatch });
const arrow = z.strictObject({ type: z.literal('arrow'), header_match: headerMatch });

/** How an extract is to be read. */
export const extractFormat = z.discriminatedUnion('type', [
  delimited,
  sectioned,
  fixedWidth,
  workbook,
  json,
  xml,
  hl7,
  parquet,
  arrow,
]);

/** What an extract comes in. */
export const delivery = z
  .strictObject({
    packed: z.enum(['gzip', 'zip']).optional().describe('zip: an archive of exactly one file'),
    encrypted: z
      .literal('age')
      .optional()
      .describe("encrypted to the owner's own age identity, outside of any packing"),
    every_days: z
      .int()
      .min(1)
      .max(400)
      .optional()
      .describe('in term, the same bytes for longer than this are held; 7 for absences and sessions'),
    oldest_days: z
      .int()
      .min(0)
      .max(400)
      .optional()
      .describe('in term, a file that was written longer ago than this is held'),
  })
  .default({});

export type ExtractFormat = z.infer<typeof extractFormat>;
export type Delivery = z.infer<typeof delivery>;
