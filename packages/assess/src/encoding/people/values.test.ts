import type { TokenPart } from '@throughline/agreement';
import { type Identifiers, nothingKnown, partOf } from '@throughline/tokenize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inverted, listAt, numberValues } from './values.js';

const word = fc.option(fc.constantFrom('ANA', 'ANNA', 'MIA', 'A'), { nil: null });
const row = fc
  .record({
    first: word,
    last: word,
    last_parts: fc.constantFrom(null, 'ANA MIA', 'A ANNA'),
    sex: fc.constantFrom('F', 'M', null),
  })
  .map((some): Identifiers => ({ ...nothingKnown, ...some }));
const composites: TokenPart[][] = [
  ['first', 'last'],
  ['last_part', 'sex'],
  ['names.sorted'],
  ['first.3', 'last_part', 'sex'],
];

/** Slow and obvious: every choice of alternatives as one text. */
const textsOf = (parts: readonly TokenPart[], one: Identifiers): string[] =>
  parts.reduce<string[]>(
    (texts, part) =>
      texts.flatMap((text) => partOf(part, one).map((values) => JSON.stringify([text, values]))),
    [''],
  );

describe('numberValues', () => {
  it('gives equal numbers to equal values and to no others, on random rows', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 12 }), (rows) => {
        const { of, sizes } = numberValues(composites, rows);
        for (const [column, parts] of composites.entries()) {
          const texts = rows.map((one) => textsOf(parts, one));
          const numbers = rows.map((_, at) => [...listAt(of[column], at)]);
          const pairs = texts.flatMap((each, at) =>
            each.map((text, place) => [text, numbers[at]?.[place]] as const),
          );
          expect(numbers.map(({ length }) => length)).toEqual(texts.map(({ length }) => length));
          expect(new Set(pairs.map(([text]) => text)).size).toBe(sizes[column]);
          expect(new Map(pairs).size).toBe(new Set(pairs.map(([, number]) => number)).size);
          for (const [text, number] of pairs) expect(new Map(pairs).get(text)).toBe(number);
        }
      }),
    );
  });

  it('turns lists round', () => {
    const lists = { starts: Int32Array.of(0, 2, 2, 3), items: Int32Array.of(1, 0, 1) };
    const turned = inverted(lists, 2);
    expect([...listAt(turned, 0)]).toEqual([0]);
    expect([...listAt(turned, 1)]).toEqual([0, 2]);
    expect([...listAt(turned, 2)]).toEqual([]);
  });
});
