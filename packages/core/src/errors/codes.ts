import type { ErrorEntry } from './entry.js';
import { keyCodes } from './key-codes.js';

export const errorCodes = {
  BUG: {
    exit: 1,
    meaning: 'Something happened that the software does not expect.',
    remedy:
      'Report the code, the step and the version. Nothing was published; the last good state is untouched.',
  },
  USAGE: {
    exit: 2,
    meaning: 'The command line does not fit the command.',
    remedy: 'Run the command with --help.',
  },
  HOLD_UNKNOWN: {
    exit: 2,
    meaning: 'There is no hold of this name, or it has been decided or overtaken already.',
    remedy: 'See `throughline hold list`.',
  },
  SECRET_ON_COMMAND_LINE: {
    exit: 2,
    meaning: 'A key was given as an argument or in the environment, where other users can read it.',
    remedy:
      'Put the key in a file with mode 0600 and give its path. Treat the exposed key as lost: make a new epoch.',
  },

  CONFIG_UNREADABLE: {
    exit: 10,
    meaning: 'A configuration file or document cannot be read.',
    remedy: 'Check the path and the permissions.',
  },
  CONFIG_INVALID: {
    exit: 10,
    meaning: 'A configuration file or document does not have the form it must have.',
    remedy: 'Correct the place named; docs/reference/configuration.md lists every field.',
  },
  DOCUMENT_MISSING: {
    exit: 10,
    meaning: 'A document that another one refers to is not there.',
    remedy: 'Add the document, or correct the reference.',
  },
  PRESET_CHANGED: {
    exit: 10,
    meaning: 'A manifest builds on a preset that is not the one, byte by byte, with which it was approved.',
    remedy:
      'Read what changed in the preset, put its new hash into the manifest (`throughline presets` prints it) and have the manifest approved again.',
  },
  CROSSWALK_CHANGED: {
    exit: 10,
    meaning:
      'A manifest or preset names a crosswalk that is not the one, byte by byte, with which it was approved.',
    remedy:
      'Read what changed in the crosswalk, put its new hash into the manifest (`throughline presets` prints it) and have the manifest approved again.',
  },
  DOCUMENT_DUPLICATE: {
    exit: 10,
    meaning: 'Two documents claim the same kind, id and version, or are agreements of the same partner.',
    remedy: 'Keep one; a changed document has the same id and a new version.',
  },
  AGREEMENT_NOT_IN_FORCE: {
    exit: 10,
    meaning: 'An agreement is not yet in force on this date.',
    remedy: 'Wait for its effective date, or sign a version that is in force.',
  },
  AGREEMENT_EXPIRED: {
    exit: 10,
    meaning: 'An agreement has expired on this date.',
    remedy:
      'Renew the agreement. Nothing of this partner moves until then; the last good state is untouched.',
  },
  AGREEMENT_REVOKED: {
    exit: 10,
    meaning: 'An agreement has been revoked.',
    remedy: 'Remove the partner from the pipeline, or sign a new agreement.',
  },
  PARTY_NOT_COVERED: {
    exit: 10,
    meaning: 'The agreement does not name this partner as a party.',
    remedy: 'Have the partner join the agreement, or correct the name.',
  },
  DOCUMENT_NOT_APPROVED: {
    exit: 10,
    meaning: "No approval that counts covers the exact bytes of this document's file.",
    remedy:
      'Have its approvers sign this version: `throughline approve`, or `ssh-keygen -Y sign -n throughline`. One byte changed needs new signatures. In this repository `npm run sign` signs for the made-up approvers of Millbrook.',
  },
  QUORUM_SHORT: {
    exit: 10,
    meaning: 'Fewer different people approved this document than it needs.',
    remedy:
      'Have more of its approvers sign; two signatures of one person count once. `throughline check` says who approved and who may.',
  },
  VERSION_UNCHAINED: {
    exit: 10,
    meaning:
      'A later version of a document does not follow from the version before: that is missing, another one, or its quorum did not approve the new version.',
    remedy:
      'Keep the earlier version and its signatures beside it, name its hash in `supersedes`, and have the people sign whom the earlier version needs.',
  },
  DOCUMENT_ROLLED_BACK: {
    exit: 10,
    meaning:
      'The log says that this stage has run under a later version of a document, or under other bytes of this version.',
    remedy:
      'Put the later version back. A changed document is a new version; what has been superseded never comes into force again. In a made-up city whose documents you changed in place, delete its state.',
  },
  BASIS_INCOMPLETE: {
    exit: 10,
    meaning: 'An agreement does not say what the legal basis that it claims requires.',
    remedy:
      'Add the clauses named, each with the provision that asks for it, as a new version, or claim another basis.',
  },
  USE_NOT_PERMITTED: {
    exit: 10,
    meaning: 'No agreement in force permits this use of the records.',
    remedy: 'Remove the measure, or have the agreements permit it.',
  },
  FIELD_NOT_APPROVED: {
    exit: 10,
    meaning: 'A measure needs a field that no approved manifest keeps.',
    remedy: 'Ask the owner to approve the field, or remove the measure.',
  },
  SHEET_REFUSED: {
    exit: 10,
    meaning: 'A field manifest that came back as a spreadsheet is not as it was sent out, or not filled in.',
    remedy:
      'Correct the row, column or cell named, or start again from a fresh `throughline manifest export`. Nothing was taken in.',
  },
  SHEET_STALE: {
    exit: 10,
    meaning: 'A spreadsheet was made of another version of its field manifest or agreement.',
    remedy: 'Export the manifest again and put the decisions into the new sheet. Nothing was taken in.',
  },
  SHEET_WIDENS: {
    exit: 10,
    meaning: 'A spreadsheet asks for more to leave than its field manifest does.',
    remedy:
      'A sheet can only ask for less. For more, draft a new version of the manifest and send it out with `throughline manifest export`.',
  },
  PREVIEW_AT_OWNER_ONLY: {
    exit: 10,
    meaning: "Values were asked for where the owner's own key is not at hand.",
    remedy: 'Leave out --show-values, or run it at the owner of the records.',
  },
  CLOCK_PINNED: {
    exit: 10,
    meaning: 'The pipeline pins the date, which is allowed for synthetic people only.',
    remedy: 'Remove `clock` from the pipeline.',
  },

  ARTIFACT_MISSING: {
    exit: 11,
    meaning: 'An artifact that this stage reads is not there.',
    remedy: 'Run the stage that makes it, or the whole pipeline.',
  },
  DELIVERY_REFUSED: {
    exit: 11,
    meaning:
      'What a partner delivered breaks a rule of the delivery: the rule and how many rows break it are told.',
    remedy:
      'The partner delivers again with the software of this version under the gate of this epoch. If it did, ask who else could write the delivery.',
  },
  DELIVERIES_OVER_LIMIT: {
    exit: 11,
    meaning: 'A partner has delivered more often than the linkage unit takes in a day or an epoch.',
    remedy:
      'Wait until tomorrow. Many deliveries in a row can be used to find out who is at another partner: ask why there were so many.',
  },
  ARTIFACT_ALTERED: {
    exit: 11,
    meaning: 'A file of an artifact differs from what its manifest says.',
    remedy: 'Somebody or something changed it. Delete the artifact and run the stage that makes it again.',
  },
  ARTIFACT_SCHEMA: {
    exit: 11,
    meaning: 'An artifact has another kind, schema version or table than this stage reads or writes.',
    remedy: 'Make it again with this version of the software.',
  },
  EXTRACT_MISSING: {
    exit: 11,
    meaning: 'An extract is not where the pipeline says.',
    remedy: 'Check that the partner delivered; the last good state stays in use.',
  },
  EXTRACT_CHANGED: {
    exit: 11,
    meaning: 'An extract changed while it was read.',
    remedy:
      'Deliver under another name and rename when complete; then run again. The last good state stays in use.',
  },
  EXTRACT_REFUSED: {
    exit: 11,
    meaning: 'An extract is not an ordinary file of a size we accept.',
    remedy: 'Deliver a plain file: no link, pipe or device, not empty, within the size limit.',
  },
  EXTRACT_OVER_LIMIT: {
    exit: 11,
    meaning: 'An extract is larger, unpacks to more, or needs more memory or time than we give it.',
    remedy:
      'Deliver less at a time, or in a plainer form such as CSV; docs/reference/formats.md lists the limits. The last good state stays in use.',
  },
  EXTRACT_UNDECRYPTABLE: {
    exit: 12,
    meaning: 'An encrypted extract is for another key, is cut off or was changed on the way.',
    remedy:
      'Check that the sender encrypted to the recipient of this pipeline, and have it sent again. Nothing of it was used.',
  },
  EXTRACT_LANDING: {
    exit: 11,
    meaning: 'An extract is still being delivered: a partial file lies beside it, or it has just changed.',
    remedy:
      'Wait for the delivery to end (`throughline inbox wait`). Deliver under another name, such as one that ends in .partial, and rename when complete.',
  },
  LOG_BROKEN: {
    exit: 11,
    meaning:
      'The log does not fit its checkpoint: a tile is missing, cut or changed, or the root is another.',
    remedy:
      'Append nothing. Compare the log with a checkpoint that a witness holds, and restore it from a copy that fits.',
  },

  LOG_CHECKPOINT_REFUSED: {
    exit: 11,
    meaning:
      'A checkpoint is missing or malformed, is of another log, or was not signed with the key of the log.',
    remedy:
      'Check that log, verifier key and older checkpoint belong together; the verifier key must come from the keeper of the log by a way that you trust.',
  },
  LOG_ALTERED: {
    exit: 11,
    meaning:
      'The log does not continue an older checkpoint of it: its past was changed or cut off, or there are two logs under one key.',
    remedy:
      'Cosign nothing. Keep both checkpoints, which together prove it, and restore the log from a copy that continues the older one.',
  },

  ...keyCodes,

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
      'Compare the export with its manifest: another format of dates, another kind of number. The last good state stays in use.',
  },
  ROWS_UNACCOUNTED: {
    exit: 13,
    meaning: 'The rows read are not the sum of the rows kept and the rows rejected.',
    remedy: 'Report this: it should not be possible. Nothing was written.',
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

  DESTRUCTION_OVERDUE: {
    exit: 10,
    meaning:
      'An agreement has ended, and its records are still there after the day by which they must be destroyed.',
    remedy:
      'Run `throughline destruction list` and `throughline destruction do`. Nothing else is run until then.',
  },
  DESTRUCTION_NOT_DUE: {
    exit: 10,
    meaning: 'The agreement of these records has not ended, so nothing of them is to be destroyed.',
    remedy:
      'To end it, lay a signed revocation beside it. To leave out one family, use `throughline withdraw`.',
  },
  DESTRUCTION_UNFINISHED: {
    exit: 10,
    meaning: 'A certificate was asked for, and the destruction is not finished or something is there again.',
    remedy: 'Run `throughline destruction do` first.',
  },
  EVIDENCE_LACKING: {
    exit: 11,
    meaning:
      'What was to be verified does not follow from the evidence: a step, a document or a signature is missing or another.',
    remedy:
      'Ask for the evidence again, and compare the hash named. If it stays so, do not rely on what you were given.',
  },
  WITHDRAWAL_UNREADABLE: {
    exit: 13,
    meaning:
      'A line of a list of withdrawals is not the number of a record in the form that its owner declares.',
    remedy:
      'Correct the lines named, or all of them if the list is empty: one record a line, the parts of its key apart by tabs. None was registered.',
  },

  RELEASE_FROZEN: {
    exit: 14,
    meaning: 'The release candidate is frozen already, under the number named.',
    remedy: 'Nothing is to be done; run a night to make another candidate.',
  },
  RELEASE_UNSAFE: {
    exit: 14,
    meaning: 'The attacker can still work out a count that must not be known.',
    remedy: 'Drop a table or a dimension from the release. Nothing was written.',
  },
  RELEASE_IDENTIFIER: {
    exit: 14,
    meaning: 'A released file holds something that is not a released cell.',
    remedy: 'Report this: it should not be possible. Nothing was written.',
  },

  ENCODING_TOO_WEAK: {
    exit: 14,
    meaning: 'An attack on the encodings got further than the memorandum allows.',
    remedy:
      'Read encoding.html. Agree on fewer passes, a larger unique share or exact tokens only; begin no epoch until it passes.',
  },
  ASSESSMENT_VOID: {
    exit: 14,
    meaning: 'An attack did not break what it must break, so that nothing is known of what it did not break.',
    remedy: 'Assess more children. If that changes nothing, report it: the attack is broken.',
  },

  RUN_LOCKED: {
    exit: 15,
    meaning: 'Another run is at work in this folder.',
    remedy: 'Wait for it to end. A run that died leaves no lock that the next one would respect.',
  },
  OUTPUT_UNWRITABLE: {
    exit: 15,
    meaning: 'A file or folder cannot be written.',
    remedy: 'Check the space and the permissions. The last good state is untouched.',
  },
  LOG_ENTRY_TOO_LONG: {
    exit: 15,
    meaning: 'What a stage has to log does not fit into an entry: it has hundreds of inputs and documents.',
    remedy: 'Divide the partners between several pipelines. Nothing was renamed into place.',
  },
  OUT_OF_MEMORY: {
    exit: 15,
    meaning: 'The database ran out of memory or of room for temporary files.',
    remedy: 'Raise the memory limit or free disk space. The last good state is untouched.',
  },
  TABLES_TOO_LARGE: {
    exit: 15,
    meaning: 'The tables have more cells or combinations than can be protected together.',
    remedy: 'Leave out a table or a margin, or use coarser columns. Nothing was written.',
  },
  DATABASE_FAILED: {
    exit: 1,
    meaning: 'The database refused a statement. Its words are withheld, since they may hold values.',
    remedy: 'Report the code, the step and the version. Nothing was written.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorCodes;
