/** Seeded randomness, given from outside: the same seed repeats the same attack. */
export type Chance = {
  /** Uniform in [0, 1). */
  readonly next: () => number;
  /** Uniform integer in [0, bound). */
  readonly below: (bound: number) => number;
  readonly chance: (probability: number) => boolean;
};

/** So many different numbers below a bound, in random order (Fisher and Yates). */
export function drawWithout(chance: Chance, bound: number, count: number): Int32Array {
  const numbers = Int32Array.from({ length: bound }, (_, at) => at);
  for (let at = 0; at < count; at += 1) {
    const other = at + chance.below(bound - at);
    const kept = numbers[at] ?? 0;
    numbers[at] = numbers[other] ?? 0;
    numbers[other] = kept;
  }
  return numbers.slice(0, count);
}
