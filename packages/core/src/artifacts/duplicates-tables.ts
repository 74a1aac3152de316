/** Records that share a person, each with the least of their ids. */
export const duplicateColumns = { record_id: 'UUID', person: 'UUID' } as const;

/** The owner's own: which of its records are likely one person. Never leaves the owner as it is. */
export const duplicatesTables = {
  duplicates: duplicateColumns,
  /** By kind of record, what that is judged by in this epoch, in JSON: m, u, how many were expected, passes, fields. */
  models: { space: 'VARCHAR', model: 'VARCHAR' },
} as const;
