/**
 * The count, in the manifests of tokens and people, of records that are canaries: whoever counts people must have been
 * told of as many. It says how many there are, and not which.
 */
export const CANARY_RECORDS = 'canary_records';
