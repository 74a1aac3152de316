import { type Candidates, comparing, gatherPatterns, nonMatches, usualM } from '@throughline/model';
import { describe, expect, it } from 'vitest';
import { healthOf } from './health.js';

const { comparisons } = comparing({ similar: ['first', 'last'], exact: ['sex'] });
const others = nonMatches(comparisons, []);

/** Candidates that show some levels (first, last, sex) with some probability each. */
function shown(all: readonly { readonly levels: readonly number[]; readonly times: number }[]) {
  const levels = all.flatMap(({ levels: of, times }) =>
    Array.from({ length: times }, () => Uint8Array.from(of)),
  );
  const ids = Int32Array.from(levels.keys());
  const candidates: Candidates = {
    a: ids,
    b: ids,
    sides: { a: levels.length, b: levels.length },
    patterns: gatherPatterns(levels, levels.length),
    others,
    oneToOne: true,
  };
  const probabilities = new Float64Array(levels.length).fill(0.99);
  return { candidates, probabilities };
}

function findings(
  of: ReturnType<typeof shown>,
  { matches = 1, m = usualM(comparisons), given = false } = {},
) {
  const before = { prior: 1, others: of.candidates.others };
  const between = [
    { matches, before, relatives: [], weights: new Float64Array(), probabilities: of.probabilities },
  ];
  return healthOf(comparisons, [of.candidates], { m, between, rounds: 1, settled: true, given });
}
const names = (all: ReturnType<typeof findings>) => all.map(({ finding }) => finding);

describe('healthOf', () => {
  const sound = shown([
    { levels: [0, 0, 0], times: 300 },
    { levels: [2, 0, 0], times: 20 },
    { levels: [0, 2, 0], times: 20 },
    { levels: [0, 0, 1], times: 8 },
  ]);

  it('finds nothing in a sound estimate', () => {
    expect(findings(sound, { matches: 300 })).toEqual([]);
  });

  it('stops where more matches are estimated than persons', () => {
    expect(findings(sound, { matches: 400 })).toMatchObject([
      { finding: 'prior too high', severity: 'stop' },
    ]);
  });

  it('warns where households rather than persons share so much', () => {
    const m = usualM(comparisons);
    m[0]?.fill(1 / 6);
    expect(names(findings(sound, { m }))).toEqual(['first name seldom equal']);
  });

  it('stops where the matches have first names with nothing in common, also under a model that is given', () => {
    const siblings = shown([
      { levels: [0, 0, 0], times: 100 },
      { levels: [5, 0, 0], times: 50 },
    ]);
    for (const given of [false, true]) {
      expect(findings(siblings, { given })).toMatchObject([
        { finding: 'households found', severity: 'stop' },
      ]);
    }
    const some = shown([
      { levels: [0, 0, 0], times: 100 },
      { levels: [5, 0, 0], times: 40 },
    ]);
    expect(findings(some)).toEqual([]);
    const few = shown([
      { levels: [0, 0, 0], times: 20 },
      { levels: [5, 0, 0], times: 20 },
    ]);
    expect(findings(few)).toEqual([]);
  });

  it('does not judge by few candidates what was learned elsewhere', () => {
    const m = usualM(comparisons);
    m[0]?.fill(1 / 6);
    const few = shown([
      { levels: [0, 0, 0], times: 300 },
      { levels: [0, 5, 0], times: 2 },
    ]);
    expect(findings(few, { m, given: true })).toEqual([]);
  });

  it('names the level that nothing was learned of', () => {
    const few = shown([
      { levels: [0, 0, 0], times: 300 },
      { levels: [0, 5, 0], times: 2 },
    ]);
    expect(findings(few)).toMatchObject([
      { finding: 'untrained level', comparisons: ['last'], level: 'differs' },
    ]);
  });

  it('warns of fields that disagree together', () => {
    const together = shown([
      { levels: [0, 0, 0], times: 300 },
      { levels: [0, 5, 1], times: 40 },
    ]);
    expect(findings(together)).toMatchObject([{ finding: 'dependent fields', comparisons: ['last', 'sex'] }]);
  });
});
