import type { Clk3 } from '../clk3/clk3.js';
import { writeClks } from '../clk3/delivery.js';
import type { Clk3Schema } from '../clk3/schema.js';
import { type ClearTable, recordsOf, refusedRow } from './written.js';

/** A file of CLKs, and beside it the record of each, in the same order. */
export type Clk3File = { readonly text: string; readonly records: string; readonly count: number };

const KEY = /^[^\p{Cc}]{1,200}$/u;

/**
 * The CLKs of a table whose header is exactly the identifiers of the linkage schema, as clkhash asks for.
 *
 * @param record the column that names the record.
 * @throws ThroughlineError HEADER_MISSING_COLUMN; INTEROP_REFUSED with the row and the feature that has another form.
 */
export function clk3File(
  table: ClearTable,
  {
    schema,
    profile,
    record,
  }: { readonly schema: Clk3Schema; readonly profile: Clk3; readonly record: string },
): Clk3File {
  const asked = schema.features.map(({ identifier }) => identifier);
  if (asked.join('\n') !== table.header.join('\n'))
    throw refusedRow(table.name, -1, 'the columns of the linkage schema');
  const records = recordsOf(table, record, KEY);
  const clks = table.rows.map((row, at) => {
    const clk = profile.encode(row);
    if (clk instanceof Uint8Array) return clk;
    throw refusedRow(table.name, at, `the form of ${asked[clk.feature] ?? 'the schema'}`);
  });
  return { text: writeClks(clks), records: `${['RecordId', ...records].join('\n')}\n`, count: clks.length };
}
