import type { TokenRule } from '@throughline/agreement';
import type { ColumnBatch } from '@throughline/engine';
import type { Hand } from '../crew/crew.js';
import { deriveKeys, type LinkageTerms } from '../keys/derive.js';
import { type Tokenizer, tok1 } from '../tok1/tok1.js';
import { identifiersAt } from './identifiers.js';
import { missingTally } from './missing.js';

/** What a tokenizer is made of; plain values, so that a thread can be given them. */
export type TokenWork = { readonly terms: LinkageTerms; readonly root: Uint8Array };

/** The tokens of a batch of records, in entries of `ENTRY_BYTES`: the rule's position, then the token. */
export type PackedTokens = {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where the entries of each record end. */
  readonly ends: Int32Array<ArrayBuffer>;
  /** As `MissingTally` gives them. */
  readonly missing: ColumnBatch;
};

export const ENTRY_BYTES = 17;
const FIRST_ENTRIES = 65_536;

/** Tokenizes batches; what it derives of the key it erases. */
export function tokenHand({ terms, root }: TokenWork): Hand<PackedTokens> {
  const { rules } = terms.linkage;
  const keys = deriveKeys(root, terms);
  const tokenizer = tok1(rules, keys);
  keys.erase();
  const pack = packer(rules, tokenizer);
  return {
    answer: pack,
    buffers: ({ bytes, ends }) => [bytes.buffer, ends.buffer],
    erase: tokenizer.erase,
  };
}

function packer(rules: readonly TokenRule[], tokenizer: Tokenizer): (batch: ColumnBatch) => PackedTokens {
  const positions = new Map(rules.map((rule, position) => [rule, position]));
  let bytes = new Uint8Array(FIRST_ENTRIES * ENTRY_BYTES);
  let end = 0;
  const token = (rule: TokenRule, made: Uint8Array): void => {
    if (end + ENTRY_BYTES > bytes.length) bytes = twice(bytes);
    bytes[end] = positions.get(rule) ?? 0;
    for (let at = 0; at < made.length; at += 1) bytes[end + 1 + at] = made[at] ?? 0;
    end += ENTRY_BYTES;
  };
  return (batch) => {
    const [records = [], spaces = []] = batch;
    const ends = new Int32Array(records.length);
    const tally = missingTally();
    end = 0;
    for (let row = 0; row < records.length; row += 1) {
      tokenizer.tokenize(identifiersAt(batch, row), {
        token,
        missing: (rule, part) => tally.note(String(spaces[row]), rule, part),
      });
      ends[row] = end;
    }
    return { bytes: bytes.slice(0, end), ends, missing: tally.columns() };
  };
}

function twice(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(2 * bytes.length);
  larger.set(bytes);
  return larger;
}
