import { bitsInCommon } from '@throughline/core';

/** Encodings of one length, row after row, packed into 32-bit words. */
export type BitRows = { readonly rows: number; readonly bits: number; readonly words: Int32Array };

/** From bytes, all of one length, which is rounded up to whole words. */
export function bitRows(codes: readonly Uint8Array[]): BitRows {
  const width = Math.ceil((codes[0]?.length ?? 0) / 4);
  const bytes = new Uint8Array(codes.length * width * 4);
  for (const [row, code] of codes.entries()) bytes.set(code, row * width * 4);
  return { rows: codes.length, bits: (codes[0]?.length ?? 0) * 8, words: new Int32Array(bytes.buffer) };
}

export function rowsFrom({ rows, bits, words }: BitRows, from: number, until: number): BitRows {
  const width = words.length / rows;
  return { rows: until - from, bits, words: words.subarray(from * width, until * width) };
}

/** The positions of the bits set in a row, ascending. */
export function setBits({ rows, words }: BitRows, row: number): Int32Array {
  const width = words.length / rows;
  const found: number[] = [];
  for (let word = 0; word < width; word += 1) {
    for (let rest = words[row * width + word] ?? 0; rest !== 0; rest &= rest - 1) {
      found.push(word * 32 + 31 - Math.clz32(rest & -rest));
    }
  }
  return Int32Array.from(found);
}

/** Dice coefficients of every row with every row of the same encodings, rows x rows. */
export function diceMatrix(codes: BitRows): Float32Array {
  const { rows } = codes;
  const each = Array.from({ length: rows }, (_, row) => rowsFrom(codes, row, row + 1).words);
  const matrix = new Float32Array(rows * rows);
  const weights = each.map((words) => bitsInCommon(words, words));
  for (const [row, words] of each.entries()) {
    for (let other = row; other < rows; other += 1) {
      const total = (weights[row] ?? 0) + (weights[other] ?? 0);
      const dice = total === 0 ? 0 : (2 * bitsInCommon(words, each[other] ?? words)) / total;
      matrix[row * rows + other] = dice;
      matrix[other * rows + row] = dice;
    }
  }
  return matrix;
}
