import { type Row, requireWithin, type System } from './system.js';

/** A row of the reduced system: unknown -> factor, never 0. */
type Reduced = { readonly factors: ReadonlyMap<number, number>; readonly constant: number };

const gcd = (a: number, b: number): number => {
  let [x, y] = [Math.abs(a), Math.abs(b)];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
};

/** Divided by the common divisor; null if a number has left the exact integers, where the row proves nothing. */
const exact = (factors: Map<number, number>, constant: number): Reduced | null => {
  const numbers = [...factors.values(), constant];
  if (!numbers.every(Number.isSafeInteger)) return null;
  const divisor = numbers.reduce(gcd, 0);
  if (divisor <= 1) return { factors, constant };
  for (const [at, factor] of factors) factors.set(at, factor / divisor);
  return { factors, constant: constant / divisor };
};

/** a x row - b x pivot row, with a and b chosen to cancel the pivot's unknown. */
const cancel = (row: Reduced, pivot: Reduced, at: number): Reduced | null => {
  const ours = row.factors.get(at) ?? 0;
  const theirs = pivot.factors.get(at) ?? 0;
  const common = gcd(ours, theirs);
  const [a, b] = [theirs / common, ours / common];
  const factors = new Map<number, number>();
  for (const [unknown, factor] of row.factors) factors.set(unknown, a * factor);
  for (const [unknown, factor] of pivot.factors) {
    const left = (factors.get(unknown) ?? 0) - b * factor;
    if (left === 0) factors.delete(unknown);
    else factors.set(unknown, left);
  }
  return exact(factors, a * row.constant - b * pivot.constant);
};

const reduceBy = (row: Row, pivots: ReadonlyMap<number, Reduced>): Reduced | null => {
  let reduced = exact(new Map(row.terms), row.constant);
  for (const [at] of row.terms) {
    const pivot = pivots.get(at);
    if (reduced !== null && pivot !== undefined && reduced.factors.has(at))
      reduced = cancel(reduced, pivot, at);
  }
  return reduced;
};

/** Keeps every pivot's unknown out of every other row: Gauss-Jordan, so that a determined unknown stands alone. */
const admit = (pivots: Map<number, Reduced>, row: Reduced): void => {
  const [at] = row.factors.keys();
  if (at === undefined) return;
  for (const [other, pivot] of pivots) {
    if (!pivot.factors.has(at)) continue;
    const cleared = cancel(pivot, row, at);
    if (cleared === null) pivots.delete(other);
    else pivots.set(other, cleared);
  }
  pivots.set(at, row);
};

/**
 * The unknowns that the equations alone determine, with their values, by fraction-free Gauss-Jordan elimination in
 * exact integers. An unknown is determined by linear equations if and only if it stands alone in a row of the
 * reduced form. Factors stay tiny, since tables that add up give factors of 1 and -1; a row that would nevertheless
 * leave the 53-bit integers is dropped, which can only miss an unknown, and the linear programs judge what is
 * missed. Rejected: big integers, for numbers that do not occur, and elimination modulo a prime, which needs a
 * second, exact pass to be believed.
 *
 * @throws RangeError if an unknown is determined to be no count the attacker believes possible.
 */
export const determined = ({ rows, bounds }: System): ReadonlyMap<number, number> => {
  const pivots = new Map<number, Reduced>();
  const shortestFirst = [...rows].sort((a, b) => a.terms.length - b.terms.length);
  for (const row of shortestFirst) {
    const reduced = reduceBy(row, pivots);
    if (reduced !== null) admit(pivots, reduced);
  }
  const known = new Map<number, number>();
  for (const { factors, constant } of pivots.values()) {
    const [only, other] = factors;
    if (only === undefined || other !== undefined) continue;
    known.set(only[0], requireWithin(constant / only[1], bounds[only[0]]));
  }
  return known;
};
