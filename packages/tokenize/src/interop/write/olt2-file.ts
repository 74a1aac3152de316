import { PLAIN_ID, writeOlt2 } from '../olt2/delivery.js';
import {
  OLT2_BLANK,
  type Olt2,
  type Olt2Column,
  type Olt2Person,
  olt2Columns,
  olt2Rules,
} from '../olt2/olt2.js';
import { type ClearTable, placeOf, recordsOf } from './written.js';

/** A file of tokens, and what came of the records in counts. */
export type Olt2File = {
  readonly text: string;
  readonly records: number;
  readonly tokens: number;
  readonly blank: number;
  /** Records of which a column is missing or invalid. */
  readonly invalid: ReadonlyMap<Olt2Column, number>;
};

/**
 * The tokens of a table that has the columns of OpenLinkToken, byte for byte as it writes them.
 *
 * @throws ThroughlineError HEADER_MISSING_COLUMN, INTEROP_REFUSED.
 */
export function olt2File(table: ClearTable, profile: Olt2): Olt2File {
  const records = recordsOf(table, 'RecordId', PLAIN_ID);
  const places = olt2Columns.map((column) => [column, placeOf(table, column)] as const);
  const invalid = new Map<Olt2Column, number>();
  const rows = table.rows.flatMap((row, at) => {
    const person = Object.fromEntries(
      places.map(([column, place]) => [column, row[place] ?? '']),
    ) as Olt2Person;
    const made = profile.tokenize(person);
    for (const column of made.invalid) invalid.set(column, (invalid.get(column) ?? 0) + 1);
    return olt2Rules.map((rule) => {
      const token = made.tokens[rule];
      return { record: records[at] ?? '', rule, token: token === OLT2_BLANK ? null : token };
    });
  });
  const blank = rows.filter(({ token }) => token === null).length;
  return { text: writeOlt2(rows), records: records.length, tokens: rows.length - blank, blank, invalid };
}
