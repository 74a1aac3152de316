import type { Delivery, ExtractFormat } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import type { ReadableFile } from '@throughline/engine';
import { sheetsOf, toldOf } from '../read/container.js';
import { decodedText, type Encoding, encodingOf, markOf } from '../read/decode.js';
import { kindOf } from '../read/kind.js';
import { type DialectGuess, dialectsOf } from './dialect.js';
import { columnsOfFixed, looksFixed } from './fixed.js';
import { headerOf, type SaidOfHeader } from './header.js';

/** What a person says about a file beforehand, so that less has to be guessed. */
export type Said = {
  readonly sheet: string | undefined;
} & SaidOfHeader;

/** How a file seems to be made. `columns`: their names, or stand-ins where the first row may be a child's. */
export type FormatGuess = {
  readonly delivery: Delivery;
  /** What to declare in a manifest. */
  readonly format: ExtractFormat;
  /** How to read every row of it for the profile, all columns by stand-ins `c1`, `c2`, … in their order. */
  readonly reading: ExtractFormat;
  readonly columns: readonly string[];
  readonly named: boolean;
  readonly unsure: readonly string[];
};

const BEGINNING = 1 << 20;

/**
 * Guesses how a file is made, from all of it where that matters (the encoding) and its first megabyte otherwise.
 *
 * @throws ThroughlineError EXTRACT_MALFORMED where it is nothing that can be read, EXTRACT_OVER_LIMIT.
 */
export async function guessFormat(file: ReadableFile, said: Said): Promise<FormatGuess> {
  const kind = await kindOf(file);
  if (kind === 'zip') return workbookGuess(file, said);
  if (kind === 'parquet' || kind === 'arrow') return columnarGuess(file, kind);
  if (kind !== undefined) {
    throw new ThroughlineError('EXTRACT_MALFORMED', { extract: safeName(file.name), found: safeName(kind) });
  }
  return textGuess(file, said);
}

