import { type SafeName, safeName, ThroughlineError } from '@throughline/core';
import { bytesOf } from '@throughline/engine';
import { byName } from '../candidate/cell.js';
import type { Microdata } from '../records/record-sets.js';
import type { DisclosureConfig } from './config.js';

/** More distinct combinations than this make linear programs that no night has time for. */
const MOST_COMBINATIONS = 250_000;

const WHOLE = /^\+?\d{1,12}$/;

type Cells = readonly string[];

const refuse = (file: SafeName, line: number, rule: string): ThroughlineError =>
  new ThroughlineError('MICRODATA_INVALID', { file, line, rule: safeName(rule) });

/** Adds the people of rows up, combination by combination; memory grows with the combinations only. */
const counter = (file: SafeName, columns: readonly string[], frequency: string | undefined) => {
  const counts = new Map<string, number>();
  let [line, places, width]: [number, readonly number[], number] = [0, [], 0];
  let countAt = -1;
  const readHeader = (header: Cells): void => {
    const twice = header.find((name, at) => header.indexOf(name) !== at);
    if (twice !== undefined)
      throw new ThroughlineError('HEADER_DUPLICATE_COLUMN', { file, column: safeName(twice) });
    const placeOf = (name: string): number => {
      if (header.includes(name)) return header.indexOf(name);
      throw new ThroughlineError('HEADER_MISSING_COLUMN', { file, column: safeName(name) });
    };
    places = columns.map(placeOf);
    countAt = frequency === undefined ? -1 : placeOf(frequency);
    width = header.length;
  };
  const readRow = (row: Cells): void => {
    if (row.length !== width) throw refuse(file, line, 'as many fields as the header');
    const written = countAt < 0 ? '1' : (row[countAt] ?? '').trim();
    if (!WHOLE.test(written)) throw refuse(file, line, 'a frequency that is a whole number');
    const key = JSON.stringify(places.map((at) => row[at] ?? ''));
    counts.set(key, (counts.get(key) ?? 0) + Number(written));
    if (counts.size > MOST_COMBINATIONS) {
      throw new ThroughlineError('TABLES_TOO_LARGE', { file, most_combinations: MOST_COMBINATIONS });
    }
  };
  return {
    counts,
    read: (row: Cells): void => {
      line += 1;
      if (line === 1) readHeader(row);
      else readRow(row);
    },
    lines: () => line,
  };
};

/** Every field of a file, row by row; line numbers count records. @throws ThroughlineError ENCODING_BROKEN, MICRODATA_INVALID */
async function eachRow(path: string, delimiter: string, visit: (row: Cells) => void): Promise<void> {
  const file = safeName('microdata');
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const { parse } = await import('fast-csv');
  const parser = parse<Cells, Cells>({ headers: false, delimiter, ignoreEmpty: true });
  let failure: unknown;
  const ended = new Promise<void>((resolve) => {
    parser.on('error', (thrown: unknown) => {
      failure ??= thrown instanceof ThroughlineError ? thrown : refuse(file, 0, 'well-formed CSV');
      resolve();
    });
    parser.on('end', () => resolve());
  });
  parser.on('data', (row: Cells) => {
    try {
      if (failure === undefined) visit(row);
    } catch (thrown) {
      failure = thrown;
    }
  });
  const text = (bytes?: Uint8Array): string => {
    try {
      return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
    } catch {
      throw new ThroughlineError('ENCODING_BROKEN', { file });
    }
  };
  const feed = (piece: string): Promise<void> | undefined =>
    parser.write(piece) || failure !== undefined
      ? undefined
      : new Promise((resolve) => parser.once('drain', () => resolve()));
  const refusal = { missing: 'EXTRACT_MISSING', refused: 'EXTRACT_REFUSED', name: file } as const;
  for await (const bytes of bytesOf(path, refusal)) {
    if (failure !== undefined) throw failure;
    await feed(text(bytes));
  }
  parser.end(text());
  await ended;
  if (failure !== undefined) throw failure;
}

/**
 * Reads the people of a CSV file as distinct combinations of the columns that the tables use, in canonical order,
 * whatever the order of the rows.
 *
 * @throws ThroughlineError EXTRACT_MISSING, EXTRACT_REFUSED, ENCODING_BROKEN, HEADER_MISSING_COLUMN,
 *   HEADER_DUPLICATE_COLUMN, MICRODATA_INVALID (line and rule), TABLES_TOO_LARGE.
 */
export async function readMicrodata(path: string, config: DisclosureConfig): Promise<Microdata> {
  const file = safeName('microdata');
  const { frequency, delimiter } = config.microdata;
  const columns = [...new Set(config.tables.flatMap(({ cross }) => cross.flat()))].sort(byName);
  const people = counter(file, columns, frequency);
  await eachRow(path, delimiter, people.read);
  const present = [...people.counts].filter(([, count]) => count > 0).sort(([a], [b]) => byName(a, b));
  if (present.length === 0) throw refuse(file, people.lines(), 'at least one person');
  return {
    columns,
    combinations: present.map(([key]) => JSON.parse(key) as string[]),
    counts: present.map(([, count]) => count),
  };
}
