import { clean } from '@noble/hashes/utils.js';
import type { TokenPart, TokenRule } from '@throughline/agreement';
import { lengthValue } from '@throughline/core';
import { fieldNames, isWhole, LONGEST_JOINED, SEPARATOR, withoutTooLong } from '../emit/identifiers.js';
import { type Kernel, namedKernel } from '../kernel/kernel.js';
import type { DerivedKeys } from '../keys/derive.js';
import { LONGEST_PART, partsRoom } from './message.js';
import { type Identifiers, LONGEST_VALUE, MOST_SURNAMES } from './parts.js';
import { FIELD_BYTES, labelsOf, listParts, PART_BYTES, WRITTEN_BYTES } from './record-parts.js';

/** The tokens of one record after the other, in the memory of a kernel. */
export type RecordTokens = {
  /**
   * Takes a record: its identifiers, or the one text that they are joined to.
   *
   * @returns how many bytes the entries of all records taken are together.
   * @throws RangeError for a text of other identifiers.
   */
  readonly take: (record: Identifiers | string) => number;
  /** Of the record last taken the part, by its place in the rule, that a rule misses; undefined where it has all. */
  readonly missing: (rule: number) => number | undefined;
  /** The entries of all records taken, of `ENTRY_BYTES` each; they are then forgotten. */
  readonly entries: () => Uint8Array<ArrayBuffer>;
  readonly erase: () => void;
};

/** An entry: the place of the rule, then the token. */
export const ENTRY_BYTES = 17;
const KEY_BYTES = 32;
const STATES_BYTES = 64;
const RULE_WORDS = 5;
const LANES = 4;
const NONE = 255;
const MOST_BYTES_A_UNIT = 3;
/** Bytes behind a message, up to the end of its last block, or behind what is copied eight bytes at a time. */
const BEHIND = 73;
/** For the entries of 2,048 usual records. */
const USUAL_ENTRIES = 65_536 * ENTRY_BYTES;

type Sizes = Readonly<Record<keyof ReturnType<typeof sizesOf>, number>>;
type Memory = Kernel & { readonly at: Sizes };

export function recordTokens(rules: readonly TokenRule[], keys: DerivedKeys): RecordTokens {
  const parts = [...new Set(rules.flatMap((rule) => rule.parts))];
  const sizes = sizesOf(rules, parts);
  const memory: Memory = namedKernel(sizes);
  const { bytes, words, at } = memory;
  listParts(parts, { bytes, words, list: at.parts, labels: at.labels });
  listRules(rules, { parts, keys, memory });
  const most = mostEntries(rules);
  const lane = sizes.messages / LANES;
  let handed: Uint8Array<ArrayBuffer>[] = [];
  let [before, end] = [0, at.entries];
  const hand = () => {
    memory.finishTokens();
    handed.push(bytes.slice(at.entries, end));
    before += end - at.entries;
    end = at.entries;
  };
  return {
    take: (record) => {
      if (end + most > at.entries + sizes.entries) hand();
      if (typeof record === 'string') readText(record, memory);
      else readFields(record, memory);
      memory.writeParts(at.parts, parts.length, at.fields, at.written, at.values);
      end = memory.takeTokens(at.rules, rules.length, at.written, at.messages, lane, at.missing, end);
      return before + end - at.entries;
    },
    missing: (rule) => (bytes[at.missing + rule] === NONE ? undefined : bytes[at.missing + rule]),
    entries: () => {
      hand();
      const all = handed;
      handed = [];
      before = 0;
      return joined(all);
    },
    erase: memory.erase,
  };
}

function sizesOf(rules: readonly TokenRule[], parts: readonly TokenPart[]) {
  const lengths = (all: readonly Uint8Array[]) => all.reduce((sum, { length }) => sum + length, 0);
  const longestMessage = Math.max(0, ...rules.map(longest));
  return {
    key: KEY_BYTES,
    states: STATES_BYTES * rules.length,
    parts: PART_BYTES * parts.length,
    rules: 4 * RULE_WORDS * rules.length,
    places: 4 * rules.reduce((sum, rule) => sum + rule.parts.length, 0),
    names: lengths(rules.map(({ name }) => lengthValue([name]))) + BEHIND,
    labels: lengths(labelsOf(parts)) + BEHIND,
    text: MOST_BYTES_A_UNIT * Math.max(LONGEST_JOINED, fieldNames.length * LONGEST_VALUE) + BEHIND,
    fields: FIELD_BYTES * fieldNames.length,
    written: WRITTEN_BYTES * parts.length,
    values: partsRoom(parts) + BEHIND,
    messages: LANES * 8 * Math.ceil((longestMessage + BEHIND) / 8),
    missing: rules.length,
    entries: Math.max(USUAL_ENTRIES, mostEntries(rules)),
  };
}

const longest = ({ name, parts }: TokenRule): number =>
  lengthValue([name]).length + parts.length * LONGEST_PART;

/** Bytes of all tokens that a record may give: one for each choice of alternatives. */
const mostEntries = (rules: readonly TokenRule[]): number =>
  rules.reduce((sum, { parts }) => {
    const surnames = parts.filter((part) => part === 'last_part').length;
    return sum + ENTRY_BYTES * MOST_SURNAMES ** surnames;
  }, 0);

type Listing = {
  readonly parts: readonly TokenPart[];
  readonly keys: DerivedKeys;
  readonly memory: Memory;
};

/** Lists rules for the kernel: the states of its key, its name and the places of its parts. */
function listRules(rules: readonly TokenRule[], { parts, keys, memory }: Listing): void {
  const { bytes, words, at } = memory;
  let [label, places] = [at.names, at.places];
  for (const [rule, { name, parts: own }] of rules.entries()) {
    const key = keys.key('tok', name);
    bytes.set(key, at.key);
    const states = at.states + rule * STATES_BYTES;
    memory.hmac256Key(at.key, states);
    clean(key);
    const named = lengthValue([name]);
    bytes.set(named, label);
    words.set(
      own.map((part) => parts.indexOf(part)),
      places / 4,
    );
    words.set([states, label, named.length, places, own.length], at.rules / 4 + rule * RULE_WORDS);
    label += named.length;
    places += 4 * own.length;
  }
  bytes.fill(0, at.key, at.key + KEY_BYTES);
}

const encoder = new TextEncoder();

function readText(text: string, { bytes, words, at, splitFields }: Memory): void {
  const short = withoutTooLong(text);
  const { read, written } = encoder.encodeInto(short, bytes.subarray(at.text, at.fields - BEHIND));
  const found = splitFields(at.text, written, SEPARATOR.charCodeAt(0), at.fields, fieldNames.length);
  if (read < short.length || !isWhole(found)) throw new RangeError('tok1: joined identifiers expected');
  words.fill(0, at.fields / 4 + 2 * found, at.written / 4);
}

function readFields(row: Identifiers, { bytes, words, at }: Memory): void {
  let start = at.text;
  for (const [place, name] of fieldNames.entries()) {
    const value = row[name] ?? '';
    const known = value.length > LONGEST_VALUE ? '' : value;
    const { written } = encoder.encodeInto(known, bytes.subarray(start));
    words.set([start, written], at.fields / 4 + 2 * place);
    start += written;
  }
}

function joined(pieces: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const [first, ...others] = pieces;
  if (first !== undefined && others.length === 0) return first;
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