async function textGuess(file: ReadableFile, said: Said): Promise<FormatGuess> {
  const { encoding, unsure } = await encodingGuess(file);
  const text = await beginningOf(file, encoding);
  const start = text.trimStart();
  const guess = /^[[{]/.test(start)
    ? treeGuess(file, { type: 'json', encoding, text: start })
    : start.startsWith('<')
      ? treeGuess(file, { type: 'xml', encoding, text: start })
      : /^(?:MSH|FHS|BHS)./.test(start)
        ? hl7Guess(file, encoding)
        : tableGuess(text, { encoding, said, file });
  const found = await guess;
  return { ...found, unsure: [...unsure, ...found.unsure] };
}

/** A byte-order mark decides, else whether all of the file is UTF-8. */
async function encodingGuess(file: ReadableFile): Promise<{ encoding: Encoding; unsure: readonly string[] }> {
  for await (const bytes of file.read()) {
    const marked = markOf(bytes);
    if (marked !== undefined) return { encoding: marked, unsure: [] };
    break;
  }
  const encoding = await encodingOf(file, 'utf-8-or-windows-1252');
  if (encoding === 'utf-8') return { encoding, unsure: [] };
  return {
    encoding,
    unsure: [
      'The file is not UTF-8. Windows-1252 is likely, since nothing else is common; ask whoever runs the system, and look at one accented name after a first run.',
    ],
  };
}

async function beginningOf(file: ReadableFile, encoding: Encoding): Promise<string> {
  let text = '';
  for await (const piece of decodedText(file, encoding)) {
    text += piece.text;
    if (text.length > BEGINNING) break;
  }
  if (text.length <= BEGINNING) return text;
  return text.slice(0, text.lastIndexOf('\n', BEGINNING) + 1);
}

type Around = { readonly encoding: Encoding; readonly said: Said; readonly file: ReadableFile };

async function tableGuess(text: string, { encoding, said, file }: Around): Promise<FormatGuess> {
  const [best, ...others] = dialectsOf(text);
  if (looksFixed(text) && (best === undefined || best.share < 0.98)) return fixedGuess(text, encoding);
  if (best === undefined) {
    throw new ThroughlineError('EXTRACT_MALFORMED', {
      extract: safeName(file.name),
      rule: safeName('a table with a delimiter, or lines of one length'),
    });
  }
  return delimitedGuess(best, { others, encoding, said });
}

type Choosing = {
  readonly others: readonly DialectGuess[];
  readonly encoding: Encoding;
  readonly said: Said;
};

function delimitedGuess(best: DialectGuess, { others, encoding, said }: Choosing): FormatGuess {
  const header = headerOf(
    best.records.map(({ cells }) => cells),
    said,
  );
  const { delimiter, quote, escape: escaping } = best.dialect;
  const common = {
    type: 'delimited' as const,
    encoding,
    delimiter,
    quote,
    escape: escaping,
    closing: null,
    trailing_delimiter: false,
  };
  const titles = best.line - 1;
  const after = (best.records[1]?.line ?? best.line + 1) - 1;
  const stand = standIns(best.columns);
  const format: ExtractFormat = header.isHeader
    ? { ...common, title_rows: titles, header_match: 'exact' }
    : { ...common, title_rows: titles, header_match: 'exact', columns: stand };
  return {
    delivery: {},
    format,
    reading: {
      ...common,
      title_rows: header.isHeader ? after : titles,
      header_match: 'exact',
      columns: stand,
    },
    columns: header.isHeader ? namesOf(best.records[0]?.cells ?? []) : stand,
    named: header.isHeader,
    unsure: [...header.unsure, ...dialectDoubts(best, others), ...titleDoubts(titles)],
  };
}

const namesOf = (cells: readonly (string | null)[]): string[] => cells.map((cell) => cell ?? '');

export const standIns = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `c${index + 1}`);

function dialectDoubts(best: DialectGuess, others: readonly DialectGuess[]): string[] {
  const rival = others.find(
    ({ dialect, share }) => dialect.delimiter !== best.dialect.delimiter && share >= best.share,
  );
  const odd = Math.round((1 - best.share) * best.records.length);
  return [
    ...(rival === undefined
      ? []
      : [`The delimiter may be another one: ${shown(rival.dialect.delimiter)} fits as well.`]),
    ...(odd === 0
      ? []
      : [
          `${odd} of the ${best.records.length} records looked at ${odd === 1 ? 'has' : 'have'} another number of cells than most, or quotes out of place: such rows are rejected.`,
        ]),
  ];
}

const titleDoubts = (titles: number): string[] =>
  titles === 0
    ? []
    : [
        `${titles} line${titles === 1 ? '' : 's'} above the table ${titles === 1 ? 'is' : 'are'} taken for a title.`,
      ];

export const shown = (mark: string): string => (mark === '\t' ? 'tab' : mark);

function fixedGuess(text: string, encoding: Encoding): FormatGuess {
  const columns = columnsOfFixed(text);
  const format = {
    type: 'fixed-width' as const,
    encoding,
    title_rows: 0,
    columns,
    trimmed: false,
    closing: null,
  };
  return {
    delivery: {},
    format,
    reading: format,
    columns: columns.map(({ name }) => name),
    named: false,
    unsure: [
      'Lines are of one length. Columns are cut where every line has a blank; take their real places and names from the layout that belongs to the file.',
    ],
  };
}

async function workbookGuess(file: ReadableFile, said: Said): Promise<FormatGuess> {
  const sheets = await sheetsOf(file);
  const visible = sheets.filter(({ hidden }) => !hidden);
  const chosen = said.sheet === undefined ? visible[0] : sheets.find(({ name }) => name === said.sheet);
  if (chosen === undefined) {
    throw new ThroughlineError('EXTRACT_MALFORMED', {
      extract: safeName(file.name),
      rule: safeName('a sheet of that name'),
    });
  }
  const rows = await sheetRows(file, chosen, { headerRow: 1, headerRows: 1 });
  const found = await sheetHeader(file, chosen, { rows, said });
  const width = Math.max(0, ...rows.slice(found.row - 1).map(filledTo));
  const format: ExtractFormat = {
    type: 'workbook',
    sheet: chosen.name,
    header_row: found.row,
    header_rows: found.rows,
    header_match: 'exact',
    hidden: chosen.hidden,
    serial_dates: false,
    closing: null,
  };
  return {
    delivery: {},
    format,
    reading: format,
    columns: found.names === undefined ? standIns(width) : namesOf(found.names.slice(0, width)),
    named: found.names !== undefined,
    unsure: [...found.unsure, ...sheetDoubts(sheets, chosen.name), ...titleDoubts(found.row - found.rows)],
  };
}

type Sheet = { readonly name: string; readonly hidden: boolean };
type Row = readonly (string | null)[];

async function sheetRows(
  file: ReadableFile,
  { name, hidden }: Sheet,
  header: { readonly headerRow: number; readonly headerRows: 1 | 2 },
): Promise<Row[]> {
  const rows: Row[] = [];
  const job = { kind: 'workbook', sheet: name, hidden, serialDates: [], ...header } as const;
  for await (const told of toldOf(file, job)) if (told[0] === 'row') rows.push(told[2]);
  return rows;
}

function singleHeader(rows: readonly Row[], first: number, said: Said): SheetHeader | undefined {
  for (let at = 0; at < Math.min(rows.length, HEADER_SOUGHT); at += 1) {
    const own = said.header === true && at !== first ? { ...said, header: undefined } : said;
    const { isHeader, unsure } = headerOf(rows.slice(at), own);
    if (isHeader) return { row: at + 1, rows: 1, names: rows[at] ?? [], unsure };
  }
  return undefined;
}

const isHeadings = (above: Row | undefined, below: Row | undefined): boolean =>
  (above ?? []).filter((cell) => cell !== null).length > 1 &&
  (above ?? []).some((cell, at) => cell !== null && (below?.[at] ?? null) === null);

type SheetHeader = {
  readonly row: number;
  readonly rows: 1 | 2;
  /** Undefined where the row may be a child's. */
  readonly names?: Row;
  readonly unsure: readonly string[];
};

const HEADER_SOUGHT = 15;

/** The first row that plainly is a header; else the first two that together are, merged; else the first full row. */
async function sheetHeader(
  file: ReadableFile,
  sheet: Sheet,
  { rows, said }: { readonly rows: readonly Row[]; readonly said: Said },
): Promise<SheetHeader> {
  const fullest = Math.max(0, ...rows.map((cells) => cells.filter((cell) => cell !== null).length));
  const first = rows.findIndex((cells) => cells.filter((cell) => cell !== null).length > fullest / 2);
  const single = singleHeader(rows, first, said);
  // A row above with several headings names what the row below leaves blank.
  const candidates = single === undefined ? [first + 1, first + 2] : [single.row];
  for (const headerRow of candidates.filter((row) => isHeadings(rows[row - 2], rows[row - 1]))) {
    const merged = await sheetRows(file, sheet, { headerRow, headerRows: 2 });
    const names = merged[headerRow - 1] ?? [];
    const guess = headerOf(merged.slice(headerRow - 1), said);
    if (guess.isHeader) return { row: headerRow, rows: 2, names, unsure: guess.unsure };
  }
  if (single !== undefined) return single;
  const { unsure } = headerOf(rows.slice(first), said);
  return { row: first + 1, rows: 1, unsure };
}

const filledTo = (cells: readonly (string | null)[]): number =>
  cells.findLastIndex((cell) => (cell ?? '').trim() !== '') + 1;

function sheetDoubts(
  sheets: readonly { readonly name: string; readonly hidden: boolean }[],
  chosen: string,
): string[] {
  const others = sheets.filter(({ name }) => name !== chosen);
  const hidden = others.filter((sheet) => sheet.hidden).length;
  return others.length === 0
    ? []
    : [
        `The workbook has ${others.length} more sheet${others.length === 1 ? '' : 's'}, ${hidden} of them hidden; only one was looked at. Another one is chosen by --sheet.`,
      ];
}

async function columnarGuess(file: ReadableFile, type: 'parquet' | 'arrow'): Promise<FormatGuess> {
  for await (const told of toldOf(file, { kind: type })) {
    if (told[0] !== 'header') continue;
    const columns = namesOf(told[1]);
    const format = { type, header_match: 'exact' as const };
    return { delivery: {}, format, reading: format, columns, named: true, unsure: [] };
  }
  throw new ThroughlineError('EXTRACT_MALFORMED', { extract: safeName(file.name) });
}

type Text = { readonly type: 'json' | 'xml'; readonly encoding: Encoding; readonly text: string };

/** The members of a tree's records, by reading it once with none of them listed. */
async function treeGuess(file: ReadableFile, { type, encoding, text }: Text): Promise<FormatGuess> {
  const formats = type === 'json' ? jsonFormats(encoding, text) : xmlFormats(encoding, text);
  for (const format of formats) {
    const { columns, others } = await membersOf(file, format);
    if (columns.length === 0) continue;
    const whole = format.type === 'xml' ? { ...format, others } : format;
    const isNamed = columns.every((name) => /^[@\w$.:#-]{1,100}$/.test(name));
    return {
      delivery: {},
      format: whole,
      reading: whole,
      columns,
      named: isNamed,
      unsure: isNamed
        ? []
        : ['Some names of members look like values, so none is told: the records may be a map by child.'],
    };
  }
  throw new ThroughlineError('EXTRACT_MALFORMED', {
    extract: safeName(file.name),
    rule: safeName('records to be found'),
  });
}

type TreeFormat = Extract<ExtractFormat, { type: 'json' | 'xml' }>;

function jsonFormats(encoding: Encoding, text: string): TreeFormat[] {
  const common = { type: 'json' as const, encoding, descriptors: text.includes('Descriptor') };
  const isLines = /^\{.*\}\s*\r?\n\s*\{/.test(text);
  if (isLines) return [{ ...common, layout: 'lines', records: '' }];
  const paths = /"resourceType"\s*:\s*"Bundle"/.test(text) ? ['entry[*].resource[resourceType=Patient]'] : [];
  const list = /^\{\s*"([\w$-]{1,60})"\s*:\s*\[\s*\{/.exec(text)?.[1];
  return [...paths, ...(list === undefined ? [] : [list]), ''].map((records) => ({
    ...common,
    layout: 'document',
    records,
  }));
}

function xmlFormats(encoding: Encoding, text: string): TreeFormat[] {
  const names = [...text.slice(0, 100_000).matchAll(/<([A-Za-z_][\w.:-]*)/g)].map(([, name = '']) =>
    name.slice(name.indexOf(':') + 1),
  );
  const [, record] = names;
  return record === undefined
    ? []
    : [{ type: 'xml', encoding, record, others: [], descriptors: text.includes('Descriptor') }];
}

const MOST_MEMBERS = 400;

/** The members of the records; of XML also the elements beside the records, which are told first. */
async function membersOf(
  file: ReadableFile,
  format: TreeFormat,
): Promise<{ readonly columns: string[]; readonly others: string[] }> {
  const columns = { columns: [], wanted: [], names: MOST_MEMBERS };
  const { type, encoding, descriptors } = format;
  const job =
    type === 'json'
      ? { kind: type, encoding, descriptors, layout: format.layout, records: format.records, ...columns }
      : { kind: type, encoding, descriptors, record: format.record, others: format.others, ...columns };
  const found: (readonly string[])[] = [];
  for await (const told of toldOf(file, job)) if (told[0] === 'members') found.push(told[2]);
  return { columns: [...(found.at(-1) ?? [])], others: found.length > 1 ? [...(found[0] ?? [])] : [] };
}

async function hl7Guess(file: ReadableFile, encoding: Encoding): Promise<FormatGuess> {
  const fields = new Set<number>();
  const segments = new Set<string>();
  let text = '';
  for await (const piece of decodedText(file, encoding)) text += piece.text;
  for (const line of text.split(/\r\n|\n|\r/)) {
    const name = line.trim().slice(0, 3);
    if (/^[A-Z][A-Z0-9]{2}$/.test(name)) segments.add(name);
    if (name !== 'PID') continue;
    for (const [index, value] of line
      .trim()
      .split(line.trim()[3] ?? '|')
      .entries())
      if (index > 0 && value !== '') fields.add(index);
  }
  const columns = [...fields]
    .sort((a, b) => a - b)
    .flatMap((field) => (field === 5 ? ['PID-5.1', 'PID-5.2'] : [`PID-${field}`]));
  const others = [...segments]
    .filter((name) => !['FHS', 'BHS', 'MSH', 'EVN', 'PID', 'BTS', 'FTS'].includes(name))
    .sort();
  const format = { type: 'hl7' as const, encoding, others };
  return {
    delivery: {},
    format,
    reading: format,
    columns,
    named: true,
    unsure: ['Several repetitions of a field are joined by a space: choose one, as in PID-3[5=MR].1.'],
  };
}
