import { readingLimits } from '@throughline/ingest';

const FORMATS: readonly (readonly [type: string, reads: string, rejects: string])[] = [
  [
    'delimited',
    'CSV, tab, pipe, semicolon; any quote, doubled or escaped by a backslash; title lines; no header; a closing row',
    '`field_count`, `stray_quote`, `after_closing`',
  ],
  [
    'sectioned',
    'a sheet for people as CSV: title rows, tables under headings, a closing total',
    '`field_count`, `outside_sections`, `after_closing`',
  ],
  ['fixed-width', 'lines of fixed columns, by a layout', '`line_length`, `between_columns`, `after_closing`'],
  [
    'workbook',
    'one sheet of an .xlsx: header of one row or two merged ones, dates of 1900 or 1904, a closing row; a hidden sheet only if the manifest says so',
    '`field_count`, `after_closing`',
  ],
  [
    'json',
    'a JSON document with its records at a path, or JSON Lines: Ed-Fi, FHIR',
    '`not_json`, `not_a_record`, `not_a_text`, `too_deep`',
  ],
  ['xml', 'record elements of an XML document: Ed-Fi bulk', '`not_a_record`, `not_a_text`, `too_deep`'],
  ['hl7', 'PID segments of HL7 v2 messages', ''],
  ['parquet', 'a flat Parquet file, packed by snappy, zstd or nothing', ''],
  ['arrow', 'a flat Arrow file or stream without packed buffers', ''],
];

const MEGA = 1024 ** 2;
const megabytes = (bytes: number): string => `${(bytes / MEGA).toLocaleString('en-US')} MB`;

/** `formats.md`: what is read, how, and within which limits; from the table that the reader obeys. */
export function formatsPage(): string {
  return [
    '# Formats',
    '',
    'A manifest declares how its extract is made; nothing is guessed when it is read. `throughline profile FILE` suggests.',
    '',
    '| `format.type` | what it reads | rows that it rejects |',
    '|---|---|---|',
    ...FORMATS.map(([type, reads, rejects]) => `| \`${type}\` | ${reads} | ${rejects} |`),
    '',
    'A file that plainly is something else, such as a workbook named `.csv` or a database, is refused as `EXTRACT_MALFORMED`.',
    'Every row is read, rejected with its line and a reason, or the whole file is refused.',
    '',
    '## Encodings',
    '',
    '`utf-8`, `windows-1252`, `iso-8859-1`, `utf-16le`, `utf-16be`: the whole file must have it, and one byte that it does not',
    'have refuses the file with its line. `utf-8-or-windows-1252` lets a byte-order mark decide, else whether all of the file is',
    'UTF-8; which it was stands in the accounting as `read_as`. Control characters are taken out and counted.',
    '',
    '## Packed and encrypted files',
    '',
    '`delivery: { packed: gzip }` or `zip` (exactly one ordinary file, whatever its name), `delivery: { encrypted: age }`, or',
    'both: encryption outside, packing inside. An age file is read after all of it has been verified. The identity is the',
    "owner's `age_identity` in the pipeline; `throughline keys create` makes it and writes its recipient beside it.",
    '',
    '## Records without a header',
    '',
    'In JSON, XML and HL7 a field is named by its path. `name.first` is a member of a member; of a list, `[*]` or nothing takes',
    'all, joined by a space, `[0]` the first, `[use=official]` those whose member says so. XML attributes are `@id`. HL7:',
    '`PID-5[7=L].1` is component 1 of the repetition of field 5 whose component 7 is L; `PID-5[1]` is the first repetition.',
    'A listed path covers everything below it. A member that no path covers is refused like a column that nobody approved.',
    '',
    '## Limits',
    '',
    '| what | limit |',
    '|---|---|',
    `| a record, a line | ${readingLimits.record.toLocaleString('en-US')} characters |`,
    `| columns | ${readingLimits.columns} |`,
    `| a sectioned sheet | ${megabytes(readingLimits.sheet)} |`,
    `| a workbook, a JSON document (JSON Lines have no limit) | ${megabytes(readingLimits.workbook)}, ${megabytes(readingLimits.document)} |`,
    `| a Parquet or Arrow file | ${megabytes(readingLimits.columnar)} |`,
    `| a packed file, unpacked | ${readingLimits.unpackedTimes} times its size (${megabytes(readingLimits.unpackedAtLeast)} in any case), ${megabytes(readingLimits.unpacked)} at most |`,
    `| levels of JSON and XML | ${readingLimits.depth} |`,
    `| the process that opens a container | ${readingLimits.guardMegabytes} MB, ${readingLimits.guardSeconds} seconds |`,
    '',
    'Workbooks, JSON, XML, Parquet, Arrow, gzip and zip are opened in a process of their own, which gets the open file and',
    'nothing else: no path, no environment, no key. Beyond a limit the extract is refused as `EXTRACT_OVER_LIMIT`.',
    '',
  ].join('\n');
}
