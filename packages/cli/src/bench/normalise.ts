import { join } from 'node:path';
import type { ManifestField } from '@throughline/agreement';
import { readText } from '@throughline/engine';
import { spellingReader } from '@throughline/ingest';
import { templates } from '../project/templates.js';

const ROWS = 500_000;
const FIELDS: readonly (Partial<ManifestField> & { readonly name: string })[] = [
  { name: 'last', identifier: 'last' },
  { name: 'first', identifier: 'first' },
  { name: 'middle', identifier: 'middle' },
  { name: 'born', identifier: 'birth_date', type: 'date', format: ['%m/%d/%Y'] },
  { name: 'sex', identifier: 'sex' },
  { name: 'address', identifier: 'address' },
  { name: 'zip', identifier: 'zip' },
  { name: 'phone', identifier: 'phone' },
  { name: 'guardian', identifier: 'guardian' },
  { name: 'state id', identifier: 'state_id', type: 'id', pattern: 'digits', width: 10 },
];

/**
 * Brings the identifiers of a made-up student file into normal form and prints the rate, by the clock and by the
 * time of the processor, which a busy machine does not stretch. Every tenth surname is a double one and every
 * twentieth name has accents, curly apostrophes or another script.
 */
export async function benchNormalise(print: (line: string) => void): Promise<void> {
  const surnames = await firstColumn('surnames.csv');
  const given = await firstColumn('nicknames.csv');
  const read = spellingReader(
    FIELDS.map((field) => ({ ...FIELD, ...field })),
    '2026-06-16',
  );
  const rows = Array.from({ length: ROWS }, (_, at) => rowOf(at, surnames, given));
  const started = { clock: performance.now(), processor: process.cpuUsage() };
  let values = 0;
  for (const row of rows) values += Object.keys(read(row).values).length;
  const seconds = (performance.now() - started.clock) / 1000;
  const spent = process.cpuUsage(started.processor);
  const processor = (spent.user + spent.system) / 1e6;
  print(`normalise ${ROWS.toLocaleString('en-US')} rows of ${FIELDS.length} identifiers, ${process.version}`);
  print(`${values.toLocaleString('en-US')} values in normal form`);
  print(rate('by the clock', seconds));
  print(rate('by the processor', processor));
}

const FIELD = {
  description: 'a column',
  type: 'text' as const,
  sensitivity: 'direct' as const,
  treatment: ['link' as const],
  required: false,
  reject_unreadable: false,
  optional: false,
  purpose: 'the benchmark',
  basis: 'owner-programme-records' as const,
};

const rate = (how: string, seconds: number): string =>
  `${how.padEnd(18)}${seconds.toFixed(1).padStart(6)} s${Math.round(ROWS / seconds)
    .toLocaleString('en-US')
    .padStart(10)} rows/s`;

async function firstColumn(file: string): Promise<string[]> {
  const text = await readText(join(templates.names, file));
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.split(',')[0] ?? '')
    .filter((name) => name !== '');
}

/** Steps that share no divisor with the lengths of the lists, so that names meet in ever new pairs. */
function rowOf(at: number, surnames: readonly string[], given: readonly string[]): string[] {
  const of = (list: readonly string[], step: number) => list[(at * step) % list.length] ?? '';
  const last = at % 10 === 0 ? `${of(surnames, 7)}-${of(surnames, 13)}` : of(surnames, 7);
  const two = (number: number) => String(number).padStart(2, '0');
  return [
    at % 20 === 0 ? `${last} O’Núñez` : last,
    at % 40 === 1 ? '王 秀英' : of(given, 11),
    at % 3 === 0 ? of(given, 17) : '',
    `${two(1 + (at % 12))}/${two(1 + (at % 28))}/${2006 + (at % 12)}`,
    at % 2 === 0 ? 'F' : 'M',
    `${1 + (at % 400)} North ${of(surnames, 19)} Street, Apt ${1 + (at % 30)}, Millbrook MA 02155`,
    '2155',
    `(617) 555-${String(1000 + (at % 9000))}`,
    `Ms. ${of(given, 23)} ${last}`,
    String(1_000_000_000 + at),
  ];
}
