import type { TokenRule } from '@throughline/agreement';
import type { ColumnBatch } from '@throughline/engine';
import type { Hand } from '../crew/crew.js';
import { deriveKeys, type LinkageTerms } from '../keys/derive.js';
import { type RecordTokens, recordTokens } from '../tok1/record-tokens.js';
import { missingTally } from './missing.js';

/** What a tokenizer is made of; plain values, so that a thread can be given them. */
export type TokenWork = {
  readonly terms: LinkageTerms;
  readonly rules: readonly TokenRule[];
  readonly root: Uint8Array;
};

/** The tokens of a batch of records. */
export type PackedTokens = {
  /** As `RecordTokens` gives them. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where the entries of each record end. */
  readonly ends: Int32Array<ArrayBuffer>;
  /** As `MissingTally` gives them. */
  readonly missing: ColumnBatch;
};

/** Tokenizes batches of numbers, spaces and joined identifiers; what it derives of the key it erases. */
export function tokenHand({ terms, rules, root }: TokenWork): Hand<PackedTokens> {
  const keys = deriveKeys(root, terms);
  const tokens = recordTokens(rules, keys);
  keys.erase();
  return {
    answer: (batch) => packed(batch, rules, tokens),
    buffers: ({ bytes, ends }) => [bytes.buffer, ends.buffer],
    erase: tokens.erase,
  };
}

function packed(batch: ColumnBatch, rules: readonly TokenRule[], tokens: RecordTokens): PackedTokens {
  const [, spaces = [], identifiers = []] = batch;
  const tally = missingTally();
  const ends = new Int32Array(identifiers.length);
  for (let row = 0; row < identifiers.length; row += 1) {
    ends[row] = tokens.take(String(identifiers[row]));
    for (let place = 0; place < rules.length; place += 1) {
      const missing = tokens.missing(place);
      const rule = rules[place];
      const part = missing === undefined ? undefined : rule?.parts[missing];
      if (rule !== undefined && part !== undefined) tally.note(String(spaces[row]), rule, part);
    }
  }
  return { bytes: tokens.entries(), ends, missing: tally.columns() };
}
