import type { Sealing } from '@throughline/agreement';
import {
  CLKD_BYTES,
  type Clk3Schema,
  clk3,
  clk3Schema,
  clkd1,
  deriveKeys,
  type Identifiers,
  sealFile,
} from '@throughline/tokenize';
import { type BitRows, bitRows } from './bits.js';

/** An encoding of whole records that can be made under any key: by a partner, or by an attacker under its own. */
export type SimilarityEncoding = {
  readonly name: string;
  readonly encode: (rows: readonly Identifiers[], root: Uint8Array) => BitRows;
};

const BITS_A_TOKEN = 10;
const ngram = (n: number, positional = false) => ({
  comparison: { type: 'ngram', n, positional },
  strategy: { bitsPerToken: BITS_A_TOKEN },
});

/** A usual choice: bigrams of the names, digits of birth date and ZIP code by position, sex. */
const PLAIN: Clk3Schema = clk3Schema.parse({
  version: 3,
  clkConfig: { l: 1024, kdf: { type: 'HKDF' } },
  features: [
    { identifier: 'first', format: { type: 'string' }, hashing: ngram(2) },
    { identifier: 'last', format: { type: 'string' }, hashing: ngram(2) },
    { identifier: 'birth_date', format: { type: 'string' }, hashing: ngram(1, true) },
    { identifier: 'zip', format: { type: 'string' }, hashing: ngram(1, true) },
    { identifier: 'sex', format: { type: 'string' }, hashing: ngram(1) },
  ],
});

/** The plain CLK of the profile `clk-v3`: every attack on similarity must break it, or says nothing of others. */
export const plainClk: SimilarityEncoding = {
  name: 'clk-v3',
  encode: (rows, root) => {
    const profile = clk3(PLAIN, root);
    return bitRows(
      rows.map(({ first, last, birth_date, zip, sex }) => {
        const date = birth_date?.replaceAll('-', '') ?? '';
        const code = profile.encode([first ?? '', last ?? '', date, zip ?? '', sex ?? '']);
        if ('feature' in code) throw new RangeError('rows: expected values that the schema allows');
        return code;
      }),
    );
  },
};

/** The diffused record-level encoding; each output bit is the sum of so many. */
export const diffusedClk = (terms: number): SimilarityEncoding => ({
  name: `clkd1, ${terms} terms`,
  encode: (rows, root) => {
    const encoder = clkd1(deriveKeys(root, TERMS), terms);
    const codes = rows.map((row) => {
      const code = new Uint8Array(CLKD_BYTES);
      encoder.encode(row, code);
      return code;
    });
    encoder.erase();
    return bitRows(codes);
  },
});

/** Any agreement will do. */
const TERMS = { id: 'assessment', linkage: { epoch: '2026-1', rules: [] } };

/** Of more slots nothing else is learned, and attacks take longer. */
const MOST_PASSES = 4;

/** The slots of a record, end to end, taken for one long encoding. */
export function sealedRecords(sealing: Sealing): SimilarityEncoding {
  const few = { ...sealing, passes: sealing.passes.slice(0, MOST_PASSES) };
  return {
    name: 'seal1',
    encode: (rows, root) => {
      const keys = deriveKeys(root, TERMS);
      const own = deriveKeys(
        root.map((byte) => byte ^ 0x5a),
        TERMS,
      );
      const records = rows.map((_, at) => `00000000-0000-4000-8000-${at.toString(16).padStart(12, '0')}`);
      const persons = rows.map((_, at) => at);
      const { slots, layout } = sealFile({ sealing: few, keys, own, decoys: 0 }, { records, rows, persons });
      const width = few.passes.length * layout.width;
      return bitRows(rows.map((_, at) => slots.subarray(at * width, (at + 1) * width)));
    },
  };
}
