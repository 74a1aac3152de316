/** Positions of atoms that are summed, and the sum that was printed. */
export type PrintedSum = { readonly atoms: Iterable<number>; readonly count: number };

/** The least and the most that atoms may be, ends included. */
export type AtomBounds = {
  readonly atoms: number;
  readonly least: number;
  readonly most: number;
  /** Sets of atoms of which each is known to have somebody in it. */
  readonly occupied?: readonly Iterable<number>[];
};

/**
 * The slow and obvious attacker: counts up through all tables of whole numbers and visits those that print what was
 * printed. A branch ends as soon as a printed sum is overshot.
 */
export const everyTable = (
  printed: readonly PrintedSum[],
  { atoms, least, most }: AtomBounds,
  visit: (table: readonly number[]) => void,
): void => {
  const sumsWith = Array.from({ length: atoms }, (_, atom) =>
    printed.flatMap((sum, at) => ([...sum.atoms].includes(atom) ? [at] : [])),
  );
  const left = printed.map(({ count }) => count);
  const table: number[] = [];
  const extend = (atom: number): void => {
    if (atom === atoms) {
      if (left.every((rest) => rest === 0)) visit(table);
      return;
    }
    const sums = sumsWith[atom] ?? [];
    for (let count = least; count <= most; count++) {
      for (const at of sums) left[at] = (left[at] ?? 0) - count;
      table[atom] = count;
      const overshot = sums.some((at) => (left[at] ?? 0) < 0);
      if (!overshot) extend(atom + 1);
      for (const at of sums) left[at] = (left[at] ?? 0) + count;
      if (overshot) break;
    }
  };
  extend(0);
};

/** The width that each of some sets of atoms has over every table that prints what was printed. */
export const widthsByTrying = (
  asked: readonly Iterable<number>[],
  printed: readonly PrintedSum[],
  bounds: AtomBounds,
): readonly number[] => {
  const sets = asked.map((atoms) => [...atoms]);
  const lowest = sets.map(() => Number.POSITIVE_INFINITY);
  const highest = sets.map(() => Number.NEGATIVE_INFINITY);
  const occupied = (bounds.occupied ?? []).map((atoms) => [...atoms]);
  everyTable(printed, bounds, (table) => {
    if (occupied.some((atoms) => atoms.every((atom) => table[atom] === 0))) return;
    for (const [at, atoms] of sets.entries()) {
      const sum = atoms.reduce((total, atom) => total + (table[atom] ?? 0), 0);
      lowest[at] = Math.min(lowest[at] ?? sum, sum);
      highest[at] = Math.max(highest[at] ?? sum, sum);
    }
  });
  return sets.map((_, at) => (highest[at] ?? 0) - (lowest[at] ?? 0));
};
