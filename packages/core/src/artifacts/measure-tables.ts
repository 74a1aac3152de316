import type { TableSchema } from './columns.js';
import { expectedColumns } from './expected-columns.js';

/** The tables of measures: exact, and never published as they are. */
export const measureTables = {
  /** Exact and sensitive: never published as it is. `total` = `yes` + `no` + `unknown`. */
  cells: {
    measure: 'VARCHAR',
    population: 'VARCHAR',
    table_name: 'VARCHAR',
    dim_1: 'VARCHAR?',
    level_1: 'VARCHAR?',
    dim_2: 'VARCHAR?',
    level_2: 'VARCHAR?',
    yes: 'BIGINT',
    no: 'BIGINT',
    unknown: 'BIGINT',
    total: 'BIGINT',
  },
  /** One row a cell: what its rate rests on, and how far the truth can be from it. As sensitive as the cells. */
  rates: {
    measure: 'VARCHAR',
    table_name: 'VARCHAR',
    dim_1: 'VARCHAR?',
    level_1: 'VARCHAR?',
    dim_2: 'VARCHAR?',
    level_2: 'VARCHAR?',
    numerator: 'BIGINT',
    denominator: 'BIGINT',
    unknown: 'BIGINT',
    total: 'BIGINT',
    by_exact_links: 'BIGINT',
    by_probable_links: 'BIGINT',
    by_weak_links: 'BIGINT',
    at_least: 'BIGINT',
    at_most: 'BIGINT',
  },
  /**
   * Rules of one measure count the same children: how many are counted as `verdict` under one and `other_verdict`
   * under the other, in every place; `none` where a rule does not count them. Whoever publishes both must protect
   * what follows from their difference.
   */
  overlaps: {
    measure: 'VARCHAR',
    other: 'VARCHAR',
    dim_1: 'VARCHAR?',
    level_1: 'VARCHAR?',
    dim_2: 'VARCHAR?',
    level_2: 'VARCHAR?',
    verdict: 'VARCHAR',
    other_verdict: 'VARCHAR',
    count: 'BIGINT',
  },
  /** What the payloads that were read cover. */
  sources: {
    partner: 'VARCHAR',
    extract: 'VARCHAR',
    payload_table: 'VARCHAR',
    covers_from: 'DATE',
    covers_to: 'DATE',
    rows_kept: 'BIGINT',
  },
  /** One row a measure with cells of its own: persons of its source who are linked to no school record. */
  unlinked: { measure: 'VARCHAR', unlinked: 'BIGINT' },
  /** Sums over children, for measures that have a volume. Exact: a sum over one child is that child's. */
  magnitudes: {
    measure: 'VARCHAR',
    table_name: 'VARCHAR',
    dim_1: 'VARCHAR?',
    level_1: 'VARCHAR?',
    dim_2: 'VARCHAR?',
    level_2: 'VARCHAR?',
    unit: 'VARCHAR',
    reach: 'BIGINT',
    volume: 'BIGINT',
    /** What the two children who add most add, for rules of dominance. */
    largest: 'BIGINT',
    second: 'BIGINT',
    median: 'DOUBLE?',
  },
  /** Each group's share of the children reached, beside its share of the children, and how well it is linked. */
  equity: {
    measure: 'VARCHAR',
    dimension: 'VARCHAR',
    level: 'VARCHAR',
    reached: 'BIGINT',
    reached_all: 'BIGINT',
    children: 'BIGINT',
    children_all: 'BIGINT',
    /** Share of the reached / share of the children, and their difference in percentage points. */
    ratio: 'DOUBLE?',
    gap: 'DOUBLE?',
    /** Children of the group with a record of another partner, and the group's rate less that of all, in points. */
    linked: 'BIGINT',
    linked_gap: 'DOUBLE?',
  },
  /**
   * What the model of linkage expects of the links of each group's school records to other sources, with 95 % intervals;
   * of all children where `dimension` is null. `matches`: links that are right, and matches that were not linked.
   */
  expected_links: {
    dimension: 'VARCHAR?',
    level: 'VARCHAR?',
    children: 'BIGINT',
    links: 'BIGINT',
    matches: 'DOUBLE',
    ...expectedColumns,
  },
  /** Outcome by access: association only. Expected from children without access in the same grade band and school. */
  comparisons: {
    measure: 'VARCHAR',
    outcome: 'VARCHAR',
    access: 'VARCHAR',
    level: 'VARCHAR',
    /** Children at the level whose outcome is known, and those of them with anybody to be compared with. */
    known: 'BIGINT',
    compared: 'BIGINT',
    yes: 'BIGINT',
    expected: 'DOUBLE?',
  },
  /** Counts beside the rates: of records, not of persons, unless the name says so. */
  coverage: { measure: 'VARCHAR', name: 'VARCHAR', by: 'VARCHAR?', count: 'BIGINT' },
} as const satisfies Record<string, TableSchema>;
