import type { ErrorEntry } from './entry.js';

/** Rows, columns and holds. Exit status 13. */
export const qualityErrors = {
  PARCELS_AWAITED: {
    exit: 13,
    meaning:
      'What this host needs next has not come from other hosts yet: whose, and what, is told. The last good state stays.',
    remedy:
      'On the first nights of an epoch nothing: plans, gate and sealed fields travel one after another. Otherwise ask the partners named, and look at how parcels travel.',
  },
  PARCELS_REFUSED: {
    exit: 13,
    meaning: 'The night has ended, but parcels were refused: whose, and why, is told.',
    remedy:
      'Look the codes up; `throughline receive` tells more of each. The last good data of their senders stay in use.',
  },
  REVIEW_REFUSED: {
    exit: 13,
    meaning:
      'A sheet of possible pairs has a line that was not asked of this owner, or an answer other than yes and no.',
    remedy:
      'Correct the line that is named, or export the sheets again: a pair that is not possible any more is not asked.',
  },
  HEADER_NOT_FOUND: {
    exit: 13,
    meaning: 'The first row of an extract is not the header that was approved.',
    remedy: 'Compare the export with its manifest: another layout, delimiter, encoding, or no header at all.',
  },
  HEADER_UNKNOWN_COLUMN: {
    exit: 13,
    meaning: 'An extract has a column that nobody approved.',
    remedy:
      'Remove the column from the export, or have the owner decide: the column is in a change request, and `throughline manifest export` puts it on the sheet. Only names that can be no value of a child are told; of any other column its position is, and whoever may see the file finds its name there.',
  },
  HEADER_MISSING_COLUMN: {
    exit: 13,
    meaning: 'An extract lacks a column that its manifest lists.',
    remedy:
      'Put the column back into the export, or have the owner decide: it is in a change request, and `throughline manifest export` puts it on the sheet.',
  },
  HEADER_DUPLICATE_COLUMN: {
    exit: 13,
    meaning: 'An extract has the same column twice.',
    remedy: 'Remove the copy from the export.',
  },
  COLUMN_REFUSED: {
    exit: 13,
    meaning: 'An extract has a column that its manifest refuses to take in.',
    remedy: 'Remove the column from the export and deliver again.',
  },
  ENCODING_BROKEN: {
    exit: 13,
    meaning: 'An extract holds bytes that its declared encoding does not have.',
    remedy: 'Declare the encoding that the system really writes, or export again.',
  },
  EXTRACT_MALFORMED: {
    exit: 13,
    meaning: 'An extract is not a whole and sound file of the format that its manifest declares.',
    remedy:
      'Compare the file with the manifest: `throughline profile FILE` says what it is. If the format is right, export again.',
  },
  EXTRACT_TRUNCATED: {
    exit: 13,
    meaning:
      'An extract ends inside a quoted field or has a line beyond the limit: it is cut off or a quote is unbalanced.',
    remedy: 'Export again; look at the line named.',
  },
  REJECTS_OVER_LIMIT: {
    exit: 13,
    meaning: 'More rows of an extract were rejected than its manifest allows.',
    remedy:
      'Look at the lines named in the message, for the reasons counted in it. The last good state stays in use.',
  },
  CODES_OVER_LIMIT: {
    exit: 13,
    meaning: 'More values of a column have no code in the manifest than it allows.',
    remedy: 'Add the new codes to the manifest and have it approved. The last good state stays in use.',
  },
  VALUES_OVER_LIMIT: {
    exit: 13,
    meaning: 'More values of a column are not of the form that its manifest declares than it allows.',
    remedy:
      'Compare the export with its manifest: another format of dates, another kind of number, numbers that a spreadsheet has spoilt. Ask for another export, or have the owner bear it: `limits.unmapped_share` of the manifest, as a new approval. The last good state stays in use.',
  },
  ROWS_UNACCOUNTED: {
    exit: 13,
    meaning: 'The rows read are not the sum of the rows kept and the rows rejected.',
    remedy: 'Report this: it should not be possible. Nothing was written.',
  },
  INTEROP_REFUSED: {
    exit: 13,
    meaning: 'A file of another system’s profile does not have the form that the profile has.',
    remedy: 'Look at the line named; have the file written again. Nothing was taken in or written.',
  },
  KEY_COLUMN_NOT_UNIQUE: {
    exit: 13,
    meaning: 'A column that should name each record once names more of them twice than the limits allow.',
    remedy: 'Declare the records as repeated in the manifest, or mend the export.',
  },
  ARRIVAL_HELD: {
    exit: 13,
    meaning:
      'A delivery can be read but looks wrong beside its manifest, the calendar or the last good delivery, so it is held.',
    remedy:
      'Look at the reasons; docs/reference/holds.md explains each. Have the partner deliver again, or take this delivery as it is: `throughline hold accept`. The last good state stays in use.',
  },
  PARTNERS_HELD: {
    exit: 13,
    meaning:
      'The night is done, but deliveries of some partners are held; their last good data stay in use, marked stale.',
    remedy: 'See `throughline hold list` and `throughline hold show`; docs/how-to/holds.md says what to do.',
  },
  HOLD_NOT_ACCEPTABLE: {
    exit: 13,
    meaning:
      'A held delivery cannot be read as its manifest declares, so there is nothing that could be accepted.',
    remedy: 'Have the partner deliver again, or have the owner approve a manifest that fits the export.',
  },
  COVERAGE_GAP: {
    exit: 13,
    meaning: 'A table needed for a measure is empty, so that the result would be silently wrong.',
    remedy: 'Check the extract and its dates.',
  },
  MICRODATA_INVALID: {
    exit: 13,
    meaning: 'A file of microdata does not have the form that its configuration says.',
    remedy: 'Correct the row named, which is counted with the header as 1, or the configuration.',
  },
  WITHDRAWAL_UNREADABLE: {
    exit: 13,
    meaning:
      'A line of a list of withdrawals is not the number of a record in the form that its owner declares.',
    remedy:
      'Correct the lines named, or all of them if the list is empty: one record a line, the parts of its key apart by tabs. None was registered.',
  },
} as const satisfies Record<string, ErrorEntry>;
