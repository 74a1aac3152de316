/** Columns of what a model expects of links, shares with their 95 % intervals. */
export const expectedColumns = {
  precision: 'DOUBLE',
  precision_low: 'DOUBLE',
  precision_high: 'DOUBLE',
  recall: 'DOUBLE',
  recall_low: 'DOUBLE',
  recall_high: 'DOUBLE',
} as const;
