import type { TableSchema } from './columns.js';

/** The tables of a release, after disclosure control. */
export const publishedTables = {
  cells: {
    measure: 'VARCHAR',
    table_name: 'VARCHAR',
    dim_1: 'VARCHAR?',
    level_1: 'VARCHAR?',
    dim_2: 'VARCHAR?',
    level_2: 'VARCHAR?',
    /** `published` or `withheld`; no reason is given outside. */
    status: 'VARCHAR',
    yes: 'BIGINT?',
    no: 'BIGINT?',
    unknown: 'BIGINT?',
    total: 'BIGINT?',
    known: 'BIGINT?',
    rate_percent: 'VARCHAR?',
    coverage_percent: 'VARCHAR?',
    /** The same of the three counts below, which add up to `yes`. */
    links_status: 'VARCHAR',
    by_exact_links: 'BIGINT?',
    by_probable_links: 'BIGINT?',
    by_weak_links: 'BIGINT?',
    at_least_percent: 'VARCHAR?',
    at_most_percent: 'VARCHAR?',
    /** The day that the numbers of the row are of: a row stands until one of them would change by the threshold. */
    as_of: 'VARCHAR?',
  },
  magnitudes: {
    measure: 'VARCHAR',
    table_name: 'VARCHAR',
    dim_1: 'VARCHAR?',
    level_1: 'VARCHAR?',
    dim_2: 'VARCHAR?',
    level_2: 'VARCHAR?',
    status: 'VARCHAR',
    unit: 'VARCHAR',
    volume: 'BIGINT?',
    children: 'BIGINT?',
    average: 'VARCHAR?',
  },
  /** Made of published cells only. */
  equity: {
    measure: 'VARCHAR',
    dimension: 'VARCHAR',
    level: 'VARCHAR',
    status: 'VARCHAR',
    share_of_reached_percent: 'VARCHAR?',
    share_of_children_percent: 'VARCHAR?',
    ratio: 'VARCHAR?',
    gap_points: 'VARCHAR?',
    linked_percent: 'VARCHAR?',
    linked_gap_points: 'VARCHAR?',
  },
  /** Association only. */
  comparisons: {
    measure: 'VARCHAR',
    outcome: 'VARCHAR',
    access: 'VARCHAR',
    level: 'VARCHAR',
    status: 'VARCHAR',
    compared: 'BIGINT?',
    observed_percent: 'VARCHAR?',
    expected_percent: 'VARCHAR?',
  },
} as const satisfies Record<string, TableSchema>;

/** Whose row is which, in one licence. */
export const rowCodeTables = {
  /** Never leaves the analyst desk: without it no code tells of a person. */
  codes: { person_id: 'UUID', row_code: 'UUID' },
} as const satisfies Record<string, TableSchema>;

/** Rows about single children for a licensee, after generalisation and suppression. */
export const microdataTables = {
  /** `*` tells nothing. */
  rows: {
    row_code: 'UUID',
    school: 'VARCHAR?',
    grade_band: 'VARCHAR?',
    race_ethnicity: 'VARCHAR?',
    sex: 'VARCHAR?',
    low_income: 'VARCHAR?',
    disability: 'VARCHAR?',
    english_learner: 'VARCHAR?',
    home_language: 'VARCHAR?',
  },
  outcomes: { row_code: 'UUID', measure: 'VARCHAR', verdict: 'VARCHAR' },
} as const satisfies Record<string, TableSchema>;
