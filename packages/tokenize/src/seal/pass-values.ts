import type { SealingPass } from '@throughline/agreement';
import type { AppendBatch, Session } from '@throughline/engine';
import { identifiersAt } from '../emit/identifiers.js';
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
  const printer = recordCodes(own);
  const prints: AppendBatch[] = [];
  const batches = async function* (): AsyncGenerator<AppendBatch> {
    for await (const batch of session.columns('identifiers', numberedIdentifiers())) {
      const values: [number[], number[], number[], number[]] = [[], [], [], []];
      const printed: [number[], number[], number[]] = [[], [], []];
      for (const [index, record] of (batch[0] ?? []).entries()) {
        const row = identifiersAt(batch, index);
        reader.read(row);
        for (let pass = 0; pass < passes.length; pass += 1) {
          const value = reader.value(pass);
          if (value === undefined) continue;
          values[0].push(pass);
          values[1].push(Number(record));
          values[2].push(value.high);
          values[3].push(value.low);
        }
        const print = printer.of(row);
        printed[0].push(Number(record));
        printed[1].push(print.high);
        printed[2].push(print.low);
      }
      prints.push(printed);
      yield values;
    }
  };
  try {
    const made = await session.append('pass values', { name: 'pass_values', schema: VALUE }, batches());
    await session.append('record codes', { name: 'prints', schema: PRINT }, prints);
    return made;
  } finally {
    reader.erase();
    printer.erase();
  }
}
