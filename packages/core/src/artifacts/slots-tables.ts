/** Sealed fields. Which slots are real is not told. */
export const slotsTables = {
  /** One row a record: the slots of its passes side by side, in the order of `passes`. */
  slots: { record_id: 'UUID', slots: 'BLOB' },
  /** Where a pass begins in `slots`, in bytes, and how many bytes it takes. */
  passes: { pass: 'VARCHAR', starts: 'INTEGER', width: 'INTEGER' },
  /** What a slot holds, in order. `kind`: `similar` or `exact`. */
  fields: { position: 'INTEGER', field: 'VARCHAR', kind: 'VARCHAR' },
  /** As received: a hash of a record's row, and the first eight bytes of each of its pass tokens. */
  digests: { record_id: 'UUID', digest: 'BIGINT' },
  tokens: { record_id: 'UUID', token: 'BIGINT' },
} as const;
