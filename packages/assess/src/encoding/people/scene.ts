import type { Identifiers } from '@throughline/tokenize';
import type { PartnerFile, Roll } from './files.js';

/**
 * All rows in one sequence: the children of the roll, then the files one after the other. Row r of the files is row
 * `roll + r` of the scene.
 */
export type Scene = {
  readonly roll: number;
  readonly all: readonly Identifiers[];
  readonly files: readonly PartnerFile[];
  /** Of each row of the files: its file, and its true child. */
  readonly file: Uint8Array;
  readonly truth: Int32Array;
};

export function sceneOf(roll: Roll, files: readonly PartnerFile[]): Scene {
  const rows = files.reduce((sum, { child }) => sum + child.length, 0);
  const [file, truth] = [new Uint8Array(rows), new Int32Array(rows)];
  let next = 0;
  for (const [at, { child }] of files.entries()) {
    file.fill(at, next, next + child.length);
    truth.set(child, next);
    next += child.length;
  }
  return {
    roll: roll.rows.length,
    all: [...roll.rows, ...files.flatMap(({ rows }) => rows)],
    files,
    file,
    truth,
  };
}
