/** Records of which rows in `later_…` take the place. */
export const sinceColumns = { record_id: 'UUID' } as const;

/** What was found of records. Bits and places of passes are those of the memorandum and the gate of that night. */
const found = {
  /**
   * `seen`: a hash of all that was delivered of the record. `exact`, `by_tokens`, `person`: the first record of its
   * person, as exact rules, all rules, and sealed fields too have joined them. `component`: the first record of
   * everything that could bear on it.
   */
  records: {
    record_id: 'UUID',
    partner: 'VARCHAR',
    space: 'VARCHAR',
    seen: 'BIGINT',
    exact: 'UUID',
    by_tokens: 'UUID',
    person: 'UUID',
    component: 'UUID',
  },
  /** Pairs of records that some rule would link, the rule that decided, and what became of them. */
  decided: {
    record_id_a: 'UUID',
    record_id_b: 'UUID',
    agreeing: 'INTEGER',
    bit: 'INTEGER',
    basis: 'VARCHAR',
    verdict: 'VARCHAR',
  },
  token_passes: {
    component: 'UUID',
    bit: 'INTEGER',
    pairs: 'BIGINT',
    unclear: 'BIGINT',
    alone: 'BIGINT',
  },
  /** Pairs of records that met in sealed passes, as bits, and the levels of their comparisons. */
  meetings: { record_id_a: 'UUID', record_id_b: 'UUID', passes: 'BIGINT', levels: 'VARCHAR' },
  /**
   * Pairs of persons that met, by the records of their best meeting: numbers of their sources; in which pass they met
   * first, and all as bits; what their levels weigh; and what became of them.
   */
  pairs: {
    record_id_a: 'UUID',
    record_id_b: 'UUID',
    left: 'INTEGER',
    right: 'INTEGER',
    place: 'INTEGER',
    passes: 'BIGINT',
    levels: 'VARCHAR',
    weight: 'DOUBLE',
    probability: 'DOUBLE',
    class: 'VARCHAR',
    verdict: 'VARCHAR',
    agreeing: 'INTEGER',
  },
  /** Pairs that took more to decide than their own weight. */
  judged: {
    record_id_a: 'UUID',
    record_id_b: 'UUID',
    agreeing: 'INTEGER',
    probability: 'DOUBLE',
    class: 'VARCHAR',
    verdict: 'VARCHAR',
  },
} as const;

/**
 * What the linkage unit keeps of a night, so that the next one decides only what has changed. The tables but `model` are
 * carried: a night that decides few records writes only what it found of those.
 */
export const findingsTables = {
  ...found,
  later_records: found.records,
  later_decided: found.decided,
  later_token_passes: found.token_passes,
  later_meetings: found.meetings,
  later_pairs: found.pairs,
  later_judged: found.judged,
  /** Records that were decided since the others were written, and those that are gone. */
  since: sinceColumns,
  /**
   * One row: a hash of all that decides beside rows; the model as it was last learned, in JSON; how many records
   * there were then, and how many have changed since.
   */
  model: { basis: 'VARCHAR', parameters: 'VARCHAR', records: 'BIGINT', changed: 'BIGINT' },
} as const;
