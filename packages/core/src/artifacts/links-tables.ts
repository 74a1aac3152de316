import { expectedColumns } from './expected-columns.js';
import { sinceColumns } from './findings-tables.js';

const linkColumns = {
  record_id_a: 'UUID',
  record_id_b: 'UUID',
  pass: 'VARCHAR',
  basis: 'VARCHAR',
  rules_agreeing: 'INTEGER',
  /** log2 of the likelihood ratio, and the posterior, where a probabilistic model has decided. */
  weight: 'DOUBLE?',
  probability: 'DOUBLE?',
} as const;

const comparedColumns = {
  record_id_a: 'UUID',
  record_id_b: 'UUID',
  pass: 'VARCHAR',
  levels: 'VARCHAR',
  weight: 'DOUBLE',
  probability: 'DOUBLE',
  verdict: 'VARCHAR',
} as const;

/** What linkage has joined, and by what. */
export const linksTables = {
  links: linkColumns,
  /**
   * `kind`: `tokens`, a rule of the memorandum, or `sealed`, a pass of the gate. `alone`: pairs that agree on no
   * other pass of its kind; `households`: of a sealed pass, pairs of one household with unlike first names.
   */
  passes: {
    kind: 'VARCHAR',
    pass: 'VARCHAR',
    pairs: 'BIGINT',
    linked: 'BIGINT',
    ambiguous: 'BIGINT',
    refused: 'BIGINT',
    alone: 'BIGINT',
    linked_alone: 'BIGINT',
    households: 'BIGINT?',
  },
  /**
   * Pairs of persons whose sealed fields met, by their records: in which pass, a digit for the level of each
   * comparison of the model (`-` where it is missing), and what became of them.
   */
  compared: comparedColumns,
  later_links: linkColumns,
  later_compared: comparedColumns,
  since: sinceColumns,
  /** What sealed fields were weighed by: P(level | same person), P(level | others), log2 of their ratio. */
  model: {
    position: 'INTEGER',
    comparison: 'VARCHAR',
    place: 'INTEGER',
    level: 'VARCHAR',
    m: 'DOUBLE',
    u: 'DOUBLE',
    weight: 'DOUBLE',
  },
  /** What is doubtful about the model or a pass; `value` is what was found, mostly a share. */
  health: {
    severity: 'VARCHAR',
    finding: 'VARCHAR',
    comparisons: 'VARCHAR',
    level: 'VARCHAR?',
    pass: 'VARCHAR?',
    value: 'DOUBLE',
  },
  /** Sealed pairs of two sources by their weight, to the whole bit, and what became of them. */
  weights: {
    source_a: 'VARCHAR',
    source_b: 'VARCHAR',
    weight: 'INTEGER',
    class: 'VARCHAR',
    pairs: 'BIGINT',
  },
  /** What the model expects of the sealed links between two sources, with 95 % intervals. */
  expected: {
    source_a: 'VARCHAR',
    source_b: 'VARCHAR',
    pairs: 'BIGINT',
    matches: 'DOUBLE',
    links: 'BIGINT',
    ...expectedColumns,
  },
} as const;
