import type { SealingPass } from '@throughline/agreement';
import type { AppendBatch, Session } from '@throughline/engine';
import { identifiersOf } from '../emit/identifiers.js';
import { numberedIdentifiers } from '../emit/records.js';
import type { DerivedKeys } from '../keys/derive.js';
import { passValues, recordCodes } from '../seal1/values.js';

export type ValuesAsked = {
  readonly session: Session;
  /** By their places: the passes, then the rules by which duplicates are recognised. */
  readonly passes: readonly SealingPass[];
  readonly own: DerivedKeys;
};

const VALUE = { pass: 'INTEGER', record: 'INTEGER', high: 'INTEGER', low: 'INTEGER' } as const;
const PRINT = { record: 'INTEGER', high: 'INTEGER', low: 'INTEGER' } as const;

/**
 * Makes the tables `pass_values` (the value that a record has of a pass, if it has one) and `prints` (a keyed code of
 * all its identifiers, by which a changed record is found).
 */
export async function readPassValues({ session, passes, own }: ValuesAsked): Promise<number> {
  const reader = passValues(passes, own);
  const coder = recordCodes(own);
  const codes: AppendBatch[] = [];
  const batches = async function* (): AsyncGenerator<AppendBatch> {
    for await (const [numbers = [], , identifiers = []] of session.columns(
      'identifiers',
      numberedIdentifiers(),
    )) {
      const records = Int32Array.from(numbers, Number);
      const values = columnsOf(4, records.length * passes.length);
      const coded = columnsOf(2, records.length);
      for (const [index, record] of records.entries()) {
        const row = identifiersOf(identifiers[index]);
        reader.read(row);
        for (let pass = 0; pass < passes.length; pass += 1) {
          const value = reader.value(pass);
          if (value !== undefined) values.add(pass, record, value.high, value.low);
        }
        const { high, low } = coder.of(row);
        coded.add(high, low);
      }
      codes.push([records, ...coded.filled()]);
      yield values.filled();
    }
  };
  try {
    const made = await session.append('pass values', { name: 'pass_values', schema: VALUE }, batches());
    await session.append('record codes', { name: 'prints', schema: PRINT }, codes);
    return made;
  } finally {
    reader.erase();
    coder.erase();
  }
}

/** Columns of integers that rows are added to, up to so many. */
function columnsOf(width: number, most: number) {
  const columns = Array.from({ length: width }, () => new Int32Array(most));
  let rows = 0;
  return {
    add: (...row: readonly number[]) => {
      for (let column = 0; column < width; column += 1) {
        const into = columns[column];
        if (into !== undefined) into[rows] = row[column] ?? 0;
      }
      rows += 1;
    },
    filled: () => columns.map((column) => column.subarray(0, rows)),
  };
}
