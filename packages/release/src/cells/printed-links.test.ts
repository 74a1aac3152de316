import { describe, expect, it } from 'vitest';
import { groupOf } from '../candidate/tables.js';
import { type Basis, type LinkTable, printedLinks } from './printed-links.js';

const policy = { threshold: 10, zeroCounts: 'publish-structural', minIntervalWidth: 10 } as const;
type Counts = Readonly<Partial<Record<Basis, number>>>;

const table = (rows: Readonly<Record<string, Counts>>, dims: readonly string[] = ['school']): LinkTable => ({
  measure: 'm',
  dims,
  rows: Object.entries(rows).map(([level, counts]) => ({
    levels: dims.length === 0 ? [] : [level === 'Total' ? null : level],
    counts: new Map(Object.entries(counts)),
  })),
});

const printed = (links: LinkTable, withheld: readonly string[] = []) => {
  const published = new Map(
    links.rows.flatMap(({ levels }) =>
      withheld.includes(levels[0] ?? 'Total')
        ? []
        : [[groupOf({ ...links, population: '', rows: [] }, levels).yes, 1] as const],
    ),
  );
  return [...printedLinks([links], { published, policy }).values()];
};

const open = { A: { exact: 30 }, B: { exact: 40, weak: 12 }, Total: { exact: 70, weak: 12 } };

describe('counts by link', () => {
  it('are printed where none of a table is small', () => {
    expect(printed(table(open))).toEqual([30, 0, 0, 40, 0, 12, 70, 0, 12]);
  });

  it('are printed in no row of a table with a small one, from which it would follow', () => {
    const small = { A: { exact: 30, weak: 2 }, B: { exact: 40, weak: 12 }, Total: { exact: 70, weak: 14 } };
    expect(printed(table(small))).toEqual([]);
  });

  it('are printed in no row of a table in which a yes is withheld', () => {
    expect(printed(table(open), ['A'])).toEqual([]);
  });

  it('tell of a total the exact ones alone, where the rest is wide and has two parts', () => {
    const total = (counts: Counts) => printed(table({ Total: counts }, []));
    expect(total({ exact: 654, probable: 30, weak: 4 })).toEqual([654]);
    expect(total({ exact: 654, probable: 4, weak: 4 })).toEqual([]);
    expect(total({ exact: 3, probable: 300, weak: 40 })).toEqual([]);
    expect(total({ exact: 654, probable: 30, weak: 14 })).toEqual([654, 30, 14]);
  });
});
