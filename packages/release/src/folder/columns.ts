import { artifactTables, columnsOf } from '@throughline/core';

/** What each column of a release says, for the codebook, the data package and the DuckDB file. */
const words: Readonly<Record<keyof (typeof artifactTables)['release']['cells'], string>> = {
  measure: 'The measure and its preset; see definitions.md.',
  table_name: 'The table: measure, then its dimensions.',
  dim_1: 'First dimension; empty in a table of the grand total.',
  level_1: 'Level of the first dimension; Total for the margin over all levels.',
  dim_2: 'Second dimension, where the table has two.',
  level_2: 'Level of the second dimension; Total for the margin over all levels.',
  status: 'published: every count of the row is printed. withheld: at least one is not, for whatever reason.',
  yes: 'Persons for whom the measure is true. Empty where withheld; empty is never zero.',
  no: 'Persons for whom it is not, as far as linked records tell. Empty where withheld.',
  unknown: 'Persons about whom it is not known. Empty where withheld.',
  total: 'Persons of the population: yes + no + unknown. Empty where withheld.',
  rate_percent:
    'yes / (yes + no) in per cent, rounded half up; <1 and >99 stand for what would round to none or all.',
  coverage_percent: '(yes + no) / total in per cent: about how many the outcome is known.',
  as_of:
    'The day that the numbers of the row are of. A row stands as it is until one of its numbers would change by the threshold. Empty where nothing is printed.',
};

export type ReleaseColumn = {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly words: string;
};

export const releaseColumns: readonly ReleaseColumn[] = columnsOf(artifactTables.release.cells).map(
  (column) => ({
    ...column,
    words: words[column.name as keyof typeof words],
  }),
);

export const columnWords: Readonly<Record<string, string>> = words;
