import { comparing, nonMatches, type PerLevel, usualM } from '@throughline/model';
import { describe, expect, it } from 'vitest';
import { linkSources } from '../decide/link-sources.js';
import { fixedModel, type Parameters, parametersOf, parametersSchema } from './parameters.js';

const { comparisons } = comparing({ similar: ['first', 'last'], exact: ['sex'] });
const stranger = { levels: Uint8Array.of(5, 5, 1), pairs: 900 };
const sibling = { levels: Uint8Array.of(5, 0, 1), pairs: 40 };
const own = ['school', 'clinic', 'library'].map(() => ({
  persons: 200,
  random: [
    stranger,
    { levels: Uint8Array.of(5, 5, 0), pairs: 900 },
    { levels: Uint8Array.of(0, 5, 0), pairs: 9 },
  ],
  related: [sibling],
}));

function parameters(names = ['school', 'clinic', 'library']): Parameters {
  const m = usualM(comparisons);
  const others = nonMatches(comparisons, own);
  const [weights, probabilities] = [new Float64Array(), new Float64Array()];
  const between = [{ matches: 50, before: { prior: 1, others }, relatives: [], weights, probabilities }];
  return parametersOf({
    comparisons,
    sources: names,
    estimate: { m, between, rounds: 1, settled: true },
    others,
    threshold: 0.7,
    between: [{ left: 0, right: 1, sides: { a: 200, b: 80 } }],
  });
}

const close = (one: PerLevel, other: PerLevel): void => {
  for (const [comparison, of] of one.entries()) {
    for (const [level, value] of of.entries()) expect(value).toBeCloseTo(other[comparison]?.[level] ?? 0, 5);
  }
};

describe('parameters', () => {
  it('come back from their file whole: m, u, relatives, prior and threshold', () => {
    const read = parametersSchema.parse(JSON.parse(JSON.stringify(parameters())));
    const model = fixedModel(comparisons, ['library', 'clinic', 'school'], read);
    const others = nonMatches(comparisons, own);
    close(model.m, usualM(comparisons));
    close(model.others.strangers, others.strangers);
    expect(model.others.kinds).toHaveLength(1);
    close(model.others.kinds[0]?.u ?? [], others.kinds[0]?.u ?? []);
    expect(model.others.kinds[0]?.share).toBe(others.kinds[0]?.share);
    expect(model.threshold).toBe(0.7);
    expect([model.share(1, 2), model.share(2, 1), model.share(0, 1)]).toEqual([50 / 80, 50 / 80, undefined]);
  });

  it('are put into the order of the fields at hand, and beyond them left out', () => {
    const fewer = comparing({ similar: ['first'], exact: [] }).comparisons;
    expect(fixedModel(fewer, [], parameters()).m).toEqual([fixedModel(comparisons, [], parameters()).m[0]]);
  });

  it.each<[string, (file: Parameters) => Parameters]>([
    [
      'lack a comparison',
      (file) => ({ ...file, comparisons: file.comparisons.slice(1), m: file.m.slice(1) }),
    ],
    ['know other levels of one', (file) => ({ ...file, m: [[0.5, 0.5], ...file.m.slice(1)] })],
    ['say nothing of strangers', (file) => ({ ...file, u: file.u.slice(1) })],
    [
      'make more than everybody related',
      (file) => ({ ...file, related: [0.6, 0.6].map((share) => ({ share, u: file.u })) }),
    ],
  ])('are refused where they %s', (_, change) => {
    expect(() => fixedModel(comparisons, [], change(parameters()))).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    );
  });

  it('of an earlier version, without u and prior, are refused', () => {
    const { u: _, ...older } = parameters();
    expect(parametersSchema.safeParse(older).success).toBe(false);
    expect(parametersSchema.safeParse({ ...parameters(), schemaVersion: 1 }).success).toBe(false);
  });
});

describe('linkSources under parameters', () => {
  /** Forty children who agree in all, and some strangers between. */
  const pairs = Array.from({ length: 60 }, (_, index) => index);
  const met = [
    {
      left: 0,
      right: 1,
      a: Int32Array.from(pairs),
      b: Int32Array.from(pairs),
      levels: pairs.map((index) => (index < 40 ? Uint8Array.of(0, 0, 0) : Uint8Array.of(5, 5, 1))),
    },
  ];
  const names = ['school', 'clinic', 'library'];
  const learned = linkSources({ comparisons, names, own }, met);

  it('decides with those of a night as that night did', () => {
    const fixed = fixedModel(comparisons, names, learned.parameters);
    const again = linkSources({ comparisons, names, own, fixed }, met);
    expect(again.expectation.links).toBe(learned.expectation.links);
    expect(again.expectation.links).toBe(40);
    for (const [place, { probability }] of again.chosen.entries()) {
      expect(probability).toBeCloseTo(learned.chosen[place]?.probability ?? -1, 2);
    }
    expect(again.parameters.m).toEqual(fixed.m.map((of) => [...of]));
    expect(again.expectation.threshold).toBe(fixed.threshold);
  });

  it('takes u, prior and threshold from the file, whatever owners count and candidates look like', () => {
    const { parameters: file } = learned;
    const by = (change: Partial<Parameters>, counts = own) => {
      const fixed = fixedModel(comparisons, names, { ...file, ...change });
      return linkSources({ comparisons, names, own: counts, fixed }, met);
    };
    const probability = ({ chosen }: ReturnType<typeof by>) => chosen[0]?.probability ?? 0;
    const weight = ({ chosen }: ReturnType<typeof by>) => chosen[0]?.weight ?? 0;
    const lying = own.map((each) => ({ ...each, random: [{ levels: Uint8Array.of(0, 0, 0), pairs: 5000 }] }));
    expect(weight(by({}, lying))).toBe(weight(by({})));
    const commoner = file.u.map((of) => of.map(() => 1 / of.length));
    expect(weight(by({ u: commoner }))).toBeLessThan(weight(by({})) - 3);
    const rarer = [{ sources: ['school', 'clinic'] as [string, string], share: 1e-6 }];
    expect(probability(by({ prior: rarer }))).toBeLessThan(probability(by({})));
    expect(by({ prior: rarer }).parameters.prior).toEqual(rarer);
    expect(by({ threshold: 1 }).expectation.links).toBe(0);
  });
});
