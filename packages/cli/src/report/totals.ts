import type { Night, NightCount, NightExtract, NightMeasure, NightPartner, NightPass } from './night.js';

export type RowTotals = {
  readonly rowsIn: number;
  readonly kept: number;
  readonly rejected: number;
  readonly quarantined: number;
  readonly excluded: number;
};

export const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

export const totalOf = (counts: readonly NightCount[]): number => sumOf(counts.map(({ value }) => value));

const byName = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** Counts of equal names added up, the largest first. */
export const gathered = (lists: readonly (readonly NightCount[])[]): readonly NightCount[] => {
  const sums = new Map<string, number>();
  for (const { name, value } of lists.flat()) sums.set(name, (sums.get(name) ?? 0) + value);
  return [...sums]
    .map(([name, value]) => ({ name, value }))
    .sort((a, b) => b.value - a.value || byName(a.name, b.name));
};

export const rowsOfExtract = (extract: NightExtract): RowTotals => ({
  rowsIn: extract.rowsIn,
  kept: extract.kept,
  rejected: totalOf(extract.rejected),
  quarantined: totalOf(extract.quarantined),
  excluded: totalOf(extract.excluded),
});

/** Rows that are neither kept nor set aside; 0 in a sound night, negative if rows were counted twice. */
export const unaccounted = ({ rowsIn, kept, rejected, quarantined, excluded }: RowTotals): number =>
  rowsIn - kept - rejected - quarantined - excluded;

const added = (totals: readonly RowTotals[]): RowTotals => ({
  rowsIn: sumOf(totals.map(({ rowsIn }) => rowsIn)),
  kept: sumOf(totals.map(({ kept }) => kept)),
  rejected: sumOf(totals.map(({ rejected }) => rejected)),
  quarantined: sumOf(totals.map(({ quarantined }) => quarantined)),
  excluded: sumOf(totals.map(({ excluded }) => excluded)),
});

export const rowsOfPartner = (partner: NightPartner): RowTotals => added(partner.extracts.map(rowsOfExtract));

export const rowsOfNight = (night: Night): RowTotals => added(night.partners.map(rowsOfPartner));

export type CellTotals = { readonly cells: number; readonly withheld: number };

export const cellsOfMeasure = ({ tables }: NightMeasure): CellTotals => ({
  cells: sumOf(tables.map(({ cells }) => cells)),
  withheld: sumOf(tables.map(({ withheld }) => withheld)),
});

export const cellsOfNight = ({ measures }: Pick<Night, 'measures'>): CellTotals => {
  const totals = measures.map(cellsOfMeasure);
  return {
    cells: sumOf(totals.map(({ cells }) => cells)),
    withheld: sumOf(totals.map(({ withheld }) => withheld)),
  };
};

export const bases = ['exact', 'probable', 'weak'] as const;

export const linksOfBasis = (passes: readonly NightPass[], basis: NightPass['basis']): number =>
  sumOf(passes.filter((pass) => pass.basis === basis).map(({ linked }) => linked));

export const linksOfNight = ({ passes }: Pick<Night, 'passes'>): number =>
  sumOf(passes.map(({ linked }) => linked));
