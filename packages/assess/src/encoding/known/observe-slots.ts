import { SLOT_TOKEN_BYTES, SLOT_VECTOR_BYTES, type SlotLayout, slotDistance } from '@throughline/core';
import type { SealedFile } from '@throughline/tokenize';
import { type Compare, grouping, type Observed } from './observed.js';

/** What is seen of sealed files: which rows share the token of a pass, and how those compare. */
export function observeSlots(
  files: readonly Pick<SealedFile, 'layout' | 'slots'>[],
  passes: number,
): Observed {
  const groups = grouping(passes);
  const places: { file: number; row: number }[] = [];
  for (const [file, { layout, slots }] of files.entries()) {
    const words = new DataView(slots.buffer, slots.byteOffset, slots.byteLength);
    const rows = slots.length / (passes * layout.width);
    for (let row = 0; row < rows; row += 1) {
      for (let pass = 0; pass < passes; pass += 1) {
        groups.add(pass, places.length, tokenAt(words, (row * passes + pass) * layout.width));
      }
      places.push({ file, row });
    }
  }
  return groups.done(
    Uint8Array.from(places, ({ file }) => file),
    comparison(files, passes, places),
  );
}

/** 53 of its 128 bits: two of a million tokens agree by chance once in 10^4 runs. */
const tokenAt = (words: DataView, at: number): number =>
  words.getUint32(at) * 2 ** 21 + (words.getUint32(at + SLOT_TOKEN_BYTES - 4) >>> 11);

function comparison(
  files: readonly Pick<SealedFile, 'layout' | 'slots'>[],
  passes: number,
  places: readonly { file: number; row: number }[],
): Compare {
  return (pass, row, other) => {
    const [one, two] = [
      slotOf(files, places[row], { pass, passes }),
      slotOf(files, places[other], { pass, passes }),
    ];
    const layout = one.layout;
    const distances = layout.similar.map((_, field) =>
      slotDistance(one, two, SLOT_TOKEN_BYTES + field * SLOT_VECTOR_BYTES),
    );
    return { distances, equal: layout.exact.map((_, field) => sameCode(one, two, codeAt(layout, field))) };
  };
}

type Slot = { readonly bytes: Uint8Array; readonly at: number; readonly layout: SlotLayout };

function slotOf(
  files: readonly Pick<SealedFile, 'layout' | 'slots'>[],
  place: { file: number; row: number } | undefined,
  { pass, passes }: { pass: number; passes: number },
): Slot {
  const sealed = files[place?.file ?? 0];
  if (sealed === undefined || place === undefined) throw new RangeError('place: expected one of a file');
  const { layout, slots } = sealed;
  return { bytes: slots, at: (place.row * passes + pass) * layout.width, layout };
}

const SLOT_CODE = 4;
const codeAt = ({ similar }: SlotLayout, field: number): number =>
  SLOT_TOKEN_BYTES + similar.length * SLOT_VECTOR_BYTES + field * SLOT_CODE;

const sameCode = (one: Slot, two: Slot, offset: number): boolean => {
  for (let byte = offset; byte < offset + SLOT_CODE; byte += 1) {
    if (one.bytes[one.at + byte] !== two.bytes[two.at + byte]) return false;
  }
  return true;
};
