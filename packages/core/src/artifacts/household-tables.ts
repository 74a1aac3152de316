/** The household index: persons of the people index who live together. */
export const householdTables = {
  /** Of households of two or more; each person is in one at most. */
  members: { person_id: 'UUID', household_id: 'UUID' },
  /**
   * What has happened to households (`formed`, `split`, `merged`, `retired`; `person_id` is null) and to persons in them
   * (`joined`, `left`); `other_household_id` is where members came from or went to.
   */
  history: {
    sequence: 'BIGINT',
    household_id: 'UUID',
    change: 'VARCHAR',
    reason: 'VARCHAR',
    person_id: 'UUID?',
    other_household_id: 'UUID?',
  },
  /** Ids given out so far, those of households that no row of `history` names any more among them. */
  counter: { issued: 'BIGINT' },
  /** Persons of whom a family has withdrawn records and none is left, with the household that they were in. */
  tombstones: { person_id: 'UUID', household_id: 'UUID' },
  /** Where everybody is: in a household, `alone` (nobody shares the evidence), in a `crowd`, or without evidence. */
  standing: { standing: 'VARCHAR', persons: 'BIGINT' },
} as const;
