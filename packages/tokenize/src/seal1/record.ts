import type { Sealing } from '@throughline/agreement';
import { lengthValue } from '@throughline/core';
import type { Kernel } from '../kernel/kernel.js';
import { writeBytes } from '../tok1/message.js';
import { type Identifiers, partOf } from '../tok1/parts.js';
import type { BigramTable } from './bigrams.js';
import { LONGEST_MISSING, LONGEST_NAME, type MissingValues } from './missing.js';
import { longestPass, passesRoom, passMessages } from './pass-messages.js';

/** One record, made ready in the memory of a kernel for all of its slots. */
export type SealRecord = {
  /** Takes the next record in place of the last one. @throws RangeError if its id is longer than that of any record. */
  readonly read: (recordId: string, row: Identifiers) => void;
  /** Whether the record has every part of a pass. */
  readonly whole: (pass: number) => boolean;
  /** Writes what the secret of a real slot, or of filler, is made of. @returns how many bytes. */
  readonly message: (pass: number, filler: boolean) => number;
  /** Where that is, where the vectors of the similar fields are, and where the messages of the exact ones are listed. */
  readonly at: { readonly message: number; readonly vectors: number; readonly codes: number };
};

export type RecordParts = {
  readonly memory: Pick<Kernel, 'bytes' | 'words'>;
  /** Of the sizes of `recordRooms`. */
  readonly rooms: readonly number[];
  readonly bigrams: BigramTable;
  readonly missing: MissingValues;
};

/** A vector, as the kernel reads it: how many bits are set, then which. */
const VECTOR_BYTES = 260;
/** A message of an exact field: its address and its length. */
const CODE_BYTES = 8;
const PADDING_ROOM = 145;

export const recordRooms = (sealing: Sealing): number[] => [
  passesRoom(passesAndCodes(sealing)),
  longestLabel(sealing) + LONGEST_NAME + longestPass(sealing.passes) + PADDING_ROOM,
  sealing.similar.length * VECTOR_BYTES,
  sealing.exact.length * CODE_BYTES,
  sealing.exact.length * LONGEST_MISSING,
];

/** An exact field is made of one part, as a pass might be. */
const passesAndCodes = ({ passes, exact }: Sealing) => [
  ...passes,
  ...exact.map((part) => ({ parts: [part] })),
];

const labelsOf = ({ passes }: Sealing): Uint8Array[] => passes.map(({ name }) => lengthValue([name]));
const longestLabel = (sealing: Sealing): number =>
  Math.max(0, ...labelsOf(sealing).map(({ length }) => length));

export function sealRecord(sealing: Sealing, { memory, rooms, bigrams, missing }: RecordParts): SealRecord {
  const { passes, similar, exact } = sealing;
  const { bytes, words } = memory;
  const [parts = 0, message = 0, vectors = 0, codes = 0, stand = 0] = rooms;
  const written = passMessages(passesAndCodes(sealing), { bytes, at: parts });
  const labels = labelsOf(sealing);
  let name: Uint8Array = new Uint8Array();
  const writeVector = (field: number, row: Identifiers) => {
    const part = similar[field] ?? 'first';
    const value = partOf(part, row)[0]?.[0];
    const positions = value === undefined ? missing.vector(part, name) : bigrams.positions(value);
    const at = vectors + field * VECTOR_BYTES;
    words[at / 4] = positions.length;
    bytes.set(positions, at + 4);
  };
  const listCode = (field: number) => {
    const word = codes / 4 + 2 * field;
    const pass = passes.length + field;
    if (written.whole(pass)) {
      words[word] = written.start(pass);
      words[word + 1] = written.end(pass) - written.start(pass);
    } else {
      const at = stand + field * LONGEST_MISSING;
      words[word] = at;
      words[word + 1] = writeBytes(bytes, at, missing.message(exact[field] ?? 'sex', name)) - at;
    }
  };
  return {
    read: (recordId, row) => {
      name = lengthValue([recordId]);
      if (name.length > LONGEST_NAME) throw new RangeError('seal1: a shorter record id expected');
      written.read(row);
      for (let field = 0; field < similar.length; field += 1) writeVector(field, row);
      for (let field = 0; field < exact.length; field += 1) listCode(field);
    },
    whole: written.whole,
    message: (pass, filler) => {
      let end = writeBytes(bytes, message, labels[pass] ?? name);
      if (filler) end = writeBytes(bytes, end, name);
      if (written.whole(pass)) end = written.write(pass, end);
      return end - message;
    },
    at: { message, vectors, codes },
  };
}
