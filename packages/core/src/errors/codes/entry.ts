/** What an error code means to the person who reads it. The reference page is printed from this table. */
export type ErrorEntry = {
  /** Process exit status: 1 bug, 2 usage, 10 agreement, 11 artifact, 12 key, 13 data quality, 14 disclosure, 15 resources. */
  readonly exit: 1 | 2 | 10 | 11 | 12 | 13 | 14 | 15;
  readonly meaning: string;
  readonly remedy: string;
};
