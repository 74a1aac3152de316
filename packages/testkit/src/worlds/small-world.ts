/** A made-up handful of people, tables of them, and a policy: small enough to try every table there could be. */
export type SmallWorld = {
  readonly columns: readonly string[];
  readonly combinations: readonly (readonly string[])[];
  readonly counts: readonly number[];
  readonly tables: readonly { readonly name: string; readonly cross: readonly (readonly string[])[] }[];
  readonly sensitiveTo: number;
  readonly minWidth: number;
  /** A number from 0 up to 1 for anything else that is to be left to chance, the same for the same seed. */
  readonly next: () => number;
};

/** Lehmer's generator, modulus 2^31 - 1. */
const lehmer = (seed: number): (() => number) => {
  let state = (seed % 2147483646) + 1;
  const step = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  for (let warm = 0; warm < 8; warm++) step();
  return step;
};

/** Two variables, the second in low and high detail, and a third. */
const COLUMNS = ['a', 'b_high', 'b_low', 'c'] as const;

const MARGINS = [['a'], ['b_low', 'b_high'], ['c']] as const;

const MOST_ATOMS = 6;

/** The world of a seed: up to 6 combinations of up to 4 people each, and one to three tables that share them. */
export const smallWorld = (seed: number): SmallWorld => {
  const next = lehmer(seed);
  const upTo = (most: number): number => 1 + Math.floor(next() * most);
  const combinations = new Map<string, readonly string[]>();
  for (let drawn = 0; drawn < 2 + upTo(MOST_ATOMS); drawn++) {
    const [a, b, c] = [upTo(2), upTo(3), upTo(2)];
    const combination = [`a${a}`, `b${b}`, b === 3 ? 'rest' : 'most', `c${c}`];
    if (combinations.size < MOST_ATOMS) combinations.set(combination.join(), combination);
  }
  const sorted = [...combinations].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
  const tables = Array.from({ length: upTo(3) }, (_, at) => {
    const margins = MARGINS.filter(() => next() < 0.6);
    return { name: `t${at}`, cross: margins.length === 0 ? [MARGINS[1]] : margins };
  });
  return {
    columns: COLUMNS,
    combinations: sorted,
    counts: sorted.map(() => upTo(4)),
    tables,
    sensitiveTo: upTo(2),
    minWidth: upTo(3),
    next,
  };
};
