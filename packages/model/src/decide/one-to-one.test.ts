import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { marginals, matchings } from './one-to-one.js';

type Pair = { readonly a: number; readonly b: number; readonly odds: number };

/** Adds up every matching. */
function slowMarginals(pairs: readonly Pair[]): number[] {
  const totals = pairs.map(() => 0);
  let all = 0;
  const go = (next: number, chosen: readonly number[], weight: number): void => {
    if (next === pairs.length) {
      all += weight;
      for (const pair of chosen) totals[pair] = (totals[pair] ?? 0) + weight;
      return;
    }
    const { a, b, odds } = pairs[next] ?? { a: 0, b: 0, odds: 0 };
    go(next + 1, chosen, weight);
    const free = chosen.every((pair) => pairs[pair]?.a !== a && pairs[pair]?.b !== b);
    if (free) go(next + 1, [...chosen, next], weight * odds);
  };
  go(0, [], 1);
  return totals.map((total) => total / all);
}

const fast = (pairs: readonly Pair[]) =>
  marginals(
    { a: Int32Array.from(pairs, ({ a }) => a), b: Int32Array.from(pairs, ({ b }) => b) },
    Float64Array.from(pairs, ({ odds }) => odds),
    { a: 10, b: 10 },
  );

const odds = fc.double({ min: -8, max: 12, noNaN: true }).map((log) => 2 ** log);

/** Pairs that form a tree: each new one hangs on a person that is there and brings one that is not. */
const trees = fc
  .array(fc.record({ hang: fc.nat(), odds }), { minLength: 1, maxLength: 9 })
  .map((branches) => {
    const pairs: Pair[] = [];
    const nodes = [{ side: 'a', number: 0 }];
    const used = { a: 1, b: 0 };
    for (const { hang, odds: of } of branches) {
      const at = nodes[hang % nodes.length] ?? { side: 'a', number: 0 };
      const side = at.side === 'a' ? 'b' : 'a';
      const number = used[side];
      used[side] += 1;
      nodes.push({ side, number });
      pairs.push(
        side === 'b' ? { a: at.number, b: number, odds: of } : { a: number, b: at.number, odds: of },
      );
    }
    return pairs;
  });

describe('marginals', () => {
  it('do not depend on the odds that were asked before', () => {
    fc.assert(
      fc.property(trees, fc.array(odds, { minLength: 9, maxLength: 9 }), (pairs, before) => {
        const of = {
          a: Int32Array.from(pairs, ({ a }) => a),
          b: Int32Array.from(pairs, ({ b }) => b),
        };
        const ask = matchings(of, { a: 10, b: 10 });
        ask(Float64Array.from(pairs.keys(), (pair) => before[pair] ?? 1));
        const again = ask(Float64Array.from(pairs, (pair) => pair.odds));
        for (const [pair, probability] of fast(pairs).entries()) {
          expect(again[pair]).toBeCloseTo(probability, 4);
        }
      }),
    );
  });

  it('are those of all matchings, where pairs form no cycle', () => {
    fc.assert(
      fc.property(trees, (pairs) => {
        const slow = slowMarginals(pairs);
        for (const [pair, probability] of fast(pairs).entries()) {
          expect(probability).toBeCloseTo(slow[pair] ?? Number.NaN, 5);
        }
      }),
    );
  });

  it('never sum to more than one at a person, by much, where they do form cycles', () => {
    const square = [
      { a: 0, b: 0, odds: 100 },
      { a: 0, b: 1, odds: 100 },
      { a: 1, b: 0, odds: 100 },
      { a: 1, b: 1, odds: 100 },
    ];
    const found = fast(square);
    const slow = slowMarginals(square);
    for (const [pair, probability] of found.entries()) expect(probability).toBeCloseTo(slow[pair] ?? 0, 1);
  });

  it('take two equal rivals for half a match each, and certain pairs for certain', () => {
    const [one, other] = fast([
      { a: 0, b: 0, odds: 1e6 },
      { a: 0, b: 1, odds: 1e6 },
    ]);
    expect(one).toBeCloseTo(0.5, 4);
    expect(other).toBeCloseTo(0.5, 4);
    expect(fast([{ a: 0, b: 0, odds: Number.POSITIVE_INFINITY }])[0]).toBe(1);
  });
});
