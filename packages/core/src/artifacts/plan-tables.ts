/** What an owner tells of its file before anything is sealed: once an epoch, in shares and rounded. */
export const planTables = {
  /** To the hundred. */
  size: { persons: 'BIGINT' },
  passes: {
    pass: 'VARCHAR',
    /** Of the values of the pass, the share that one person alone has. */
    unique_share: 'DOUBLE',
    /** With how many other persons a slot would meet, for each person of the other file. */
    meeting_rate: 'DOUBLE',
  },
  /**
   * How alike two persons of this file are: a level for each field, and how many pairs. `kind`: `random`, of a
   * sample of all pairs; `related`, of those who share a household, or a surname and a birth date.
   */
  likeness: { kind: 'VARCHAR', pattern: 'VARCHAR', pairs: 'BIGINT' },
} as const;

/** What all partners may seal in this epoch. */
export const gateTables = {
  decision: { profile: 'VARCHAR', reason: 'VARCHAR', unique_share: 'DOUBLE' },
  partners: { partner: 'VARCHAR', persons: 'BIGINT', seals: 'BOOLEAN', reason: 'VARCHAR' },
  passes: {
    pass: 'VARCHAR',
    used: 'BOOLEAN',
    reason: 'VARCHAR',
    /** The lowest of all partners. */
    unique_share: 'DOUBLE',
    /** The highest of all partners, against all others. */
    meetings: 'DOUBLE',
  },
} as const;
