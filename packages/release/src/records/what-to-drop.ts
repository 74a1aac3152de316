import { type SafeName, safeName } from '@throughline/core';
import type { Crossing, RecordCandidate, RecordTable } from './record-sets.js';

/** What a table is to lose so that the rest can be protected: names of the configuration, never a value. */
export type Drop = { readonly drop_table: SafeName; readonly or_margin: SafeName };

const first = <T>(all: readonly T[], weight: (each: T) => number): T | undefined =>
  all.reduce<T | undefined>(
    (best, each) => (best === undefined || weight(each) > weight(best) ? each : best),
    undefined,
  );

const marginName = (columns: readonly string[]): SafeName => safeName(columns.join('/'));

const detailed = ({ cross }: Crossing): readonly string[] => first(cross, (margin) => margin.length) ?? [];

/** The table that has most rows for each person, and its margin with most columns. */
export const largestOf = (tables: readonly Crossing[]): Drop | Record<string, never> => {
  const table = first(tables, ({ cross }) =>
    cross.reduce((product, margin) => product * (margin.length + 1), 1),
  );
  if (table === undefined) return {};
  return { drop_table: safeName(table.name), or_margin: marginName(detailed(table)) };
};

const rowsIn = ({ rows }: RecordTable, sets: ReadonlySet<number>) => rows.filter(({ set }) => sets.has(set));

/** The table in which most of some sets are printed, and the margin at which most of them are told apart there. */
export const mostEntangled = (
  { tables }: Pick<RecordCandidate, 'tables'>,
  crossings: readonly Crossing[],
  sets: ReadonlySet<number>,
): Drop | Record<string, never> => {
  const table = first(tables, (each) => rowsIn(each, sets).length);
  if (table === undefined) return {};
  const cross = crossings.find(({ name }) => name === table.name)?.cross ?? [];
  const rows = rowsIn(table, sets);
  const margin = first([...cross.keys()], (at) => rows.filter(({ levels }) => levels[at] !== null).length);
  return { drop_table: safeName(table.name), or_margin: marginName(cross[margin ?? 0] ?? []) };
};
