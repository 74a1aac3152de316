/** Pairs of persons of two sources. Persons of each are numbered from 0; a pair occurs once. */
export type Pairs = { readonly a: Int32Array; readonly b: Int32Array };

export type Sides = { readonly a: number; readonly b: number };

const MOST_ROUNDS = 100;
/** Of a message, in proportion to it. */
const SETTLED = 1e-6;

/**
 * The probability of each pair when a person has at most one partner on the other side: marginals of all matchings
 * by belief propagation (Huang and Jebara 2009), exact where the pairs form no cycle; messages are damped in
 * proportion, since odds span many powers of ten.
 * A runner-up takes from a pair what it would otherwise owe to itself alone, and so does having no partner at all.
 *
 * @param odds of each pair against both having no partner.
 */
export const marginals = (pairs: Pairs, odds: Float64Array, sides: Sides): Float64Array =>
  matchings(pairs, sides)(odds);

/**
 * The same for one set of odds after the other over the same pairs, as EM asks for them: messages begin where they
 * ended, which is near where they will end.
 */
export function matchings({ a, b }: Pairs, sides: Sides): (odds: Float64Array) => Float64Array {
  const fromA = new Float64Array(a.length).fill(1);
  const fromB = new Float64Array(a.length).fill(1);
  const sumA = new Float64Array(sides.a);
  const sumB = new Float64Array(sides.b);
  const round = (odds: Float64Array): number => {
    sumA.fill(0);
    sumB.fill(0);
    for (let pair = 0; pair < odds.length; pair += 1) {
      const [x, y, w] = [a[pair] ?? 0, b[pair] ?? 0, odds[pair] ?? 0];
      sumA[x] = (sumA[x] ?? 0) + w * (fromB[pair] ?? 0);
      sumB[y] = (sumB[y] ?? 0) + w * (fromA[pair] ?? 0);
    }
    let change = 0;
    for (let pair = 0; pair < odds.length; pair += 1) {
      const [x, y, w] = [a[pair] ?? 0, b[pair] ?? 0, odds[pair] ?? 0];
      const [beforeA, beforeB] = [fromA[pair] ?? 0, fromB[pair] ?? 0];
      const nextA = 1 / (1 + Math.max(0, (sumA[x] ?? 0) - w * beforeB));
      const nextB = 1 / (1 + Math.max(0, (sumB[y] ?? 0) - w * beforeA));
      change = Math.max(change, Math.abs(1 - beforeA / nextA), Math.abs(1 - beforeB / nextB));
      fromA[pair] = Math.sqrt(beforeA * nextA);
      fromB[pair] = Math.sqrt(beforeB * nextB);
    }
    return change;
  };
  return (odds) => {
    for (let rounds = 0; rounds < MOST_ROUNDS && round(odds) >= SETTLED; rounds += 1);
    return odds.map((w, pair) => {
      const belief = w * (fromA[pair] ?? 0) * (fromB[pair] ?? 0);
      return Number.isFinite(belief) ? belief / (1 + belief) : 1;
    });
  };
}
