import type { ExtractFormat, FieldManifest } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { guarded, type ReadableFile } from '@throughline/engine';
import type { Job } from '../unpack/task.js';
import type { Told } from '../unpack/told.js';
import type { Reading } from './delimited.js';
import { type FoundMembers, headerNotFound, listedHeader, requireHeader, requireMembers } from './header.js';
import { expectedMembersOf, expectedOf, layoutOf, type Picked, picksOf } from './layout.js';
import { limits } from './limits.js';
import { type RowSink, takeRows } from './rows.js';
import { readSheet, type SheetRow } from './sheet.js';

/** From `src` or `dist`: a process of its own runs what was built. */
const TASK = new URL('../../dist/unpack/task.js', import.meta.url);

/** What a task in a process of its own writes about a file. */
export const unpacked = (file: ReadableFile, job: Job): AsyncGenerator<Uint8Array> =>
  guarded({
    module: TASK,
    job,
    file,
    limits: { megabytes: limits.guardMegabytes, seconds: limits.guardSeconds },
  });

/** What a task tells of a file, message by message. @throws ThroughlineError as `guarded` does. */
export async function* toldOf(file: ReadableFile, job: Job): AsyncGenerator<Told> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  for await (const bytes of unpacked(file, job)) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as Told;
  }
}

type Tree = Extract<ExtractFormat, { type: 'json' | 'xml' }>;
type Columnar = Extract<ExtractFormat, { type: 'parquet' | 'arrow' }>;
type Workbook = Extract<ExtractFormat, { type: 'workbook' }>;

/**
 * Reads the records of a JSON or XML extract into the sink.
 *
 * @throws ThroughlineError ENCODING_BROKEN, EXTRACT_MALFORMED, EXTRACT_OVER_LIMIT, HEADER_*, COLUMN_REFUSED.
 */
export async function readTree({ file, manifest, format }: Reading<Tree>, sink: RowSink): Promise<void> {
  const expected = expectedMembersOf(file.name, manifest);
  const columns = [...expected.columns, ...expected.refused];
  const { picks, wanted } = picksOf(manifest, { header: columns, section: null });
  const job = treeJob(format, { columns, wanted: columns.map((_, index) => wanted.has(index)) });
  let found: FoundMembers = { seen: [], others: [], otherCount: 0 };
  for await (const told of toldOf(file, job)) {
    if (told[0] === 'row') sink.picked(told[1], told[2], picks);
    else if (told[0] === 'members') found = together(found, told);
    else takeAside(told, sink);
    await sink.flush();
  }
  requireMembers(found, expected);
}

type TreeColumns = { readonly columns: readonly string[]; readonly wanted: readonly boolean[] };

function treeJob(format: Tree, columns: TreeColumns): Job {
  const { type, encoding, descriptors } = format;
  return type === 'json'
    ? { kind: type, encoding, descriptors, layout: format.layout, records: format.records, ...columns }
    : { kind: type, encoding, descriptors, record: format.record, others: format.others, ...columns };
}

const together = (
  { seen, others, otherCount }: FoundMembers,
  [, more, strange, count]: Extract<Told, readonly ['members', ...unknown[]]>,
): FoundMembers => ({
  seen: [...seen, ...more],
  others: [...others, ...strange],
  otherCount: otherCount + count,
});

function takeAside(told: Told, sink: RowSink): void {
  if (told[0] === 'reject') sink.reject(told[1], told[2]);
  else if (told[0] === 'stripped') sink.stripped(told[1]);
  else if (told[0] === 'encoding') sink.readAs(told[1]);
}

/**
 * Reads a Parquet or Arrow extract into the sink.
 *
 * @throws ThroughlineError EXTRACT_MALFORMED, EXTRACT_OVER_LIMIT, HEADER_*, COLUMN_REFUSED.
 */
export async function readColumnar(
  { file, manifest, format }: Reading<Columnar>,
  sink: RowSink,
): Promise<void> {
  const expected = expectedOf(file.name, manifest);
  let picked: Picked | undefined;
  for await (const told of toldOf(file, { kind: format.type })) {
    if (told[0] === 'header') {
      const header = listedHeader(told[1], expected.columns, format.header_match);
      requireHeader(header, expected);
      picked = picksOf(manifest, { header, section: null });
    } else if (told[0] === 'row' && picked !== undefined)
      takeRows({ line: told[1], cells: told[2] }, picked, sink);
    else takeAside(told, sink);
    await sink.flush();
  }
  if (picked === undefined) throw headerNotFound(expected, 0);
}

/**
 * Reads one sheet of a workbook into the sink; other sheets are not looked at.
 *
 * @throws ThroughlineError EXTRACT_MALFORMED (no workbook with such a sheet), EXTRACT_OVER_LIMIT, HEADER_*,
 *   COLUMN_REFUSED, EXTRACT_TRUNCATED.
 */
export async function readWorkbook(
  { file, manifest, format }: Reading<Workbook>,
  sink: RowSink,
): Promise<void> {
  const { columns } = layoutOf(manifest);
  const sheet = {
    titleRows: format.header_row - 1,
    sections: [{ name: format.sheet, heading: null, columns }],
    closing: format.closing,
  };
  const matching = { extract: file.name, manifest, sheet, match: format.header_match };
  await readSheet(matching, sheetRows(file, workbookJob(manifest, format), sink), sink);
}

const workbookJob = ({ fields }: FieldManifest, format: Workbook): Job => ({
  kind: 'workbook',
  sheet: format.sheet,
  headerRow: format.header_row,
  headerRows: format.header_rows,
  hidden: format.hidden,
  serialDates: format.serial_dates
    ? fields.filter(({ type }) => type === 'date').map(({ name }) => name)
    : [],
});

/** Rows as wide as the header: trailing empty cells are put on or taken off, since a sheet's rows end anywhere. */
async function* sheetRows(file: ReadableFile, job: Job, sink: RowSink): AsyncGenerator<SheetRow> {
  const headerRow = job.kind === 'workbook' ? job.headerRow : 1;
  let width: number | undefined;
  for await (const told of toldOf(file, job)) {
    if (told[0] !== 'row') {
      takeAside(told, sink);
      continue;
    }
    const [, line, cells] = told;
    if (line === headerRow) width = lastFilled(cells) + 1;
    yield { line, cells: width === undefined ? cells : asWideAs(width, cells) };
    await sink.flush();
  }
}

const lastFilled = (cells: readonly (string | null)[]): number =>
  cells.findLastIndex((cell) => (cell ?? '').trim() !== '');

const asWideAs = (width: number, cells: readonly (string | null)[]) =>
  lastFilled(cells) >= width ? cells : Array.from({ length: width }, (_, index) => cells[index] ?? null);

/** The sheets of a workbook. @throws ThroughlineError as `guarded` does. */
export async function sheetsOf(
  file: ReadableFile,
): Promise<readonly { readonly name: string; readonly hidden: boolean }[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of unpacked(file, { kind: 'sheets' })) pieces.push(piece);
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8'));
  } catch {
    throw new ThroughlineError('EXTRACT_MALFORMED', { extract: safeName(file.name) });
  }
}
