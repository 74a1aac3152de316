import { limits } from '../read/limits.js';
import { coverageOf, isDeeper, parsePath, type Tree, textAt } from './paths.js';
import type { Tell } from './told.js';

/** Which values of a record are wanted; the others are told as null. */
export type TreeColumns = {
  readonly columns: readonly string[];
  readonly wanted: readonly boolean[];
  /** Whether the code of an Ed-Fi descriptor stands for the whole of it. */
  readonly descriptors: boolean;
  /** How many names of other members are told; 20 if nothing else is said. */
  readonly names?: number;
};

/** Takes records one by one, tells their rows and, at the end, which members they had. */
export type TreeRows = {
  readonly take: (line: number, record: Tree) => void;
  readonly reject: (line: number, reason: string) => void;
  readonly end: () => void;
};

export function treeRows(
  { columns, wanted, descriptors, names: most = 20 }: TreeColumns,
  tell: Tell,
): TreeRows {
  const coverage = coverageOf(columns);
  const paths = columns.map((column, index) => (wanted[index] === true ? parsePath(column) : undefined));
  const take = (line: number, record: Tree) => {
    if (typeof record !== 'object' || record === null) return tell(['reject', line, 'not_a_record']);
    if (isDeeper(record, limits.depth)) return tell(['reject', line, 'too_deep']);
    coverage.see(record);
    const cells = paths.map((path) => (path === undefined ? null : textAt(record, path)));
    const whole = cells.filter((cell) => cell !== undefined);
    if (whole.length < cells.length) return tell(['reject', line, 'not_a_text']);
    tell(['row', line, descriptors ? whole.map(withoutUri) : whole]);
  };
  return {
    take,
    reject: (line, reason) => tell(['reject', line, reason]),
    end: () => {
      const { names, count } = coverage.others(most);
      tell(['members', coverage.listed(), names, count]);
    },
  };
}

const DESCRIPTOR = /^(?:uri:|https?:)\/\/[^#\s]+#/;

const withoutUri = (text: string | null): string | null => text?.replace(DESCRIPTOR, '') ?? null;
