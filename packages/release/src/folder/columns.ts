import { artifactTables, columnsOf } from '@throughline/core';

type Tables = (typeof artifactTables)['release'];
export type ReleaseTableName = keyof Tables & string;

/** What a column says, and how: for the codebook, the data package and the DuckDB file. */
type Said = {
  readonly words: string;
  readonly units?: string;
  readonly allowed?: readonly string[];
  /** What an empty field means, where it may be empty. */
  readonly empty?: string;
};

const STATUS = ['published', 'withheld'] as const;
const STATUS_OF_CELLS = ['published', 'withheld', 'range'] as const;
const WITHHELD = 'withheld, or made of a count that is';
const NOBODY = 'withheld, or there is nobody to tell of';
const NO_DIMENSION = 'the table has no such dimension';

const place = {
  measure: { words: 'The measure and its preset; see definitions.' },
  table_name: { words: 'The table: measure, then its dimensions.' },
  dim_1: { words: 'First dimension; empty in a table of the grand total.', empty: NO_DIMENSION },
  level_1: {
    words: 'Level of the first dimension; Total for the margin over all levels.',
    empty: NO_DIMENSION,
  },
  dim_2: { words: 'Second dimension, where the table has two.', empty: NO_DIMENSION },
  level_2: {
    words: 'Level of the second dimension; Total for the margin over all levels.',
    empty: NO_DIMENSION,
  },
} satisfies Record<string, Said>;

const persons = (words: string): Said => ({ words, units: 'persons', empty: WITHHELD });
const percent = (words: string): Said => ({ words, units: 'per cent', empty: NOBODY });

const cells: Record<keyof Tables['cells'], Said> = {
  ...place,
  status: {
    words:
      'published: yes, no, unknown and total are printed. withheld: at least one of them is not, for whatever reason. range: yes and no are not, and the rate is printed as a range.',
    allowed: STATUS_OF_CELLS,
  },
  yes: persons('Numerator: persons for whom the measure is true. Empty where withheld; empty is never zero.'),
  no: persons('Persons for whom it is not, as far as linked records tell.'),
  unknown: persons('Persons about whom it is not known.'),
  total: persons('Persons of the population: yes + no + unknown.'),
  known: persons('Denominator of the rate: yes + no.'),
  rate_percent: percent(
    'yes / known in per cent, rounded half up; <1 and >99 stand for what would round to none or all. Where status is range, a range by the size of the group, such as <=5, 6-9 or >=95.',
  ),
  coverage_percent: percent('known / total in per cent: about how many the outcome is known.'),
  links_status: {
    words:
      'published: the three counts by links are printed, and they add up to yes. withheld: at least one is not.',
    allowed: STATUS,
  },
  by_exact_links: persons('Of yes: persons who are one over exact links alone, or who needed no link.'),
  by_probable_links: persons('Of yes: persons who need a probable link to be one.'),
  by_weak_links: persons('Of yes: persons who need a weak link to be one.'),
  at_least_percent: percent('Lower bound, in per cent of total: as if only exact links were right.'),
  at_most_percent: percent(
    'Upper bound, in per cent of total: as if every unknown were a yes, and every person of the source whom no school record is linked to belonged into this very row. Their number is rounded up.',
  ),
  as_of: {
    words:
      'The day that the numbers of the row are of. A row stands as it is until one of its numbers would change by the threshold.',
    empty: 'nothing of the row is printed',
  },
};

const magnitudes: Record<keyof Tables['magnitudes'], Said> = {
  ...place,
  status: {
    words:
      'published or withheld: sums over few children, or that one or two children dominate, are not printed.',
    allowed: STATUS,
  },
  unit: { words: 'What is added up.' },
  volume: { words: 'The sum over all children of the row.', units: 'see unit', empty: WITHHELD },
  children: persons('Children who are a yes of the measure: yes of the same row of cells.'),
  average: { words: 'volume / children, to one decimal.', units: 'see unit, a child', empty: NOBODY },
};

const equity: Record<keyof Tables['equity'], Said> = {
  measure: place.measure,
  dimension: { words: 'The dimension of the group.' },
  level: { words: 'The group.' },
  status: { words: 'published, or withheld where a count that it is made of is.', allowed: STATUS },
  share_of_reached_percent: percent('Of the children reached, the share that is of the group.'),
  share_of_children_percent: percent(
    'Of the children about whom it is known, the share that is of the group.',
  ),
  ratio: { words: 'The first share over the second: 1 is even.', empty: NOBODY },
  gap_points: { words: 'The first share less the second.', units: 'percentage points', empty: NOBODY },
  linked_percent: percent(
    'Of the children of the group, the share of whom any other partner has a linked record: a group that links worse looks under-served.',
  ),
  linked_gap_points: {
    words: 'That share less the one of all children.',
    units: 'percentage points',
    empty: NOBODY,
  },
};

const comparisons: Record<keyof Tables['comparisons'], Said> = {
  measure: place.measure,
  outcome: { words: 'The measure of outcome.' },
  access: { words: 'The measure of access, in bands.' },
  level: { words: 'The band of access.' },
  status: { words: 'published, or withheld where it would tell of few children.', allowed: STATUS },
  compared: persons(
    'Children at the level who have children without access in the same grade band and school.',
  ),
  observed_percent: percent('Of those compared, the share with the outcome.'),
  expected_percent: percent(
    'The share to expect had each the rate of the children without access in its grade band and school. An association: it does not say that access is the cause.',
  ),
};

const said = { cells, magnitudes, equity, comparisons } as const satisfies Record<
  ReleaseTableName,
  Readonly<Record<string, Said>>
>;

const about: Readonly<Record<ReleaseTableName, string>> = {
  cells:
    'Cells of access and outcome measures after disclosure control: numerator, denominator and unknown together. Empty is withheld, never zero.',
  magnitudes: 'Sums over children, such as services or days, after disclosure control.',
  equity: 'Shares of groups among those reached and among all, made of published cells only.',
  comparisons: 'Outcome beside access, compared within grade band and school. Association only.',
};

export type ReleaseColumn = Said & {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
};

export type ReleaseTable = {
  readonly name: ReleaseTableName;
  readonly about: string;
  readonly columns: readonly ReleaseColumn[];
};

/** Every table of a release, in the order in which a reader meets them. */
export const releaseTables: readonly ReleaseTable[] = (Object.keys(said) as ReleaseTableName[]).map(
  (name) => {
    const words: Readonly<Record<string, Said>> = said[name];
    return {
      name,
      about: about[name],
      columns: columnsOf(artifactTables.release[name]).map((column) => ({
        ...column,
        ...(words[column.name] ?? { words: '' }),
      })),
    };
  },
);
