import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { queryOf, refined, sorted, type View, viewFrom, wholeTable } from './view.js';

const table = {
  name: 'cells',
  words: '',
  rows: 0,
  columns: ['measure', 'page', 'sort', 'is.odd', 'été'].map((name) => ({ name, type: 'VARCHAR', words: '' })),
};

const column = fc.constantFrom(...table.columns.map(({ name }) => name));
const anyView: fc.Arbitrary<View> = fc.record({
  table: fc.constant('cells'),
  filters: fc.uniqueArray(fc.record({ column, value: fc.string({ unit: 'grapheme' }) }), {
    selector: (filter) => filter.column,
  }),
  sort: fc.option(fc.record({ column, descending: fc.boolean() }), { nil: undefined }),
  page: fc.integer({ min: 1, max: 1_000_000 }),
});

describe('a view', () => {
  it('is its address', () => {
    fc.assert(
      fc.property(anyView, (view) => {
        expect(viewFrom(table, new URLSearchParams(queryOf(view)))).toEqual(view);
      }),
    );
  });

  it('leaves out whatever does not fit the table', () => {
    const query = new URLSearchParams('is.nothing=1&sort=-nothing&page=-3&x=y&is.measure=a');
    expect(viewFrom(table, query)).toEqual({
      ...wholeTable('cells'),
      filters: [{ column: 'measure', value: 'a' }],
    });
    for (const page of ['0', '1.5', 'NaN', '1e99', '']) {
      expect(viewFrom(table, new URLSearchParams({ page })).page).toBe(1);
    }
  });

  it('has one filter a column and begins again when narrowed', () => {
    const view = { ...refined(wholeTable('cells'), 'measure', 'a'), page: 7 };
    expect(refined(view, 'measure', 'b')).toMatchObject({
      filters: [{ column: 'measure', value: 'b' }],
      page: 1,
    });
    expect(refined(view, 'measure', undefined).filters).toEqual([]);
  });

  it('is turned round when sorted twice', () => {
    const once = sorted(wholeTable('cells'), 'page');
    expect(once.sort).toEqual({ column: 'page', descending: false });
    expect(sorted(once, 'page').sort).toEqual({ column: 'page', descending: true });
    expect(sorted(sorted(once, 'page'), 'page').sort).toEqual({ column: 'page', descending: false });
  });
});
