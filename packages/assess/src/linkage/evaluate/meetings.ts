import type { Sealing } from '@throughline/agreement';
import { SLOT_TOKEN_BYTES, slotLevelsOf } from '@throughline/core';
import {
  gatherMeetings,
  type Meetings,
  NO_VALUE,
  type PassValues,
  type SealedFile,
} from '@throughline/tokenize';

export type Meeting = {
  readonly sealing: Sealing;
  /** Milliseconds since some moment. */
  readonly elapsed: () => number;
};

/** Sealed files: two records meet where a token of one pass is equal. */
export function meetSealed(
  left: SealedFile,
  right: SealedFile,
  { sealing: { passes }, elapsed }: Meeting,
): Meetings {
  const width = left.layout.width;
  const slot = (file: SealedFile, record: number, pass: number) => ({
    bytes: file.slots,
    at: (record * passes.length + pass) * width,
  });
  const records = ({ slots }: SealedFile) => slots.length / (passes.length * width);
  const values = (pass: number): PassValues => {
    const numbers = tokenNumbers(records(left) + records(right));
    const of = (file: SealedFile) =>
      Int32Array.from({ length: records(file) }, (_, record) => numbers.of(slot(file, record, pass)));
    return { left: of(left), right: of(right) };
  };
  return gatherMeetings({ names: passes.map(({ name }) => name), values, elapsed }, ({ one, two, pass }) =>
    slotLevelsOf(left.layout, slot(left, one, pass), slot(right, two, pass)),
  );
}

/** Numbers tokens in the order in which they first occur, by open addressing over their bytes. */
function tokenNumbers(records: number) {
  const size = 2 ** Math.ceil(Math.log2(Math.max(8, records * 2)));
  const words = new Int32Array(size * TOKEN_WORDS);
  const numbers = new Int32Array(size).fill(NO_VALUE);
  let next = 0;
  return {
    of: ({ bytes, at }: { readonly bytes: Uint8Array; readonly at: number }): number => {
      const word = (index: number) =>
        (bytes[at + index * 4] ?? 0) |
        ((bytes[at + index * 4 + 1] ?? 0) << 8) |
        ((bytes[at + index * 4 + 2] ?? 0) << 16) |
        ((bytes[at + index * 4 + 3] ?? 0) << 24);
      const [a, b, c, d] = [word(0), word(1), word(2), word(3)];
      for (let place = a & (size - 1); ; place = (place + 1) & (size - 1)) {
        const start = place * TOKEN_WORDS;
        const number = numbers[place] ?? NO_VALUE;
        if (number === NO_VALUE) {
          words[start] = a;
          words[start + 1] = b;
          words[start + 2] = c;
          words[start + 3] = d;
          numbers[place] = next;
          next += 1;
          return next - 1;
        }
        if (words[start] === a && words[start + 1] === b && words[start + 2] === c && words[start + 3] === d)
          return number;
      }
    },
  };
}
const TOKEN_WORDS = SLOT_TOKEN_BYTES / 4;
